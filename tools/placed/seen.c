/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The host as a decision sees it: see seen.h.
 */

#include <stdlib.h>

#include "grant.h"
#include "placed.h"
#include "planned.h"
#include "seen.h"

int seen_host(struct placed *placed, struct place_host *host)
{
    uint32_t *domids;
    unsigned int nr;

    if ( grant_host(placed->grant, host) ||
         grant_list(placed->grant, &domids, &nr) )
        return -1;

    for ( unsigned int i = 0; i < nr; i++ )
        planned_load(domids[i], host);
    free(domids);

    if ( !placed->sizes.nr )
        place_sizes_begin(&placed->sizes, host);
    host->sizes = &placed->sizes;

    return 0;
}

void seen_learn(struct placed *placed, const struct place_request *request)
{
    place_sizes_learn(&placed->sizes, request);
}
