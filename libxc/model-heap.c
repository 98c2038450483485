/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The heap of a model: memory without addresses.
 *
 * Free memory lies in as large blocks as it can, and is taken out of the
 * smallest that will do: what of a node's free pages makes no whole chunk is
 * less than one, always.
 */

#include "model-private.h"

/* The smallest free block that 2^order pages can be taken out of. */
static unsigned int smallest_block(const struct node_claim_node *node,
                                   unsigned int order)
{
    unsigned int level = node_claim_level(order);

    while ( level < NODE_CLAIM_LEVELS - 1 &&
            node->free[level] == node->free[level + 1] )
        level++;

    return node_claim_order(level);
}

static bool take_block(struct node_claim_heap *heap,
                       struct node_claim_set *claims,
                       enum node_claim_kind kind, unsigned int node,
                       unsigned int order)
{
    const struct node_claim_node *n = &heap->node[node];
    unsigned int block;

    if ( !n->free[node_claim_level(order)] )
        return false;

    block = smallest_block(n, order);
    if ( node_claim_limit(heap, claims, kind, node, order) < (int)block )
        return false;

    node_claim_take(heap, claims, kind, node, order, block);

    return true;
}

uint64_t model_take(struct node_claim_heap *heap, struct node_claim_set *claims,
                    enum node_claim_kind kind, unsigned int node,
                    uint64_t want)
{
    uint64_t got = 0;
    unsigned int level = NODE_CLAIM_LEVELS;

    while ( level-- )
    {
        unsigned int order = node_claim_order(level);

        while ( want - got >= 1ULL << order &&
                take_block(heap, claims, kind, node, order) )
            got += 1ULL << order;
    }

    return got;
}

/* The block that 2^order pages become part of: what is there makes it whole. */
static unsigned int merged_block(const struct node_claim_node *node,
                                 unsigned int order)
{
    unsigned int level = node_claim_level(order);
    uint64_t pages = 1ULL << order;

    while ( level < NODE_CLAIM_LEVELS - 1 )
    {
        pages += node->free[level] - node->free[level + 1];
        if ( pages < 1ULL << node_claim_order(level + 1) )
            break;
        level++;
    }

    return node_claim_order(level);
}

void model_give(struct node_claim_heap *heap, unsigned int node, uint64_t pages)
{
    unsigned int level = NODE_CLAIM_LEVELS;

    while ( level-- )
    {
        unsigned int order = node_claim_order(level);

        for ( ; pages >= 1ULL << order; pages -= 1ULL << order )
            node_claim_give(heap, node, order,
                            merged_block(&heap->node[node], order));
    }
}
