/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The nodes that a set may be made of, in some order, and what the rest of
 * them can add at most: so that a search ends as soon as it cannot succeed.
 * Internal to the engine; about 70 KiB, on the stack.
 */

#ifndef PLACE_POOL_H
#define PLACE_POOL_H

#include <stdbool.h>

#include "view.h"

struct place_pool {
    const struct place_view *view;
    unsigned int nr;
    unsigned int nodes[PLACE_MAX_NODES];
    /* [i][n]: in any n of the nodes from the i-th on. */
    uint64_t most_pages[PLACE_MAX_NODES][PLACE_MAX_NODES + 1];
    uint64_t most_cpus[PLACE_MAX_NODES][PLACE_MAX_NODES + 1];
};

/* What the nodes of a set have; all zero for the empty set. */
struct place_sum {
    uint64_t set;
    uint64_t pages;
    uint64_t cpus;
    uint64_t largest;            /* pages of the node that has most          */
};

/* All nodes with pages, by ascending id; nothing yet of what they can add. */
void place_pool_make(struct place_pool *pool, const struct place_view *view);

/* Count what they can add, once nodes are in the order to be searched. */
void place_pool_count(struct place_pool *pool);

struct place_sum place_sum_with(const struct place_view *view,
                                const struct place_sum *sum,
                                unsigned int node);

/* Whether the request fits; its overhead is not split. */
bool place_sum_holds(const struct place_view *view,
                     const struct place_sum *sum);

/* Whether it may fit with n more of the nodes from the i-th on; n > 0. */
bool place_pool_may_hold(const struct place_pool *pool,
                         const struct place_sum *sum, unsigned int i,
                         unsigned int n);

#endif /* PLACE_POOL_H */
