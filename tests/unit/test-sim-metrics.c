/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What runs are judged by, on cases that can be worked by hand.
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/interval.h"
#include "sim/metrics.h"
#include "sim/sim-host.h"
#include "unit.h"

#define GIB (UINT64_C(1) << 18)  /* in pages */

static struct sim_host host;

static bool about(double got, double expected)
{
    if ( fabs(got - expected) < 1e-9 || (isnan(got) && isnan(expected)) )
        return true;
    fprintf(stderr, "got %.15g, expected %.15g\n", got, expected);

    return false;
}

static void mean_of_few(void)
{
    static const double values[] = { 1, 2, 3, NAN, 6 };
    static const double none[] = { NAN, NAN };
    struct bootstrap *bootstrap = bootstrap_new(5);
    struct interval interval = interval_mean(bootstrap, values);

    UNIT_TRUE("mean", about(interval.mean, 3));
    UNIT_TRUE("around it", interval.low < 3 && interval.high > 3);
    UNIT_TRUE("among the values", interval.low >= 1 && interval.high <= 6);
    bootstrap_free(bootstrap);

    bootstrap = bootstrap_new(2);
    interval = interval_mean(bootstrap, none);
    UNIT_TRUE("of nothing", isnan(interval.mean) && isnan(interval.low));
    bootstrap_free(bootstrap);

    bootstrap = bootstrap_new(1);
    interval = interval_mean(bootstrap, values);
    UNIT_TRUE("of one", about(interval.mean, 1) && isnan(interval.low) &&
              isnan(interval.high));
    bootstrap_free(bootstrap);
}

/*
 * Of 0 and 1, half and half, the mean of 100 is normal with deviation 0.05:
 * 95 % of it are within 0.098.
 */
static void width_of_known_data(void)
{
    struct bootstrap *bootstrap = bootstrap_new(100);
    struct interval interval;
    double values[100];

    for ( unsigned int i = 0; i < 100; i++ )
        values[i] = i % 2;
    interval = interval_mean(bootstrap, values);
    UNIT_TRUE("low", fabs(interval.low - 0.402) < 0.012);
    UNIT_TRUE("high", fabs(interval.high - 0.598) < 0.012);
    bootstrap_free(bootstrap);
}

static void pairs_are_kept(void)
{
    double values[30], others[30];
    struct bootstrap *bootstrap = bootstrap_new(30);
    struct interval difference, ratio, mean;

    /* Much spread from seed to seed, none in the difference. */
    for ( unsigned int i = 0; i < 30; i++ )
    {
        others[i] = 10 + i * i;
        values[i] = others[i] + 0.5;
    }
    others[7] = NAN;
    difference = interval_difference(bootstrap, values, others);
    UNIT_TRUE("difference", about(difference.mean, 0.5));
    UNIT_TRUE("certain", about(difference.low, 0.5) &&
              about(difference.high, 0.5));
    mean = interval_mean(bootstrap, values);
    UNIT_TRUE("the mean is not", mean.high - mean.low > 50);

    for ( unsigned int i = 0; i < 30; i++ )
        values[i] = 0.4 * others[i];
    ratio = interval_ratio(bootstrap, values, others);
    UNIT_TRUE("ratio", about(ratio.mean, 0.4) && about(ratio.low, 0.4) &&
              about(ratio.high, 0.4));
    for ( unsigned int i = 0; i < 30; i++ )
        others[i] = 0;
    ratio = interval_ratio(bootstrap, values, others);
    UNIT_TRUE("to nothing", isnan(ratio.mean));
    bootstrap_free(bootstrap);
}

static void balance_by_hand(void)
{
    struct load load = { 0 };
    struct meter meter;

    sim_host_find("4", &host);
    UNIT_EQUAL("meter", meter_begin(&meter, &host, &load), 0);
    meter_spend(&meter, &host, 1000);
    UNIT_TRUE("without vCPUs", isnan(meter_balance(&meter)));
    for ( unsigned int i = 0; i < 4; i++ )
        host.load[i] = 16 * 1024;
    meter_spend(&meter, &host, 300);
    UNIT_TRUE("even", about(meter_balance(&meter), 1));
    /* 32, 16, 16, 0 on 32 cores each: 1 over a mean of 1/2. */
    host.load[0] = 32 * 1024;
    host.load[3] = 0;
    meter_spend(&meter, &host, 100);
    UNIT_TRUE("3/4 of the time even, else 2",
              about(meter_balance(&meter), 1.25));
    meter_reset(&meter);
    /* On 16 cores instead the first has 2 a core; the mean is 3/4. */
    host.place.nodes[0].cores = 16;
    meter_spend(&meter, &host, 5);
    UNIT_TRUE("by cores", about(meter_balance(&meter), 2 / 0.75));
    meter_reset(&meter);
    /* A node without cores is in no mean: 1/2, 1/2 and 0. */
    host.place.nodes[0].cores = 0;
    meter_spend(&meter, &host, 5);
    UNIT_TRUE("without cores", about(meter_balance(&meter), 1.5));
    meter_dispose(&meter);
}

static void stranded_by_hand(void)
{
    struct load_arrival arrivals[] = {
        { 0, 1, 4 * GIB, 2 }, { 0, 1, 4 * GIB, 2 }, { 0, 1, 64 * GIB, 2 },
        { 0, 1, 128 * GIB, 2 },
        /* No node holds it, so it says nothing of nodes. */
        { 0, 1, 512 * GIB, 2 },
    };
    struct load load = { .nr = 5, .arrivals = arrivals };
    struct meter meter;

    sim_host_find("4", &host);
    UNIT_EQUAL("meter", meter_begin(&meter, &host, &load), 0);
    meter_spend(&meter, &host, 1);
    UNIT_TRUE("empty", about(meter_stranded(&meter), 0));

    meter_reset(&meter);
    host.place.nodes[0].free_pages = 4 * GIB;    /* no good for half of them */
    host.place.nodes[1].free_pages = 64 * GIB;   /* for a quarter            */
    host.place.nodes[2].free_pages = 3 * GIB;    /* for any                  */
    host.place.nodes[3].free_pages = 128 * GIB;  /* for none                 */
    meter_spend(&meter, &host, 7);
    UNIT_TRUE("nearly full", about(meter_stranded(&meter),
                                   (4 * 0.5 + 64 * 0.25 + 3) / 1016));

    meter_reset(&meter);
    host.place.nodes[3].cpus = 0;
    meter_spend(&meter, &host, 7);
    UNIT_TRUE("without CPUs no good for any", about(meter_stranded(&meter),
              (4 * 0.5 + 64 * 0.25 + 3 + 128) / 1016));
    meter_dispose(&meter);

    UNIT_EQUAL("meter", meter_begin(&meter, &host, &load), 0);
    UNIT_TRUE("no time", isnan(meter_stranded(&meter)));
    meter_dispose(&meter);
}

/* The first of five only fills the host. */
static struct load_arrival arrivals[] = {
    { 0, 1, 8 * GIB, 2 },
    { 1, 1, 8 * GIB, 2 }, { 2, 1, 32 * GIB, 2 }, { 3, 1, 40 * GIB, 64 },
    { 4, 1, 512 * GIB, 4 },
};
static const struct load load = { .nr = 5, .arrivals = arrivals };

static void count(struct metrics *metrics, struct sim_record *records,
                  const struct sim_record *base, uint32_t *choose_ns)
{
    const struct sim_setup setup = { .empty = &host, .load = &load };
    struct meter meter;
    struct sim_outcome outcome = {
        .records = records, .choose_ns = choose_ns, .meter = &meter,
    };

    sim_host_find("4", &host);
    UNIT_EQUAL("meter", meter_begin(&meter, &host, &load), 0);
    metrics_count(metrics, &setup, &outcome, base);
    meter_dispose(&meter);
}

static void counted_by_hand(void)
{
    struct sim_record records[] = {
        { .accepted = true, .excess = 100, .outside_pages = GIB },
        { .accepted = true, .single = true, .planned = true },
        { .accepted = true, .excess = 0.5, .outside_pages = 16 * GIB },
        { .accepted = true, .excess = 1 },
        { .accepted = false },
    };
    struct sim_record base[] = {
        { .accepted = true }, { .accepted = false },
        { .accepted = true, .excess = 0.25 }, { .accepted = true },
        { .accepted = true },
    };
    struct {
        enum metric metric;
        double expected;
    } rows[] = {
        /* 8, 32 and 40 GiB: (16 + 40) / 80. */
        { METRIC_EXCESS, 0.7 },
        { METRIC_EXCESS_BOTH, 56.0 / 72 },
        { METRIC_EXCESS_BASE, 8.0 / 72 },
        /* 64 vCPUs fit no node. */
        { METRIC_SINGLE, 0.5 },
        { METRIC_ACCEPTED, 0.75 },
        { METRIC_ACCEPTED_MEMORY, 80.0 / 592 },
        { METRIC_REJECTED_MEMORY, 512.0 / 592 },
        { METRIC_ACCEPTED_SMALL, 1 },
        { METRIC_ACCEPTED_MEDIUM, 1 },
        { METRIC_ACCEPTED_LARGE, NAN },
        { METRIC_ACCEPTED_HUGE, 0 },
        { METRIC_OUTSIDE, 0.2 },
        { METRIC_NS_50, NAN },
    };
    struct metrics metrics;

    count(&metrics, records, base, NULL);
    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
        UNIT_TRUE(metric_kinds[rows[i].metric].name,
                  about(metrics.values[rows[i].metric], rows[i].expected));
}

static void times_by_hand(void)
{
    uint32_t choose_ns[] = { 1000000, 40, 10, 30, 20 };
    struct sim_record records[5] = { 0 };
    struct metrics metrics;

    count(&metrics, records, records, choose_ns);
    UNIT_TRUE("median", about(metrics.values[METRIC_NS_50], 30));
    UNIT_TRUE("99 %", about(metrics.values[METRIC_NS_99], 40));
    UNIT_TRUE("nothing accepted",
              isnan(metrics.values[METRIC_EXCESS]) &&
              isnan(metrics.values[METRIC_SINGLE]));
}

static void metrics_have_names(void)
{
    for ( enum metric i = 0; i < NR_METRICS; i++ )
    {
        CU_ASSERT_PTR_NOT_NULL_FATAL(metric_kinds[i].name);
        UNIT_TRUE(metric_kinds[i].name, metric_kinds[i].better);
        for ( enum metric j = 0; j < i; j++ )
            UNIT_TRUE(metric_kinds[i].name, strcmp(metric_kinds[i].name,
                                                   metric_kinds[j].name));
    }
}

static const struct unit_test intervals[] = {
    { "the mean of a few values, and of none", mean_of_few },
    { "an interval is as wide as it is known to be", width_of_known_data },
    { "paired values are drawn together", pairs_are_kept },
    { NULL, NULL }
};

static const struct unit_test counted[] = {
    { "CPU balance, worked by hand", balance_by_hand },
    { "stranded memory, worked by hand", stranded_by_hand },
    { "shares and distances, worked by hand", counted_by_hand },
    { "times, worked by hand", times_by_hand },
    { "metrics have names of their own", metrics_have_names },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "intervals", NULL, NULL, intervals, NULL, NULL },
        { "metrics", NULL, NULL, counted, NULL, NULL },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };

    return unit_main("sim-metrics", suites);
}
