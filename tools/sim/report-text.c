/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Tables for people.
 */

#include <math.h>
#include <string.h>

#include "report.h"

#define CELL 40u
#define NAME 18

struct column {
    enum metric metric;
    const char *header;
};

static const struct column columns[] = {
    { METRIC_EXCESS, "X" },
    { METRIC_SINGLE, "one node" },
    { METRIC_ACCEPTED_MEMORY, "accepted mem" },
    { METRIC_REJECTED_MEMORY, "rejected mem" },
    { METRIC_BALANCE, "B" },
    { METRIC_STRANDED, "stranded" },
    { METRIC_OUTSIDE, "off nodes" },
};

static const struct column times[] = {
    { METRIC_NS_50, "p50" },
    { METRIC_NS_99, "p99" },
    { METRIC_NS_999, "p99.9" },
};

#define NR(array) (sizeof(array) / sizeof((array)[0]))

void report_load(char *text, size_t size, const struct compare *compare,
                 size_t load)
{
    unsigned int permille = compare->plan->permille[load];

    if ( compare->plan->trace )
        snprintf(text, size, "trace %s", compare->plan->trace_name);
    else if ( permille % 10 )
        snprintf(text, size, "load %u.%03u", permille / 1000,
                 permille % 1000);
    else
        snprintf(text, size, "load %u.%02u", permille / 1000,
                 permille % 1000 / 10);
}

static double in_unit(enum metric metric, double value)
{
    static const double units[] = {
        [METRIC_SHARE] = 100, [METRIC_FACTOR] = 1, [METRIC_TIME] = 1e-3,
    };

    return value * units[metric_kinds[metric].unit];
}

void report_value(char *text, size_t size, enum metric metric, double value)
{
    static const char *const units[] = {
        [METRIC_SHARE] = " %", [METRIC_FACTOR] = "", [METRIC_TIME] = " us",
    };
    enum metric_unit unit = metric_kinds[metric].unit;

    if ( isnan(value) )
        snprintf(text, size, "-");
    else
        snprintf(text, size, "%.*f%s", unit == METRIC_FACTOR ? 3 : 2,
                 in_unit(metric, value), units[unit]);
}

/*
 * "12.34 ±0.12 +": the wider half of the interval, and what is certain about
 * the difference to the base.
 */
static void write_cell(FILE *to, const struct compare_summary *summary,
                       enum metric metric)
{
    static const char marks[] = { '-', ' ', '+' };
    const struct interval *value = &summary->value;
    int digits = metric_kinds[metric].unit == METRIC_FACTOR ? 3 : 2;
    double above = value->high - value->mean;
    double below = value->mean - value->low;
    double half = above > below ? above : below;

    if ( isnan(value->mean) )
        fprintf(to, "  %16s", "-  ");
    else if ( isnan(half) )
        fprintf(to, "  %14.*f  ", digits, in_unit(metric, value->mean));
    else
        /* Two bytes for one column. */
        fprintf(to, "  %7.*f \u00b1%5.*f %c", digits,
                in_unit(metric, value->mean), digits, in_unit(metric, half),
                marks[compare_verdict(summary, metric) + 1]);
}

/* The ratio of distances, and whether it is told at all. */
static void write_ratio(FILE *to, const struct compare_summary *summary)
{
    const struct interval *ratio = &summary->ratio;

    if ( isnan(ratio->mean) )
        fprintf(to, "  %7s %15s", "-", "");
    else if ( isnan(ratio->low) )
        fprintf(to, "  %7.1f %15s", 100 * ratio->mean, "");
    else
        fprintf(to, "  %7.1f [%5.1f, %6.1f]", 100 * ratio->mean,
                100 * ratio->low, 100 * ratio->high);
}

static void write_row(FILE *to, const struct compare *compare,
                      const struct compare_run *run)
{
    const struct compare_plan *plan = compare->plan;

    fprintf(to, "%-*s", NAME, plan->rules[run->rule]->name);
    for ( size_t i = 0; i < NR(columns); i++ )
    {
        write_cell(to, compare_summary(compare, run, columns[i].metric),
                   columns[i].metric);
        if ( !i )
            write_ratio(to, compare_summary(compare, run, METRIC_EXCESS));
    }
    for ( size_t i = 0; plan->times && i < NR(times); i++ )
        fprintf(to, "  %9.2f", in_unit(times[i].metric,
                compare_summary(compare, run, times[i].metric)->value.mean));
    fputc('\n', to);
}

static void write_headers(FILE *to, const struct compare *compare)
{
    const struct compare_plan *plan = compare->plan;

    fprintf(to, "%-*s", NAME, "rule");
    for ( size_t i = 0; i < NR(columns); i++ )
    {
        fprintf(to, "  %14s  ", columns[i].header);
        if ( !i )
            fprintf(to, "  %23s", "X of base / X, both");
    }
    for ( size_t i = 0; plan->times && i < NR(times); i++ )
        fprintf(to, "  %6s us", times[i].header);
    fputc('\n', to);
}

void report_text(FILE *to, const struct compare *compare)
{
    const struct compare_plan *plan = compare->plan;
    struct compare_run run = { 0 };
    char load[CELL];

    for ( run.host = 0; run.host < plan->nr_hosts; run.host++ )
        for ( run.load = 0; run.load < plan->nr_loads; run.load++ )
            for ( run.mode = 0; run.mode < plan->nr_modes; run.mode++ )
            {
                report_load(load, sizeof(load), compare, run.load);
                fprintf(to, "host %s, %s, %s\n",
                        plan->hosts[run.host].name, load,
                        sim_mode_name(plan->modes[run.mode]));
                write_headers(to, compare);
                for ( run.rule = 0; run.rule < plan->nr_rules; run.rule++ )
                    write_row(to, compare, &run);
                run.rule = 0;
                fputc('\n', to);
            }
    fprintf(to, "%zu seeds; in percent, but for B; \u00b1 95 %%; "
            "+ for certain better than %s, - worse\n", compare->nr_seeds,
            plan->rules[0]->name);
}
