/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Setting and getting the claims of a domain: what is copied in and out, and
 * checked before any lock is taken.  The accounting is in node-claim.c, the
 * locks that guard it are page_alloc.c's.
 *
 * Guest memory is read once.  Permission is for the caller to check.  Neither
 * setting nor getting claims needs memory: all that is free can be claimed, and
 * who wants to know where it all went asks when there is none.
 */

#include <xen/domain-nodes.h>
#include <xen/guest_access.h>
#include <xen/llc-coloring.h>
#include <xen/nodemask.h>
#include <xen/sched.h>
#include <xen/spinlock.h>
#include <xen/xmalloc.h>

uint64_t node_claim_online(void)
{
    uint64_t mask = 0;
    unsigned int node;

    BUILD_BUG_ON(MAX_NUMNODES > NODE_CLAIM_NODES);

    for_each_online_node ( node )
        mask |= 1UL << node;

    return mask;
}

static int read_entries(struct node_claim_request *request,
                        xen_node_claim_t *entries,
                        XEN_GUEST_HANDLE_64(xen_node_claim_t) claims,
                        uint32_t nr)
{
    if ( nr && copy_from_guest(entries, claims, nr) )
        return -EFAULT;

    if ( nr && llc_coloring_enabled )
        return -EOPNOTSUPP;

    return node_claim_parse(request, entries, nr, node_claim_online());
}

/* A request, and what it refers to. */
struct read_request {
    struct node_claim_request request;       /* first: freed by it         */
    xen_node_claim_t entries[];
};

int node_claim_read(XEN_GUEST_HANDLE_64(xen_node_claim_t) claims, uint32_t nr,
                    struct node_claim_request **request)
{
    struct read_request *read;

    if ( nr > XEN_NODE_CLAIM_MAX_ENTRIES )
        return -E2BIG;

    read = xmalloc_flex_struct(struct read_request, entries, nr);
    if ( !read )
        return -ENOMEM;

    *request = &read->request;

    return read_entries(&read->request, read->entries, claims, nr);
}

int set_node_claims(struct domain *d, struct xen_domctl_set_node_claims *op,
                    bool *copyback)
{
    static DEFINE_SPINLOCK(lock);
    static struct node_claim_request request;
    static xen_node_claim_t entries[XEN_NODE_CLAIM_MAX_ENTRIES];
    struct node_claim_shortage shortage = {};
    int rc;

    if ( op->short_entry || op->short_pages )
        return -EINVAL;

    if ( op->nr_claims > XEN_NODE_CLAIM_MAX_ENTRIES )
        return -E2BIG;

    spin_lock(&lock);

    rc = read_entries(&request, entries, op->claims, op->nr_claims);
    if ( !rc )
        rc = domain_set_claims(d, op->unique_id, &request, &shortage);

    spin_unlock(&lock);

    if ( rc == -ENOMEM && shortage.pages )
    {
        op->short_entry = shortage.entry;
        op->short_pages = shortage.pages;
        *copyback = true;
    }

    return rc;
}

int get_node_claims(struct domain *d, struct xen_domctl_get_node_claims *op,
                    bool *copyback)
{
    static DEFINE_SPINLOCK(lock);
    static struct domain_nodes_state state;
    const unsigned int nr_nodes = flsl(node_claim_online());
    int rc = 0;

    if ( op->pad )
        return -EINVAL;

    if ( !d->nodes )
        return -ESRCH;

    spin_lock(&lock);

    memset(&state, 0, sizeof(state));
    domain_get_nodes_state(d, &state);

    if ( op->nr_claims < state.nr_claims || op->nr_nodes < nr_nodes )
        rc = -ENOBUFS;
    else if ( copy_to_guest(op->claims, state.claims, state.nr_claims) ||
              copy_to_guest(op->nodes, state.usage, nr_nodes) )
        rc = -EFAULT;
    else
    {
        op->unique_id = d->unique_id;
        op->owner = d->nodes->owner;
        op->flags = state.flags;
    }

    if ( rc != -EFAULT )
    {
        op->nr_claims = state.nr_claims;
        op->nr_nodes = nr_nodes;
        *copyback = true;
    }

    spin_unlock(&lock);

    return rc;
}
