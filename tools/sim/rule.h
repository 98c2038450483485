/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A placement rule: that of this project's engine, of another toolstack, or
 * one to compare with.  A rule sees a host as a toolstack can see a real one,
 * and says where a domain goes; what then becomes of it is the simulator's.
 *
 * Rules are deterministic: what they remember of earlier choices is their
 * state, and chance comes from the seed they were begun with.
 */

#ifndef SIM_RULE_H
#define SIM_RULE_H

#include <stdint.h>

#include "../place/host.h"
#include "../place/request.h"

/* Beside what the engine looks at, what other rules look at. */
struct sim_host {
    struct place_host place;
    /* vCPUs that may run on the node: a domain's count on each of its nodes. */
    uint32_t runnable[PLACE_MAX_NODES];
    /* Domains of which the node is one. */
    uint32_t domains[PLACE_MAX_NODES];
    /* vCPUs, as far as their domain's CPUs lie there; x 1024. */
    uint64_t load[PLACE_MAX_NODES];
};

struct sim_choice {
    /* Where its vCPUs prefer to run, and its memory is taken from; 0: all. */
    uint64_t nodes;
    /*
     * Pages that are claimed on a node; they get there.  What is left of the
     * domain is taken evenly from its nodes, and from others when those are
     * full.
     */
    uint64_t claimed[PLACE_MAX_NODES];
};

struct sim_rule {
    const char *name;            /* as the command line has it               */
    const char *about;           /* a line for people                        */
    /*
     * Begin with an empty host, but for what dom0 has.  Returns the state, or
     * NULL with errno ENOMEM.  NULL: the rule has none.
     */
    void *(*begin)(const struct sim_host *host, uint64_t seed);
    /*
     * Choose for one domain, whose overhead is 0.  Returns 0, or -1 with
     * ENOSPC: the rule finds no nodes for it.  A domain that is to be strict
     * is rejected then, and also when its memory would leave its nodes, which
     * may be several; another one goes on without nodes, where the host has
     * the memory.
     */
    int (*choose)(void *state, const struct sim_host *host,
                  const struct place_request *request,
                  struct sim_choice *choice);
    void (*end)(void *state);
};

/* All rules, ended by one without a name. */
extern const struct sim_rule sim_rules[];

/* One by its name; NULL if there is none. */
const struct sim_rule *sim_rule_find(const char *name);

#endif /* SIM_RULE_H */
