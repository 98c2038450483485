/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations of public/node_claim.h: what is copied in and out, and
 * checked before any lock is taken.  The accounting is in node-claim.c, the
 * locks that guard it are page_alloc.c's.
 *
 * Guest memory is read once, onto the heap.  Permission is the caller's.
 */

#include <xen/domain-nodes.h>
#include <xen/err.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/llc-coloring.h>
#include <xen/nodemask.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>

#include <xsm/xsm.h>

static uint64_t online_nodes(void)
{
    uint64_t mask = 0;
    unsigned int node;

    BUILD_BUG_ON(MAX_NUMNODES > NODE_CLAIM_NODES);

    for_each_online_node ( node )
        mask |= 1UL << node;

    return mask;
}

int node_heap(struct xen_sysctl_node_heap *op)
{
    const unsigned int nr_nodes = flsl(online_nodes());
    xen_node_heap_t *nodes;
    int rc = 0;

    if ( op->pad )
        return -EINVAL;

    nodes = xzalloc_array(xen_node_heap_t, nr_nodes);
    if ( !nodes )
        return -ENOMEM;

    get_node_heap(op, nodes, nr_nodes);

    op->abi = XEN_NODE_CLAIM_ABI;
    op->features = XEN_NODE_CLAIM_F_CLAIMS | XEN_NODE_CLAIM_F_CREATE;
    op->online = online_nodes();

    if ( op->nr_nodes && op->nr_nodes < nr_nodes )
        rc = -ENOBUFS;
    else if ( op->nr_nodes && copy_to_guest(op->nodes, nodes, nr_nodes) )
        rc = -EFAULT;

    op->nr_nodes = nr_nodes;

    xfree(nodes);

    return rc;
}

/* Copy a claim set in and parse it.  The caller frees, also on error. */
static int read_request(XEN_GUEST_HANDLE_64(xen_node_claim_t) claims,
                        uint32_t nr, struct node_claim_request **request)
{
    xen_node_claim_t *entries = NULL;
    int rc = -ENOMEM;

    if ( nr > XEN_NODE_CLAIM_MAX_ENTRIES )
        return -E2BIG;

    *request = xmalloc(struct node_claim_request);
    if ( !*request )
        return -ENOMEM;

    if ( nr )
    {
        entries = xmalloc_array(xen_node_claim_t, nr);
        if ( !entries )
            goto out;

        rc = -EFAULT;
        if ( copy_from_guest(entries, claims, nr) )
            goto out;

        rc = -EOPNOTSUPP;
        if ( llc_coloring_enabled )
            goto out;
    }

    rc = node_claim_parse(*request, entries, nr, online_nodes());

 out:
    xfree(entries);

    return rc;
}

int set_node_claims(struct domain *d, struct xen_domctl_set_node_claims *op,
                    bool *copyback)
{
    struct node_claim_request *request = NULL;
    struct node_claim_shortage shortage = {};
    int rc;

    if ( op->short_entry || op->short_pages )
        return -EINVAL;

    rc = read_request(op->claims, op->nr_claims, &request);
    if ( !rc )
        rc = domain_set_claims(d, op->unique_id, request, &shortage);

    if ( rc == -ENOMEM && shortage.pages )
    {
        op->short_entry = shortage.entry;
        op->short_pages = shortage.pages;
        *copyback = true;
    }

    xfree(request);

    return rc;
}

static int check_placement(const struct xen_node_placement *op)
{
    if ( op->pad || op->domid || op->unique_id || op->short_entry ||
         op->short_pages || (op->flags & ~XEN_NODE_PLACEMENT_STRICT) ||
         op->max_pages > UINT_MAX || (!op->nodes && op->home_node) )
        return -EINVAL;

    if ( !op->nodes )
        return 0;

    if ( (op->nodes & ~online_nodes()) ||
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

    return read_request(op->claims, op->nr_claims, &placement->claims);
}

int publish_placement(struct domain_placement *placement,
                      const struct domain *d)
{
    placement->op.domid = d->domain_id;
    placement->op.unique_id = d->unique_id;

    return copy_to_guest(placement->handle, &placement->op, 1) ? -EFAULT : 0;
}

/* The claims could not be had: tell which one. */
static int publish_shortage(struct domain_placement *placement)
{
    placement->op.domid = 0;
    placement->op.unique_id = 0;
    placement->op.short_entry = placement->shortage.entry;
    placement->op.short_pages = placement->shortage.pages;

    return copy_to_guest(placement->handle, &placement->op, 1) ? -EFAULT
                                                               : -ENOMEM;
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

    if ( rc == -ENOMEM && placement->shortage.pages )
        rc = publish_shortage(placement);

 out:
    xfree(placement->claims);
    xfree(placement);

    return rc;
}

int get_node_claims(struct domain *d, struct xen_domctl_get_node_claims *op,
                    bool *copyback)
{
    const unsigned int nr_nodes = flsl(online_nodes());
    struct domain_nodes_state *state;
    int rc = 0;

    if ( op->pad )
        return -EINVAL;

    if ( !d->nodes )
        return -ESRCH;

    state = xzalloc(struct domain_nodes_state);
    if ( !state )
        return -ENOMEM;

    domain_get_nodes_state(d, state);

    if ( op->nr_claims < state->nr_claims || op->nr_nodes < nr_nodes )
        rc = -ENOBUFS;
    else if ( copy_to_guest(op->claims, state->claims, state->nr_claims) ||
              copy_to_guest(op->nodes, state->usage, nr_nodes) )
        rc = -EFAULT;
    else
    {
        op->unique_id = d->unique_id;
        op->owner = d->nodes->owner;
        op->flags = state->flags;
    }

    if ( rc != -EFAULT )
    {
        op->nr_claims = state->nr_claims;
        op->nr_nodes = nr_nodes;
        *copyback = true;
    }

    xfree(state);

    return rc;
}
