/* SPDX-License-Identifier: MIT */
/*
 * Accounting of memory claims per NUMA node: the pure core.
 *
 * Locking: none in here.  struct node_claim_heap and every set belong to the
 * caller's lock (Xen: heap_lock); requests are the caller's own.
 *
 * Invariants, whenever that lock is free:
 *  - what the heap has as claimed, by node and level and in sum, are the sums
 *    over all sets;
 *  - on each node and level claimed <= free, and the same for the host.
 *
 * The second is what makes claims promises.  Blocks are aligned to their
 * size, so a chunk lies in a larger one or does not touch it, and there are
 * chunks for all claims just if at each level there are enough for those of
 * that level and above.  A claim of chunks can be redeemed at any time; so can
 * one of pages, since either there is a free block smaller than a chunk, or
 * the free chunks are more than those that are claimed.
 */

#ifdef __XEN__
#include <xen/compiler.h>
#include <xen/node-claim.h>
#include <xen/string.h>
#else
#include <string.h>
#include <xen/node-claim.h>
#define noinline __attribute__((__noinline__))
#endif

#define LEVELS NODE_CLAIM_LEVELS

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void node_claim_mask(struct node_claim_set *set, unsigned int node)
{
    const uint64_t bit = 1ULL << node;
    unsigned int level;

    set->nodes &= ~bit;
    for ( level = 0; level < LEVELS; level++ )
    {
        set->sort_nodes[level] &= ~bit;
        if ( set->node[node].guest[level] )
        {
            set->sort_nodes[level] |= bit;
            set->nodes |= bit;
        }
    }

    if ( !set->node[node].overhead )
        set->sort_nodes[NODE_CLAIM_OVERHEAD] &= ~bit;
}

void node_claim_demote(uint64_t guest[LEVELS], unsigned int level,
                       uint64_t gone)
{
    uint64_t left = (1ULL << node_claim_order(level)) - gone;

    guest[level] -= 1ULL << node_claim_order(level);
    while ( level-- )
    {
        uint64_t whole = left & ~((1ULL << node_claim_order(level)) - 1);

        guest[level] += whole;
        left -= whole;
    }
}

/* What redeeming would leave of a set's claims on a node, and of HOST. */
struct remains {
    uint64_t guest[LEVELS];
    uint64_t host;
};

static void redeem_guest(const struct node_claim_set *set, unsigned int node,
                         unsigned int order, struct remains *remains)
{
    const unsigned int own = node_claim_level(order);
    uint64_t missing = 1ULL << order;
    unsigned int level;

    for ( level = 0; level < LEVELS; level++ )
        remains->guest[level] = set->node[node].guest[level];
    remains->host = set->host_pages;

    for ( level = own + 1; missing && level--; )
    {
        uint64_t part = least(missing, remains->guest[level]);

        remains->guest[level] -= part;
        missing -= part;
    }

    for ( level = own + 1; missing && level < LEVELS; level++ )
        if ( remains->guest[level] )
        {
            node_claim_demote(remains->guest, level, missing);
            missing = 0;
        }

    remains->host -= least(missing, remains->host);
}

/* By how much claims fall when they are redeemed. */
struct fall {
    uint64_t node[LEVELS];       /* claims of at least that level          */
    uint64_t host;
};

static void find_fall(const struct node_claim_set *set,
                      enum node_claim_kind kind, unsigned int node,
                      unsigned int order, struct fall *fall,
                      struct remains *remains)
{
    unsigned int level;

    memset(fall, 0, sizeof(*fall));

    if ( kind == NODE_CLAIM_FOR_OVERHEAD )
    {
        fall->node[0] = least(1ULL << order, set->node[node].overhead);
        return;
    }

    redeem_guest(set, node, order, remains);
    for ( level = 0; level < LEVELS; level++ )
        fall->node[level] = node_claim_sum(set->node[node].guest, level) -
                            node_claim_sum(remains->guest, level);
    fall->host = set->host_pages - remains->host;
}

/* Free and not claimed, in blocks of at least that level: an invariant. */
static uint64_t spare(const struct node_claim_node *node, unsigned int level)
{
    return node->free[level] - node->claimed[level];
}

/* The limit for a request that redeems nothing; mostly there is none. */
static int plain_limit(const struct node_claim_heap *heap,
                       const struct node_claim_node *n, unsigned int order)
{
    const uint64_t pages = 1ULL << order;

    if ( pages > heap->free_pages - heap->claimed_pages ||
         pages > spare(n, 0) )
        return -1;

    if ( order < NODE_CLAIM_ORDER_1 )
    {
        if ( spare(n, 1) < (1ULL << NODE_CLAIM_ORDER_1) && n->free[1] )
            return NODE_CLAIM_ORDER_1 - 1;
    }
    else if ( pages > spare(n, 1) )
        return -1;

    if ( order < NODE_CLAIM_ORDER_2 )
    {
        if ( spare(n, 2) < (1ULL << NODE_CLAIM_ORDER_2) && n->free[2] )
            return NODE_CLAIM_ORDER_2 - 1;
    }
    else if ( pages > spare(n, 2) )
        return -1;

    return NODE_CLAIM_ANY_BLOCK;
}

static noinline int limit_with_claims(const struct node_claim_heap *heap,
                                      const struct node_claim_set *set,
                                      enum node_claim_kind kind,
                                      unsigned int node, unsigned int order)
{
    const struct node_claim_node *n = &heap->node[node];
    const unsigned int own = node_claim_level(order);
    const uint64_t pages = 1ULL << order;
    struct fall fall;
    struct remains remains;
    unsigned int level;

    find_fall(set, kind, node, order, &fall, &remains);

    /*
     * The host keeps all that this does not redeem, which includes this
     * domain's own claims on other nodes.
     */
    if ( pages > node_claim_rest(heap->free_pages,
                                 heap->claimed_pages - fall.node[0] -
                                 fall.host) )
        return -1;

    /* Of what the block consists of, the node keeps what is promised. */
    for ( level = 0; level <= own; level++ )
        if ( pages > node_claim_rest(n->free[level],
                                     n->claimed[level] - fall.node[level]) )
            return -1;

    /* Of larger chunks at most one is split. */
    for ( ; level < LEVELS; level++ )
    {
        const uint64_t chunk = 1ULL << node_claim_order(level);

        if ( chunk > node_claim_rest(n->free[level],
                                 n->claimed[level] - fall.node[level]) )
            return node_claim_order(level) - 1;
    }

    return NODE_CLAIM_ANY_BLOCK;
}

int node_claim_limit(const struct node_claim_heap *heap,
                     const struct node_claim_set *set,
                     enum node_claim_kind kind, unsigned int node,
                     unsigned int order)
{
    int limit = plain_limit(heap, &heap->node[node], order);

    /* What is redeemed can only make it more. */
    if ( limit == NODE_CLAIM_ANY_BLOCK || !set )
        return limit;

    return limit_with_claims(heap, set, kind, node, order);
}

/* What is redeemed of a set is no longer claimed of the heap. */
static void redeem_heap(struct node_claim_heap *heap, unsigned int node,
                        const struct fall *fall)
{
    unsigned int level;

    for ( level = 0; level < LEVELS; level++ )
        heap->node[node].claimed[level] -= fall->node[level];
    heap->claimed_pages -= fall->node[0] + fall->host;
    heap->host_claimed_pages -= fall->host;
}

static void redeem_overhead(struct node_claim_heap *heap,
                            struct node_claim_set *set, unsigned int node,
                            uint64_t pages)
{
    heap->node[node].overhead -= pages;
    set->node[node].overhead -= pages;
    set->overhead_pages -= pages;
}

static void keep_remains(struct node_claim_set *set, unsigned int node,
                         const struct remains *remains)
{
    unsigned int level;

    for ( level = 0; level < LEVELS; level++ )
        set->node[node].guest[level] = remains->guest[level];
    set->host_pages = remains->host;
}

static void redeem_fall(struct node_claim_heap *heap,
                        struct node_claim_set *set, enum node_claim_kind kind,
                        unsigned int node, const struct fall *fall,
                        const struct remains *remains)
{
    redeem_heap(heap, node, fall);

    if ( kind == NODE_CLAIM_FOR_OVERHEAD )
        redeem_overhead(heap, set, node, fall->node[0]);
    else
        keep_remains(set, node, remains);
    node_claim_mask(set, node);

    set->total_pages -= fall->node[0] + fall->host;
    if ( !set->total_pages )
        set->legacy = false;
}

static noinline void redeem_any(struct node_claim_heap *heap,
                                struct node_claim_set *set,
                                enum node_claim_kind kind, unsigned int node,
                                unsigned int order)
{
    struct fall fall;
    struct remains remains;

    find_fall(set, kind, node, order, &fall, &remains);
    redeem_fall(heap, set, kind, node, &fall, &remains);
}

/* What most requests do: redeem just as much of claims of the same level. */
static bool redeem_same(struct node_claim_heap *heap,
                        struct node_claim_set *set, unsigned int node,
                        unsigned int order)
{
    const uint64_t pages = 1ULL << order;
    unsigned int level = node_claim_level(order);
    uint64_t *claim = &set->node[node].guest[level];

    /* The last pages of a claim may be the last of the set. */
    if ( *claim <= pages )
        return false;

    *claim -= pages;
    set->total_pages -= pages;
    heap->claimed_pages -= pages;
    do
        heap->node[node].claimed[level] -= pages;
    while ( level-- );

    return true;
}

void node_claim_redeem(struct node_claim_heap *heap,
                       struct node_claim_set *set, enum node_claim_kind kind,
                       unsigned int node, unsigned int order)
{
    if ( kind != NODE_CLAIM_FOR_GUEST ||
         !redeem_same(heap, set, node, order) )
        redeem_any(heap, set, kind, node, order);
}
