/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How many more domains of a size a host takes, and where.
 */

#ifndef PLACE_CAPACITY_H
#define PLACE_CAPACITY_H

#include "place.h"
#include "sizes.h"

/* One by one at most so many are placed: a second on the largest host. */
#define PLACE_CAPACITY_MOST 1000u

/* A domain that there may be more of. */
struct place_sample {
    struct place_request request;
    uint64_t unused_pages;       /* of its overhead: free again once built   */
};

struct place_capacity {
    bool complete;               /* else at least as many                    */
    uint64_t domains;            /* all of them                              */
    uint64_t spanning;           /* of these: on several nodes               */
    uint64_t alone[PLACE_MAX_NODES];  /* the others, by node                 */
    uint64_t spanning_pages[PLACE_MAX_NODES];  /* memory of those            */
};

/*
 * Count what place() would accept, one after the other, while nothing else
 * comes or goes.  Claims without a node may keep fewer from fitting than the
 * nodes could hold; which of these are left out is then not foretold, the
 * highest nodes are.  Of those that no single node takes at most
 * PLACE_CAPACITY_MOST are counted; where chunks are required, or all nodes are
 * wanted, what place_mix() counts.  Chunks that overhead breaks are not
 * foretold.  held may be NULL.  sizes may be NULL: what to expect is the host's
 * then; else it is this, and learns each domain, as it does where they are
 * created.  Returns 0, also when none fits, or -1 with EINVAL.
 */
int place_capacity(const struct place_host *host,
                   const struct place_held *held,
                   const struct place_sample *sample,
                   struct place_sizes *sizes, struct place_capacity *capacity);

/* Count a plan, too. */
void place_capacity_count(struct place_capacity *capacity,
                          const struct place_plan *plan);

/* What is free again, at most the overhead. */
uint64_t place_sample_unused(const struct place_sample *sample);

#endif /* PLACE_CAPACITY_H */
