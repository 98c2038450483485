/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A comparison as CSV: a line for each metric of each rule.
 */

#include <math.h>

#include "report.h"

/* In quotes: it may be the name of a file. */
static void write_text(FILE *to, const char *text)
{
    fputc('"', to);
    for ( ; *text; text++ )
    {
        if ( *text == '"' )
            fputc('"', to);
        fputc(*text, to);
    }
    fputs("\",", to);
}

static void write_number(FILE *to, double value)
{
    if ( isnan(value) )
        fputc(',', to);
    else
        fprintf(to, ",%.9g", value);
}

static void write_interval(FILE *to, const struct interval *interval)
{
    write_number(to, interval->mean);
    write_number(to, interval->low);
    write_number(to, interval->high);
}

static void write_row(FILE *to, const struct compare *compare,
                      const struct compare_run *run, enum metric metric)
{
    const struct compare_plan *plan = compare->plan;
    const struct compare_summary *summary =
        compare_summary(compare, run, metric);

    write_text(to, plan->hosts[run->host].name);
    if ( plan->trace )
        write_text(to, plan->trace_name);
    else
        fprintf(to, "%.3f,", plan->permille[run->load] / 1000.0);
    fprintf(to, "%s,%s,%s", sim_mode_name(plan->modes[run->mode]),
            plan->rules[run->rule]->name, metric_kinds[metric].name);
    write_interval(to, &summary->value);
    write_interval(to, &summary->difference);
    write_interval(to, &summary->ratio);
    fputc('\n', to);
}

static void write_rule(FILE *to, const struct compare *compare,
                       const struct compare_run *run)
{
    enum metric end = compare->plan->times ? NR_METRICS : METRIC_FIRST_TIME;

    for ( enum metric metric = 0; metric < end; metric++ )
        write_row(to, compare, run, metric);
}

void report_csv(FILE *to, const struct compare *compare)
{
    const struct compare_plan *plan = compare->plan;
    struct compare_run run = { 0 };

    fprintf(to, "host,load,mode,rule,metric,mean,low,high,difference,"
            "difference_low,difference_high,ratio,ratio_low,ratio_high\n");
    for ( run.host = 0; run.host < plan->nr_hosts; run.host++ )
        for ( run.load = 0; run.load < plan->nr_loads; run.load++ )
            for ( run.mode = 0; run.mode < plan->nr_modes; run.mode++ )
                for ( run.rule = 0; run.rule < plan->nr_rules; run.rule++ )
                    write_rule(to, compare, &run);
}
