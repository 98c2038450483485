/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Explanations on the wire: there and back, bounded, and nothing unknown.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "unit.h"
#include "wire/explain.h"
#include "wire/field.h"
#include "wire/frame.h"
#include "wire/message.h"
#include "wire/outcome.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static const char documented[] =
    "{\"need_pages\":700,\"binding\":\"host-memory\",\"changes\":["
    "{\"change\":\"policy\",\"policy\":\"preferred\","
    "\"text\":\"policy: preferred\"},"
    "{\"change\":\"vcpus\",\"vcpus\":2,\"text\":\"vcpus: at most 2\"},"
    "{\"change\":\"max-nodes\",\"max_nodes\":3,\"text\":\"3\"},"
    "{\"change\":\"superpages\",\"superpages\":\"preferred\","
    "\"text\":\"superpages: preferred\"},"
    "{\"change\":\"node-memory\",\"pages\":100,\"node\":5,"
    "\"text\":\"node 5: with 1 MiB more free\"}],\"nodes\":["
    "{\"node\":0,\"verdict\":\"no-memory\",\"by\":\"distance\","
    "\"free_pages\":600,\"missing_pages\":100,\"cpus\":4,\"distance\":32},"
    "{\"node\":63,\"verdict\":\"worse\",\"by\":\"regret\","
    "\"free_pages\":900,\"cpus\":2,\"regret\":7,\"load\":0}]}";

static void fill(struct explain *explain)
{
    static const struct explain filled = {
        .need_pages = 700, .binding = "host-memory",
        .nr_changes = 5,
        .changes = {
            { .change = "policy", .policy = "preferred",
              .text = "policy: preferred" },
            { .change = "vcpus", .vcpus = 2, .text = "vcpus: at most 2" },
            { .change = "max-nodes", .max_nodes = 3, .text = "3" },
            { .change = "superpages", .superpages = "preferred",
              .text = "superpages: preferred" },
            { .change = "node-memory", .pages = 100, .has_node = true,
              .node = 5, .text = "node 5: with 1 MiB more free" },
        },
        .nr_nodes = 2,
        .nodes = {
            { .node = 0, .verdict = "no-memory", .by = "distance",
              .free_pages = 600, .missing_pages = 100, .cpus = 4,
              .distance = 32 },
            { .node = 63, .verdict = "worse", .by = "regret",
              .free_pages = 900, .cpus = 2, .scored = true, .regret = 7 },
        },
    };

    memcpy(explain, &filled, sizeof(filled));
}

static void there_and_back(void)
{
    static struct explain explain, again;
    struct json_object *object;
    char why[256] = "";
    const char *text;

    fill(&explain);
    object = explain_write(&explain, true);
    text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
    UNIT_TEXT("as documented", text, documented);
    UNIT_EQUAL("read", explain_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_EQUAL("the same", memcmp(&again, &explain, sizeof(again)), 0);
    json_object_put(object);

    explain.binding[0] = '\0';
    explain.nr_changes = 0;
    object = explain_write(&explain, false);
    UNIT_TEXT("placed, and without nodes",
              json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
              "{\"need_pages\":700,\"binding\":null,\"changes\":[],"
              "\"nodes\":[]}");
    UNIT_EQUAL("read", explain_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("no binding", again.binding, "");
    UNIT_EQUAL("no nodes", again.nr_nodes + again.nr_changes, 0);
    json_object_put(object);
}

static const struct {
    const char *text;
    const char *why;
} wrong[] = {
    { "{\"binding\":null,\"changes\":[],\"nodes\":[]}",
      "why: need_pages: missing" },
    { "{\"need_pages\":0,\"changes\":[],\"nodes\":[]}",
      "why: need_pages: it must be from 1 to 2199023255552, not 0" },
    { "{\"need_pages\":1,\"changes\":[],\"nodes\":[],\"more\":1}",
      "why: more: unknown member" },
    { "{\"need_pages\":1,\"changes\":[],\"nodes\":[],"
      "\"binding\":\"0123456789abcdef\"}",
      "why: binding: its length must be from 1 to 15, not 16" },
    { "{\"need_pages\":1,\"changes\":[],\"nodes\":[],\"binding\":\"No\"}",
      "binding: No: not a word" },
    { "{\"need_pages\":1,\"changes\":[1],\"nodes\":[]}",
      "change: must be an object, not 1" },
    { "{\"need_pages\":1,\"changes\":[{\"change\":\"a\"}],\"nodes\":[]}",
      "change: text: missing" },
    { "{\"need_pages\":1,\"changes\":[{\"change\":\"a\",\"text\":\"a\","
      "\"node\":64}],\"nodes\":[]}",
      "change: node: it must be from 0 to 63, not 64" },
    { "{\"need_pages\":1,\"changes\":[{\"change\":\"a\",\"text\":\"a\","
      "\"mib\":64}],\"nodes\":[]}", "change: mib: unknown member" },
    { "{\"need_pages\":1,\"changes\":[1,2,3,4,5,6,7,8,9],\"nodes\":[]}",
      "why: changes: its length must be from 0 to 8, not 9" },
    { "{\"need_pages\":1,\"changes\":[],\"nodes\":[{\"node\":0,"
      "\"verdict\":\"a b\",\"free_pages\":1,\"cpus\":1}]}",
      "verdict: a b: not a word" },
    { "{\"need_pages\":1,\"changes\":[],\"nodes\":[{\"node\":0,"
      "\"verdict\":\"a\",\"free_pages\":1,\"cpus\":1,\"load\":1}]}",
      "node: must have both regret and load, or neither" },
    { "{\"need_pages\":1,\"changes\":[],\"nodes\":[{\"node\":0,"
      "\"verdict\":\"a\",\"free_pages\":1099511627777,\"cpus\":1}]}",
      "node: free_pages: it must be from 0 to 1099511627776, not "
      "1099511627777" },
    { "{\"need_pages\":1,\"changes\":[],\"nodes\":[{\"node\":0,"
      "\"verdict\":\"a\",\"free_pages\":1,\"cpus\":1,\"cores\":1}]}",
      "node: cores: unknown member" },
};

static void wrong_ones_are_refused(void)
{
    for ( size_t i = 0; i < NR(wrong); i++ )
    {
        static struct explain explain;
        char why[256] = "";
        struct json_object *object = field_parse(wrong[i].text,
                                                 strlen(wrong[i].text), why,
                                                 sizeof(why));

        UNIT_EQUAL(wrong[i].why,
                   explain_read(&explain, object, why, sizeof(why)), -1);
        UNIT_TEXT(wrong[i].text, why, wrong[i].why);
        json_object_put(object);
    }
}

/* What a peer puts into a line moves no cursor. */
static void texts_are_lines(void)
{
    static struct explain explain;
    static const char text[] =
        "{\"need_pages\":1,\"changes\":[{\"change\":\"a\","
        "\"text\":\"a\\u001b[1mb\\nc\"}],\"nodes\":[]}";
    char why[256] = "";
    struct json_object *object = field_parse(text, strlen(text), why,
                                             sizeof(why));

    UNIT_EQUAL("read", explain_read(&explain, object, why, sizeof(why)), 0);
    UNIT_TEXT("a line", explain.changes[0].text, "a?[1mb?c");
    json_object_put(object);
}

static void outcomes_hold_them(void)
{
    static struct outcome_domain domains[2];
    static struct explain explain;
    struct outcome outcome = { 2, domains }, again;
    struct json_object *object, *bad;
    char why[256] = "";

    fill(&explain);
    strcpy(domains[0].name, "a");
    strcpy(domains[1].name, "b");
    domains[1].why = &explain;
    object = outcome_write(&outcome);
    UNIT_EQUAL("read", outcome_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_TRUE("none", !again.domains[0].why);
    UNIT_TRUE("one", again.domains[1].why);
    if ( again.domains[1].why )
        UNIT_EQUAL("the same", memcmp(again.domains[1].why, &explain,
                                      sizeof(explain)), 0);
    outcome_dispose(&again);

    bad = json_object_object_get(object, "domains");
    bad = json_object_array_get_idx(bad, 1);
    bad = json_object_object_get(bad, "why");
    json_object_object_add(bad, "more", json_object_new_int(1));
    UNIT_EQUAL("wrong", outcome_read(&again, object, why, sizeof(why)), -1);
    UNIT_TEXT("wrong", why, "why: more: unknown member");
    UNIT_TRUE("left empty", !again.nr && !again.domains);
    json_object_put(object);
}

static void fill_most(struct outcome_domain *domain, unsigned int nodes)
{
    struct explain *explain = domain->why;

    memset(domain->name, 'n', sizeof(domain->name) - 1);
    explain->need_pages = 2 * FIELD_MAX_PAGES;
    memset(explain->binding, 'b', EXPLAIN_WORD_MAX - 1);
    explain->nr_changes = EXPLAIN_MAX_CHANGES;
    for ( unsigned int i = 0; i < EXPLAIN_MAX_CHANGES; i++ )
    {
        memset(explain->changes[i].change, 'c', EXPLAIN_WORD_MAX - 1);
        memset(explain->changes[i].text, 't', 80);
        explain->changes[i].pages = FIELD_MAX_PAGES;
    }
    explain->nr_nodes = nodes;
    for ( unsigned int i = 0; i < nodes; i++ )
    {
        explain->nodes[i] = (struct explain_node){
            .node = 63, .free_pages = FIELD_MAX_PAGES,
            .missing_pages = FIELD_MAX_PAGES, .cpus = 65536,
            .distance = 8192,
        };
        memset(explain->nodes[i].verdict, 'v', EXPLAIN_WORD_MAX - 1);
        memset(explain->nodes[i].by, 'b', EXPLAIN_WORD_MAX - 1);
    }
}

/* Whether a reply for that many domains has nodes; and it fits a frame. */
static bool has_nodes(unsigned int nr, unsigned int nodes, bool failed)
{
    struct outcome outcome;
    char *text;
    bool found;

    if ( outcome_make(&outcome, nr) )
        return false;
    for ( outcome.nr = 0; outcome.nr < nr; outcome.nr++ )
    {
        struct outcome_domain *domain = &outcome.domains[outcome.nr];

        domain->why = calloc(1, sizeof(*domain->why));
        fill_most(domain, nodes);
        domain->failed = failed;
        if ( failed )
            memset(domain->error, 'e', FAULT_TEXT_MAX - 1);
        else
            domain->why->nr_changes = 0;
        for ( unsigned int i = 0; !failed && i < SHARES_MAX_NODES; i++ )
            domain->shares.pages[i] = FIELD_MAX_PAGES;
    }
    text = message_write_result(NULL, outcome_write(&outcome));
    UNIT_TRUE("it fits a frame", text);
    found = text && strstr(text, "vvv");
    free(text);
    outcome_dispose(&outcome);

    return found;
}

static void replies_fit_a_frame(void)
{
    UNIT_TRUE("a domain on the largest host", has_nodes(1, 64, true));
    UNIT_TRUE("just so many", has_nodes(32, 64, true));
    UNIT_TRUE("one more", !has_nodes(33, 64, true));
    UNIT_TRUE("a full batch on 8 nodes", has_nodes(256, 8, true));
    UNIT_TRUE("a full batch on 64 nodes", !has_nodes(256, 64, true));
    UNIT_TRUE("the same, placed", !has_nodes(256, 64, false));
    UNIT_TRUE("placed on 8 nodes", has_nodes(256, 8, false));
}

static const struct unit_test tests[] = {
    { "an explanation is read as it was written", there_and_back },
    { "wrong ones are refused by member and value", wrong_ones_are_refused },
    { "texts are lines", texts_are_lines },
    { "outcomes hold them", outcomes_hold_them },
    { "replies fit a frame", replies_fit_a_frame },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "explanations", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("wire-explain", suites);
}
