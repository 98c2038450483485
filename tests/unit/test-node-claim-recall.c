/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The accounting core of node claims: what is given up when pages that claims
 * count on go offline.
 */

#include <string.h>

#include "claims.h"
#include "unit.h"

/* Two domains that hold claims of node 0. */
static struct node_claim_set holders[2];

static struct node_claim_set *next_holder(struct node_claim_set *set)
{
    return !set ? &holders[1] : set == &holders[1] ? &holders[0] : NULL;
}

/* Node 0 has 1 GiB, 2 MiB and 10 pages, and loses a page of one of them. */
static void recall_takes_what_is_missing(void)
{
    enum { G = 1 << 18, M = 1 << 9 };
    static const struct {
        const char *row;
        struct xen_node_claim claims[2][3];
        unsigned int order;      /* of the block that the page was in */
        uint64_t guest[2][3], overhead[2], host[2], recalled[2];
    } rows[] = {
        { "nothing, with a page to spare",
          { { { 1, 0, 0, 0 } }, { { 8, 0, 0, 0 } } }, 0,
          { { 1, 0, 0 }, { 8, 0, 0 } }, { 0 }, { 0 }, { 0 } },
        { "a page of the larger",
          { { { G, 0, 18, 0 }, { M, 0, 9, 0 }, { 4, 0, 0, 0 } },
            { { 6, 0, 0, 0 } } }, 0,
          { { 4, M, G }, { 5, 0, 0 } }, { 0 }, { 0 }, { 0, 1 } },
        { "on a tie of the lower id",
          { { { G, 0, 18, 0 }, { M, 0, 9, 0 }, { 5, 0, 0, 0 } },
            { { 5, 0, 0, 0 } } }, 0,
          { { 4, M, G }, { 5, 0, 0 } }, { 0 }, { 0 }, { 1, 0 } },
        { "pages before overhead",
          { { { G, 0, 18, 0 }, { M, 0, 9, 0 }, { 9, 0, 0, 1 } },
            { { 1, 0, 0, 0 } } }, 0,
          { { 0, M, G }, { 0, 0, 0 } }, { 9, 0 }, { 0 }, { 0, 1 } },
        { "overhead when there is nothing else",
          { { { G, 0, 18, 0 }, { M, 0, 9, 0 }, { 4, 0, 0, 1 } },
            { { 6, 0, 0, 1 } } }, 0,
          { { 0, M, G }, { 0, 0, 0 } }, { 4, 5 }, { 0 }, { 0, 1 } },
        { "HOST",
          { { { G, 0, 18, 0 }, { M, 0, 9, 0 }, { 3, HOST, 0, 0 } },
            { { 7, HOST, 0, 0 } } }, 0,
          { { 0, M, G }, { 0, 0, 0 } }, { 0 }, { 3, 6 }, { 0, 1 } },
        { "2 MiB become pages",
          { { { G, 0, 18, 0 } }, { { M, 0, 9, 0 } } }, 9,
          { { 0, 0, G }, { M, 0, 0 } }, { 0 }, { 0 }, { 0 } },
        { "and one of them is gone",
          { { { G, 0, 18, 0 }, { 10, 0, 0, 0 } }, { { M, 0, 9, 0 } } }, 9,
          { { 10, 0, G }, { M - 1, 0, 0 } }, { 0 }, { 0 }, { 0, 1 } },
        { "1 GiB becomes 2 MiB",
          { { { G, 0, 18, 0 } }, { { 0 } } }, 18,
          { { 0, G, 0 }, { 0, 0, 0 } }, { 0 }, { 0 }, { 0 } },
        { "and one of them pages",
          { { { G, 0, 18, 0 } }, { { M, 0, 9, 0 } } }, 18,
          { { M, G - M, 0 }, { 0, M, 0 } }, { 0 }, { 0 }, { 0 } },
    };
    unsigned int i, d, level;

    for ( i = 0; i < NR(rows); i++ )
    {
        uint64_t generation;

        memset(&heap, 0, sizeof(heap));
        memset(holders, 0, sizeof(holders));
        give(0, 18, 1);
        give(0, 9, 1);
        give(0, 0, 10);
        for ( d = 0; d < 2; d++ )
        {
            struct node_claim_shortage shortage;
            uint32_t nr = 0;

            holders[d].id = d + 1;
            while ( nr < 3 && rows[i].claims[d][nr].pages )
                nr++;
            UNIT_EQUAL(rows[i].row,
                       install_entries(&holders[d], rows[i].claims[d], nr,
                                   &shortage), 0);
        }

        node_claim_take(&heap, NULL, NODE_CLAIM_FOR_GUEST, 0, rows[i].order,
                        rows[i].order);
        for ( level = 0; level < rows[i].order; level++ )
            give(0, level, 1);
        generation = heap.generation;
        node_claim_recall(&heap, 0, next_holder);

        UNIT_TRUE(rows[i].row, heap.generation != generation);
        for ( d = 0; d < 2; d++ )
        {
            for ( level = 0; level < 3; level++ )
                UNIT_EQUAL(rows[i].row, holders[d].node[0].guest[level],
                           rows[i].guest[d][level]);
            UNIT_EQUAL(rows[i].row, holders[d].node[0].overhead,
                       rows[i].overhead[d]);
            UNIT_EQUAL(rows[i].row, holders[d].host_pages, rows[i].host[d]);
            UNIT_EQUAL(rows[i].row, holders[d].node[0].recalled,
                       rows[i].recalled[d]);
        }
    }
}

static void recall_of_the_last_page_ends_the_set(void)
{
    struct node_claim_shortage shortage;

    memset(&heap, 0, sizeof(heap));
    memset(holders, 0, sizeof(holders));
    give(0, 0, 1);
    install(&holders[0], 0, 0, 1, &shortage);
    holders[0].legacy = true;
    node_claim_take(&heap, NULL, NODE_CLAIM_FOR_GUEST, 0, 0, 0);
    node_claim_recall(&heap, 0, next_holder);
    UNIT_EQUAL("total", holders[0].total_pages, 0);
    UNIT_TRUE("no longer legacy", !holders[0].legacy);
    UNIT_EQUAL("recalled", holders[0].node[0].recalled, 1);
    node_claim_release(&heap, &holders[0]);
    UNIT_EQUAL("is kept", holders[0].node[0].recalled, 1);
    expect("host", (struct counters){ 0, 0, 0, 0, 0, 0, 0 });
}

static struct node_claim_set *no_holder(struct node_claim_set *set)
{
    return NULL;
}

/* The list has to be complete; even if it is not, recalling ends. */
static void recall_ends_where_nobody_holds_claims(void)
{
    enum { G = 1 << 18, M = 1 << 9 };
    static const struct xen_node_claim entries[] = {
        { G, 0, 18, 0 }, { M, 0, 9, 0 }, { 1, 0, 0, 0 }, { 9, HOST, 0, 0 },
    };
    struct node_claim_shortage shortage;

    memset(&heap, 0, sizeof(heap));
    memset(holders, 0, sizeof(holders));
    give(0, 18, 1);
    give(0, 9, 1);
    give(0, 0, 10);
    UNIT_EQUAL("install", install_entries(&holders[0], entries, 4, &shortage),
               0);
    node_claim_take(&heap, NULL, NODE_CLAIM_FOR_GUEST, 0, 18, 18);
    node_claim_recall(&heap, 0, no_holder);
    UNIT_EQUAL("all that was claimed", heap.claimed_pages, G + M + 10);
    UNIT_EQUAL("is there", holders[0].total_pages, G + M + 10);
}

static void recall_goes_on_with_the_generation(void)
{
    struct node_claim_shortage shortage;
    uint64_t first, second;

    start();
    memset(holders, 0, sizeof(holders));
    first = heap.generation;
    install(&holders[0], 100, 0, 0, &shortage);
    second = heap.generation;
    node_claim_take(&heap, NULL, NODE_CLAIM_FOR_GUEST, 0, 0, 0);
    node_claim_recall(&heap, 0, next_holder);
    UNIT_EQUAL("recalled", holders[0].node[0].recalled, 1);
    UNIT_TRUE("not that of the installed set", heap.generation != second);
    UNIT_TRUE("nor that before it", heap.generation != first);
}

static const struct unit_test tests[] = {
    { "recall takes what is missing", recall_takes_what_is_missing },
    { "recall of the last page ends the set",
      recall_of_the_last_page_ends_the_set },
    { "recall ends where nobody holds claims",
      recall_ends_where_nobody_holds_claims },
    { "recall goes on with the generation",
      recall_goes_on_with_the_generation },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "node-claim-recall", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-node-claim-recall", suites);
}
