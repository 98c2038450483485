/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A load: domains that arrive, stay for a while and go.
 *
 * It depends on seed, host and offered load only, never on a rule, so that
 * all rules meet the same domains.  From one seed, another offered load has
 * the same domains in the same order, closer together.
 */

#ifndef SIM_LOAD_H
#define SIM_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule.h"

/* Families of memory per vCPU times numbers of vCPUs. */
#define LOAD_FAMILIES   4u
#define LOAD_DOUBLINGS  6u

/* One size of domain, and how popular it is among the others. */
struct load_size {
    uint64_t pages;
    uint32_t vcpus;
    double weight;               /* all add up to 1                          */
};

/* The sizes that a host can hold when it is empty. */
struct load_mix {
    unsigned int nr;
    struct load_size sizes[LOAD_FAMILIES * LOAD_DOUBLINGS];
    double mean_pages;
};

struct load_arrival {
    uint64_t at_us;              /* microseconds from the begin              */
    uint64_t lifetime_us;
    uint64_t pages;
    uint32_t vcpus;
};

struct load {
    size_t nr;
    struct load_arrival *arrivals;       /* by time                          */
};

/*
 * The mix for a host.  Sizes with more memory than is free, or more vCPUs
 * than there are CPUs, are left out of it: no rule can place them, and they
 * would only make all rules look alike.  0, or -1 with ENOSPC: none is left.
 */
int load_mix_make(struct load_mix *mix, const struct sim_host *empty);

struct load_wanted {
    uint64_t seed;
    size_t nr;                   /* of arrivals                              */
    unsigned int permille;       /* memory asked for of 1000 that are there  */
    bool burst;                  /* arrivals come many at a time             */
};

/* 0, or -1 with ENOMEM or ENOSPC. */
int load_make(struct load *load, const struct sim_host *empty,
              const struct load_wanted *wanted);

void load_dispose(struct load *load);

#endif /* SIM_LOAD_H */
