/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Storms made up at random, the same from the same seed (place-host.h).
 */

#ifndef PLACE_STORM_TEST_H
#define PLACE_STORM_TEST_H

#include <stddef.h>

#include "place-host.h"

#define STORM_MAX 512u

enum storm_sizes {
    STORM_FAMILIES,              /* 2 to 16 GiB a vCPU, 2 to 32 vCPUs        */
    STORM_ANY,                   /* 4 to 128 GiB, by MiB                     */
};

struct storm_case {
    struct place_host host;
    struct place_held held;
    size_t nr;
    struct place_request requests[STORM_MAX];
};

/*
 * At most `most` strict domains, at least 2, that together ask for 0.7 to 1.5
 * of what is free.  Nodes have 256 GiB and 32 CPUs; an eighth of them is free
 * or more.  Each domain fits an empty node.
 */
void random_storm(struct storm_case *storm, enum storm_sizes sizes,
                  unsigned int nodes, size_t most);

/* As many domains as that, on nodes as large as it takes for the load. */
void large_storm(struct storm_case *storm, enum storm_sizes sizes,
                 unsigned int nodes, size_t nr);

/*
 * Whatever else there is: hosts of random_host() of at most that many nodes,
 * with reserves, held memory, claims without a node; all policies, masks of
 * nodes, wishes, and domains that are the same, or of the same size.
 */
void odd_storm(struct storm_case *storm, unsigned int nodes, size_t most);

/* Strict, without chunks and wishes: what place-optimum.h can judge. */
void make_strict(struct storm_case *storm);

/* The same requests in another order; from[i] is where the i-th was. */
void shuffle_storm(const struct storm_case *storm,
                   struct storm_case *other, size_t *from);

#endif /* PLACE_STORM_TEST_H */
