/* SPDX-License-Identifier: MIT */
/*
 * Accounting of memory claims per NUMA node: sets of claims come and go as a
 * whole.
 */

#ifdef __XEN__
#include <xen/bug.h>
#include <xen/errno.h>
#include <xen/node-claim.h>
#else
#include <errno.h>
#include <xen/node-claim.h>
#define ASSERT(cond) ((void)sizeof(cond))
#endif

/* Claims of a set in chunks of at least that level, or all on level 0. */
static uint64_t set_claimed(const struct node_claim_set *set,
                            unsigned int node, unsigned int level)
{
    return node_claim_sum(set->node[node].guest, level) +
           (level ? 0 : set->node[node].overhead);
}

/* What a request has of one sort. */
static uint64_t requested(const struct node_claim_request *request,
                          unsigned int node, unsigned int sort)
{
    unsigned int place = request->place[node][sort];

    return place ? request->entries[place - 1].pages : 0;
}

/* The smallest entry of a node that needs memory of that level. */
static uint32_t short_entry(const struct node_claim_request *request,
                            unsigned int node, unsigned int level)
{
    const uint16_t *place = request->place[node];

    if ( !level && !place[0] && place[NODE_CLAIM_OVERHEAD] )
        return place[NODE_CLAIM_OVERHEAD] - 1;

    while ( level < NODE_CLAIM_LEVELS - 1 && !place[level] )
        level++;

    return place[level] - 1;
}

/* Does a node have all that is asked for, beside the old set even? */
static bool fits(const struct node_claim_heap *heap,
                 const struct node_claim_request *request, unsigned int node)
{
    const uint16_t *place = request->place[node];

    return !(place[1] | place[2] | place[NODE_CLAIM_OVERHEAD]) &&
           request->entries[place[0] - 1].pages <=
           heap->node[node].free[0] - heap->node[node].claimed[0];
}

/* Does a node lack memory, as if the old set were gone? */
static bool find_node_shortage(const struct node_claim_heap *heap,
                               const struct node_claim_set *set,
                               const struct node_claim_request *request,
                               unsigned int node,
                               struct node_claim_shortage *shortage)
{
    const struct node_claim_node *n = &heap->node[node];
    const uint16_t *place = request->place[node];
    unsigned int level = place[2] ? 2 : place[1] ? 1 : 0;
    uint64_t want = 0, avail;

    /* Above the largest that is asked for there is nothing to lack. */
    for ( ; ; level-- )
    {
        want += requested(request, node, level);
        if ( !level )
            want += requested(request, node, NODE_CLAIM_OVERHEAD);
        avail = node_claim_rest(n->free[level],
                                n->claimed[level] -
                                set_claimed(set, node, level));
        if ( want > avail )
            break;
        if ( !level )
            return false;
    }

    shortage->entry = short_entry(request, node, level);
    shortage->pages = want - avail;

    return true;
}

/* The first shortage: by node, of the largest chunks first, then the host. */
static bool find_shortage(const struct node_claim_heap *heap,
                          const struct node_claim_set *set,
                          const struct node_claim_request *request,
                          struct node_claim_shortage *shortage)
{
    uint64_t nodes = request->nodes, avail;
    unsigned int node;

    for ( node = 0; nodes; node++, nodes >>= 1 )
        if ( (nodes & 1) && !fits(heap, request, node) &&
             find_node_shortage(heap, set, request, node, shortage) )
            return true;

    avail = node_claim_rest(heap->free_pages,
                            heap->claimed_pages - set->total_pages);
    if ( request->total_pages <= avail )
        return false;

    shortage->entry = request->host_pages ? request->host_entry
                                          : request->nr_entries;
    shortage->pages = request->total_pages - avail;

    return true;
}

/* Make an entry, of chunks or of overhead, a claim of a set. */
static void install_entry(struct node_claim_heap *heap,
                          struct node_claim_set *set,
                          const struct xen_node_claim *entry)
{
    const unsigned int node = entry->target;
    struct node_claim_node *n = &heap->node[node];
    unsigned int level = node_claim_level(entry->order);
    unsigned int sort = level;

    if ( entry->kind == XEN_NODE_CLAIM_OVERHEAD )
    {
        sort = NODE_CLAIM_OVERHEAD;
        set->node[node].overhead = entry->pages;
        n->overhead += entry->pages;
    }
    else
    {
        set->node[node].guest[level] = entry->pages;
        set->nodes |= 1ULL << node;
    }

    set->sort_nodes[sort] |= 1ULL << node;
    n->claimed[0] += entry->pages;
    while ( level )
        n->claimed[level--] += entry->pages;
}

int node_claim_install(struct node_claim_heap *heap,
                       struct node_claim_set *set,
                       const struct node_claim_request *request,
                       uint64_t memory_pages, uint64_t max_pages,
                       struct node_claim_shortage *shortage)
{
    const struct xen_node_claim *entry = request->entries;
    uint64_t plain = 0;
    uint32_t i;

    if ( request->total_pages - request->overhead_pages >
         node_claim_rest(max_pages, memory_pages) )
        return -ERANGE;

    if ( find_shortage(heap, set, request, shortage) )
        return -ENOMEM;

    node_claim_release(heap, set);

    for ( i = request->nodes ? request->nr_entries : 0; i; i--, entry++ )
    {
        const uint32_t node = entry->target;
        const uint64_t pages = entry->pages;

        if ( entry->order || entry->kind )
            install_entry(heap, set, entry);
        else if ( node != XEN_NODE_CLAIM_HOST )
        {
            set->node[node].guest[0] = pages;
            heap->node[node].claimed[0] += pages;
            plain |= 1ULL << node;
        }
    }

    set->sort_nodes[0] = plain;
    set->nodes |= plain;
    set->host_pages = request->host_pages;
    set->overhead_pages = request->overhead_pages;
    set->total_pages = request->total_pages;

    heap->host_claimed_pages += request->host_pages;
    heap->claimed_pages += request->total_pages;
    heap->generation++;

    return 0;
}

/* Give up the claims of single pages, which is what most sets consist of. */
static void release_pages(struct node_claim_heap *heap,
                          struct node_claim_set *set)
{
    uint64_t nodes = set->sort_nodes[0];
    unsigned int node;

    for ( node = 0; nodes; node++, nodes >>= 1 )
        if ( nodes & 1 )
        {
            ASSERT(heap->node[node].claimed[0] >= set->node[node].guest[0]);
            heap->node[node].claimed[0] -= set->node[node].guest[0];
            set->node[node].guest[0] = 0;
        }

    set->sort_nodes[0] = 0;
}

static void release_node_chunks(struct node_claim_heap *heap,
                                struct node_claim_set *set, unsigned int node,
                                unsigned int chunks)
{
    unsigned int level;

    for ( level = 0; level <= chunks; level++ )
        heap->node[node].claimed[level] -= set->node[node].guest[chunks];
    set->node[node].guest[chunks] = 0;
}

/* Give up all claims of chunks of a level. */
static void release_chunks(struct node_claim_heap *heap,
                           struct node_claim_set *set, unsigned int chunks)
{
    uint64_t nodes = set->sort_nodes[chunks];
    unsigned int node;

    for ( node = 0; nodes; node++, nodes >>= 1 )
        if ( nodes & 1 )
            release_node_chunks(heap, set, node, chunks);

    set->sort_nodes[chunks] = 0;
}

static void release_overhead(struct node_claim_heap *heap,
                             struct node_claim_set *set)
{
    uint64_t nodes = set->sort_nodes[NODE_CLAIM_OVERHEAD];
    unsigned int node;

    for ( node = 0; nodes; node++, nodes >>= 1 )
        if ( nodes & 1 )
        {
            heap->node[node].claimed[0] -= set->node[node].overhead;
            heap->node[node].overhead -= set->node[node].overhead;
            set->node[node].overhead = 0;
        }

    set->sort_nodes[NODE_CLAIM_OVERHEAD] = 0;
}

void node_claim_release(struct node_claim_heap *heap,
                        struct node_claim_set *set)
{
    ASSERT(heap->claimed_pages >= set->total_pages);
    ASSERT(heap->host_claimed_pages >= set->host_pages);

    release_pages(heap, set);
    release_chunks(heap, set, 1);
    release_chunks(heap, set, 2);
    release_overhead(heap, set);

    heap->claimed_pages -= set->total_pages;
    heap->host_claimed_pages -= set->host_pages;
    if ( set->total_pages )
        heap->generation++;

    set->nodes = 0;
    set->host_pages = 0;
    set->overhead_pages = 0;
    set->total_pages = 0;
    set->legacy = false;
}
