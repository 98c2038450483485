/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The nodes around a home, by their distance from it: made once for each home
 * that is looked at, and good for as long as no node gets more pages.  Internal
 * to the engine; about 70 KiB, on the stack.
 */

#ifndef PLACE_RINGS_H
#define PLACE_RINGS_H

#include "view.h"

/* Nearest first; each has the nodes that are at one distance. */
struct place_ring {
    uint64_t nodes;
    uint64_t distance;           /* both ways, at least the local one        */
};

struct place_rings {
    uint64_t made;               /* mask of homes; 0 at first                */
    struct {
        unsigned int nr;
        struct place_ring rings[PLACE_MAX_NODES];
    } home[PLACE_MAX_NODES];
};

/*
 * Those around a home, of the nodes but itself that had pages when they were
 * made; returns how many, and the first in *ring.
 */
unsigned int place_rings_of(struct place_rings *rings,
                            const struct place_view *view, unsigned int home,
                            const struct place_ring **ring);

#endif /* PLACE_RINGS_H */
