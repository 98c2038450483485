/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The sizes of domains that a host is likely to be asked for next.  A choice
 * is judged by how many of them still fit.
 */

#ifndef PLACE_SIZES_H
#define PLACE_SIZES_H

#include "host.h"
#include "request.h"

#define PLACE_MAX_SIZES    24u
#define PLACE_SIZES_WEIGHT 65536u    /* of all together, about            */

struct place_sizes {
    unsigned int nr;
    struct {
        uint64_t pages;          /* of the guest; not 0                      */
        uint32_t weight;         /* how often                                */
    } size[PLACE_MAX_SIZES];
};

/*
 * Begin with a guess, by what the host has: for each vCPU a quarter, half, all
 * and twice of a node's memory for one core, from 2 vCPUs to the cores of two
 * nodes, each number 0.68 times as often as half of it.  A host without CPUs
 * counts as one with a core a node.  A node without CPUs counts as little.
 */
void place_sizes_begin(struct place_sizes *sizes,
                       const struct place_host *host);

/*
 * A domain of that size was asked for: it counts as the 64th part of all, and
 * older ones less for that.  Sizes that are nearest to the same power of two
 * are one, for which the latest stands.
 */
void place_sizes_learn(struct place_sizes *sizes,
                       const struct place_request *request);

#endif /* PLACE_SIZES_H */
