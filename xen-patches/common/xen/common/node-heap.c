/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reporting the heap by node: copies out what page_alloc.c knows.
 */

#include <xen/domain-nodes.h>
#include <xen/guest_access.h>
#include <xen/xmalloc.h>

#include <public/sysctl.h>

int node_heap(struct xen_sysctl_node_heap *op)
{
    const unsigned int nr_nodes = flsl(node_claim_online());
    xen_node_heap_t *nodes;
    int rc = 0;

    if ( op->pad )
        return -EINVAL;

    nodes = xzalloc_array(xen_node_heap_t, nr_nodes);
    if ( !nodes )
        return -ENOMEM;

    get_node_heap(op, nodes, nr_nodes);

    op->abi = XEN_NODE_CLAIM_ABI;
    op->features = XEN_NODE_CLAIM_F_CLAIMS | XEN_NODE_CLAIM_F_CREATE |
                   XEN_NODE_CLAIM_F_SUPERPAGES | XEN_NODE_CLAIM_F_OVERHEAD;
    op->online = node_claim_online();

    if ( op->nr_nodes && op->nr_nodes < nr_nodes )
        rc = -ENOBUFS;
    else if ( op->nr_nodes && copy_to_guest(op->nodes, nodes, nr_nodes) )
        rc = -EFAULT;

    op->nr_nodes = nr_nodes;

    xfree(nodes);

    return rc;
}
