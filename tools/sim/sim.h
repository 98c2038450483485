/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One run: a host, a load, a rule.
 */

#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load.h"
#include "meter.h"
#include "rule.h"
#include "tenant.h"

/* What became of an arrival. */
struct sim_record {
    bool accepted;
    bool planned;                /* the rule found nodes for it              */
    bool single;                 /* all of it on one node: memory and vCPUs  */
    double excess;               /* see tenant_excess                        */
    uint64_t outside_pages;      /* where the rule did not choose it         */
};

struct sim_setup {
    const struct sim_host *empty;
    const struct load *load;
    const struct sim_rule *rule;
    enum sim_mode mode;
    uint64_t seed;               /* of the rule                              */
};

struct sim_outcome {
    struct sim_record *records;  /* one for each arrival: of the caller      */
    uint32_t *choose_ns;         /* likewise: time of each decision, or NULL */
    struct meter *meter;         /* for this host and load                   */
};

/* The part of the arrivals that only fills the host: nothing is measured. */
size_t sim_warm_up(const struct load *load);

/* Whether some node of the empty host has the memory and a CPU a vCPU. */
bool sim_fits_a_node(const struct sim_host *empty,
                     const struct load_arrival *arrival);

/*
 * Run it, from the empty host on to the last arrival.  0, or -1 with ENOMEM,
 * or EPROTO: the rule failed, or chose what makes no sense; and a message.
 */
int sim_run(const struct sim_setup *setup, struct sim_outcome *outcome,
            char *why, size_t size);

/*
 * The same, and on until all have gone.  host gets the host as it then is;
 * it can be told what a conservation of pages is worth.
 */
int sim_run_out(const struct sim_setup *setup, struct sim_outcome *outcome,
                struct sim_host *host, char *why, size_t size);

#endif /* SIM_SIM_H */
