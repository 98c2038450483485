/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The accounting core against a reference that works in another way: it has
 * no counters, but an owner for each page, and a token for each promised page
 * or chunk.  A state is sound if each token can be laid on a free page or
 * aligned run of free pages of its own; taking a block is right just if what
 * it leaves is sound.
 *
 * A node has up to 64 pages here, its chunks have 4 and 16: the core is
 * compiled with these orders.  Pages are bits of a mask, an owner has one a
 * node.
 *
 * Seed, number of operations and number of nodes may be given as arguments.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <common/node-claim.c>
#include <common/node-claim-entry.c>
#include <common/node-claim-recall.c>
#include <common/node-claim-set.c>

#include "unit.h"

#define NODES    NODE_CLAIM_NODES
#define PAGES    64u
#define DOMAINS  4u

/* Owners: the domains, and */
enum {
    OTHER = DOMAINS,             /* whatever has no claims                   */
    FREE,
    OFFLINE,
    NR_OWNERS
};

/* Sorts of tokens on a node: chunks by level, and Xen's own pages. */
enum {
    OWN = LEVELS,
    SORTS
};

static const unsigned int chunk_order[] = { 0, 2, 4, 0 };
static const uint64_t chunk_starts[] = {
    ~0ULL, 0x1111111111111111, 0x0001000100010001, ~0ULL
};

/* The reference. */
static unsigned int nr_nodes;
static uint64_t pages_of[NODES][NR_OWNERS];
static uint64_t absent[NODES];
static unsigned int tokens[NODES][DOMAINS][SORTS];
static unsigned int host_tokens[DOMAINS];
static uint64_t recalled[NODES][DOMAINS];

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

static unsigned int count(uint64_t mask)
{
    return __builtin_popcountll(mask);
}

static uint64_t run(unsigned int first, unsigned int order)
{
    return (order == 6 ? ~0ULL : (1ULL << (1u << order)) - 1) << first;
}

/* The first pages of aligned runs that are within a mask. */
static uint64_t runs(uint64_t mask, unsigned int sort)
{
    unsigned int order;

    for ( order = 0; order < chunk_order[sort]; order++ )
        mask &= mask >> (1u << order);

    return mask & chunk_starts[sort];
}

/*
 * Lay all tokens of a node, the largest first; any place will do, as places
 * for large ones are used up before.  What finds none, in pages, by level.
 */
static unsigned int unlaid(unsigned int node, unsigned int by_level[LEVELS])
{
    static const unsigned int sorts[] = { 2, 1, 0, OWN };
    uint64_t left = pages_of[node][FREE], first;
    unsigned int i, d, nr, sum = 0;

    memset(by_level, 0, LEVELS * sizeof(*by_level));
    for ( i = 0; i < SORTS; i++ )
        for ( d = 0; d < DOMAINS; d++ )
            for ( nr = tokens[node][d][sorts[i]]; nr; nr-- )
            {
                first = runs(left, sorts[i]);
                first &= -first;
                if ( first )
                    left &= ~run(__builtin_ctzll(first),
                                 chunk_order[sorts[i]]);
                else
                {
                    by_level[sorts[i] % OWN] += 1u << chunk_order[sorts[i]];
                    sum += 1u << chunk_order[sorts[i]];
                }
            }

    return sum;
}

static unsigned int token_pages(unsigned int node, unsigned int d)
{
    unsigned int sort, nr = 0;

    for ( sort = 0; sort < SORTS; sort++ )
        nr += tokens[node][d][sort] << chunk_order[sort];

    return nr;
}

/* By how much all tokens are more than all free pages. */
static unsigned int host_unlaid(void)
{
    unsigned int node, d, have = 0, want = 0;

    for ( node = 0; node < nr_nodes; node++ )
    {
        have += count(pages_of[node][FREE]);
        for ( d = 0; d < DOMAINS; d++ )
            want += token_pages(node, d);
    }
    for ( d = 0; d < DOMAINS; d++ )
        want += host_tokens[d];

    return want > have ? want - have : 0;
}

static bool sound(unsigned int node)
{
    unsigned int by_level[LEVELS];

    return !unlaid(node, by_level) && !host_unlaid();
}

/* The free block that a free page is part of. */
static unsigned int block_order(unsigned int node, unsigned int page)
{
    unsigned int order = 0;

    while ( order < 6 )
    {
        uint64_t whole = run(page >> (order + 1) << (order + 1), order + 1);

        if ( whole & ~pages_of[node][FREE] )
            break;
        order++;
    }

    return order;
}

/* A page of an owner, or PAGES. */
static unsigned int pick(unsigned int node, unsigned int owner)
{
    uint64_t mask = pages_of[node][owner];
    unsigned int nr = count(mask) ? below(count(mask)) : PAGES;

    if ( nr == PAGES )
        return PAGES;
    while ( nr-- )
        mask &= mask - 1;

    return __builtin_ctzll(mask);
}

static void move(unsigned int node, uint64_t mask, unsigned int from,
                 unsigned int to)
{
    pages_of[node][from] &= ~mask;
    pages_of[node][to] |= mask;
}

/* Pages become free one run at a time, as Xen frees them. */
static void set_free(unsigned int node, unsigned int first,
                     unsigned int order, unsigned int from)
{
    move(node, run(first, order), from, FREE);
    node_claim_give(&heap, node, order, block_order(node, first));
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

    nr_nodes = fixed_nodes ?: 1 + below(4);
    for ( node = 0; node < nr_nodes; node++ )
    {
        unsigned int size = below(4) ? PAGES : below(PAGES + 1);

        absent[node] = size == PAGES ? 0 : ~0ULL << size;
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

static void drop_all(unsigned int d)
{
    unsigned int node;

    for ( node = 0; node < nr_nodes; node++ )
        memset(tokens[node][d], 0, sizeof(tokens[node][d]));
    host_tokens[d] = 0;
}

static unsigned int sort_of(const struct xen_node_claim *entry)
{
    return entry->kind ? (unsigned int)OWN : entry->order / 2u;
}

/* The smallest entry that needs a run of that level; pages before Xen's own. */
static uint32_t expect_entry(const struct xen_node_claim *entries, uint32_t nr,
                             unsigned int node, unsigned int level)
{
    static const unsigned int from[LEVELS][SORTS + 1] = {
        { 0, OWN, 1, 2, SORTS }, { 1, 2, SORTS }, { 2, SORTS },
    };
    const unsigned int *sort;
    uint32_t i;

    for ( sort = from[level]; *sort != SORTS; sort++ )
        for ( i = 0; i < nr; i++ )
            if ( entries[i].target == node && sort_of(&entries[i]) == *sort )
                return i;

    return nr;
}

/* What install should say; the tokens are as it should leave them. */
static int expect_install(unsigned int d, const struct xen_node_claim *entries,
                          uint32_t nr, unsigned int memory, unsigned int max,
                          struct node_claim_shortage *shortage)
{
    unsigned int saved[NODES][SORTS], saved_host = host_tokens[d];
    unsigned int by_level[LEVELS], node, level, guest = 0;
    uint32_t i;
    int rc = 0;

    for ( i = 0; i < nr; i++ )
        guest += entries[i].kind ? 0 : entries[i].pages;
    if ( guest && memory + guest > max )
        return -ERANGE;

    for ( node = 0; node < nr_nodes; node++ )
        memcpy(saved[node], tokens[node][d], sizeof(saved[node]));
    drop_all(d);
    for ( i = 0; i < nr; i++ )
        if ( entries[i].target == XEN_NODE_CLAIM_HOST )
            host_tokens[d] = entries[i].pages;
        else
            tokens[entries[i].target][d][sort_of(&entries[i])] =
                entries[i].pages >> entries[i].order;

    for ( node = 0; !rc && node < nr_nodes; node++ )
    {
        bool asked = false;

        for ( i = 0; i < nr; i++ )
            asked |= entries[i].target == node;
        if ( !asked || !unlaid(node, by_level) )
            continue;
        for ( level = LEVELS - 1; !by_level[level]; level-- )
            ;
        shortage->pages = by_level[level];
        shortage->entry = expect_entry(entries, nr, node, level);
        rc = -ENOMEM;
    }
    if ( !rc && host_unlaid() )
    {
        shortage->pages = host_unlaid();
        for ( i = 0; i < nr; i++ )
            if ( entries[i].target == XEN_NODE_CLAIM_HOST )
                break;
        shortage->entry = i;
        rc = -ENOMEM;
    }

    if ( rc )
    {
        for ( node = 0; node < nr_nodes; node++ )
            memcpy(tokens[node][d], saved[node], sizeof(saved[node]));
        host_tokens[d] = saved_host;
    }

    return rc;
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
        memory += count(pages_of[node][d]);
    max = below(4) ? NODES * PAGES * 4 : memory + below(PAGES);

    expected = expect_install(d, entries, nr, memory, max, &want);
    rc = node_claim_parse(&request, entries, nr, nr_nodes == 64 ? ~0ULL :
                          (1ULL << nr_nodes) - 1) ?:
         node_claim_install(&heap, &sets[d], &request, memory, max, &got);

    return UNIT_EQUAL("install", rc, expected) &&
           UNIT_EQUAL("short", got.pages, want.pages) &&
           UNIT_EQUAL("short", got.entry, want.entry);
}

/* Tokens of a domain go as 2^order pages of the node are taken for it. */
static void redeem_tokens(unsigned int node, unsigned int d, bool own,
                          unsigned int order)
{
    unsigned int missing = 1u << order, *of = tokens[node][d], sort, size;

    if ( own )
    {
        of[OWN] -= of[OWN] < missing ? of[OWN] : missing;
        return;
    }

    /* Whole ones, no larger than the block, the largest first. */
    for ( sort = LEVELS; sort--; )
        while ( chunk_order[sort] <= order && of[sort] &&
                missing >= 1u << chunk_order[sort] )
        {
            of[sort]--;
            missing -= 1u << chunk_order[sort];
        }
    /* One larger one, the smallest there is; what is left of it is smaller. */
    for ( sort = 0; missing && sort < LEVELS; sort++ )
    {
        if ( chunk_order[sort] <= order || !of[sort] )
            continue;
        of[sort]--;
        size = (1u << chunk_order[sort]) - missing;
        missing = 0;
        while ( sort-- )
        {
            of[sort] += size >> chunk_order[sort];
            size &= (1u << chunk_order[sort]) - 1;
        }
        break;
    }
    while ( missing && host_tokens[d] )
    {
        host_tokens[d]--;
        missing--;
    }
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

    if ( page == PAGES || (block = block_order(node, page)) < order )
        return true;

    if ( set )
    {
        memcpy(saved, tokens[node][d], sizeof(saved));
        saved_host = host_tokens[d];
        redeem_tokens(node, d, own, order);
    }
    taken = run(page >> order << order, order);
    move(node, taken, FREE, owner);
    right = sound(node);

    limit = node_claim_limit(&heap, set, kind, node, order);
    if ( !UNIT_EQUAL("limit", limit >= (int)block, right) )
        return false;

    if ( right )
        node_claim_take(&heap, set, kind, node, order, block);
    else
    {
        move(node, taken, owner, FREE);
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
    while ( run(page >> order << order, order) & ~pages_of[node][owner] )
        order--;
    set_free(node, page >> order << order, order, owner);
}

/* Whose claim of a sort is the largest: the first, on a tie. */
static unsigned int victim(unsigned int node, unsigned int sort)
{
    unsigned int d, best = DOMAINS;

    for ( d = 0; d < DOMAINS; d++ )
    {
        unsigned int nr = sort == SORTS ? host_tokens[d]
                                        : tokens[node][d][sort];
        unsigned int most = best == DOMAINS ? 0 :
                            sort == SORTS ? host_tokens[best]
                                          : tokens[node][best][sort];

        if ( nr > most )
            best = d;
    }

    return best;
}

static void recall_tokens(unsigned int node)
{
    unsigned int by_level[LEVELS], level, d;

    for ( level = LEVELS - 1; level; level-- )
        while ( unlaid(node, by_level) && by_level[level] )
        {
            d = victim(node, level);
            tokens[node][d][level]--;
            tokens[node][d][level - 1] += 4;
        }
    while ( unlaid(node, by_level) )
    {
        unsigned int sort = victim(node, 0) < DOMAINS ? 0u : (unsigned int)OWN;

        d = victim(node, sort);
        tokens[node][d][sort]--;
        recalled[node][d]++;
    }
    while ( host_unlaid() )
    {
        d = victim(node, SORTS);
        host_tokens[d]--;
        recalled[node][d]++;
    }
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
    block = block_order(node, page);
    node_claim_take(&heap, NULL, NODE_CLAIM_FOR_GUEST, node, block, block);
    move(node, 1ULL << page, FREE, OFFLINE);
    for ( order = 0; order < block; order++ )
    {
        first = (page >> order << order) ^ (1u << order);
        node_claim_give(&heap, node, order, order);
        UNIT_EQUAL("buddy", block_order(node, first), order);
    }
    node_claim_recall(&heap, node, next_set);
    recall_tokens(node);
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
                count(runs(pages_of[node][FREE], level)) <<
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
        drop_all(d);
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
