/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A comparison: hosts x loads x modes x rules x seeds, each of them a run;
 * and what comes of it over the seeds, with intervals.
 *
 * All rules meet the same domains, so they are compared seed by seed with
 * the first rule, the base.
 */

#ifndef SIM_COMPARE_H
#define SIM_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "interval.h"
#include "metrics.h"

struct compare_host {
    const char *name;
    struct sim_host host;
};

/* What is compared: of the caller, who keeps it as it is. */
struct compare_plan {
    size_t nr_hosts;
    const struct compare_host *hosts;
    size_t nr_loads;
    const unsigned int *permille;        /* offered loads; 0: the trace      */
    size_t nr_modes;
    const enum sim_mode *modes;
    size_t nr_rules;
    const struct sim_rule *const *rules; /* the first one is the base        */
    uint64_t first_seed;
    uint64_t last_seed;
    size_t nr_arrivals;
    bool burst;
    bool times;                          /* measure how long decisions take  */
    const char *trace_name;              /* or NULL, with trace              */
    const struct load *trace;
    const char *resume;                  /* see state.h; or NULL             */
    /* Called after each run, if not NULL. */
    void (*progress)(void *context, size_t done, size_t all);
    void *context;
};

/* One of the runs. */
struct compare_run {
    size_t host, load, mode, rule, seed;
};

struct compare_summary {
    struct interval value;
    struct interval difference;  /* the rule's less the base's               */
    /* The base's over the rule's; of METRIC_EXCESS for what both accept. */
    struct interval ratio;
};

struct compare {
    const struct compare_plan *plan;
    size_t nr_seeds;
    size_t nr_runs;
    struct metrics *metrics;             /* by compare_index                 */
    bool *finished;
    struct compare_summary (*summaries)[NR_METRICS];
};

/* In the order of the struct's members: all seeds of a rule are together. */
size_t compare_index(const struct compare *compare,
                     const struct compare_run *run);

/*
 * Run it.  0, or -1 with errno and a message: ENOMEM, ENOSPC if a host is too
 * small for any domain, what sim_run has, or what the state's file has.
 * Disposed of by the caller in each case.
 */
int compare_run_all(struct compare *compare, const struct compare_plan *plan,
                    char *why, size_t size);
void compare_dispose(struct compare *compare);

/* The summary of a rule; the run's seed is ignored. */
const struct compare_summary *
compare_summary(const struct compare *compare, const struct compare_run *run,
                enum metric metric);

/* 1: for certain better than the base; -1: worse; 0: not known. */
int compare_verdict(const struct compare_summary *summary,
                    enum metric metric);

#endif /* SIM_COMPARE_H */
