/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Hosts for the tests of placement rules, and rules as they take them.
 */

#ifndef RULE_HOST_H
#define RULE_HOST_H

#include "place-host.h"
#include "sim/rule.h"

#define TIB     (1u << 20)       /* in MiB                                   */

/* As make_host has it, 4 CPUs a node; 8 TiB present, so that sums may wrap. */
void rule_host_make(struct sim_host *host, unsigned int nr,
                    const unsigned int *free_mib);

/* The state of a rule, NULL for one that has none. */
void *rule_begin(const struct sim_rule *rule, const struct sim_host *host,
                 uint64_t seed);
void rule_end(const struct sim_rule *rule, void *state);

/* The nodes of the next choice, for one vCPU; 0 for none, or all. */
uint64_t rule_next(const struct sim_rule *rule, void *state,
                   const struct sim_host *host, unsigned int mib);

#endif /* RULE_HOST_H */
