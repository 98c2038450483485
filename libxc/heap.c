/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Free and claimed memory of the host, node by node, in one snapshot.
 */

#include <errno.h>
#include <string.h>

#include "private.h"

struct report {
    struct layout_sysctl op;
    struct xen_node_heap nodes[XENNUMA_MAX_NODES];
};

static void node_read(struct xennuma_node_heap *to,
                      const struct xen_node_heap *from, bool online)
{
    to->online = online;
    to->present_pages = from->present_pages;
    to->free_pages = from->free_pages;
    to->dirty_pages = from->dirty_pages;
    to->dma_pages = from->dma_pages;
    to->claimed_guest_pages = from->claimed_guest_pages;
    to->claimed_overhead_pages = from->claimed_overhead_pages;
    to->free_2m_chunks = from->free_2m_chunks;
    to->free_1g_chunks = from->free_1g_chunks;
    to->claimed_2m_chunks = from->claimed_2m_chunks;
    to->claimed_1g_chunks = from->claimed_1g_chunks;
}

static void report_read(const struct report *call, struct xennuma_heap *heap)
{
    const struct xen_sysctl_node_heap *from = &call->op.u.node_heap;
    unsigned int node;

    memset(heap, 0, sizeof(*heap));
    heap->generation = from->generation;
    heap->free_pages = from->free_pages;
    heap->claimed_pages = from->claimed_pages;
    heap->host_claimed_pages = from->host_claimed_pages;
    heap->nr_nodes = from->nr_nodes;

    for ( node = 0; node < from->nr_nodes; node++ )
        node_read(&heap->nodes[node], &call->nodes[node],
                  from->online & (1ULL << node));
}

int xennuma_heap_get(xennuma_handle *handle, struct xennuma_heap *heap)
{
    struct report *call;
    int rc;

    if ( need(handle->abilities.claims) )
        return -1;

    call = call_alloc(handle, sizeof(*call));
    if ( !call )
        return -1;

    call->op.u.node_heap.nr_nodes = XENNUMA_MAX_NODES;
    call->op.u.node_heap.nodes = LAYOUT_HANDLE(call->nodes);

    rc = call_sysctl(handle, &call->op, XEN_SYSCTL_node_heap);
    if ( !rc && call->op.u.node_heap.nr_nodes > XENNUMA_MAX_NODES )
    {
        errno = EOVERFLOW;
        rc = -1;
    }
    if ( !rc )
        report_read(call, heap);

    call_free(handle, call);

    return rc;
}
