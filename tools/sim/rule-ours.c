/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * This project's engine as one rule among others: all memory is claimed where
 * it was planned, and vCPUs stay on the nodes that were planned for them.
 */

#include <string.h>

#include "../place/place.h"
#include "rules.h"

int sim_ours_choose(void *state, const struct sim_host *host,
                    const struct place_request *request,
                    struct sim_choice *choice)
{
    struct place_request preferred = *request;
    struct place_plan plan;

    (void)state;
    memset(choice, 0, sizeof(*choice));
    preferred.policy = PLACE_PREFERRED;
    if ( place(&host->place, NULL, &preferred, &plan, NULL) )
        return -1;

    choice->nodes = plan.cpu_nodes;
    memcpy(choice->claimed, plan.pages, sizeof(choice->claimed));

    return 0;
}
