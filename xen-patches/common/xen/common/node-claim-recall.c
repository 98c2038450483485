/* SPDX-License-Identifier: MIT */
/*
 * Accounting of memory claims per NUMA node: what is given up when memory
 * that claims count on goes offline.
 */

#ifdef __XEN__
#include <xen/lib.h>
#else
#include <stddef.h>
#endif

#include <xen/node-claim.h>

/* What may be recalled: claims on a node by level and kind, or on HOST. */
enum recall {
    RECALL_PAGES,
    RECALL_CHUNKS,
    RECALL_LARGE_CHUNKS,
    RECALL_OVERHEAD,
    RECALL_HOST,
};

static uint64_t held(const struct node_claim_set *set, unsigned int node,
                     enum recall what)
{
    switch ( what )
    {
    case RECALL_OVERHEAD:
        return set->node[node].overhead;

    case RECALL_HOST:
        return set->host_pages;

    default:
        return set->node[node].guest[what];
    }
}

/* Whose claim is the largest. */
static struct node_claim_set *find_victim(
    unsigned int node, enum recall what,
    struct node_claim_set *(*next)(struct node_claim_set *))
{
    struct node_claim_set *set, *victim = NULL;

    for ( set = next(NULL); set; set = next(set) )
        if ( held(set, node, what) &&
             (!victim || held(set, node, what) > held(victim, node, what) ||
              (held(set, node, what) == held(victim, node, what) &&
               set->id < victim->id)) )
            victim = set;

    return victim;
}

/* A chunk of a set becomes as many of the next smaller level. */
static void demote_chunk(struct node_claim_heap *heap,
                         struct node_claim_set *set, unsigned int node,
                         unsigned int level)
{
    node_claim_demote(set->node[node].guest, level, 0);
    node_claim_mask(set, node);
    heap->node[node].claimed[level] -= 1ULL << node_claim_order(level);
}

/* A page of a set is no longer promised. */
static void recall_page(struct node_claim_heap *heap,
                        struct node_claim_set *set, unsigned int node,
                        enum recall what)
{
    switch ( what )
    {
    case RECALL_HOST:
        set->host_pages--;
        heap->host_claimed_pages--;
        break;

    case RECALL_OVERHEAD:
        set->node[node].overhead--;
        set->overhead_pages--;
        heap->node[node].overhead--;
        heap->node[node].claimed[0]--;
        break;

    default:
        set->node[node].guest[0]--;
        heap->node[node].claimed[0]--;
        break;
    }

    node_claim_mask(set, node);
    heap->claimed_pages--;
    set->node[node].recalled++;
    if ( !--set->total_pages )
        set->legacy = false;
}

void node_claim_recall(struct node_claim_heap *heap, unsigned int node,
                       struct node_claim_set *(*next)(struct node_claim_set *))
{
    struct node_claim_node *n = &heap->node[node];
    struct node_claim_set *set;
    unsigned int level;

    /* Large chunks first: all claims of a level are then its own. */
    for ( level = NODE_CLAIM_LEVELS - 1; level; level-- )
        while ( n->claimed[level] > n->free[level] &&
                (set = find_victim(node, level, next)) )
            demote_chunk(heap, set, node, level);

    while ( n->claimed[0] > n->free[0] &&
            ((set = find_victim(node, RECALL_PAGES, next)) ||
             (set = find_victim(node, RECALL_OVERHEAD, next))) )
        recall_page(heap, set, node, held(set, node, RECALL_PAGES)
                                     ? RECALL_PAGES : RECALL_OVERHEAD);

    while ( heap->claimed_pages > heap->free_pages &&
            (set = find_victim(node, RECALL_HOST, next)) )
        recall_page(heap, set, node, RECALL_HOST);

    heap->generation++;
}
