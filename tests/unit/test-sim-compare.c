/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Comparisons: that what comes out does not depend on how it was run, and
 * what it says of two rules of which one is known to be better.
 */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "scratch.h"
#include "sim/compare.h"
#include "sim/report.h"
#include "sim/sim-host.h"
#include "unit.h"

static char why[512];
static struct compare_host hosts[2];
static const unsigned int loads[] = { 700, 950 };
static const enum sim_mode modes[] = { SIM_PREFERRED, SIM_ONE_NODE };
static unsigned int nr_choices;

/* A node after the other: no set at all, so memory is everywhere. */
static int choose_all(void *state, const struct sim_host *host,
                      const struct place_request *request,
                      struct sim_choice *choice)
{
    (void)state;
    (void)host;
    (void)request;
    choice->nodes = 0;
    nr_choices++;

    return 0;
}

/* The node with most memory, and its neighbours where it has too little. */
static int choose_most(void *state, const struct sim_host *host,
                       const struct place_request *request,
                       struct sim_choice *choice)
{
    unsigned int best = 0;

    (void)state;
    for ( unsigned int i = 1; i < host->place.nr_nodes; i++ )
        if ( host->place.nodes[i].free_pages >
             host->place.nodes[best].free_pages )
            best = i;
    choice->nodes = UINT64_C(1) << best;
    if ( host->place.nodes[best].free_pages < request->guest_pages )
        choice->nodes = 0;
    nr_choices++;

    return 0;
}

static const struct sim_rule most = {
    "most", "the node with most memory", NULL, choose_most, NULL
};
static const struct sim_rule all = {
    "all", "all nodes, <always> & ever", NULL, choose_all, NULL
};
static const struct sim_rule *const rules[] = { &most, &all };

static struct compare_plan make_plan(void)
{
    hosts[0].name = "2";
    hosts[1].name = "8";
    sim_host_find("2", &hosts[0].host);
    sim_host_find("8", &hosts[1].host);

    return (struct compare_plan){
        .nr_hosts = 2, .hosts = hosts, .nr_loads = 2, .permille = loads,
        .nr_modes = 2, .modes = modes, .nr_rules = 2, .rules = rules,
        .first_seed = 5, .last_seed = 8, .nr_arrivals = 500,
    };
}

static void run(struct compare *compare, const struct compare_plan *plan)
{
    nr_choices = 0;
    UNIT_TEXT("runs", compare_run_all(compare, plan, why, sizeof(why))
              ? why : "", "");
}

static bool same(const struct compare *a, const struct compare *b)
{
    for ( size_t i = 0; i < a->nr_runs; i++ )
        for ( enum metric metric = 0; metric < NR_METRICS; metric++ )
        {
            double left = a->metrics[i].values[metric];
            double right = b->metrics[i].values[metric];

            if ( left != right && !(isnan(left) && isnan(right)) )
                return false;
        }

    return true;
}

static void the_better_one_is_told(void)
{
    const struct compare_plan plan = make_plan();
    struct compare_run at = { .host = 1, .rule = 1 };
    const struct compare_summary *summary;
    struct compare compare;

    run(&compare, &plan);
    UNIT_EQUAL("choices", nr_choices, 2 * 2 * 2 * 2 * 4 * 500);
    summary = compare_summary(&compare, &at, METRIC_EXCESS);
    UNIT_EQUAL("memory everywhere is farther",
               compare_verdict(summary, METRIC_EXCESS), -1);
    /* 10, three times 12, four times 32: 21.75 */
    UNIT_TRUE("X of all nodes", fabs(summary->value.mean - 1.175) < 0.03);
    UNIT_TRUE("the base is nearer", summary->ratio.high < 1);
    summary = compare_summary(&compare, &at, METRIC_BALANCE);
    UNIT_EQUAL("vCPUs everywhere are even",
               compare_verdict(summary, METRIC_BALANCE), 1);
    at.rule = 0;
    summary = compare_summary(&compare, &at, METRIC_EXCESS);
    UNIT_EQUAL("no better than itself",
               compare_verdict(summary, METRIC_EXCESS), 0);
    UNIT_TRUE("the same as itself", summary->ratio.mean == 1);
    at.rule = 1;
    at.mode = 1;
    summary = compare_summary(&compare, &at, METRIC_SINGLE);
    UNIT_TRUE("none is accepted on all nodes that fits one",
              isnan(summary->value.mean));
    compare_dispose(&compare);
}

static void progress_is_told(void *context, size_t done, size_t all_runs)
{
    size_t *told = context;

    UNIT_EQUAL("one after the other", done, ++*told);
    UNIT_EQUAL("of all", all_runs, 64);
}

static void what_is_finished_is_not_run_again(void)
{
    struct compare_plan plan = make_plan();
    struct compare whole, first, second;
    size_t told = 31;            /* of 32, a torn one                        */
    char *text;

    run(&whole, &plan);
    plan.resume = scratch_file("");
    plan.last_seed = 6;
    run(&first, &plan);
    compare_dispose(&first);

    /* As if it was killed while it wrote. */
    text = strdup(scratch_text());
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    text[strlen(text) - 30] = '\0';
    plan.resume = scratch_file(text);
    free(text);
    plan.last_seed = 8;
    plan.progress = progress_is_told;
    plan.context = &told;
    run(&second, &plan);
    plan.progress = NULL;
    UNIT_EQUAL("all are told of", told, 64);
    /* The two other seeds; the torn one; and its base once more. */
    UNIT_EQUAL("choices", nr_choices, 2 * 2 * 2 * 2 * 2 * 500 + 2 * 500);
    UNIT_TRUE("the same", same(&whole, &second));
    compare_dispose(&second);

    run(&second, &plan);
    UNIT_EQUAL("nothing to do", nr_choices, 0);
    UNIT_TRUE("the same", same(&whole, &second));
    compare_dispose(&second);

    plan.nr_arrivals = 400;
    run(&second, &plan);
    UNIT_EQUAL("another length is another run", nr_choices,
               2 * 2 * 2 * 2 * 4 * 400);
    compare_dispose(&second);
    compare_dispose(&whole);
    scratch_remove();
}

static void wrong_files_to_resume(void)
{
    static const char *const texts[] = {
        "hello\n", "[]\n", "{\"host\":\"2\"}\n", "\n", "hello", "{\"a\":1}",
    };
    struct compare_plan plan = make_plan();
    struct compare compare;

    for ( size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++ )
    {
        plan.resume = scratch_file(texts[i]);
        UNIT_EQUAL(texts[i], compare_run_all(&compare, &plan, why,
                                             sizeof(why)), -1);
        UNIT_EQUAL(texts[i], errno, EINVAL);
        UNIT_HOLDS(texts[i], why, ":1: run: ");
        UNIT_TEXT("left as it is", scratch_text(), texts[i]);
        compare_dispose(&compare);
    }
    scratch_remove();
    plan.resume = "no-such-folder/file";
    UNIT_EQUAL("none", compare_run_all(&compare, &plan, why, sizeof(why)),
               -1);
    UNIT_HOLDS("none", why, "no-such-folder/file: cannot be used to resume");
    compare_dispose(&compare);
}

static void too_small_a_host(void)
{
    struct compare_plan plan = make_plan();
    struct compare compare;

    memset(&hosts[1].host, 0, sizeof(hosts[1].host));
    sim_host_node(&hosts[1].host, 0, 1, 4);
    UNIT_EQUAL("a page", compare_run_all(&compare, &plan, why, sizeof(why)),
               -1);
    UNIT_TEXT("a page", why, "host 8: too small for any domain");
    compare_dispose(&compare);
}

typedef void report(FILE *to, const struct compare *compare);

static void write_json(FILE *to, const struct compare *compare)
{
    UNIT_EQUAL("json", report_json(to, compare), 0);
}

static char *report_of(report *write, const struct compare *compare)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    CU_ASSERT_PTR_NOT_NULL_FATAL(to);
    write(to, compare);
    fclose(to);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);

    return text;
}

static unsigned int lines_of(const char *text)
{
    unsigned int lines = 0;

    for ( ; *text; text++ )
        lines += *text == '\n';

    return lines;
}

static void reports(void)
{
    struct compare_plan plan = make_plan();
    struct json_object *object, *results;
    struct compare compare;
    size_t told = 0;
    char *text;

    plan.progress = progress_is_told;
    plan.context = &told;
    run(&compare, &plan);

    text = report_of(report_text, &compare);
    UNIT_HOLDS("text", text, "host 8, load 0.95, one-node\n");
    UNIT_EQUAL("text", lines_of(text), 8 * 5 + 1);
    free(text);

    text = report_of(report_csv, &compare);
    UNIT_EQUAL("CSV", lines_of(text),
               1 + 2 * 2 * 2 * 2 * METRIC_FIRST_TIME);
    UNIT_HOLDS("CSV", text, "\n\"8\",0.700,preferred,all,excess,1.1");
    free(text);

    text = report_of(write_json, &compare);
    object = json_tokener_parse(text);
    UNIT_TRUE("JSON", json_object_object_get_ex(object, "results",
                                                &results));
    UNIT_EQUAL("JSON", json_object_array_length(results), 16);
    json_object_put(object);
    free(text);

    text = report_of(report_html, &compare);
    UNIT_HOLDS("HTML", text, "all nodes, &lt;always&gt; &amp; ever");
    UNIT_HOLDS("HTML", text, "</main></body></html>\n");
    UNIT_TRUE("HTML", !strstr(text, "nan"));
    free(text);
    compare_dispose(&compare);
}

static void a_trace_is_one_load(void)
{
    struct load_arrival arrivals[] = {
        { 0, 50, 262144, 2 }, { 10, 50, 262144, 2 }, { 20, 50, 262144, 2 },
    };
    struct load trace = { .nr = 3, .arrivals = arrivals };
    struct compare_plan plan = make_plan();
    static const unsigned int none = 0;
    struct compare compare;
    char *text;

    plan.trace = &trace;
    plan.trace_name = "a,\"b\".csv";
    plan.nr_loads = 1;
    plan.permille = &none;
    run(&compare, &plan);
    text = report_of(report_csv, &compare);
    UNIT_HOLDS("CSV", text, "\n\"8\",\"a,\"\"b\"\".csv\",preferred,all,");
    free(text);
    text = report_of(report_text, &compare);
    UNIT_HOLDS("text", text, "host 2, trace a,\"b\".csv, preferred\n");
    free(text);
    compare_dispose(&compare);
}

static const struct unit_test comparisons[] = {
    { "the better rule is told from the other", the_better_one_is_told },
    { "what is finished is not run again",
      what_is_finished_is_not_run_again },
    { "a file that is no such state is refused", wrong_files_to_resume },
    { "a host too small for any domain is told of", too_small_a_host },
    { "reports are complete", reports },
    { "a trace is one load", a_trace_is_one_load },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "comparisons", NULL, NULL, comparisons, NULL, NULL },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };

    return unit_main("sim-compare", suites);
}
