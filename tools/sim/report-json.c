/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A comparison as one object of JSON.  Shares are of 1; what there is nothing
 * to tell of is left out.
 */

#include <math.h>

#include <json-c/json.h>

#include "report.h"

static void add_text(struct json_object *object, const char *key,
                     const char *value)
{
    json_object_object_add(object, key, json_object_new_string(value));
}

static void add_number(struct json_object *object, const char *key,
                       int64_t value)
{
    json_object_object_add(object, key, json_object_new_int64(value));
}

/* Nine digits: more than any of it is good for. */
static void add_double(struct json_object *object, const char *key,
                       double value)
{
    static const char format[] = "%.9g";
    struct json_object *number;

    if ( isnan(value) )
        return;
    number = json_object_new_double(value);
    json_object_set_serializer(number, json_object_double_to_json_string,
                               (void *)(uintptr_t)format, NULL);
    json_object_object_add(object, key, number);
}

static struct json_object *write_interval(const struct interval *interval)
{
    struct json_object *object = json_object_new_object();

    add_double(object, "mean", interval->mean);
    add_double(object, "low", interval->low);
    add_double(object, "high", interval->high);

    return object;
}

static enum metric end_of_metrics(const struct compare *compare)
{
    return compare->plan->times ? NR_METRICS : METRIC_FIRST_TIME;
}

static struct json_object *write_metric(const struct compare_summary *summary,
                                        enum metric metric)
{
    static const char *const verdicts[] = { "worse", "unknown", "better" };
    struct json_object *object = write_interval(&summary->value);

    json_object_object_add(object, "difference",
                           write_interval(&summary->difference));
    json_object_object_add(object, "ratio",
                           write_interval(&summary->ratio));
    add_text(object, "verdict",
             verdicts[compare_verdict(summary, metric) + 1]);

    return object;
}

static struct json_object *write_row(const struct compare *compare,
                                     const struct compare_run *run)
{
    const struct compare_plan *plan = compare->plan;
    struct json_object *object = json_object_new_object();
    struct json_object *metrics = json_object_new_object();

    add_text(object, "host", plan->hosts[run->host].name);
    if ( !plan->trace )
        add_double(object, "load", plan->permille[run->load] / 1000.0);
    add_text(object, "mode", sim_mode_name(plan->modes[run->mode]));
    add_text(object, "rule", plan->rules[run->rule]->name);
    for ( enum metric metric = 0; metric < end_of_metrics(compare);
          metric++ )
    {
        const struct compare_summary *summary =
            compare_summary(compare, run, metric);

        if ( !isnan(summary->value.mean) )
            json_object_object_add(metrics, metric_kinds[metric].name,
                                   write_metric(summary, metric));
    }
    json_object_object_add(object, "metrics", metrics);

    return object;
}

static struct json_object *write_rows(const struct compare *compare)
{
    const struct compare_plan *plan = compare->plan;
    struct json_object *rows = json_object_new_array();
    struct compare_run run = { 0 };

    for ( run.host = 0; run.host < plan->nr_hosts; run.host++ )
        for ( run.load = 0; run.load < plan->nr_loads; run.load++ )
            for ( run.mode = 0; run.mode < plan->nr_modes; run.mode++ )
                for ( run.rule = 0; run.rule < plan->nr_rules; run.rule++ )
                    json_object_array_add(rows, write_row(compare, &run));

    return rows;
}

static struct json_object *write_kinds(const struct compare *compare)
{
    static const char *const units[] = {
        [METRIC_SHARE] = "share", [METRIC_FACTOR] = "factor",
        [METRIC_TIME] = "ns",
    };
    struct json_object *kinds = json_object_new_array();

    for ( enum metric metric = 0; metric < end_of_metrics(compare);
          metric++ )
    {
        const struct metric_kind *kind = &metric_kinds[metric];
        struct json_object *object = json_object_new_object();

        add_text(object, "name", kind->name);
        add_text(object, "title", kind->title);
        add_text(object, "unit", units[kind->unit]);
        add_text(object, "better", kind->better > 0 ? "more" : "less");
        json_object_array_add(kinds, object);
    }

    return kinds;
}

int report_json(FILE *to, const struct compare *compare)
{
    const struct compare_plan *plan = compare->plan;
    struct json_object *object = json_object_new_object();
    const char *text;

    add_text(object, "base", plan->rules[0]->name);
    add_number(object, "first_seed", plan->first_seed);
    add_number(object, "last_seed", plan->last_seed);
    if ( plan->trace )
        add_text(object, "trace", plan->trace_name);
    else
        add_number(object, "arrivals", plan->nr_arrivals);
    json_object_object_add(object, "burst",
                           json_object_new_boolean(plan->burst));
    json_object_object_add(object, "metrics", write_kinds(compare));
    json_object_object_add(object, "results", write_rows(compare));
    text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
    if ( text )
        fprintf(to, "%s\n", text);
    json_object_put(object);

    return text ? 0 : -1;
}
