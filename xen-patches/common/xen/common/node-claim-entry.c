/* SPDX-License-Identifier: MIT */
/*
 * Accounting of memory claims per NUMA node: claim sets as the entries of the
 * public interface, in and out, and what is told of the heap.
 */

#ifdef __XEN__
#include <xen/errno.h>
#include <xen/node-claim.h>
#include <xen/string.h>
#else
#include <errno.h>
#include <string.h>
#include <xen/node-claim.h>
#endif

/* Is an order that there is, and where there may be one? */
static bool is_sound(const struct xen_node_claim *entry)
{
    if ( entry->kind > XEN_NODE_CLAIM_OVERHEAD )
        return false;

    if ( entry->target == XEN_NODE_CLAIM_HOST ||
         entry->kind == XEN_NODE_CLAIM_OVERHEAD )
        return !entry->order && entry->target != XEN_NODE_CLAIM_HOST;

    return (entry->order == NODE_CLAIM_ORDER_1 ||
            entry->order == NODE_CLAIM_ORDER_2) &&
           !(entry->pages & ((1ULL << entry->order) - 1));
}

static int parse_host(struct node_claim_request *request,
                      const struct xen_node_claim *entry, uint32_t index)
{
    if ( request->host_pages )
        return -EINVAL;

    request->host_pages = entry->pages;
    request->host_entry = index;

    return 0;
}

static int parse_node(struct node_claim_request *request,
                      const struct xen_node_claim *entry, uint32_t index,
                      unsigned int sort, uint64_t online)
{
    unsigned int node = entry->target;
    uint16_t *place;

    if ( node >= NODE_CLAIM_NODES || !(online & (1ULL << node)) )
        return -ENOENT;

    place = &request->place[node][sort];
    if ( *place )
        return -EINVAL;

    *place = index + 1;
    request->nodes |= 1ULL << node;

    return 0;
}

static int parse_entry(struct node_claim_request *request,
                       const struct xen_node_claim *entry, uint32_t index,
                       uint64_t online)
{
    const uint64_t pages = entry->pages;
    unsigned int sort = 0;

    /* Most are of pages of the guest. */
    if ( entry->order || entry->kind )
    {
        if ( !pages || !is_sound(entry) )
            return -EINVAL;

        sort = entry->kind ? NODE_CLAIM_OVERHEAD
                           : node_claim_level(entry->order);
    }

    /* The sum below must not wrap; no host is that large. */
    if ( pages - 1 >= (1ULL << 52) )
        return pages ? -ERANGE : -EINVAL;

    request->total_pages += pages;
    if ( sort == NODE_CLAIM_OVERHEAD )
        request->overhead_pages += pages;

    return entry->target == XEN_NODE_CLAIM_HOST
           ? parse_host(request, entry, index)
           : parse_node(request, entry, index, sort, online);
}

int node_claim_parse(struct node_claim_request *request,
                     const struct xen_node_claim *entries, uint32_t nr,
                     uint64_t online)
{
    uint32_t i;

    memset(request, 0, sizeof(*request));

    if ( nr > XEN_NODE_CLAIM_MAX_ENTRIES )
        return -E2BIG;

    request->entries = entries;
    request->nr_entries = nr;

    for ( i = 0; i < nr; i++ )
    {
        int rc = parse_entry(request, &entries[i], i, online);

        if ( rc )
            return rc;
    }

    return 0;
}

/* The next entry of a list, or only its number. */
static void list_entry(struct xen_node_claim *entries, uint32_t room,
                       uint32_t *nr, struct xen_node_claim entry)
{
    if ( !entry.pages )
        return;

    if ( *nr < room )
        entries[*nr] = entry;
    (*nr)++;
}

static uint32_t list_up_to(const struct node_claim_set *set,
                           struct xen_node_claim *entries, uint32_t room)
{
    unsigned int node, level;
    uint32_t nr = 0;

    for ( node = 0; node < NODE_CLAIM_NODES; node++ )
    {
        for ( level = 0; level < NODE_CLAIM_LEVELS; level++ )
            list_entry(entries, room, &nr, (struct xen_node_claim){
                .pages = set->node[node].guest[level],
                .target = node, .order = node_claim_order(level),
            });
        list_entry(entries, room, &nr, (struct xen_node_claim){
            .pages = set->node[node].overhead, .target = node,
            .kind = XEN_NODE_CLAIM_OVERHEAD,
        });
    }
    list_entry(entries, room, &nr, (struct xen_node_claim){
        .pages = set->host_pages, .target = XEN_NODE_CLAIM_HOST,
    });

    return nr;
}

uint32_t node_claim_list(const struct node_claim_set *set,
                         struct xen_node_claim *entries, uint32_t room)
{
    uint32_t nr = list_up_to(set, entries, 0);

    return nr > room ? nr : list_up_to(set, entries, room);
}

void node_claim_report(const struct node_claim_heap *heap, unsigned int node,
                       struct xen_node_heap *report)
{
    const struct node_claim_node *n = &heap->node[node];

    report->free_pages = n->free[0];
    report->claimed_guest_pages = n->claimed[0] - n->overhead;
    report->claimed_overhead_pages = n->overhead;
    report->free_2m_chunks = n->free[1] >> NODE_CLAIM_ORDER_1;
    report->free_1g_chunks = n->free[2] >> NODE_CLAIM_ORDER_2;
    report->claimed_2m_chunks = (n->claimed[1] - n->claimed[2]) >>
                                NODE_CLAIM_ORDER_1;
    report->claimed_1g_chunks = n->claimed[2] >> NODE_CLAIM_ORDER_2;
}
