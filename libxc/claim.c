/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The claim set of a domain: replace it, read it.
 *
 * What a claim may be is the hypervisor's to decide; here only that is
 * checked which could not be passed on as it is.
 */

#include <errno.h>
#include <string.h>

#include "private.h"

/* The library's limits are those of the interface. */
_Static_assert(XENNUMA_MAX_NODES == XEN_NODE_CLAIM_MAX_NODES, "nodes");
_Static_assert(XENNUMA_MAX_CLAIMS == XEN_NODE_CLAIM_MAX_ENTRIES, "claims");
_Static_assert(XENNUMA_HOST == XEN_NODE_CLAIM_HOST, "host");
_Static_assert(XENNUMA_CLAIM_GUEST == XEN_NODE_CLAIM_GUEST, "guest");
_Static_assert(XENNUMA_CLAIM_OVERHEAD == XEN_NODE_CLAIM_OVERHEAD, "overhead");

int claims_write(struct xen_node_claim *entries,
                 const struct xennuma_claim *claims, unsigned int nr)
{
    unsigned int i;

    if ( nr > XENNUMA_MAX_CLAIMS )
    {
        errno = E2BIG;
        return -1;
    }

    for ( i = 0; i < nr; i++ )
    {
        if ( (unsigned int)claims[i].kind > XENNUMA_CLAIM_OVERHEAD )
        {
            errno = EINVAL;
            return -1;
        }

        entries[i].pages = claims[i].pages;
        entries[i].target = claims[i].target;
        entries[i].order = claims[i].order;
        entries[i].kind = claims[i].kind;
    }

    return 0;
}

int xennuma_claims_set(xennuma_handle *handle, uint32_t domid,
                       uint64_t unique_id,
                       const struct xennuma_claim *claims, unsigned int nr,
                       struct xennuma_shortage *shortage)
{
    struct {
        struct layout_domctl op;
        struct xen_node_claim entries[XENNUMA_MAX_CLAIMS];
    } *call;
    struct xen_domctl_set_node_claims *set;
    int rc = -1;

    if ( need(handle->abilities.claims) )
        return -1;

    call = call_alloc(handle, sizeof(*call));
    if ( !call )
        return -1;

    set = &call->op.u.set_claims;
    if ( claims_write(call->entries, claims, nr) )
        goto out;

    set->unique_id = unique_id;
    set->claims = LAYOUT_HANDLE(call->entries);
    set->nr_claims = nr;

    rc = call_domctl(handle, &call->op, XEN_DOMCTL_set_node_claims, domid);
    if ( rc && errno == ENOMEM && shortage )
    {
        shortage->entry = set->short_entry;
        shortage->pages = set->short_pages;
    }

 out:
    call_free(handle, call);

    return rc;
}

struct snapshot {
    struct layout_domctl op;
    struct xen_node_claim claims[XENNUMA_MAX_CLAIMS];
    struct xen_node_usage nodes[XENNUMA_MAX_NODES];
};

static void snapshot_read(const struct snapshot *call, uint32_t domid,
                          struct xennuma_domain *domain)
{
    const struct xen_domctl_get_node_claims *get = &call->op.u.get_claims;
    unsigned int i;

    memset(domain, 0, sizeof(*domain));
    domain->domid = domid;
    domain->unique_id = get->unique_id;
    domain->owner = get->owner;
    domain->paused = get->flags & XEN_NODE_CLAIM_DOM_PAUSED;
    domain->finished = get->flags & XEN_NODE_CLAIM_DOM_FINISHED;
    domain->dying = get->flags & XEN_NODE_CLAIM_DOM_DYING;
    domain->nr_claims = get->nr_claims;
    domain->nr_nodes = get->nr_nodes;

    for ( i = 0; i < get->nr_claims; i++ )
        domain->claims[i] = (struct xennuma_claim){
            .pages = call->claims[i].pages,
            .target = call->claims[i].target,
            .order = call->claims[i].order,
            .kind = call->claims[i].kind,
        };

    for ( i = 0; i < get->nr_nodes; i++ )
        domain->nodes[i] = (struct xennuma_usage){
            .guest_pages = call->nodes[i].guest_pages,
            .overhead_pages = call->nodes[i].overhead_pages,
            .recalled_pages = call->nodes[i].recalled_pages,
        };
}

int xennuma_claims_get(xennuma_handle *handle, uint32_t domid,
                       struct xennuma_domain *domain)
{
    struct xen_domctl_get_node_claims *get;
    struct snapshot *call;
    int rc;

    if ( need(handle->abilities.claims) )
        return -1;

    call = call_alloc(handle, sizeof(*call));
    if ( !call )
        return -1;

    get = &call->op.u.get_claims;
    get->nr_claims = XENNUMA_MAX_CLAIMS;
    get->nr_nodes = XENNUMA_MAX_NODES;
    get->claims = LAYOUT_HANDLE(call->claims);
    get->nodes = LAYOUT_HANDLE(call->nodes);

    rc = call_domctl(handle, &call->op, XEN_DOMCTL_get_node_claims, domid);
    if ( !rc && (get->nr_claims > XENNUMA_MAX_CLAIMS ||
                 get->nr_nodes > XENNUMA_MAX_NODES) )
    {
        errno = EOVERFLOW;
        rc = -1;
    }
    if ( !rc )
        snapshot_read(call, domid, domain);

    call_free(handle, call);

    return rc;
}
