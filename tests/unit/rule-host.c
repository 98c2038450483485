/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Hosts for the tests of placement rules: see rule-host.h.
 */

#include <string.h>

#include "rule-host.h"

void rule_host_make(struct sim_host *host, unsigned int nr,
                    const unsigned int *free_mib)
{
    memset(host, 0, sizeof(*host));
    make_host(&host->place, nr, free_mib, 4);
    for ( unsigned int i = 0; i < nr; i++ )
        host->place.nodes[i].present_pages = (uint64_t)8 * TIB * MIB;
}

void *rule_begin(const struct sim_rule *rule, const struct sim_host *host,
                 uint64_t seed)
{
    return rule->begin ? rule->begin(host, seed) : NULL;
}

void rule_end(const struct sim_rule *rule, void *state)
{
    if ( rule->end )
        rule->end(state);
}

uint64_t rule_next(const struct sim_rule *rule, void *state,
                   const struct sim_host *host, unsigned int mib)
{
    struct place_request wanted = request(mib, 1, PLACE_PREFERRED);
    struct sim_choice choice;

    return rule->choose(state, host, &wanted, &choice) ? 0 : choice.nodes;
}
