/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Creating a domain on nodes: reads the placement, and tells the caller what
 * came of it.  Putting the placement into effect is domain_create's.
 *
 * Both structures are read before the domctl lock is taken, once; they are
 * read again only if there was nothing but waiting for the lock.
 */

#include <xen/domain.h>
#include <xen/domain-nodes.h>
#include <xen/err.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>

#include <xsm/xsm.h>

static int check_placement(const struct xen_node_placement *op)
{
    if ( op->pad || op->domid || op->unique_id || op->short_entry ||
         op->short_pages || (op->flags & ~XEN_NODE_PLACEMENT_STRICT) ||
         op->max_pages > UINT_MAX || (!op->nodes && op->home_node) )
        return -EINVAL;

    if ( !op->nodes )
        return 0;

    if ( (op->nodes & ~node_claim_online()) ||
         op->home_node >= NODE_CLAIM_NODES ||
         !(op->nodes & (1UL << op->home_node)) )
        return -ENOENT;

    return 0;
}

/* The caller frees placement->claims, also on error. */
static int read_placement(struct domain_placement *placement,
                          XEN_GUEST_HANDLE_64(xen_node_placement_t) handle)
{
    const struct xen_node_placement *op = &placement->op;
    unsigned int node;
    int rc;

    placement->handle = handle;
    if ( copy_from_guest(&placement->op, handle, 1) )
        return -EFAULT;

    rc = check_placement(op);
    if ( rc )
        return rc;

    for ( node = 0; node < MAX_NUMNODES; node++ )
        if ( op->nodes & (1UL << node) )
            node_set(node, placement->nodes);

    placement->home_node = op->home_node;
    placement->strict = op->flags & XEN_NODE_PLACEMENT_STRICT;
    placement->max_pages = op->max_pages;
    placement->owner = op->owner;

    return node_claim_read(op->claims, op->nr_claims, &placement->claims);
}

int publish_placement(struct domain_placement *placement,
                      const struct domain *d)
{
    placement->op.domid = d->domain_id;
    placement->op.unique_id = d->unique_id;

    return copy_to_guest(placement->handle, &placement->op, 1) ? -EFAULT : 0;
}

/*
 * There is no domain.  Take back the id that was published for it, also if
 * only a part of that arrived, and tell which claim could not be had.
 */
static int publish_failure(struct domain_placement *placement, int rc)
{
    const bool is_short = rc == -ENOMEM && placement->shortage.pages;

    if ( !placement->op.domid && !is_short )
        return rc;

    placement->op.domid = 0;
    placement->op.unique_id = 0;
    if ( is_short )
    {
        placement->op.short_entry = placement->shortage.entry;
        placement->op.short_pages = placement->shortage.pages;
    }

    return copy_to_guest(placement->handle, &placement->op, 1) ? -EFAULT : rc;
}

/* With the domctl lock held. */
static int create_placed(domid_t wanted,
                         struct xen_domctl_createdomain *config,
                         struct domain_placement *placement)
{
    struct domain *d;
    domid_t domid;
    int rc = domctl_choose_domid(wanted, &domid);

    if ( rc )
        return rc;

    d = domain_create_on_nodes(domid, config, 0, placement);

    return IS_ERR(d) ? PTR_ERR(d) : 0;
}

long create_on_nodes(struct xen_domctl *op,
                     XEN_GUEST_HANDLE_PARAM(xen_domctl_t) u_domctl)
{
    const struct xen_domctl_create_on_nodes create = op->u.create_on_nodes;
    struct domain_placement *placement;
    long rc;

    if ( create.pad ||
         create.createdomain_size != sizeof(op->u.createdomain) )
        return -EINVAL;

    /* From here on op is what the security modules see. */
    if ( copy_from_guest((void *)&op->u.createdomain, create.createdomain,
                         sizeof(op->u.createdomain)) )
        return -EFAULT;

    rc = xsm_domctl(XSM_OTHER, NULL, op);
    if ( rc )
        return rc;

    placement = xzalloc(struct domain_placement);
    if ( !placement )
        return -ENOMEM;

    rc = read_placement(placement, create.placement);
    if ( rc )
        goto out;

    if ( !domctl_lock_acquire() )
    {
        rc = hypercall_create_continuation(__HYPERVISOR_domctl, "h", u_domctl);
        goto out;
    }

    rc = create_placed(op->domain, &op->u.createdomain, placement);

    domctl_lock_release();

    if ( rc )
        rc = publish_failure(placement, rc);

 out:
    xfree(placement->claims);
    xfree(placement);

    return rc;
}
