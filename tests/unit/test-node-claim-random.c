/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The accounting core against a reference that works in another way: random
 * operations, and all counters compared after each.  Taking a block is right
 * just if what it leaves is sound.
 *
 * The core is compiled with chunks of 4 and 16 pages.  Half of the hosts have
 * up to 4 nodes, a tenth all 64.  Seed, number of operations and number of
 * nodes may be given as arguments, the number of operations by
 * XENNUMA_CLAIM_OPERATIONS, too.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <common/node-claim.c>
#include <common/node-claim-entry.c>
#include <common/node-claim-recall.c>
#include <common/node-claim-set.c>

#include "claim-reference.h"
#include "unit.h"

/* What is tested. */
static struct node_claim_heap heap;
static struct node_claim_set sets[DOMAINS];

static unsigned long operations = 1000000;
static unsigned int fixed_nodes;
static uint64_t seed = 20260101;

static unsigned int below(unsigned int limit)
{
    /* xorshift64* */
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;

    return (seed * 0x2545f4914f6cdd1dULL >> 33) % limit;
}

/* A page of an owner, or PAGES. */
static unsigned int pick(unsigned int node, unsigned int owner)
{
    uint64_t mask = pages_of[node][owner];
    unsigned int nr = count_pages(mask) ? below(count_pages(mask)) : PAGES;

    if ( nr == PAGES )
        return PAGES;
    while ( nr-- )
        mask &= mask - 1;

    return __builtin_ctzll(mask);
}

/* Pages become free one run at a time, as Xen frees them. */
static void set_free(unsigned int node, unsigned int first,
                     unsigned int order, unsigned int from)
{
    reference_move(node, page_run(first, order), from, FREE);
    node_claim_give(&heap, node, order, reference_block_order(node, first));
}

static unsigned int random_nodes(void)
{
    unsigned int tenth = below(10);

    return tenth < 5 ? 1 + below(4) : tenth < 9 ? 1 + below(NODES) : NODES;
}

static void restart(void)
{
    unsigned int node, page;

    memset(&heap, 0, sizeof(heap));
    memset(sets, 0, sizeof(sets));
    memset(pages_of, 0, sizeof(pages_of));
    memset(tokens, 0, sizeof(tokens));
    memset(host_tokens, 0, sizeof(host_tokens));
    memset(recalled, 0, sizeof(recalled));

    nr_nodes = fixed_nodes ?: random_nodes();
    for ( node = 0; node < nr_nodes; node++ )
    {
        unsigned int size = below(4) ? PAGES : below(PAGES + 1);

        for ( page = 0; page < size; page++ )
        {
            pages_of[node][OTHER] |= 1ULL << page;
            set_free(node, page, 0, OTHER);
        }
    }
    for ( page = 0; page < DOMAINS; page++ )
        sets[page].id = page;
}

/* A random request: each place at most once, in random order. */
static uint32_t make_request(struct xen_node_claim *entries)
{
    unsigned int few = 1 + below(3), sort, target, i;
    uint32_t nr = 0, j;

    for ( i = 0; i < few; i++ )
    {
        struct xen_node_claim entry = { 0 };
        bool twice = false;

        sort = below(SORTS);
        target = below(nr_nodes + 1);
        if ( target == nr_nodes )
            sort = 0;
        entry.order = chunk_order[sort];
        entry.kind = sort == OWN;
        entry.target = target == nr_nodes ? XEN_NODE_CLAIM_HOST : target;
        entry.pages = (1ULL + below(below(4) ? 5 : PAGES >> entry.order)) <<
                      entry.order;
        for ( j = 0; j < nr; j++ )
            twice |= entries[j].target == entry.target &&
                     entries[j].order == entry.order &&
                     entries[j].kind == entry.kind;
        if ( !twice )
            entries[nr++] = entry;
    }

    return nr;
}

static bool step_install(unsigned int d)
{
    struct node_claim_shortage got = { 0 }, want = { 0 };
    struct node_claim_request request;
    struct xen_node_claim entries[3];
    unsigned int memory = 0, max, node;
    uint32_t nr = make_request(entries);
    int rc, expected;

    for ( node = 0; node < nr_nodes; node++ )
        memory += count_pages(pages_of[node][d]);
    max = below(4) ? NODES * PAGES * 4 : memory + below(PAGES);

    expected = reference_install(d, entries, nr, memory, max, &want);
    rc = node_claim_parse(&request, entries, nr, nr_nodes == 64 ? ~0ULL :
                          (1ULL << nr_nodes) - 1) ?:
         node_claim_install(&heap, &sets[d], &request, memory, max, &got);

    return UNIT_EQUAL("install", rc, expected) &&
           UNIT_EQUAL("short", got.pages, want.pages) &&
           UNIT_EQUAL("short", got.entry, want.entry);
}

/* Take a block if that leaves all others' tokens their places. */
static bool step_take(unsigned int d, bool own)
{
    static unsigned int saved[SORTS];
    struct node_claim_set *set = d < DOMAINS ? &sets[d] : NULL;
    enum node_claim_kind kind = own ? NODE_CLAIM_FOR_OVERHEAD
                                    : NODE_CLAIM_FOR_GUEST;
    unsigned int node = below(nr_nodes), page = pick(node, FREE);
    unsigned int order = below(3) ? chunk_order[below(LEVELS)] : below(7);
    unsigned int owner = own ? (unsigned int)OTHER : d, block, saved_host = 0;
    uint64_t taken;
    bool right;
    int limit;

    if ( page == PAGES || (block = reference_block_order(node, page)) < order )
        return true;

    if ( set )
    {
        memcpy(saved, tokens[node][d], sizeof(saved));
        saved_host = host_tokens[d];
        reference_redeem(node, d, own, order);
    }
    taken = page_run(page >> order << order, order);
    reference_move(node, taken, FREE, owner);
    right = reference_sound(node);

    limit = node_claim_limit(&heap, set, kind, node, order);
    if ( !UNIT_EQUAL("limit", limit >= (int)block, right) )
        return false;

    if ( right )
        node_claim_take(&heap, set, kind, node, order, block);
    else
    {
        reference_move(node, taken, owner, FREE);
        if ( set )
        {
            memcpy(tokens[node][d], saved, sizeof(saved));
            host_tokens[d] = saved_host;
        }
    }

    return true;
}

static void step_give(void)
{
    unsigned int node = below(nr_nodes), owner = below(NR_OWNERS);
    unsigned int page, order = below(7);

    if ( owner == FREE )
        owner = OTHER;
    if ( owner == OFFLINE )
        order = 0;
    page = pick(node, owner);
    if ( page == PAGES )
        return;
    while ( page_run(page >> order << order, order) & ~pages_of[node][owner] )
        order--;
    set_free(node, page >> order << order, order, owner);
}

/* In random order, as a list of Xen's may be. */
static struct node_claim_set *next_set(struct node_claim_set *set)
{
    static unsigned int first;

    if ( !set )
    {
        first = below(DOMAINS);
        return &sets[first];
    }
    set = &sets[(set - sets + 1) % DOMAINS];

    return set == &sets[first] ? NULL : set;
}

/* A free page goes offline: its block is taken apart. */
static void step_offline(void)
{
    unsigned int node = below(nr_nodes), page = pick(node, FREE), block, first;
    unsigned int order;

    if ( page == PAGES )
        return;
    block = reference_block_order(node, page);
    node_claim_take(&heap, NULL, NODE_CLAIM_FOR_GUEST, node, block, block);
    reference_move(node, 1ULL << page, FREE, OFFLINE);
    for ( order = 0; order < block; order++ )
    {
        first = (page >> order << order) ^ (1u << order);
        node_claim_give(&heap, node, order, order);
        UNIT_EQUAL("buddy", reference_block_order(node, first), order);
    }
    node_claim_recall(&heap, node, next_set);
    reference_recall(node);
}

static bool compare_set(unsigned int d)
{
    const struct node_claim_set *set = &sets[d];
    unsigned int node, sort, total = host_tokens[d], own = 0;
    bool same = true;

    for ( node = 0; node < nr_nodes; node++ )
    {
        const unsigned int *of = tokens[node][d];

        for ( sort = 0; sort < LEVELS; sort++ )
            same &= set->node[node].guest[sort] ==
                    of[sort] << chunk_order[sort];
        for ( sort = 0; sort < SORTS; sort++ )
            same &= (set->sort_nodes[sort] >> node & 1) == !!of[sort];
        same &= set->node[node].overhead == of[OWN] &&
                set->node[node].recalled == recalled[node][d] &&
                (set->nodes >> node & 1) == !!(of[0] + of[1] + of[2]);
        total += token_pages(node, d);
        own += of[OWN];
    }

    return same && set->host_pages == host_tokens[d] &&
           set->total_pages == total && set->overhead_pages == own;
}

static bool compare_node(unsigned int node)
{
    const struct node_claim_node *n = &heap.node[node];
    unsigned int level, sort, d, claimed = 0, own = 0;
    bool same = true;

    for ( level = LEVELS; level--; )
    {
        for ( sort = 0; sort < SORTS; sort++ )
            for ( d = 0; sort % OWN == level && d < DOMAINS; d++ )
                claimed += tokens[node][d][sort] << chunk_order[sort];
        same &= n->claimed[level] == claimed &&
                n->free[level] ==
                count_pages(page_runs(pages_of[node][FREE], level)) <<
                chunk_order[level];
    }
    for ( d = 0; d < DOMAINS; d++ )
        own += tokens[node][d][OWN];

    return same && n->overhead == own;
}

static bool compare(void)
{
    unsigned int node, d, host = 0;
    uint64_t free_pages = 0, claimed = 0;
    bool same = true;

    for ( node = 0; node < nr_nodes; node++ )
    {
        same &= compare_node(node);
        free_pages += heap.node[node].free[0];
        claimed += heap.node[node].claimed[0];
    }
    for ( d = 0; d < DOMAINS; d++ )
    {
        same &= compare_set(d);
        host += host_tokens[d];
    }

    return UNIT_TRUE("all counters", same) &&
           UNIT_EQUAL("free", heap.free_pages, free_pages) &&
           UNIT_EQUAL("claimed", heap.claimed_pages, claimed + host) &&
           UNIT_EQUAL("host", heap.host_claimed_pages, host);
}

/* The list of a set, made a request again, is the set. */
static bool step_list(unsigned int d)
{
    struct xen_node_claim entries[XEN_NODE_CLAIM_MAX_ENTRIES];
    struct node_claim_set before = sets[d];
    struct node_claim_shortage shortage;
    struct node_claim_request request;
    uint32_t nr = node_claim_list(&sets[d], entries,
                                  XEN_NODE_CLAIM_MAX_ENTRIES);

    return UNIT_EQUAL("list", node_claim_parse(&request, entries, nr, ~0ULL),
                      0) &&
           UNIT_EQUAL("again", node_claim_install(&heap, &sets[d], &request, 0,
                                                  UINT64_MAX, &shortage), 0) &&
           UNIT_TRUE("same", !memcmp(&before, &sets[d], sizeof(before)));
}

static bool step(unsigned long nr)
{
    unsigned int d = below(DOMAINS);

    /* A fresh host now and then, so that all sizes come. */
    if ( nr % 500 == 0 )
        restart();

    switch ( below(16) )
    {
    case 0:
    case 1:
    case 2:
        return step_install(d);

    case 3:
        node_claim_release(&heap, &sets[d]);
        reference_drop_all(d);
        return true;

    case 4:
    case 5:
        return step_take(OTHER, false);

    case 6:
    case 7:
        return step_take(d, true);

    case 8:
    case 9:
    case 10:
        step_give();
        return true;

    case 11:
        step_offline();
        return true;

    case 12:
        return below(8) || step_list(d);

    default:
        return step_take(d, false);
    }
}

static void core_and_reference_agree(void)
{
    unsigned long nr;

    for ( nr = 0; nr < operations; nr++ )
        if ( !step(nr) || !compare() )
        {
            printf("\n    operation %lu\n", nr);
            return;
        }
}

int main(int argc, char **argv)
{
    static const struct unit_test tests[] = {
        { "core and reference agree", core_and_reference_agree },
        { NULL, NULL }
    };
    static const struct unit_suite suites[] = {
        { "node-claim-random", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    if ( getenv("XENNUMA_CLAIM_OPERATIONS") )
        operations = strtoul(getenv("XENNUMA_CLAIM_OPERATIONS"), NULL, 0);
    if ( argc > 1 )
        seed = strtoull(argv[1], NULL, 0) ?: 1;
    if ( argc > 2 )
        operations = strtoul(argv[2], NULL, 0);
    if ( argc > 3 )
        fixed_nodes = strtoul(argv[3], NULL, 0) % (NODES + 1);
    printf("%s %llu %lu %u\n", argv[0], (unsigned long long)seed, operations,
           fixed_nodes);

    return unit_main("test-node-claim-random", suites);
}
