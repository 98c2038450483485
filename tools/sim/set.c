/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Sets of nodes: see set.h.
 */

#include <string.h>

#include "set.h"

/* Farther than any distance that firmware can report (a byte). */
#define UNREACHABLE 4096u

uint64_t sim_set_usable(const struct sim_host *host,
                        const struct place_request *request)
{
    uint64_t set = 0;

    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
        if ( host->place.nodes[i].online &&
             (!request->nodes || sim_set_has(request->nodes, i)) )
            set |= UINT64_C(1) << i;

    return set;
}

uint32_t sim_set_distance(const struct sim_host *host, unsigned int from,
                          unsigned int to)
{
    uint32_t distance = host->place.nodes[from].distances[to];

    return distance < UNREACHABLE ? distance : UNREACHABLE;
}

/* The node of a set with least free memory; the set is not empty. */
static unsigned int smallest(const struct sim_host *host, uint64_t set)
{
    unsigned int least = __builtin_ctzll(set);

    for ( uint64_t rest = set; rest; rest &= rest - 1 )
    {
        unsigned int i = __builtin_ctzll(rest);

        if ( host->place.nodes[i].free_pages <
             host->place.nodes[least].free_pages )
            least = i;
    }

    return least;
}

/* The smallest first, so that whoever follows has at least as much. */
void sim_set_share(const struct sim_host *host, uint64_t set, uint64_t pages,
                   uint64_t shares[PLACE_MAX_NODES])
{
    memset(shares, 0, PLACE_MAX_NODES * sizeof(shares[0]));
    while ( set )
    {
        unsigned int node = smallest(host, set);
        uint64_t part = pages / __builtin_popcountll(set);
        uint64_t room = host->place.nodes[node].free_pages;

        shares[node] = part < room ? part : room;
        pages -= shares[node];
        set &= ~(UINT64_C(1) << node);
    }
}
