/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: what it says of what it refused.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "place-host.h"
#include "place/why.h"
#include "unit.h"

/* As many random states for each property. */
#define STATES_VARIABLE "XENNUMA_PLACE_STATES"
#define STATES          100000u

static unsigned int states(void)
{
    const char *text = getenv(STATES_VARIABLE);

    return text ? strtoul(text, NULL, 0) : STATES;
}

static void refusal_says_what_is_missing(void)
{
    static const unsigned int free_mib[] = { 100, 120 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;
    char text[128], tiny[8];

    make_host(&host, 2, free_mib, 2);
    UNIT_EQUAL("too much", place(&host, NULL, &wanted, &plan, &reason), -1);
    UNIT_EQUAL("too much", reason.missing_pages[0], 156 * MIB);
    UNIT_EQUAL("too much", reason.missing_pages[1], 136 * MIB);
    UNIT_EQUAL("too much", reason.host_missing_pages, 36 * MIB);
    place_reason_text(&reason, &host, text, sizeof(text));
    UNIT_TEXT("text", text, "node 0: 156 MiB short, node 1: 136 MiB short, "
              "all together: 36 MiB short");
    place_reason_text(&reason, &host, tiny, sizeof(tiny));
    UNIT_TEXT("cut off", tiny, "node 0:");
}

/* Of two nodes. */
static const struct refusal {
    const char *fact;
    unsigned int free_mib[2];
    unsigned int cpus[2];
    unsigned int mib;
    unsigned int overhead_mib;
    unsigned int vcpus;
    enum place_policy policy;
    const char *text;
} refusals[] = {
    { "memory", { 100, 120 }, { 4, 4 }, 256, 0, 1, PLACE_STRICT,
      "memory: 256 MiB and 0 MiB overhead: no single node has them, ask for "
      "less or use the policy preferred: node 0: 156 MiB short, "
      "node 1: 136 MiB short, all together: 36 MiB short" },
    { "CPUs only", { 900, 900 }, { 4, 4 }, 256, 1, 6, PLACE_STRICT,
      "vcpus: 6: no single node has so many CPUs, ask for fewer or use the "
      "policy preferred: node 0: only 4 CPUs, node 1: only 4 CPUs" },
    { "CPUs, and memory of one", { 900, 100 }, { 4, 4 }, 256, 0, 6,
      PLACE_STRICT,
      "vcpus: 6: no single node has so many CPUs, ask for fewer or use the "
      "policy preferred: node 0: only 4 CPUs, "
      "node 1: 156 MiB short and only 4 CPUs" },
    { "memory and CPUs", { 100, 200 }, { 4, 4 }, 256, 0, 6, PLACE_STRICT,
      "memory: 256 MiB and 0 MiB overhead: no single node has them, ask for "
      "less or use the policy preferred: "
      "node 0: 156 MiB short and only 4 CPUs, "
      "node 1: 56 MiB short and only 4 CPUs" },
    { "memory here, CPUs there", { 900, 100 }, { 4, 8 }, 256, 2, 6,
      PLACE_STRICT,
      "memory: 256 MiB and 2 MiB overhead, vcpus: 6: no single node has "
      "both, ask for less or use the policy preferred: "
      "node 0: only 4 CPUs, node 1: 158 MiB short" },
    { "all CPUs there are, on a full node", { 900, 100 }, { 0, 4 }, 256, 0, 6,
      PLACE_STRICT,
      "memory: 256 MiB and 0 MiB overhead, vcpus: 6: no single node has "
      "both, ask for less or use the policy preferred: "
      "node 0: only 0 CPUs, node 1: 156 MiB short" },
    { "memory of several", { 100, 120 }, { 4, 4 }, 256, 0, 6, PLACE_PREFERRED,
      "memory: 256 MiB and 0 MiB overhead: the nodes do not have them, ask "
      "for less or destroy other domains: node 0: 156 MiB short, "
      "node 1: 136 MiB short, all together: 36 MiB short" },
    { "overhead", { 200, 200 }, { 4, 4 }, 100, 250, 1, PLACE_PREFERRED,
      "memory: 100 MiB and 250 MiB overhead: no node has the overhead, "
      "which is not split, ask for less or destroy other domains: "
      "node 0: 150 MiB short, node 1: 150 MiB short" },
};

static void refusals_name_what_is_short(void)
{
    for ( size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++ )
    {
        const struct refusal *row = &refusals[i];
        struct place_request wanted = request(row->mib, row->vcpus,
                                              row->policy);
        struct place_reason reason;
        struct place_host host;
        struct place_plan plan;
        char text[512], tiny[8];

        make_host(&host, 2, row->free_mib, 0);
        for ( unsigned int node = 0; node < 2; node++ )
            host.nodes[node].cpus = row->cpus[node];
        wanted.overhead_pages = (uint64_t)row->overhead_mib * MIB;
        UNIT_EQUAL(row->fact, place(&host, NULL, &wanted, &plan, &reason),
                   -1);
        UNIT_EQUAL(row->fact, errno, ENOSPC);
        place_refusal_text(&wanted, &reason, &host, text, sizeof(text));
        UNIT_TEXT(row->fact, text, row->text);
        place_refusal_text(&wanted, &reason, &host, tiny, sizeof(tiny));
        text[7] = '\0';
        UNIT_TEXT(row->fact, tiny, text);
    }
}

static void claims_of_the_host_count(void)
{
    static const unsigned int free_mib[] = { 200, 300 };
    static const enum place_policy policies[] = {
        PLACE_STRICT, PLACE_PREFERRED,
    };
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;
    char text[256];

    make_host(&host, 2, free_mib, 2);
    for ( unsigned int i = 0; i < 2; i++ )
    {
        struct place_request wanted = request(150, 1, policies[i]);

        /* Nodes that are not allowed can hold them as well. */
        wanted.nodes = 1;
        host.host_claimed_pages = 350 * MIB;
        UNIT_EQUAL("just left", place(&host, NULL, &wanted, &plan, NULL), 0);
        host.host_claimed_pages++;
        UNIT_EQUAL("a page more", place(&host, NULL, &wanted, &plan, &reason),
                   -1);
        UNIT_EQUAL("a page more", reason.claimed_missing_pages, 1);
        host.host_claimed_pages = 400 * MIB;
        place(&host, NULL, &wanted, &plan, &reason);
        place_refusal_text(&wanted, &reason, &host, text, sizeof(text));
        UNIT_TEXT("text", text, "memory: 150 MiB and 0 MiB overhead: 50 MiB "
                  "of them are claimed by others, on whatever node: ask for "
                  "less, or have them released: node 0: would do, node 1: "
                  "not asked for");
    }
}

static void a_stated_blocker_removed_means_accepted(void)
{
    static const unsigned int free_mib[] = { 100, 120 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 2, free_mib, 2);
    place(&host, NULL, &wanted, &plan, &reason);
    host.nodes[1].free_pages += reason.missing_pages[1] - 1;
    UNIT_EQUAL("a page less", place(&host, NULL, &wanted, &plan, NULL), -1);
    host.nodes[1].free_pages += 1;
    UNIT_EQUAL("removed", place(&host, NULL, &wanted, &plan, NULL), 0);
}

/* Of four nodes of 1024 MiB, with 2 CPUs each. */
static const struct answer {
    const char *fact;
    unsigned int free_mib[4];
    unsigned int node_vcpus[4];
    unsigned int mib;
    unsigned int vcpus;
    uint64_t nodes;
    const char *text;            /* verdict and by of each node              */
} answers[] = {
    { "the rest of a hole is of more use than that of another one",
      { 130, 600, 0, 0 }, { 0 }, 128, 1, 0,
      "chosen worse/regret no-memory no-memory" },
    { "busy cores", { 900, 900, 0, 0 }, { 2, 1 }, 128, 1, 0,
      "worse/load chosen no-memory no-memory" },
    { "more left over", { 100, 90, 0, 0 }, { 0 }, 80, 1, 0,
      "worse/memory-left chosen no-memory no-memory" },
    { "a higher id", { 900, 900, 900, 0 }, { 0 }, 128, 1, 6,
      "not-allowed chosen worse/id not-allowed" },
    { "near and far", { 500, 0, 200, 300 }, { 0 }, 600, 1, 0,
      "chosen no-memory chosen no-memory/distance" },
    { "few CPUs on any", { 900, 900, 900, 900 }, { 0 }, 600, 4, 0,
      "chosen chosen no-cpus/distance no-cpus/distance" },
};

static void put_node(const struct place_why_node *node, char *text)
{
    const char *by = place_by_name(node->by);

    strcat(strcat(text, *text ? " " : ""), place_verdict_name(node->verdict));
    if ( node->by )
        strcat(strcat(text, "/"), by);
}

static void answers_are_explained(void)
{
    for ( size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++ )
    {
        const struct answer *row = &answers[i];
        struct place_request wanted = request(row->mib, row->vcpus,
                                              PLACE_PREFERRED);
        struct place_reason reason;
        struct place_host host;
        struct place_plan plan;
        struct place_why why;
        char text[256] = "";

        make_host(&host, 4, row->free_mib, 2);
        for ( unsigned int n = 0; n < 4; n++ )
        {
            host.nodes[n].present_pages = 1024 * MIB;
            host.nodes[n].vcpus = row->node_vcpus[n];
        }
        wanted.nodes = row->nodes;
        UNIT_EQUAL(row->fact, place(&host, NULL, &wanted, &plan, &reason), 0);
        UNIT_EQUAL(row->fact, place_why(&host, NULL, &wanted, true, &plan,
                                        &reason, &why), 0);
        UNIT_EQUAL(row->fact, why.nr_nodes, 4);
        UNIT_EQUAL(row->fact, why.need_pages, row->mib * MIB);
        UNIT_EQUAL(row->fact, why.changes.nr + why.changes.binding, 0);
        for ( unsigned int n = 0; n < 4; n++ )
            put_node(&why.nodes[n], text);
        UNIT_TEXT(row->fact, text, row->text);
    }
}

static uint64_t score_of(const struct place_why_node *node)
{
    return node->regret + node->load;
}

static void check_node(const struct place_host *host,
                       const struct place_request *wanted,
                       const struct place_why *why,
                       const struct place_why_node *node,
                       const struct place_why_node *chosen)
{
    UNIT_EQUAL("would do, or not", node->missing_pages > 0,
               node->verdict == PLACE_NO_MEMORY);
    if ( node->missing_pages )
        UNIT_EQUAL("missing", node->missing_pages + node->free_pages,
                   why->need_pages);
    if ( node->verdict == PLACE_NO_CORES )
        UNIT_TRUE("CPUs", node->cpus < wanted->vcpus);
    UNIT_TRUE("not both", !node->scored || !node->distance);
    UNIT_TRUE("farther", node->by != PLACE_BY_DISTANCE ||
                         node->distance > chosen->distance);
    if ( node->verdict != PLACE_WORSE )
        return;
    UNIT_TRUE("scored", node->scored && host->nr_nodes > 1);
    UNIT_TRUE("told by what", node->by != PLACE_BY_NOTHING &&
                              node->by != PLACE_BY_BATCH);
    UNIT_TRUE("no better", score_of(node) >= score_of(chosen));
    if ( node->by == PLACE_BY_REGRET )
        UNIT_TRUE("regret", node->regret > chosen->regret);
    else if ( node->by == PLACE_BY_LOAD )
        UNIT_TRUE("load", node->load > chosen->load);
    else
        UNIT_EQUAL("a tie", score_of(node), score_of(chosen));
}

static void whatever_is_answered_is_explained(void)
{
    unsigned int told[PLACE_BY_DISTANCE + 1] = { 0 };

    random_seed(13);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        const struct place_why_node *chosen = NULL;
        struct place_request wanted;
        struct place_reason reason;
        struct place_host host;
        struct place_plan plan;
        struct place_why why;
        int rc;

        random_host(&host);
        for ( unsigned int i = 0; i < host.nr_nodes; i++ )
        {
            host.nodes[i].vcpus = random_below(2);
            host.nodes[i].present_pages = 2048 * MIB;
        }
        if ( !random_below(4) )
            host.nodes[0] = host.nodes[host.nr_nodes - 1];
        random_request(&wanted);
        rc = place(&host, NULL, &wanted, &plan, &reason);
        UNIT_EQUAL("explained", place_why(&host, NULL, &wanted, true,
                                          rc ? NULL : &plan, &reason, &why),
                   0);
        UNIT_EQUAL("binding", why.changes.binding != PLACE_BINDING_NONE,
                   rc != 0);
        if ( rc )
            continue;
        for ( unsigned int i = 0; i < host.nr_nodes; i++ )
        {
            UNIT_EQUAL("chosen", why.nodes[i].verdict == PLACE_CHOSEN,
                       plan.pages[i] > 0);
            if ( plan.pages[i] && (!chosen ||
                 why.nodes[i].distance > chosen->distance) )
                chosen = &why.nodes[i];
        }
        for ( unsigned int i = 0; i < host.nr_nodes; i++ )
        {
            check_node(&host, &wanted, &why, &why.nodes[i], chosen);
            told[why.nodes[i].by]++;
        }
    }
    for ( unsigned int i = 0; i <= PLACE_BY_DISTANCE; i++ )
        UNIT_EQUAL(place_by_name(i), told[i] > 0,
                   i != PLACE_BY_BATCH && i != PLACE_BY_WISH);
}

static void the_order_of_a_batch_is_known(void)
{
    struct place_request wanted[] = {
        request(100, 1, PLACE_STRICT), request(600, 1, PLACE_STRICT),
        request(100, 2, PLACE_STRICT), request(100, 1, PLACE_STRICT),
    };
    static const size_t expected[] = { 1, 2, 0, 3 };
    size_t order[4];

    place_batch_order(wanted, 4, order);
    for ( unsigned int i = 0; i < 4; i++ )
        UNIT_EQUAL("largest first, equal ones as they came", order[i],
                   expected[i]);
}

static const struct unit_test reasons[] = {
    { "a refusal says what is missing", refusal_says_what_is_missing },
    { "a refusal names memory, CPUs, or both", refusals_name_what_is_short },
    { "claims of the host as a whole count", claims_of_the_host_count },
    { "a stated blocker removed means accepted",
      a_stated_blocker_removed_means_accepted },
    { "an answer is explained by node", answers_are_explained },
    { "whatever is answered is explained",
      whatever_is_answered_is_explained },
    { "the order of a batch is known", the_order_of_a_batch_is_known },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "reasons", NULL, NULL, reasons },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-reason", suites);
}
