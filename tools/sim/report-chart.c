/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A chart: rules from top to bottom, a bar for each load, its interval as a
 * line over its end, its value behind.  Colours are those of the page.
 */

#include <math.h>

#include "report.h"

/* In units of the drawing. */
#define WIDTH       520
#define LABELS      132          /* of rules                                 */
#define VALUES      78
#define PLOT        (WIDTH - LABELS - VALUES)
#define TOP         22
#define BAR         8
#define BETWEEN     2            /* bars of a rule                           */
#define GAP         9            /* between rules                            */
#define MAX_TICKS   6

struct scale {
    double low;
    double high;
    double tick;
};

static const struct interval *value_of(const struct compare *compare,
                                       const struct compare_run *run,
                                       enum metric metric)
{
    return &compare_summary(compare, run, metric)->value;
}

/* A step of 1, 2 or 5 times a power of ten. */
static double nice_step(double range)
{
    double step = 1;

    while ( step * MAX_TICKS < range )
        step *= 10;
    while ( step * MAX_TICKS / 10 >= range )
        step /= 10;
    if ( step * MAX_TICKS / 5 >= range )
        return step / 5;

    return step * MAX_TICKS / 2 >= range ? step / 2 : step;
}

/* From nothing, or from evenness, to the highest end of an interval. */
static struct scale find_scale(const struct compare *compare,
                               struct compare_run run, enum metric metric)
{
    struct scale scale = {
        .low = metric_kinds[metric].unit == METRIC_FACTOR ? 1 : 0,
    };
    double most = scale.low + 0.01;

    for ( run.rule = 0; run.rule < compare->plan->nr_rules; run.rule++ )
        for ( run.load = 0; run.load < compare->plan->nr_loads; run.load++ )
        {
            const struct interval *value = value_of(compare, &run, metric);
            double end = isnan(value->high) ? value->mean : value->high;

            if ( end > most )
                most = end;
        }
    scale.tick = nice_step(most - scale.low);
    scale.high = scale.low;
    while ( scale.high < most )
        scale.high += scale.tick;

    return scale;
}

static double place(const struct scale *scale, double value)
{
    double part = (value - scale->low) / (scale->high - scale->low);

    return LABELS + PLOT * (part < 0 ? 0 : part);
}

static void draw_axis(FILE *to, const struct scale *scale, int height,
                      enum metric metric)
{
    int ticks = (scale->high - scale->low) / scale->tick + 0.5;

    for ( int i = 0; i <= ticks; i++ )
    {
        double value = scale->low + i * scale->tick;
        double x = place(scale, value);

        fprintf(to, "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" "
                "y2=\"%d\"/>", x, x, TOP - 4, height);
        fprintf(to, "<text class=\"tick\" x=\"%.1f\" y=\"%d\">%.3g%s</text>"
                "\n", x, TOP - 9,
                metric_kinds[metric].unit == METRIC_SHARE ? 100 * value
                : metric_kinds[metric].unit == METRIC_TIME ? value / 1000
                : value,
                metric_kinds[metric].unit == METRIC_SHARE ? " %" : "");
    }
}

/* What a pointer that rests on a bar is told. */
static void write_title(FILE *to, const struct compare *compare,
                        const struct compare_run *run, enum metric metric)
{
    const struct interval *value = value_of(compare, run, metric);
    char load[64], mean[32], low[32], high[32];

    /* The name of a trace is on the page already, and might need quoting. */
    if ( compare->plan->trace )
        snprintf(load, sizeof(load), "trace");
    else
        report_load(load, sizeof(load), compare, run->load);
    report_value(mean, sizeof(mean), metric, value->mean);
    report_value(low, sizeof(low), metric, value->low);
    report_value(high, sizeof(high), metric, value->high);
    fprintf(to, "<title>%s, %s: %s (95 %%: %s to %s)</title>",
            compare->plan->rules[run->rule]->name, load, mean, low, high);
}

static void draw_bar(FILE *to, const struct compare *compare,
                     const struct compare_run *run, enum metric metric,
                     const struct scale *scale, int y)
{
    const struct interval *value = value_of(compare, run, metric);
    double from = place(scale, scale->low);
    double middle = y + BAR / 2.0;
    double end, behind;
    char text[32];

    if ( isnan(value->mean) )
        return;
    end = place(scale, value->mean);
    behind = isnan(value->high) ? end : place(scale, value->high);
    report_value(text, sizeof(text), metric, value->mean);
    fprintf(to, "<g class=\"%s l%zu\">", run->rule ? "other" : "base",
            run->load % 3);
    write_title(to, compare, run, metric);
    fprintf(to, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" "
            "rx=\"1.5\"/>", from, y, end - from, BAR);
    if ( !isnan(value->low) )
        fprintf(to, "<path class=\"interval\" d=\"M%.1f %.1fH%.1f"
                "M%.1f %.1fv4M%.1f %.1fv4\"/>",
                place(scale, value->low), middle, behind,
                place(scale, value->low), middle - 2, behind, middle - 2);
    fprintf(to, "<text class=\"value\" x=\"%.1f\" y=\"%.1f\">%s</text></g>"
            "\n", behind + 5, middle + 3, text);
}

void report_chart(FILE *to, const struct compare *compare,
                  const struct compare_run *run, enum metric metric)
{
    const struct compare_plan *plan = compare->plan;
    struct scale scale = find_scale(compare, *run, metric);
    int of_rule = plan->nr_loads * (BAR + BETWEEN) - BETWEEN;
    int height = TOP + plan->nr_rules * (of_rule + GAP);
    struct compare_run bar = *run;

    fprintf(to, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            "\n", WIDTH, height, metric_kinds[metric].title);
    draw_axis(to, &scale, height, metric);
    for ( bar.rule = 0; bar.rule < plan->nr_rules; bar.rule++ )
    {
        int y = TOP + 4 + bar.rule * (of_rule + GAP);

        fprintf(to, "<text class=\"rule%s\" x=\"%d\" y=\"%.1f\">%s</text>\n",
                bar.rule ? "" : " own", LABELS - 8, y + of_rule / 2.0 + 4,
                plan->rules[bar.rule]->name);
        for ( bar.load = 0; bar.load < plan->nr_loads; bar.load++ )
            draw_bar(to, compare, &bar, metric, &scale,
                     y + (int)bar.load * (BAR + BETWEEN));
    }
    fprintf(to, "</svg>\n");
}
