/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the accounting of claims has written down.  The only file here that
 * knows how struct node_claim_heap and struct node_claim_set look.
 */

#include <xen/mm.h>
#include <xen/sched.h>

#include "heap.h"
#include "platform.h"
#include "state.h"

#if !__has_include(<xen/node-claim.h>)

int heap_has_claims(void)
{
    return 0;
}

int heap_has_levels(void)
{
    return 0;
}

unsigned int heap_level_order(unsigned int level)
{
    return level * 9;
}

#else

#include <xen/domain-nodes.h>

int heap_has_claims(void)
{
    return 1;
}

void heap_figures(struct heap_figures *figures)
{
    const struct node_claim_heap *heap = harness_node_claims();

    figures->free = heap->free_pages;
    figures->claimed = heap->claimed_pages;
    figures->host_claimed = heap->host_claimed_pages;
    figures->generation = heap->generation;
}

unsigned long heap_domain_counted(int slot, unsigned int node)
{
    return harness_domain(slot)->nodes->guest_pages[node];
}

unsigned long heap_domain_overhead(int slot, unsigned int node)
{
#ifdef NODE_CLAIM_LEVELS
    return harness_domain(slot)->nodes->overhead_pages[node];
#else
    return 0;
#endif
}

void heap_domain_figures(int slot, struct heap_domain_figures *figures)
{
    const struct node_claim_set *set = &harness_domain(slot)->nodes->claims;

    figures->total = set->total_pages;
    figures->host = set->host_pages;
    figures->nodes = set->nodes;
    figures->legacy = set->legacy;
#ifdef NODE_CLAIM_LEVELS
    figures->overhead = set->overhead_pages;
#else
    figures->overhead = 0;
#endif
}

#ifdef NODE_CLAIM_LEVELS

int heap_has_levels(void)
{
    return 1;
}

unsigned int heap_level_order(unsigned int level)
{
    return node_claim_order(level);
}

void heap_node_figures(unsigned int node, struct heap_node_figures *figures)
{
    const struct node_claim_node *n = &harness_node_claims()->node[node];
    unsigned int level;

    BUILD_BUG_ON(HEAP_LEVELS != NODE_CLAIM_LEVELS);
    for ( level = 0; level < HEAP_LEVELS; level++ )
    {
        figures->free[level] = n->free[level];
        figures->claimed[level] = n->claimed[level];
    }
    figures->overhead = n->overhead;
}

void heap_domain_node(int slot, unsigned int node,
                      struct heap_domain_node *figures)
{
    const struct node_claim_set *set = &harness_domain(slot)->nodes->claims;
    unsigned int level;

    for ( level = 0; level < HEAP_LEVELS; level++ )
        figures->guest[level] = set->node[node].guest[level];
    figures->overhead = set->node[node].overhead;
    figures->recalled = set->node[node].recalled;
}

#else /* Single pages only. */

int heap_has_levels(void)
{
    return 0;
}

unsigned int heap_level_order(unsigned int level)
{
#ifdef NODE_CLAIM_ORDER_1
    return !level ? 0 : level > 1 ? NODE_CLAIM_ORDER_2 : NODE_CLAIM_ORDER_1;
#else
    return level * 9;
#endif
}

void heap_node_figures(unsigned int node, struct heap_node_figures *figures)
{
    const struct node_claim_heap *heap = harness_node_claims();

    *figures = (struct heap_node_figures){
        .free[0] = heap->node[node].free_pages,
        .claimed[0] = heap->node[node].claimed_pages,
    };
}

void heap_domain_node(int slot, unsigned int node,
                      struct heap_domain_node *figures)
{
    const struct node_claim_set *set = &harness_domain(slot)->nodes->claims;

    *figures = (struct heap_domain_node){ .guest[0] = set->node_pages[node] };
}

#endif
#endif
