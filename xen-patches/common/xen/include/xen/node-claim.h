/* SPDX-License-Identifier: MIT */
/*
 * Accounting of memory claims per NUMA node.
 *
 * The pure core of node claims: counters and the rules between them.  It
 * knows no lock, page or domain, allocates nothing and prints nothing, so
 * that the very same files are used by the hypervisor and, in user space, by
 * the model of a host and by the tests.
 *
 * All functions expect their caller to hold whatever guards the counters (in
 * Xen: heap_lock).  Every one takes constant time in the number of domains,
 * and at most linear time in nodes or entries; but for node_claim_recall(),
 * which is linear in the holders of claims.
 *
 * Counts are in pages throughout, those of chunks too.
 */

#ifndef XEN_NODE_CLAIM_H
#define XEN_NODE_CLAIM_H

#ifdef __XEN__
#include <xen/types.h>
#include <public/node_claim.h>
#else
#include <stdbool.h>
#include <stdint.h>
#include <node_claim.h>
#endif

#define NODE_CLAIM_NODES XEN_NODE_CLAIM_MAX_NODES

/* Levels of claims: single pages, and chunks of two sizes. */
#define NODE_CLAIM_LEVELS 3U

/* Orders of the chunks; tests take smaller ones, to meet all their edges. */
#ifndef NODE_CLAIM_ORDER_1
#define NODE_CLAIM_ORDER_1 9U
#define NODE_CLAIM_ORDER_2 18U
#endif

/* Sorts of claims on a node: of the guest's memory by level, and */
#define NODE_CLAIM_OVERHEAD NODE_CLAIM_LEVELS
#define NODE_CLAIM_SORTS    (NODE_CLAIM_LEVELS + 1)

/* Free and claimed memory of a node. */
struct node_claim_node {
    /*
     * By level: what of the free memory lies in free blocks of at least that
     * size, and what is claimed in chunks of at least that size.  The first
     * are therefore all free pages, and all claimed ones on this node.
     */
    uint64_t free[NODE_CLAIM_LEVELS];
    uint64_t claimed[NODE_CLAIM_LEVELS];
    uint64_t overhead;           /* of claimed[0]: of kind OVERHEAD        */
} __attribute__((__aligned__(64)));

/* Free and claimed memory of a host.  Zeroed memory is an empty host. */
struct node_claim_heap {
    uint64_t free_pages;         /* sum over the nodes                     */
    uint64_t claimed_pages;      /* sum over the sets, on nodes and HOST   */
    uint64_t host_claimed_pages; /* of these: HOST                         */
    uint64_t generation;         /* changes with install, release, recall  */
    struct node_claim_node node[NODE_CLAIM_NODES];
};

/* The claims of one domain.  Zeroed memory is an empty set. */
struct node_claim_set {
    uint64_t total_pages;        /* sum of all below                       */
    uint64_t overhead_pages;     /* of these: of kind OVERHEAD             */
    uint64_t host_pages;
    uint64_t nodes;              /* mask of the nodes with GUEST claims    */
    uint64_t sort_nodes[NODE_CLAIM_SORTS];   /* with claims of each sort   */
    uint32_t id;                 /* who is recalled from first, on a tie   */
    bool legacy;                 /* made by XENMEM_claim_pages             */
    struct {
        uint64_t guest[NODE_CLAIM_LEVELS]; /* in chunks of just that level */
        uint64_t overhead;
        uint64_t recalled;       /* so far; a release does not change it   */
    } node[NODE_CLAIM_NODES];
};

/* A parsed request for a claim set: at most one entry per place. */
struct node_claim_request {
    const struct xen_node_claim *entries;    /* the caller's, as they came */
    uint64_t total_pages;
    uint64_t overhead_pages;
    uint64_t host_pages;
    uint64_t nodes;              /* mask of the nodes with any entry       */
    uint32_t nr_entries;
    uint32_t host_entry;         /* index of the HOST entry                */
    /* Index of the entry, and one more; 0 if there is none. */
    uint16_t place[NODE_CLAIM_NODES][NODE_CLAIM_SORTS];
};

/* Which entry of a request was short, and by how much. */
struct node_claim_shortage {
    uint32_t entry;              /* nr_entries: the host as a whole        */
    uint64_t pages;
};

/* What a block is to be taken for. */
enum node_claim_kind {
    NODE_CLAIM_FOR_GUEST,        /* memory of the set's domain             */
    NODE_CLAIM_FOR_OVERHEAD,     /* a page of Xen's own for that domain    */
};

/*
 * Check the entries of a request one by one and gather them by place.
 * The request refers to the entries for as long as it is used.  Returns 0,
 * -E2BIG, -EINVAL, -ERANGE or -ENOENT (a node outside of online).  Needs no
 * lock.
 */
int node_claim_parse(struct node_claim_request *request,
                     const struct xen_node_claim *entries, uint32_t nr,
                     uint64_t online);

/*
 * Replace a set by a request, which is checked as if the old set were gone.
 * memory_pages is what the domain has, max_pages what it may have.  Returns
 * 0, -ERANGE, or -ENOMEM with the shortage filled in; the old set then
 * stands untouched.
 */
int node_claim_install(struct node_claim_heap *heap,
                       struct node_claim_set *set,
                       const struct node_claim_request *request,
                       uint64_t memory_pages, uint64_t max_pages,
                       struct node_claim_shortage *shortage);

/* Give up what is left of a set. */
void node_claim_release(struct node_claim_heap *heap,
                        struct node_claim_set *set);

/*
 * Write a set as entries, sorted by node, kind and order, HOST last.  Returns
 * their number; writes none if there is room for fewer.
 */
uint32_t node_claim_list(const struct node_claim_set *set,
                         struct xen_node_claim *entries, uint32_t room);

/* No free block is larger. */
#define NODE_CLAIM_ANY_BLOCK 63

/*
 * May 2^order pages be taken from the node, and out of how large a free
 * block?  Returns the largest order of a block that may be split for it, which
 * is at least the order asked for, or -1: none.  Set is that of the domain for
 * which they are taken, or NULL: for anything else only what nobody claimed is
 * there.
 */
int node_claim_limit(const struct node_claim_heap *heap,
                     const struct node_claim_set *set,
                     enum node_claim_kind kind, unsigned int node,
                     unsigned int order);

/*
 * Redeem claims of a set for 2^order pages of the node.  A set claims of the
 * guest's memory, in turn: chunks of at most that size, largest first; larger
 * ones, of which what is left becomes claims of smaller ones; HOST.  What is
 * left came out of unclaimed memory.
 */
void node_claim_redeem(struct node_claim_heap *heap,
                       struct node_claim_set *set, enum node_claim_kind kind,
                       unsigned int node, unsigned int order);

/*
 * A chunk of that level becomes claims of smaller ones, without the pages of
 * it that are gone, fewer than it has.
 */
void node_claim_demote(uint64_t guest[NODE_CLAIM_LEVELS], unsigned int level,
                       uint64_t gone);

/* Claims of a node in chunks of at least that level. */
static inline uint64_t node_claim_sum(const uint64_t guest[NODE_CLAIM_LEVELS],
                                      unsigned int level)
{
    uint64_t pages = 0;

    for ( ; level < NODE_CLAIM_LEVELS; level++ )
        pages += guest[level];

    return pages;
}

/* What is left of have once used is gone; 0 rather than a wrap. */
static inline uint64_t node_claim_rest(uint64_t have, uint64_t used)
{
    return have > used ? have - used : 0;
}

/* The order of a chunk of that level. */
static inline unsigned int node_claim_order(unsigned int level)
{
    return !level ? 0 : level > 1 ? NODE_CLAIM_ORDER_2 : NODE_CLAIM_ORDER_1;
}

/* The level of a block of that order. */
static inline unsigned int node_claim_level(unsigned int order)
{
    return (order >= NODE_CLAIM_ORDER_1) + (order >= NODE_CLAIM_ORDER_2);
}

/* What is known of a node's free and claimed memory. */
void node_claim_report(const struct node_claim_heap *heap, unsigned int node,
                       struct xen_node_heap *report);

/* The claims of a set on a node changed: have its masks follow. */
void node_claim_mask(struct node_claim_set *set, unsigned int node);

/* Mask of the nodes where a set has claims of just that order's level. */
static inline uint64_t node_claim_nodes(const struct node_claim_set *set,
                                        unsigned int order)
{
    return set->sort_nodes[node_claim_level(order)];
}

/* Does a set have claims of a kind on a node? */
static inline bool node_claim_here(const struct node_claim_set *set,
                                   enum node_claim_kind kind,
                                   unsigned int node)
{
    return kind == NODE_CLAIM_FOR_OVERHEAD ? set->node[node].overhead
                                           : set->nodes >> node & 1;
}

/* Has a set 2^order pages for its domain's memory on nodes, all together? */
static inline bool node_claim_holds(const struct node_claim_set *set,
                                    unsigned int order)
{
    return set->total_pages - set->overhead_pages - set->host_pages >=
           1UL << order;
}

/* Mask of the nodes on which it has as many. */
static inline uint64_t node_claim_wide(const struct node_claim_set *set,
                                       unsigned int order)
{
    uint64_t left = set->nodes, wide = 0;
    unsigned int node;

    for ( node = 0; left; node++, left >>= 1 )
        if ( (left & 1) &&
             node_claim_sum(set->node[node].guest, 0) >= 1UL << order )
            wide |= 1UL << node;

    return wide;
}

/*
 * 2^order pages were taken out of a free block of 2^block pages, or made one
 * of that size: how much of what is free in larger blocks comes or goes.
 */
static inline uint64_t node_claim_moved(unsigned int level,
                                        unsigned int order,
                                        unsigned int block)
{
    unsigned int chunk = node_claim_order(level);

    return block < chunk ? 0 : 1ULL << (order > chunk ? order : chunk);
}

/*
 * 2^order pages were taken from the node, out of a free block of 2^block, for
 * a set's domain or, with NULL, for anything else.
 */
static inline void node_claim_take(struct node_claim_heap *heap,
                                   struct node_claim_set *set,
                                   enum node_claim_kind kind,
                                   unsigned int node, unsigned int order,
                                   unsigned int block)
{
    heap->free_pages -= 1ULL << order;
    heap->node[node].free[0] -= 1ULL << order;
    if ( block >= NODE_CLAIM_ORDER_1 )
    {
        heap->node[node].free[1] -= node_claim_moved(1, order, block);
        heap->node[node].free[2] -= node_claim_moved(2, order, block);
    }

    if ( set )
        node_claim_redeem(heap, set, kind, node, order);
}

/*
 * 2^order pages of the node became free: first as such, and then, once it is
 * known, as part of a free block of 2^block pages.  No claim grows by that.
 */
static inline void node_claim_give_pages(struct node_claim_heap *heap,
                                         unsigned int node, uint64_t pages)
{
    heap->free_pages += pages;
    heap->node[node].free[0] += pages;
}

static inline void node_claim_give_block(struct node_claim_heap *heap,
                                         unsigned int node,
                                         unsigned int order,
                                         unsigned int block)
{
    if ( block >= NODE_CLAIM_ORDER_1 )
    {
        heap->node[node].free[1] += node_claim_moved(1, order, block);
        heap->node[node].free[2] += node_claim_moved(2, order, block);
    }
}

static inline void node_claim_give(struct node_claim_heap *heap,
                                   unsigned int node, unsigned int order,
                                   unsigned int block)
{
    node_claim_give_pages(heap, node, 1ULL << order);
    node_claim_give_block(heap, node, order, block);
}

/*
 * Pages of a node went offline, which claims may have counted on.  Has the
 * sets give up just as much as is missing: chunks that are missing become
 * claims of smaller ones, pages that are missing are gone.  Each time it takes
 * from the largest claim of its kind, on a tie from the least id.  next tells
 * the set after one, or, with NULL, the first; NULL ends the list, which has
 * to contain every set that is not empty.
 */
void node_claim_recall(struct node_claim_heap *heap, unsigned int node,
                       struct node_claim_set *(*next)(struct node_claim_set *));

#endif /* XEN_NODE_CLAIM_H */
