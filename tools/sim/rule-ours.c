/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * This project's engine as one rule among others: all memory is claimed where
 * it was planned, and vCPUs stay on the nodes that were planned for them.  It
 * learns what sizes of domains are asked for.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../place/place.h"
#include "../place/sizes.h"
#include "rules.h"

void *sim_ours_begin(const struct sim_host *host, uint64_t seed)
{
    struct place_sizes *sizes = malloc(sizeof(*sizes));

    (void)seed;
    if ( sizes )
        place_sizes_begin(sizes, &host->place);

    return sizes;
}

/*
 * For the engine strict is one node.  Here several will do where one is not
 * to be had, but each domain is placed with that in view.
 */
static int find_nodes(const struct place_host *host,
                      const struct place_request *request,
                      struct place_plan *plan)
{
    struct place_request preferred = *request;

    if ( place(host, NULL, request, plan, NULL) == 0 )
        return 0;
    if ( errno != ENOSPC || request->policy == PLACE_PREFERRED )
        return -1;
    preferred.policy = PLACE_PREFERRED;

    return place(host, NULL, &preferred, plan, NULL);
}

int sim_ours_choose(void *state, const struct sim_host *host,
                    const struct place_request *request,
                    struct sim_choice *choice)
{
    struct place_host learnt = host->place;
    struct place_plan plan;

    memset(choice, 0, sizeof(*choice));
    learnt.sizes = state;
    if ( state )
        place_sizes_learn(state, request);
    if ( find_nodes(&learnt, request, &plan) )
        return -1;

    choice->nodes = plan.cpu_nodes;
    memcpy(choice->claimed, plan.pages, sizeof(choice->claimed));

    return 0;
}

void sim_ours_end(void *state)
{
    free(state);
}
