/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reporting the heap by node: copies out what page_alloc.c knows, without a
 * need for memory of its own.
 */

#include <xen/domain-nodes.h>
#include <xen/guest_access.h>
#include <xen/spinlock.h>

#include <public/sysctl.h>

int node_heap(struct xen_sysctl_node_heap *op)
{
    static DEFINE_SPINLOCK(lock);
    static xen_node_heap_t nodes[NODE_CLAIM_NODES];
    const unsigned int nr_nodes = flsl(node_claim_online());
    int rc = 0;

    if ( op->pad )
        return -EINVAL;

    spin_lock(&lock);

    memset(nodes, 0, sizeof(nodes));
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

    spin_unlock(&lock);

    return rc;
}
