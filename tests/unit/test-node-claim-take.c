/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The accounting core of node claims: what may be taken of a node, by whom,
 * out of which blocks, and what that redeems.
 */

#include <string.h>

#include "claims.h"
#include "unit.h"

/* A domain's own claims, another's, and how much it may take of node 0. */
static void allows_what_is_not_promised_to_others(void)
{
    static const struct {
        const char *row;
        uint64_t own0, own1, own_host;
        uint64_t other0, other1, other_host;
        uint64_t most;           /* of node 0 */
    } rows[] = {
        { "no claims", 0, 0, 0, 0, 0, 0, 100 },
        { "own claim", 60, 0, 0, 0, 0, 0, 100 },
        { "others' claim", 0, 0, 0, 60, 0, 0, 40 },
        { "tail of a claim and unclaimed", 10, 0, 0, 60, 0, 0, 40 },
        { "node all claimed, own part", 10, 0, 0, 90, 0, 0, 10 },
        { "others' on the other node", 0, 0, 0, 0, 100, 0, 100 },
        { "others' on the host", 0, 0, 0, 0, 0, 150, 50 },
        { "own host claim helps", 0, 0, 30, 0, 0, 150, 50 },
        { "own node claim helps", 30, 0, 0, 0, 0, 150, 50 },
        { "own claim elsewhere does not", 0, 30, 0, 0, 0, 150, 20 },
        { "own claim elsewhere, all taken", 0, 50, 0, 0, 0, 150, 0 },
        { "node and host claim together", 20, 0, 30, 0, 0, 150, 50 },
        { "host claim not on a node claimed", 0, 0, 50, 100, 0, 0, 0 },
        { "all promised to others", 0, 0, 0, 100, 100, 0, 0 },
        { "all promised, host-wide", 0, 0, 0, 0, 0, 200, 0 },
    };
    unsigned int i;

    for ( i = 0; i < NR(rows); i++ )
    {
        struct node_claim_set set = { 0 }, other = { 0 };
        struct node_claim_shortage shortage;

        start();
        UNIT_EQUAL(rows[i].row, install(&set, rows[i].own0, rows[i].own1,
                                        rows[i].own_host, &shortage), 0);
        UNIT_EQUAL(rows[i].row, install(&other, rows[i].other0,
                                        rows[i].other1, rows[i].other_host,
                                        &shortage), 0);
        UNIT_EQUAL(rows[i].row, take_pages(&set, 0, 101), rows[i].most);
    }
}

static void allows_nobody_else_what_is_claimed(void)
{
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };

    start();
    install(&set, 60, 0, 50, &shortage);
    UNIT_EQUAL("node 0", take_pages(NULL, 0, 100), 40);
    UNIT_EQUAL("node 1", take_pages(NULL, 1, 100), 50);
    UNIT_EQUAL("node 2", take_pages(NULL, 2, 100), 0);
}

static void take_redeems_node_then_host_then_nothing(void)
{
    static const struct {
        const char *row;
        unsigned int node;
        uint64_t pages;
        struct counters after;
        uint64_t own0, own1, host;
    } rows[] = {
        { "part of a node claim", 0, 10,
          { 190, 60, 20, 90, 20, 100, 20 }, 20, 20, 20 },
        { "the rest of it, and host", 0, 30,
          { 160, 30, 10, 60, 0, 100, 20 }, 0, 20, 10 },
        { "host", 0, 5,
          { 155, 25, 5, 55, 0, 100, 20 }, 0, 20, 5 },
        { "another node, to the end of all", 1, 30,
          { 125, 0, 0, 55, 0, 70, 0 }, 0, 0, 0 },
        { "unclaimed memory", 1, 7,
          { 118, 0, 0, 55, 0, 63, 0 }, 0, 0, 0 },
    };
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };
    unsigned int i;

    start();
    install(&set, 30, 20, 20, &shortage);
    for ( i = 0; i < NR(rows); i++ )
    {
        take_pages(&set, rows[i].node, rows[i].pages);
        expect(rows[i].row, rows[i].after);
        UNIT_EQUAL(rows[i].row, set.node[0].guest[0], rows[i].own0);
        UNIT_EQUAL(rows[i].row, set.node[1].guest[0], rows[i].own1);
        UNIT_EQUAL(rows[i].row, set.host_pages, rows[i].host);
        UNIT_EQUAL(rows[i].row, set.total_pages,
                   rows[i].own0 + rows[i].own1 + rows[i].host);
        UNIT_EQUAL(rows[i].row, set.nodes, (rows[i].own0 ? 1 : 0) |
                                           (rows[i].own1 ? 2 : 0));
    }
}

static void take_of_others_redeems_nothing(void)
{
    struct node_claim_set set = { 0 }, other = { 0 };
    struct node_claim_shortage shortage;

    start();
    install(&set, 30, 0, 20, &shortage);
    take_pages(NULL, 0, 10);
    expect("anybody", (struct counters){ 190, 50, 20, 90, 30, 100, 0 });
    take_pages(&other, 0, 10);
    expect("a domain without", (struct counters){ 180, 50, 20, 80, 30, 100,
                                                  0 });
    UNIT_EQUAL("its set", set.total_pages, 50);
}

static void legacy_ends_with_the_last_page(void)
{
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };

    start();
    install(&set, 0, 0, 20, &shortage);
    set.legacy = true;
    take_pages(&set, 1, 19);
    UNIT_TRUE("one page left", set.legacy);
    take_pages(&set, 0, 1);
    UNIT_TRUE("redeemed", !set.legacy);
}

static void give_lets_no_claim_grow(void)
{
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };

    start();
    install(&set, 30, 0, 0, &shortage);
    take_pages(&set, 0, 10);
    give(0, 0, 10);
    expect("given back", (struct counters){ 200, 20, 0, 100, 20, 100, 0 });
    UNIT_EQUAL("set", set.total_pages, 20);
}

/* What a domain with claims on node 0 asks for there, and what is left. */
static void redeeming_follows_the_rule(void)
{
    enum { G = 1 << 18, M = 1 << 9 };
    static const struct {
        const char *row;
        uint64_t guest[3], host;
        unsigned int order;
        uint64_t left[3], host_left;
    } rows[] = {
        { "a page for a page", { 3, M, G }, 0, 0, { 2, M, G }, 0 },
        { "2 MiB for 2 MiB", { 3, 2 * M, G }, 0, 9, { 3, M, G }, 0 },
        { "1 GiB for 1 GiB", { 3, M, 2 * G }, 0, 18, { 3, M, G }, 0 },
        { "2 MiB for pages", { M + 1, 0, 0 }, 0, 9, { 1, 0, 0 }, 0 },
        { "4 MiB for chunks", { 5, 3 * M, 0 }, 0, 10, { 5, M, 0 }, 0 },
        { "4 MiB for a chunk and pages", { M + 5, M, 0 }, 0, 10,
          { 5, 0, 0 }, 0 },
        { "1 GiB for what there is", { M, 2 * M, 0 }, 3, 18, { 0, 0, 0 }, 0 },
        { "a page of a chunk", { 0, 2 * M, 0 }, 7, 0, { M - 1, M, 0 }, 7 },
        { "8 pages, 3 of a chunk", { 5, M, 0 }, 0, 3, { M - 3, 0, 0 }, 0 },
        { "a page of 1 GiB", { 0, 0, G }, 0, 0, { M - 1, G - M, 0 }, 0 },
        { "2 MiB of 1 GiB", { 0, 0, G }, 0, 9, { 0, G - M, 0 }, 0 },
        { "4 MiB, part of 1 GiB", { 100, M, G }, 0, 10,
          { 100, G - M, 0 }, 0 },
        { "a chunk before 1 GiB", { 0, M, G }, 0, 0, { M - 1, 0, G }, 0 },
        { "larger chunks before HOST", { 0, 0, G }, 9, 0,
          { M - 1, G - M, 0 }, 9 },
        { "HOST at last", { 1, 0, 0 }, 9, 3, { 0, 0, 0 }, 2 },
        { "unclaimed after that", { 1, 0, 0 }, 2, 3, { 0, 0, 0 }, 0 },
    };
    unsigned int i, level;

    for ( i = 0; i < NR(rows); i++ )
    {
        struct node_claim_shortage shortage;
        struct xen_node_claim entries[4];
        struct node_claim_set set = { 0 };
        uint32_t nr = 0;

        memset(&heap, 0, sizeof(heap));
        give(0, 20, 1);
        for ( level = 0; level < 3; level++ )
            if ( rows[i].guest[level] )
                entries[nr++] = (struct xen_node_claim){
                    .pages = rows[i].guest[level], .order = 9 * level,
                };
        if ( rows[i].host )
            entries[nr++] = (struct xen_node_claim){
                .pages = rows[i].host, .target = HOST,
            };
        UNIT_EQUAL(rows[i].row, install_entries(&set, entries, nr, &shortage),
                   0);
        node_claim_take(&heap, &set, NODE_CLAIM_FOR_GUEST, 0, rows[i].order,
                        20);
        for ( level = 0; level < 3; level++ )
            UNIT_EQUAL(rows[i].row, set.node[0].guest[level],
                       rows[i].left[level]);
        UNIT_EQUAL(rows[i].row, set.host_pages, rows[i].host_left);
    }
}

/* Node 0 has 1 GiB in one block, 2 chunks of 2 MiB and 10 pages. */
static void promised_chunks_are_not_split(void)
{
    enum { G = 1 << 18, M = 1 << 9, ANY = NODE_CLAIM_ANY_BLOCK };
    static const struct {
        const char *row;
        struct xen_node_claim other[3];
        uint32_t nr;
        int limit[3];            /* of orders 0, 9, 18 */
    } rows[] = {
        { "nothing", { { 0 } }, 0, { ANY, ANY, ANY } },
        { "1 GiB", { { G, 0, 18, 0 } }, 1, { 17, 17, -1 } },
        { "2 MiB", { { 2 * M, 0, 9, 0 } }, 1, { ANY, ANY, ANY } },
        { "2 MiB of the 1 GiB", { { 3 * M, 0, 9, 0 } }, 1, { ANY, ANY, -1 } },
        { "1 GiB and 2 MiB, 1 left", { { G, 0, 18, 0 }, { M, 0, 9, 0 } }, 2,
          { 17, 17, -1 } },
        { "all chunks", { { G, 0, 18, 0 }, { 2 * M, 0, 9, 0 } }, 2,
          { 8, -1, -1 } },
        { "all", { { G, 0, 18, 0 }, { 2 * M, 0, 9, 0 }, { 10, 0, 0, 0 } }, 3,
          { -1, -1, -1 } },
        { "all but a page",
          { { G, 0, 18, 0 }, { 2 * M, 0, 9, 0 }, { 9, 0, 0, 1 } }, 3,
          { 8, -1, -1 } },
        { "2 MiB as pages", { { G, 0, 18, 0 }, { M + 11, 0, 0, 0 } }, 2,
          { 17, -1, -1 } },
        { "of HOST", { { G + M, HOST, 0, 0 } }, 1, { ANY, ANY, -1 } },
    };
    static const unsigned int orders[] = { 0, 9, 18 };
    unsigned int i, j;

    for ( i = 0; i < NR(rows); i++ )
    {
        struct node_claim_shortage shortage;
        struct node_claim_set other = { 0 };

        memset(&heap, 0, sizeof(heap));
        give(0, 18, 1);
        give(0, 9, 2);
        give(0, 0, 10);
        UNIT_EQUAL(rows[i].row,
                   install_entries(&other, rows[i].other, rows[i].nr,
                                   &shortage), 0);
        for ( j = 0; j < NR(orders); j++ )
            UNIT_EQUAL(rows[i].row,
                       node_claim_limit(&heap, NULL, NODE_CLAIM_FOR_GUEST, 0,
                                        orders[j]), rows[i].limit[j]);
    }
}

/* Node 0 has all its chunks claimed, and ample memory in smaller blocks. */
static void small_blocks_are_no_chunk(void)
{
    enum { G = 1 << 18, M = 1 << 9 };
    static const struct xen_node_claim entries[] = {
        { G, 0, 18, 0 }, { 600 * M, 0, 9, 0 },
    };
    struct node_claim_shortage shortage;
    struct node_claim_set other = { 0 }, set = { 0 };

    memset(&heap, 0, sizeof(heap));
    give(0, 18, 1);
    give(0, 9, 1200);
    UNIT_EQUAL("install", install_entries(&other, entries, 1, &shortage), 0);
    UNIT_EQUAL("1 GiB of 2 MiB", node_claim_limit(&heap, NULL,
               NODE_CLAIM_FOR_GUEST, 0, 18), -1);
    UNIT_EQUAL("1 GiB of 2 MiB, with a set", node_claim_limit(&heap, &set,
               NODE_CLAIM_FOR_GUEST, 0, 18), -1);

    memset(&heap, 0, sizeof(heap));
    memset(&other, 0, sizeof(other));
    give(0, 18, 1);
    give(0, 9, 600);
    give(0, 8, 1200);
    UNIT_EQUAL("install", install_entries(&other, entries, 2, &shortage), 0);
    UNIT_EQUAL("2 MiB of 1 MiB", node_claim_limit(&heap, NULL,
               NODE_CLAIM_FOR_GUEST, 0, 9), -1);
    UNIT_EQUAL("2 MiB of 1 MiB, with a set", node_claim_limit(&heap, &set,
               NODE_CLAIM_FOR_GUEST, 0, 9), -1);
}

/* Where there are none to protect, nothing has to be looked up for them. */
static void chunks_that_are_not_there_limit_nothing(void)
{
    static const struct {
        const char *row;
        unsigned int order, nr;
    } rows[] = {
        { "pages", 0, 100 }, { "1 MiB", 8, 100 }, { "2 MiB", 9, 100 },
    };
    struct node_claim_shortage shortage;
    unsigned int i;

    for ( i = 0; i < NR(rows); i++ )
    {
        struct node_claim_set other = { 0 };

        memset(&heap, 0, sizeof(heap));
        give(0, rows[i].order, rows[i].nr);
        UNIT_EQUAL(rows[i].row, install(&other, 10, 0, 0, &shortage), 0);
        UNIT_EQUAL(rows[i].row, node_claim_limit(&heap, NULL,
                   NODE_CLAIM_FOR_GUEST, 0, 0), NODE_CLAIM_ANY_BLOCK);
    }
}

static void overhead_redeems_overhead_only(void)
{
    static const struct xen_node_claim entries[] = {
        { .pages = 60 }, { .pages = 40, .kind = XEN_NODE_CLAIM_OVERHEAD },
    };
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };
    unsigned int nr = 0;

    start();
    UNIT_EQUAL("install", install_entries(&set, entries, 2, &shortage), 0);
    UNIT_TRUE("mask", set.nodes == 1);
    while ( node_claim_limit(&heap, &set, NODE_CLAIM_FOR_OVERHEAD, 0, 0) >= 0 )
    {
        node_claim_take(&heap, &set, NODE_CLAIM_FOR_OVERHEAD, 0, 0, 0);
        nr++;
    }
    UNIT_EQUAL("overhead", nr, 40);
    UNIT_EQUAL("left", set.overhead_pages, 0);
    UNIT_EQUAL("memory's", set.node[0].guest[0], 60);
    UNIT_EQUAL("node's", heap.node[0].overhead, 0);
    UNIT_EQUAL("memory", take_pages(&set, 0, 100), 60);
    UNIT_TRUE("mask", set.nodes == 0);
    expect("all", (struct counters){ 100, 0, 0, 0, 0, 100, 0 });
}

static const struct unit_test tests[] = {
    { "allows what is not promised to others",
      allows_what_is_not_promised_to_others },
    { "allows nobody else what is claimed",
      allows_nobody_else_what_is_claimed },
    { "take redeems node then HOST then nothing",
      take_redeems_node_then_host_then_nothing },
    { "take of others redeems nothing", take_of_others_redeems_nothing },
    { "legacy ends with the last page", legacy_ends_with_the_last_page },
    { "give lets no claim grow", give_lets_no_claim_grow },
    { "redeeming follows the rule", redeeming_follows_the_rule },
    { "promised chunks are not split", promised_chunks_are_not_split },
    { "small blocks are no chunk", small_blocks_are_no_chunk },
    { "chunks that are not there limit nothing",
      chunks_that_are_not_there_limit_nothing },
    { "overhead redeems overhead only", overhead_redeems_overhead_only },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "node-claim-take", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-node-claim-take", suites);
}
