/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A made-up host, some domains on it, and a request for one more: what libxl
 * is asked about.  The same seed, the same states.
 */

#ifndef GOLDEN_STATE_H
#define GOLDEN_STATE_H

#include <stdbool.h>
#include <stdint.h>

#define STATE_MAX_NODES    16
#define STATE_MAX_DOMAINS  32

struct state_domain {
    int vcpus;
    unsigned int nodes;          /* mask                                     */
    bool by_vcpus;               /* CPU affinity says so, not node affinity  */
};

struct state {
    int nr_nodes;
    int cpus[STATE_MAX_NODES];
    uint64_t free_mib[STATE_MAX_NODES];
    int nr_domains;
    struct state_domain domains[STATE_MAX_DOMAINS];
    uint64_t need_mib;
    int need_cpus;
};

void state_make(struct state *state, uint64_t *seed);

/* vCPUs that may run on a node, counted apart from libxl. */
int state_runnable(const struct state *state, int node);

#endif /* GOLDEN_STATE_H */
