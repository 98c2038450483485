/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Distances are asked for once per home and node, and sorted by insertion:
 * hosts have few distances.
 */

#include "rings.h"

/* Returns how many rings there are then. */
static unsigned int insert(struct place_ring *rings, unsigned int nr,
                           unsigned int node, uint64_t distance)
{
    unsigned int to = nr;

    while ( to > 0 && rings[to - 1].distance > distance )
        to--;
    if ( to > 0 && rings[to - 1].distance == distance )
    {
        rings[to - 1].nodes |= UINT64_C(1) << node;
        return nr;
    }
    for ( unsigned int i = nr; i > to; i-- )
        rings[i] = rings[i - 1];
    rings[to] = (struct place_ring){ UINT64_C(1) << node, distance };

    return nr + 1;
}

unsigned int place_rings_of(struct place_rings *rings,
                            const struct place_view *view, unsigned int home,
                            const struct place_ring **ring)
{
    unsigned int nr = 0;

    *ring = rings->home[home].rings;
    if ( rings->made & (UINT64_C(1) << home) )
        return rings->home[home].nr;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        uint64_t distance;

        if ( i == home || !view->pages[i] )
            continue;
        distance = place_view_distance(view, home, i);
        nr = insert(rings->home[home].rings, nr, i,
                    distance > PLACE_LOCAL_DISTANCE ? distance
                                                    : PLACE_LOCAL_DISTANCE);
    }
    rings->home[home].nr = nr;
    rings->made |= UINT64_C(1) << home;

    return nr;
}
