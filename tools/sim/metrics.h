/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a run is judged by.  The first arrivals, which only fill the host
 * (sim_warm_up), count in none of it.
 */

#ifndef SIM_METRICS_H
#define SIM_METRICS_H

#include <stdbool.h>

#include "sim.h"

enum metric {
    /* Excess distance, weighted with memory, of what was accepted. */
    METRIC_EXCESS,
    /* The same of what the base rule accepted too; and the base's of that. */
    METRIC_EXCESS_BOTH,
    METRIC_EXCESS_BASE,
    /* On one node, of the accepted that an empty node holds. */
    METRIC_SINGLE,
    /* Accepted of what was asked for: domains, and memory. */
    METRIC_ACCEPTED,
    METRIC_ACCEPTED_MEMORY,
    METRIC_REJECTED_MEMORY,      /* the rest of it                           */
    /* Accepted domains by class of size: to 16, 64, 256 GiB, and larger. */
    METRIC_ACCEPTED_SMALL,
    METRIC_ACCEPTED_MEDIUM,
    METRIC_ACCEPTED_LARGE,
    METRIC_ACCEPTED_HUGE,
    /* See meter.h. */
    METRIC_BALANCE,
    METRIC_STRANDED,
    /* Of the memory accepted: not on nodes that the rule chose. */
    METRIC_OUTSIDE,
    /* Time of a decision.  Of this machine: never the same twice. */
    METRIC_NS_50,
    METRIC_NS_99,
    METRIC_NS_999,
    NR_METRICS,
};

/* The first of those that are not the same on each run. */
#define METRIC_FIRST_TIME METRIC_NS_50

enum metric_unit { METRIC_SHARE, METRIC_FACTOR, METRIC_TIME };

struct metric_kind {
    const char *name;            /* for programs                             */
    const char *title;           /* for people                               */
    enum metric_unit unit;
    int better;                  /* 1: more is better; -1: less              */
};

extern const struct metric_kind metric_kinds[NR_METRICS];

/* NAN: nothing to tell it from, as no domain of a class has come. */
struct metrics {
    double values[NR_METRICS];
};

/*
 * Count a run.  base_records is the base rule's run of the same load; it may
 * be the same run.  Sorts the times, if there are any.
 */
void metrics_count(struct metrics *metrics, const struct sim_setup *setup,
                   struct sim_outcome *outcome,
                   const struct sim_record *base_records);

#endif /* SIM_METRICS_H */
