/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Counting a run.
 */

#include <math.h>
#include <stdlib.h>

#include "metrics.h"

#define GIB_PAGES  (UINT64_C(1) << 18)
#define NR_CLASSES 4u

const struct metric_kind metric_kinds[NR_METRICS] = {
    [METRIC_EXCESS] = { "excess", "excess distance X", METRIC_SHARE, -1 },
    [METRIC_EXCESS_BOTH] = { "excess_both", "X of what both accept",
                             METRIC_SHARE, -1 },
    [METRIC_EXCESS_BASE] = { "excess_both_base", "X of the base for these",
                             METRIC_SHARE, -1 },
    [METRIC_SINGLE] = { "single_node", "on a single node", METRIC_SHARE, 1 },
    [METRIC_ACCEPTED] = { "accepted", "accepted domains", METRIC_SHARE, 1 },
    [METRIC_ACCEPTED_MEMORY] = { "accepted_memory", "accepted memory",
                                 METRIC_SHARE, 1 },
    [METRIC_REJECTED_MEMORY] = { "rejected_memory", "rejected memory",
                                 METRIC_SHARE, -1 },
    [METRIC_ACCEPTED_SMALL] = { "accepted_to_16g", "accepted to 16 GiB",
                                METRIC_SHARE, 1 },
    [METRIC_ACCEPTED_MEDIUM] = { "accepted_to_64g", "accepted to 64 GiB",
                                 METRIC_SHARE, 1 },
    [METRIC_ACCEPTED_LARGE] = { "accepted_to_256g", "accepted to 256 GiB",
                                METRIC_SHARE, 1 },
    [METRIC_ACCEPTED_HUGE] = { "accepted_over_256g", "accepted over 256 GiB",
                               METRIC_SHARE, 1 },
    [METRIC_BALANCE] = { "cpu_balance", "CPU balance B", METRIC_FACTOR, -1 },
    [METRIC_STRANDED] = { "stranded_memory", "stranded memory",
                          METRIC_SHARE, -1 },
    [METRIC_OUTSIDE] = { "outside_memory", "memory off the chosen nodes",
                         METRIC_SHARE, -1 },
    [METRIC_NS_50] = { "ns_50", "decision, median", METRIC_TIME, -1 },
    [METRIC_NS_99] = { "ns_99", "decision, 99 %", METRIC_TIME, -1 },
    [METRIC_NS_999] = { "ns_999", "decision, 99.9 %", METRIC_TIME, -1 },
};

struct sums {
    double nr, pages;
    double accepted, accepted_pages;
    double fitting, single;              /* of an empty node, and on one     */
    double excess;                       /* times pages                      */
    double outside_pages;
    double both_pages, both_excess, base_excess;
    double of_class[NR_CLASSES], accepted_of_class[NR_CLASSES];
};

static unsigned int class_of(uint64_t pages)
{
    return pages <= 16 * GIB_PAGES ? 0 : pages <= 64 * GIB_PAGES ? 1
           : pages <= 256 * GIB_PAGES ? 2 : 3;
}

static void add_accepted(struct sums *sums,
                         const struct load_arrival *arrival,
                         const struct sim_record *record, bool fits,
                         const struct sim_record *base)
{
    double pages = arrival->pages;

    sums->accepted++;
    sums->accepted_pages += pages;
    sums->accepted_of_class[class_of(arrival->pages)]++;
    sums->excess += record->excess * pages;
    sums->outside_pages += record->outside_pages;
    sums->fitting += fits;
    sums->single += fits && record->single;
    if ( base->accepted )
    {
        sums->both_pages += pages;
        sums->both_excess += record->excess * pages;
        sums->base_excess += base->excess * pages;
    }
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static int ascending(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

static void count_times(struct metrics *metrics, const struct load *load,
                        uint32_t *choose_ns)
{
    static const unsigned int permille[] = { 500, 990, 999 };
    size_t first = sim_warm_up(load), nr = load->nr - first;

    if ( choose_ns )
        qsort(choose_ns + first, nr, sizeof(*choose_ns), ascending);
    for ( unsigned int i = 0; i < 3; i++ )
        metrics->values[METRIC_FIRST_TIME + i] =
            choose_ns && nr ? choose_ns[first + nr * permille[i] / 1000]
                            : NAN;
}

static void sum_up(struct sums *sums, const struct sim_setup *setup,
                   const struct sim_record *records,
                   const struct sim_record *base_records)
{
    const struct load *load = setup->load;

    for ( size_t i = sim_warm_up(load); i < load->nr; i++ )
    {
        const struct load_arrival *arrival = &load->arrivals[i];

        sums->nr++;
        sums->pages += arrival->pages;
        sums->of_class[class_of(arrival->pages)]++;
        if ( records[i].accepted )
            add_accepted(sums, arrival, &records[i],
                         sim_fits_a_node(setup->empty, arrival),
                         &base_records[i]);
    }
}

void metrics_count(struct metrics *metrics, const struct sim_setup *setup,
                   struct sim_outcome *outcome,
                   const struct sim_record *base_records)
{
    double *values = metrics->values;
    struct sums sums = { 0 };

    sum_up(&sums, setup, outcome->records, base_records);
    values[METRIC_EXCESS] = share(sums.excess, sums.accepted_pages);
    values[METRIC_EXCESS_BOTH] = share(sums.both_excess, sums.both_pages);
    values[METRIC_EXCESS_BASE] = share(sums.base_excess, sums.both_pages);
    values[METRIC_SINGLE] = share(sums.single, sums.fitting);
    values[METRIC_ACCEPTED] = share(sums.accepted, sums.nr);
    values[METRIC_ACCEPTED_MEMORY] = share(sums.accepted_pages, sums.pages);
    values[METRIC_REJECTED_MEMORY] = share(sums.pages - sums.accepted_pages,
                                           sums.pages);
    for ( unsigned int i = 0; i < NR_CLASSES; i++ )
        values[METRIC_ACCEPTED_SMALL + i] =
            share(sums.accepted_of_class[i], sums.of_class[i]);
    values[METRIC_BALANCE] = meter_balance(outcome->meter);
    values[METRIC_STRANDED] = meter_stranded(outcome->meter);
    values[METRIC_OUTSIDE] = share(sums.outside_pages, sums.accepted_pages);
    count_times(metrics, setup->load, outcome->choose_ns);
}
