/* SPDX-License-Identifier: MIT */
/*
 * Accounting of memory claims per NUMA node: the pure core.
 *
 * Locking: none in here.  struct node_claim_heap and every set belong to the
 * caller's lock (Xen: heap_lock); requests are the caller's own.
 *
 * Invariants, whenever that lock is free, for every node n:
 *  - claimed_pages and host_claimed_pages of the heap are the sums over all
 *    sets; so is claimed_pages of n;
 *  - claimed_pages of n <= free_pages of n, and the same for the host, unless
 *    free pages were taken offline: then nothing is allowed that would make
 *    it worse, and no difference below wraps.
 */

#ifdef __XEN__
#include <xen/bug.h>
#include <xen/errno.h>
#include <xen/node-claim.h>
#include <xen/string.h>
#else
#include <errno.h>
#include <string.h>
#include <xen/node-claim.h>
#define ASSERT(cond) ((void)sizeof(cond))
#endif

/* What is left of have once used is gone; 0 rather than a wrap. */
static uint64_t rest(uint64_t have, uint64_t used)
{
    return have > used ? have - used : 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static int parse_entry(struct node_claim_request *request,
                       const struct xen_node_claim *entry, uint32_t index,
                       uint64_t online)
{
    uint32_t node = entry->target;

    if ( entry->kind > XEN_NODE_CLAIM_OVERHEAD || !entry->pages ||
         (entry->order != 0 && entry->order != 9 && entry->order != 18) ||
         (entry->pages & ((1UL << entry->order) - 1)) )
        return -EINVAL;

    if ( entry->order &&
         (node == XEN_NODE_CLAIM_HOST ||
          entry->kind == XEN_NODE_CLAIM_OVERHEAD) )
        return -EINVAL;

    if ( node == XEN_NODE_CLAIM_HOST &&
         entry->kind == XEN_NODE_CLAIM_OVERHEAD )
        return -EINVAL;

    if ( entry->order || entry->kind == XEN_NODE_CLAIM_OVERHEAD )
        return -EOPNOTSUPP;

    /* The sum below must not wrap; no host is that large. */
    if ( entry->pages > (1ULL << 52) )
        return -ERANGE;

    if ( node == XEN_NODE_CLAIM_HOST )
    {
        if ( request->host_pages )
            return -EINVAL;

        request->host_pages = entry->pages;
        request->host_entry = index;
    }
    else
    {
        if ( node >= NODE_CLAIM_NODES || !(online & (1ULL << node)) )
            return -ENOENT;

        if ( request->node_pages[node] )
            return -EINVAL;

        request->nodes |= 1ULL << node;
        request->node_pages[node] = entry->pages;
        request->node_entry[node] = index;
    }

    request->total_pages += entry->pages;

    return 0;
}

int node_claim_parse(struct node_claim_request *request,
                     const struct xen_node_claim *entries, uint32_t nr,
                     uint64_t online)
{
    uint32_t i;

    memset(request, 0, sizeof(*request));

    if ( nr > XEN_NODE_CLAIM_MAX_ENTRIES )
        return -E2BIG;

    request->nr_entries = nr;

    for ( i = 0; i < nr; i++ )
    {
        int rc = parse_entry(request, &entries[i], i, online);

        if ( rc )
            return rc;
    }

    return 0;
}

/* The first entry that does not fit, as if the old set were gone. */
static bool find_shortage(const struct node_claim_heap *heap,
                          const struct node_claim_set *set,
                          const struct node_claim_request *request,
                          struct node_claim_shortage *shortage)
{
    unsigned int node;
    uint64_t avail;

    for ( node = 0; node < NODE_CLAIM_NODES; node++ )
    {
        if ( !(request->nodes & (1ULL << node)) )
            continue;

        avail = rest(heap->node[node].free_pages,
                     rest(heap->node[node].claimed_pages,
                          set->node_pages[node]));
        if ( request->node_pages[node] > avail )
        {
            shortage->entry = request->node_entry[node];
            shortage->pages = request->node_pages[node] - avail;
            return true;
        }
    }

    avail = rest(heap->free_pages,
                 rest(heap->claimed_pages, set->total_pages));
    if ( request->total_pages > avail )
    {
        shortage->entry = request->host_pages ? request->host_entry
                                              : request->nr_entries;
        shortage->pages = request->total_pages - avail;
        return true;
    }

    return false;
}

int node_claim_install(struct node_claim_heap *heap,
                       struct node_claim_set *set,
                       const struct node_claim_request *request,
                       uint64_t memory_pages, uint64_t max_pages,
                       struct node_claim_shortage *shortage)
{
    unsigned int node;

    if ( request->total_pages > rest(max_pages, memory_pages) )
        return -ERANGE;

    if ( find_shortage(heap, set, request, shortage) )
        return -ENOMEM;

    node_claim_release(heap, set);

    for ( node = 0; node < NODE_CLAIM_NODES; node++ )
    {
        if ( !(request->nodes & (1ULL << node)) )
            continue;

        set->node_pages[node] = request->node_pages[node];
        heap->node[node].claimed_pages += request->node_pages[node];
    }

    set->nodes = request->nodes;
    set->host_pages = request->host_pages;
    set->total_pages = request->total_pages;

    heap->host_claimed_pages += request->host_pages;
    heap->claimed_pages += request->total_pages;
    heap->generation++;

    return 0;
}

void node_claim_release(struct node_claim_heap *heap,
                        struct node_claim_set *set)
{
    unsigned int node;

    ASSERT(heap->claimed_pages >= set->total_pages);
    ASSERT(heap->host_claimed_pages >= set->host_pages);

    for ( node = 0; set->nodes && node < NODE_CLAIM_NODES; node++ )
    {
        ASSERT(heap->node[node].claimed_pages >= set->node_pages[node]);
        heap->node[node].claimed_pages -= set->node_pages[node];
        set->node_pages[node] = 0;
    }

    heap->claimed_pages -= set->total_pages;
    heap->host_claimed_pages -= set->host_pages;
    heap->generation++;

    set->nodes = 0;
    set->host_pages = 0;
    set->total_pages = 0;
    set->legacy = false;
}

uint32_t node_claim_list(const struct node_claim_set *set,
                         struct xen_node_claim *entries, uint32_t room)
{
    uint32_t nr = 0, needed = set->host_pages ? 1 : 0;
    unsigned int node;

    for ( node = 0; node < NODE_CLAIM_NODES; node++ )
        needed += !!(set->nodes & (1ULL << node));

    if ( room < needed )
        return needed;

    for ( node = 0; node < NODE_CLAIM_NODES; node++ )
        if ( set->nodes & (1ULL << node) )
            entries[nr++] = (struct xen_node_claim){
                .pages = set->node_pages[node], .target = node,
            };

    if ( set->host_pages )
        entries[nr++] = (struct xen_node_claim){
            .pages = set->host_pages, .target = XEN_NODE_CLAIM_HOST,
        };

    return nr;
}

bool node_claim_allows(const struct node_claim_heap *heap,
                       const struct node_claim_set *set,
                       unsigned int node, uint64_t pages)
{
    uint64_t here = set ? set->node_pages[node] : 0;
    uint64_t host = set ? set->host_pages : 0;
    uint64_t others;

    /* The node keeps what others were promised there. */
    others = rest(heap->node[node].claimed_pages, here);
    if ( pages > rest(heap->node[node].free_pages, others) )
        return false;

    /*
     * The host keeps all that this allocation does not redeem, which
     * includes this domain's own claims on other nodes.
     */
    others = rest(heap->claimed_pages, least(pages, here + host));

    return pages <= rest(heap->free_pages, others);
}

void node_claim_take(struct node_claim_heap *heap, struct node_claim_set *set,
                     unsigned int node, uint64_t pages)
{
    uint64_t here, host;

    ASSERT(heap->node[node].free_pages >= pages);
    ASSERT(heap->free_pages >= pages);

    heap->node[node].free_pages -= pages;
    heap->free_pages -= pages;

    if ( !set || !set->total_pages )
        return;

    here = least(pages, set->node_pages[node]);
    host = least(pages - here, set->host_pages);

    set->node_pages[node] -= here;
    if ( !set->node_pages[node] )
        set->nodes &= ~(1ULL << node);
    set->host_pages -= host;
    set->total_pages -= here + host;
    if ( !set->total_pages )
        set->legacy = false;

    heap->node[node].claimed_pages -= here;
    heap->host_claimed_pages -= host;
    heap->claimed_pages -= here + host;
}

void node_claim_give(struct node_claim_heap *heap, unsigned int node,
                     uint64_t pages)
{
    heap->node[node].free_pages += pages;
    heap->free_pages += pages;
}
