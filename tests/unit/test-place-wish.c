/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: wishes, limits, interleaving and superpages.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "place/vnuma.h"
#include "place-host.h"
#include "unit.h"

#define GIB (1024u * MIB)

/* As many random states for each property. */
#define STATES_VARIABLE "XENNUMA_PLACE_STATES"
#define STATES          20000u

static unsigned int states(void)
{
    const char *text = getenv(STATES_VARIABLE);

    return text ? strtoul(text, NULL, 0) : STATES;
}

static struct place_plan placed(const struct place_host *host,
                                const struct place_request *wanted)
{
    struct place_plan plan;

    UNIT_EQUAL("placed", place(host, NULL, wanted, &plan, NULL), 0);

    return plan;
}

static void refused(const struct place_host *host,
                    const struct place_request *wanted, int error)
{
    struct place_plan plan;

    errno = 0;
    UNIT_EQUAL("refused", place(host, NULL, wanted, &plan, NULL), -1);
    UNIT_EQUAL("errno", errno, error);
}

static void a_device_draws_a_domain_near(void)
{
    static const unsigned int free_mib[] = { 4096, 4096, 900, 4096 };
    struct place_request wanted = request(1024, 1, PLACE_PREFERRED);
    struct place_host host;

    make_host(&host, 4, free_mib, 4);
    wanted.near = 1u << 3;
    UNIT_EQUAL("on its node", placed(&host, &wanted).nodes, 1u << 3);
    wanted.near = 1u << 2;
    host.nodes[1].free_pages = 1100 * MIB;
    host.nodes[1].vcpus = 3;
    UNIT_EQUAL("else a neighbour, the one with less to do",
               placed(&host, &wanted).nodes, 1u << 3);
    wanted.near = 1u << 0 | 1u << 3;
    host.nodes[0].free_pages = 0;
    UNIT_EQUAL("either of two", placed(&host, &wanted).nodes, 1u << 3);
    wanted.policy = PLACE_STRICT;
    wanted.near = 1u << 0;
    UNIT_EQUAL("a wish refuses nothing", placed(&host, &wanted).nodes,
               1u << 1);
}

static void a_group_spreads(void)
{
    static const unsigned int free_mib[] = { 9000, 9000, 9000, 9000 };
    struct place_request wanted = request(1024, 1, PLACE_PREFERRED);
    struct place_host host;

    make_host(&host, 4, free_mib, 4);
    wanted.group = PLACE_SPREAD;
    for ( unsigned int n = 0; n < 12; n++ )
    {
        struct place_plan plan = placed(&host, &wanted);

        host.nodes[plan.home_node].free_pages -= wanted.guest_pages;
        wanted.members[plan.home_node]++;
    }
    for ( unsigned int i = 0; i < 4; i++ )
        UNIT_EQUAL("as many on each", wanted.members[i], 3);
    host.nodes[3].free_pages = 0;
    wanted.members[3] = 0;
    UNIT_EQUAL("where there is memory",
               placed(&host, &wanted).home_node < 3, 1);
}

static void a_group_packs(void)
{
    static const unsigned int free_mib[] = { 9000, 2000, 2500, 9000 };
    struct place_request wanted = request(1024, 1, PLACE_PREFERRED);
    struct place_host host;

    make_host(&host, 4, free_mib, 4);
    wanted.group = PLACE_PACK;
    wanted.members[2] = 1;
    host.nodes[2].vcpus = 40;
    UNIT_EQUAL("beside it", placed(&host, &wanted).nodes, 1u << 2);
    host.nodes[2].free_pages = 1000 * MIB;
    UNIT_EQUAL("or near it", placed(&host, &wanted).home_node % 2, 1);
    wanted.near = 1u << 0;
    UNIT_EQUAL("a device goes first", placed(&host, &wanted).nodes, 1u);
}

static void a_plan_has_no_more_nodes_than_asked_for(void)
{
    static const unsigned int free_mib[] = { 600, 600, 600, 600 };
    struct place_request wanted = request(1024, 1, PLACE_PREFERRED);
    struct place_host host;

    make_host(&host, 4, free_mib, 4);
    wanted.max_nodes = 1;
    refused(&host, &wanted, ENOSPC);
    wanted.max_nodes = 2;
    UNIT_EQUAL("two", __builtin_popcountll(placed(&host, &wanted).nodes), 2);
    wanted.policy = PLACE_STRICT;
    UNIT_EQUAL("strict, two",
               __builtin_popcountll(placed(&host, &wanted).nodes), 2);
    wanted.guest_pages = 1300 * MIB;
    refused(&host, &wanted, ENOSPC);
    wanted.max_nodes = 3;
    UNIT_EQUAL("three", __builtin_popcountll(placed(&host, &wanted).nodes),
               3);
    /* Near ones that are small do not use up what is allowed. */
    host.nodes[1].free_pages = host.nodes[2].free_pages = 10 * MIB;
    host.nodes[0].free_pages = 1000 * MIB;
    wanted.max_nodes = 2;
    UNIT_EQUAL("far, but two", placed(&host, &wanted).nodes, 0x9);
}

static void interleaving_takes_equal_parts(void)
{
    static const unsigned int free_mib[] = { 4000, 4000, 4000, 4000 };
    struct place_request wanted = request(4096, 1, PLACE_INTERLEAVE);
    struct place_plan plan;
    struct place_host host;

    make_host(&host, 4, free_mib, 4);
    plan = placed(&host, &wanted);
    for ( unsigned int i = 0; i < 4; i++ )
        UNIT_EQUAL("a quarter", plan.pages[i], 1024 * MIB);
    UNIT_EQUAL("everywhere", plan.cpu_nodes, 0xf);

    host.nodes[1].free_pages = 124 * MIB;
    plan = placed(&host, &wanted);
    UNIT_EQUAL("all it has", plan.pages[1], 124 * MIB);
    UNIT_EQUAL("the others have the rest", plan.pages[3] >= 1322 * MIB, 1);

    wanted.nodes = 0x9;
    plan = placed(&host, &wanted);
    UNIT_EQUAL("on two", plan.pages[0], 2048 * MIB);
    UNIT_EQUAL("on these two", plan.nodes, 0x9);
    wanted.nodes = 0;
    wanted.max_nodes = 2;
    host.nodes[1].free_pages = 50 * MIB;
    UNIT_EQUAL("near ones", placed(&host, &wanted).nodes, 0xc);
    wanted.guest_pages = 9000 * MIB;
    wanted.max_nodes = 0;
    UNIT_EQUAL("more than most", placed(&host, &wanted).nodes, 0xf);
    wanted.guest_pages = 13000 * MIB;
    refused(&host, &wanted, ENOSPC);

    make_host(&host, 1, free_mib, 4);
    wanted.guest_pages = 1000 * MIB;
    UNIT_EQUAL("a host of one node", placed(&host, &wanted).nodes, 1);
}

static void interleaving_by_weight(void)
{
    static const unsigned int free_mib[] = { 4000, 4000, 4000, 4000 };
    struct place_request wanted = request(4096, 1, PLACE_INTERLEAVE);
    struct place_plan plan;
    struct place_host host;

    make_host(&host, 4, free_mib, 4);
    wanted.weights[0] = 3;
    wanted.weights[2] = 1;
    plan = placed(&host, &wanted);
    UNIT_EQUAL("three parts", plan.pages[0], 3072 * MIB);
    UNIT_EQUAL("one part", plan.pages[2], 1024 * MIB);
    UNIT_EQUAL("none else", plan.nodes, 0x5);
    wanted.guest_pages = 7000 * MIB;
    plan = placed(&host, &wanted);
    UNIT_EQUAL("all it has", plan.pages[0], 4000 * MIB);
    wanted.guest_pages = 8001 * MIB;
    refused(&host, &wanted, ENOSPC);
    wanted.nodes = 0x2;
    wanted.guest_pages = MIB;
    refused(&host, &wanted, ENOSPC);
}

static void superpages_are_promised(void)
{
    static const unsigned int free_mib[] = { 4096, 4096 };
    struct place_request wanted = request(2 * 1024 + 7, 1, PLACE_STRICT);
    struct place_plan plan;
    struct place_host host;

    make_host(&host, 2, free_mib, 4);
    host.nodes[0].chunks[0] = 100;
    host.nodes[1].chunks[0] = 2000;
    host.nodes[1].chunks[1] = 1;

    wanted.chunks = PLACE_CHUNKS_REQUIRED;
    wanted.chunk_order = 9;
    plan = placed(&host, &wanted);
    UNIT_EQUAL("where they are", plan.nodes, 0x2);
    UNIT_EQUAL("all whole ones", plan.chunks[0][1], 1024 + 3);
    UNIT_EQUAL("no larger one", plan.chunks[1][1], 0);

    wanted.chunk_order = 18;
    refused(&host, &wanted, ENOSPC);
    host.nodes[1].chunks[1] = 2;
    plan = placed(&host, &wanted);
    UNIT_EQUAL("of 1 GiB", plan.chunks[1][1], 2);
    UNIT_EQUAL("the rest of 2 MiB", plan.chunks[0][1], 3);
    host.nodes[1].chunks[0] = 2 * 512 + 2;
    refused(&host, &wanted, ENOSPC);

    wanted.chunks = PLACE_CHUNKS_PREFERRED;
    wanted.nodes = 0x1;
    plan = placed(&host, &wanted);
    UNIT_EQUAL("as many as there are", plan.chunks[0][0], 100);
    wanted.chunks = PLACE_NO_CHUNKS;
    UNIT_EQUAL("not asked for", placed(&host, &wanted).chunks[0][0], 0);
}

static void superpages_are_taken_once(void)
{
    static const unsigned int free_mib[] = { 4096 };
    struct place_request wanted = request(1536, 1, PLACE_STRICT);
    struct place_held held = { 0 };
    struct place_plan plan, none;
    struct place_host host;

    make_host(&host, 1, free_mib, 4);
    host.nodes[0].chunks[0] = 3 * 512;
    host.nodes[0].chunks[1] = 2;
    wanted.chunks = PLACE_CHUNKS_REQUIRED;
    wanted.chunk_order = 18;
    UNIT_EQUAL("the first", place(&host, &held, &wanted, &plan, NULL), 0);
    place_hold(&held, &plan, 1);
    UNIT_EQUAL("2 MiB chunks are all held", held.chunks[0][0], 3 * 256);
    UNIT_EQUAL("the second", place(&host, &held, &wanted, &plan, NULL), 0);
    place_hold(&held, &plan, 1);
    UNIT_EQUAL("no third", place(&host, &held, &wanted, &none, NULL), -1);
    place_unhold(&held, &plan, 1);
    UNIT_EQUAL("unless one goes", place(&host, &held, &wanted, &plan, NULL),
               0);
}

static void refusals_say_what_was_asked_for(void)
{
    static const unsigned int free_mib[] = { 600, 600, 600 };
    struct place_request wanted = request(1024, 1, PLACE_PREFERRED);
    struct place_reason reason;
    struct place_plan plan;
    struct place_host host;
    char text[512];

    make_host(&host, 3, free_mib, 4);
    wanted.max_nodes = 1;
    UNIT_EQUAL("refused", place(&host, NULL, &wanted, &plan, &reason), -1);
    place_refusal_text(&wanted, &reason, &host, text, sizeof(text));
    UNIT_HOLDS("few", text, "so few nodes do not have them, ask");
    wanted.policy = PLACE_STRICT;
    wanted.max_nodes = 2;
    wanted.guest_pages = 1500 * MIB;
    UNIT_EQUAL("refused", place(&host, NULL, &wanted, &plan, &reason), -1);
    place_refusal_text(&wanted, &reason, &host, text, sizeof(text));
    UNIT_HOLDS("strict, several", text, "so few nodes do not have them, ask");

    wanted = request(100, 1, PLACE_STRICT);
    wanted.chunks = PLACE_CHUNKS_REQUIRED;
    wanted.chunk_order = 9;
    UNIT_EQUAL("refused", place(&host, NULL, &wanted, &plan, &reason), -1);
    place_refusal_text(&wanted, &reason, &host, text, sizeof(text));
    UNIT_HOLDS("superpages", text, "no single node has so many superpages");
    wanted.policy = PLACE_PREFERRED;
    UNIT_EQUAL("refused", place(&host, NULL, &wanted, &plan, &reason), -1);
    place_refusal_text(&wanted, &reason, &host, text, sizeof(text));
    UNIT_HOLDS("several", text, "the nodes do not have so many superpages");
}

static void nonsense_is_refused(void)
{
    static const unsigned int free_mib[] = { 4096, 4096 };
    struct place_request wanted = request(100, 1, PLACE_PREFERRED);
    struct place_host host;

    make_host(&host, 2, free_mib, 4);
    wanted.chunks = PLACE_CHUNKS_PREFERRED;
    wanted.chunk_order = 10;
    refused(&host, &wanted, EINVAL);
    wanted = request(100, 1, PLACE_INTERLEAVE + 1);
    refused(&host, &wanted, EINVAL);
    wanted = request(100, 1, PLACE_PREFERRED);
    wanted.group = PLACE_PACK + 1;
    refused(&host, &wanted, EINVAL);
    host.nodes[1].chunks[1] = 65;
    wanted.group = PLACE_NO_GROUP;
    refused(&host, &wanted, EINVAL);
}

static void virtual_nodes(void)
{
    static const unsigned int free_mib[] = { 3000, 3000, 3000, 3000 };
    struct place_request wanted = request(5000, 5, PLACE_PREFERRED);
    struct place_vnuma vnuma;
    struct place_plan plan;
    struct place_host host;

    make_host(&host, 4, free_mib, 8);
    plan = placed(&host, &wanted);
    place_vnuma_make(&host, &plan, 5, &vnuma);
    UNIT_EQUAL("two nodes", vnuma.nr, 2);
    UNIT_EQUAL("all vCPUs at home", vnuma.vnodes[0].vcpus, 5);
    UNIT_EQUAL("and most memory", vnuma.vnodes[0].pages, 3000 * MIB);

    wanted.vnuma = true;
    host.nodes[2].free_pages += MIB;
    host.nodes[3].free_pages += 2 * MIB;
    host.nodes[2].distances[3] = PLACE_NO_DISTANCE;
    host.nodes[3].distances[2] = 10;
    wanted.nodes = 0xc;
    plan = placed(&host, &wanted);
    place_vnuma_make(&host, &plan, 5, &vnuma);
    UNIT_EQUAL("two nodes", vnuma.nr, 2);
    UNIT_EQUAL("the home node first", vnuma.vnodes[0].node, 3);
    UNIT_EQUAL("then the other", vnuma.vnodes[1].node, 2);
    UNIT_EQUAL("half the memory", vnuma.vnodes[0].pages, 2500 * MIB);
    UNIT_EQUAL("half the vCPUs",
               vnuma.vnodes[0].vcpus + 10 * vnuma.vnodes[1].vcpus, 32);
    UNIT_EQUAL("the first ones", vnuma.vnodes[0].first_vcpu, 0);
    UNIT_EQUAL("then others", vnuma.vnodes[1].first_vcpu, 2);
    UNIT_EQUAL("itself", vnuma.vnodes[0].distances[0], 10);
    UNIT_EQUAL("too near", vnuma.vnodes[0].distances[1], 11);
    UNIT_EQUAL("unknown", vnuma.vnodes[1].distances[0], 254);

    wanted = request(100, 1, PLACE_PREFERRED);
    wanted.vnuma = true;
    plan = placed(&host, &wanted);
    place_vnuma_make(&host, &plan, 1, &vnuma);
    UNIT_EQUAL("one node", vnuma.nr, 1);
}

/* All that can be asked for, on hosts with chunks. */
static void random_state(struct place_host *host,
                         struct place_request *wanted)
{
    random_host(host);
    random_request(wanted);
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        struct place_node *node = &host->nodes[i];

        node->chunks[0] = random_below(node->free_pages / 512 + 1);
        node->chunks[1] = random_below(node->chunks[0] / 512 + 1);
        wanted->weights[i] = random_below(3);
        wanted->members[i] = random_below(3);
    }
    wanted->policy = random_below(3);
    wanted->chunks = random_below(3);
    wanted->chunk_order = 9 + 9 * random_below(2);
    wanted->max_nodes = random_below(5);
    wanted->vnuma = random_below(2);
    wanted->group = random_below(3);
    wanted->near = random_below(2) ? random_below(256) : 0;
}

static void check_chunks(const struct place_host *host,
                         const struct place_request *wanted,
                         const struct place_plan *plan)
{
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        const uint64_t small = plan->chunks[0][i], large = plan->chunks[1][i];
        const uint64_t pages = plan->pages[i];

        UNIT_TRUE("within the share", small * 512 + large * 262144 <= pages);
        if ( !pages )
            continue;
        UNIT_TRUE("2 MiB are there",
                  small + large * 512 <= host->nodes[i].chunks[0]);
        UNIT_TRUE("1 GiB are there", large <= host->nodes[i].chunks[1]);
        if ( wanted->chunks == PLACE_CHUNKS_REQUIRED )
            UNIT_EQUAL("all of it",
                       small * 512 + large * 262144, pages / 512 * 512);
        if ( wanted->chunks == PLACE_NO_CHUNKS )
            UNIT_EQUAL("none", small + large, 0);
        if ( wanted->chunks == PLACE_CHUNKS_REQUIRED &&
             wanted->chunk_order == 18 )
            UNIT_EQUAL("the largest", large, pages / 262144);
    }
}

static void plans_are_what_was_asked_for(void)
{
    unsigned int several = 0;

    random_seed(11);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        struct place_request wanted;
        struct place_plan plan;
        struct place_host host;
        uint64_t sum = 0;

        random_state(&host, &wanted);
        if ( place(&host, NULL, &wanted, &plan, NULL) )
        {
            UNIT_EQUAL("no room", errno, ENOSPC);
            continue;
        }
        for ( unsigned int i = 0; i < host.nr_nodes; i++ )
        {
            uint64_t used = plan.pages[i] + (i == plan.home_node
                                             ? plan.overhead_pages : 0);

            UNIT_TRUE("node has it", !used || host.nodes[i].online);
            UNIT_TRUE("node has them", used <= host.nodes[i].free_pages);
            sum += plan.pages[i];
        }
        UNIT_EQUAL("conservation", sum, wanted.guest_pages);
        UNIT_TRUE("few nodes", !wanted.max_nodes ||
                  __builtin_popcountll(plan.nodes) <= (int)wanted.max_nodes);
        check_chunks(&host, &wanted, &plan);
        several += !!(plan.nodes & (plan.nodes - 1));
    }
    UNIT_TRUE("some are on several", several > states() / 50);
}

/* What a wish leaves is what would be there without it. */
static void wishes_refuse_nothing(void)
{
    unsigned int moved = 0;

    random_seed(12);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        struct place_request wanted, plain;
        struct place_plan plan, other;
        struct place_host host;

        random_state(&host, &wanted);
        plain = wanted;
        plain.near = 0;
        plain.group = PLACE_NO_GROUP;
        UNIT_EQUAL("either or none",
                   place(&host, NULL, &wanted, &plan, NULL),
                   place(&host, NULL, &plain, &other, NULL));
        moved += plan.home_node != other.home_node;
    }
    UNIT_TRUE("some go elsewhere", moved > states() / 20);
}

static void more_chunks_never_refuse(void)
{
    unsigned int refusals = 0;

    random_seed(13);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        struct place_request wanted;
        struct place_plan plan;
        struct place_host host;

        random_state(&host, &wanted);
        wanted.chunks = PLACE_CHUNKS_REQUIRED;
        if ( place(&host, NULL, &wanted, &plan, NULL) )
        {
            refusals++;
            continue;
        }
        for ( unsigned int i = 0; i < host.nr_nodes; i++ )
            if ( host.nodes[i].chunks[0] * 512 < host.nodes[i].free_pages )
                host.nodes[i].chunks[0] += random_below(2);
        UNIT_EQUAL("more chunks", place(&host, NULL, &wanted, &plan, NULL),
                   0);
    }
    UNIT_TRUE("some were refused", refusals > states() / 20);
}

static const struct unit_test wishes[] = {
    { "a device draws a domain near", a_device_draws_a_domain_near },
    { "a group spreads", a_group_spreads },
    { "a group packs", a_group_packs },
    { "a plan has no more nodes than asked for",
      a_plan_has_no_more_nodes_than_asked_for },
    { "interleaving takes equal parts", interleaving_takes_equal_parts },
    { "interleaving by weight", interleaving_by_weight },
    { "superpages are promised", superpages_are_promised },
    { "superpages are taken once", superpages_are_taken_once },
    { "virtual nodes", virtual_nodes },
    { "refusals say what was asked for", refusals_say_what_was_asked_for },
    { "nonsense is refused", nonsense_is_refused },
    { "plans are what was asked for", plans_are_what_was_asked_for },
    { "wishes refuse nothing", wishes_refuse_nothing },
    { "more chunks never refuse", more_chunks_never_refuse },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "wishes", NULL, NULL, wishes },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-wish", suites);
}
