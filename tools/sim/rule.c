/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The table of rules.
 */

#include <string.h>

#include "rules.h"

const struct sim_rule sim_rules[] = {
    { "ours", "this project's engine",
      sim_ours_begin, sim_ours_choose, sim_ours_end },
    { "xl", "libxl's automatic placement, as it counts",
      NULL, sim_xl_choose, NULL },
    { "xl-repaired", "the same with sums and comparisons in 64 bits",
      NULL, sim_xl_repaired_choose, NULL },
    { "xenopsd", "xenopsd as shipped: plans of several nodes are dropped",
      sim_xenopsd_begin, sim_xenopsd_choose, sim_xenopsd_end },
    { "xenopsd-documented", "the same, its sets of nodes honoured",
      sim_xenopsd_begin, sim_xenopsd_documented_choose, sim_xenopsd_end },
    { "numad", "numad's advice before a start",
      NULL, sim_numad_choose, NULL },
    { "nova-pack", "Nova, cells with most memory used first",
      NULL, sim_nova_pack_choose, NULL },
    { "nova-spread", "Nova, cells with least memory used first",
      NULL, sim_nova_spread_choose, NULL },
    { "incus", "Incus, balanced: the node with fewest instances",
      NULL, sim_incus_choose, NULL },
    { "first-fit", "the lowest node that fits",
      NULL, sim_first_fit_choose, NULL },
    { "best-fit", "the node that fits with least memory free",
      NULL, sim_best_fit_choose, NULL },
    { "worst-fit", "the node that fits with most memory free",
      NULL, sim_worst_fit_choose, NULL },
    { "random", "any node that fits",
      sim_random_fit_begin, sim_random_fit_choose, sim_random_fit_end },
    { NULL, NULL, NULL, NULL, NULL }
};

const struct sim_rule *sim_rule_find(const char *name)
{
    for ( const struct sim_rule *rule = sim_rules; rule->name; rule++ )
        if ( !strcmp(rule->name, name) )
            return rule;

    return NULL;
}
