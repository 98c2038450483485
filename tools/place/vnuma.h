/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a domain on several nodes can be told of them: virtual nodes, so that
 * it keeps its own memory and threads together.
 */

#ifndef PLACE_VNUMA_H
#define PLACE_VNUMA_H

#include "place.h"

/* Of a node from itself; and what no distance of a table may exceed. */
#define PLACE_VNUMA_LOCAL 10u
#define PLACE_VNUMA_FAR   254u

struct place_vnode {
    unsigned int node;           /* of the host                              */
    uint64_t pages;
    uint32_t vcpus;              /* may be 0                                 */
    uint32_t first_vcpu;         /* of these, if there are any               */
    uint8_t distances[PLACE_MAX_NODES];  /* by virtual node                  */
};

struct place_vnuma {
    unsigned int nr;             /* 1 for a domain on one node               */
    struct place_vnode vnodes[PLACE_MAX_NODES];
};

/*
 * Describe a plan that place() made for that host and a request with so many
 * vCPUs.  The home node comes first, then the others by id.  Distances are the
 * host's, but within what a table of firmware can hold: 10 for a node itself,
 * 11 to 254 for others, 254 also if none is known.
 */
void place_vnuma_make(const struct place_host *host,
                      const struct place_plan *plan, uint32_t vcpus,
                      struct place_vnuma *vnuma);

#endif /* PLACE_VNUMA_H */
