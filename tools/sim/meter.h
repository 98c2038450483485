/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a host is like over time, apart from any one domain.
 *
 * CPU balance: the most vCPUs for a core of any node, over the mean of all
 * nodes that have cores; 1 is even.  Averaged over the time that there is a
 * vCPU.
 *
 * Stranded memory: the share of the memory of the empty host that is free,
 * but on a node that cannot hold the next domain.  The next one is of the
 * load's own sizes, as often as they come, but for those that not even an
 * empty node holds.  Free memory of a node without CPUs is stranded.
 * Averaged over time.
 */

#ifndef SIM_METER_H
#define SIM_METER_H

#include <stddef.h>

#include "load.h"
#include "rule.h"

struct meter {
    size_t nr;                           /* of sizes                         */
    uint64_t *sizes;                     /* ascending                        */
    double *larger;                      /* [i]: chance to be sizes[i] or up */
    double host_pages;
    double balance;                      /* sums, weighted with time         */
    double balance_us;
    double stranded;
    double us;
    /* [node]: stranded with that much free; it seldom changes. */
    uint64_t seen_pages[PLACE_MAX_NODES];
    double seen_stranded[PLACE_MAX_NODES];
};

/* For an empty host and its load.  0, or -1 with ENOMEM. */
int meter_begin(struct meter *meter, const struct sim_host *empty,
                const struct load *load);
void meter_dispose(struct meter *meter);

/* Forget what was measured. */
void meter_reset(struct meter *meter);

/* The host stays as it is for that long. */
void meter_spend(struct meter *meter, const struct sim_host *host,
                 uint64_t us);

/* The averages; NAN if there was no time. */
double meter_balance(const struct meter *meter);
double meter_stranded(const struct meter *meter);

#endif /* SIM_METER_H */
