/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The model's answers to domctl; those that create are in model-create.c.
 *
 * Errors come in the order in which the hypervisor finds them.  The lock is
 * the caller's; all that changes something is between begin and end.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model-private.h"

static int set_claims(struct model *model, struct model_domain *domain,
                      struct xen_domctl_set_node_claims *set)
{
    struct node_claim_shortage shortage;
    struct node_claim_request request;
    int rc;

    if ( set->short_entry || set->short_pages )
        return -EINVAL;

    rc = model_parse(model, set->claims, set->nr_claims, &request);
    if ( rc )
        return rc;

    if ( set->unique_id && set->unique_id != domain->unique_id )
        return -ESRCH;

    if ( !set->nr_claims )
    {
        if ( !domain->claims.legacy )
            node_claim_release(&model->state->host.heap, &domain->claims);
        return 0;
    }

    if ( domain->flags & XEN_NODE_CLAIM_DOM_DYING )
        return -ESRCH;

    if ( domain->flags & XEN_NODE_CLAIM_DOM_FINISHED )
        return -EBUSY;

    if ( domain->claims.legacy )
        return -EEXIST;

    rc = node_claim_install(&model->state->host.heap, &domain->claims,
                            &request, domain->pages, domain->max_pages,
                            &shortage);
    if ( rc == -ENOMEM )
    {
        set->short_entry = shortage.entry;
        set->short_pages = shortage.pages;
    }

    return rc;
}

static int get_claims(struct model *model, const struct model_domain *domain,
                      struct xen_domctl_get_node_claims *get)
{
    unsigned int nr_nodes = model->state->file.nr_nodes, node;
    struct xen_node_usage *usage = model_guest(get->nodes);
    uint32_t nr_claims;

    if ( get->pad )
        return -EINVAL;

    nr_claims = node_claim_list(&domain->claims, model_guest(get->claims),
                                get->nr_claims);
    if ( nr_claims > get->nr_claims || nr_nodes > get->nr_nodes )
    {
        get->nr_claims = nr_claims;
        get->nr_nodes = nr_nodes;
        return -ENOBUFS;
    }

    get->unique_id = domain->unique_id;
    get->owner = domain->owner;
    get->flags = domain->flags;
    get->nr_claims = nr_claims;
    get->nr_nodes = nr_nodes;

    for ( node = 0; node < nr_nodes; node++ )
        usage[node] = (struct xen_node_usage){
            .guest_pages = domain->guest_pages[node],
            .overhead_pages = domain->overhead_pages[node],
        };

    return 0;
}

static int destroy(struct model *model, struct model_domain *domain)
{
    struct node_claim_heap *heap = &model->state->host.heap;
    unsigned int node;

    if ( !domain->domid )
        return -EINVAL;

    node_claim_release(heap, &domain->claims);
    for ( node = 0; node < XENNUMA_MAX_NODES; node++ )
        model_give(heap, node, domain->guest_pages[node] +
                               domain->overhead_pages[node]);
    memset(domain, 0, sizeof(*domain));

    return 0;
}

int model_domctl(struct model *model, struct layout_domctl *op)
{
    uint32_t features = model->state->file.features;
    struct model_domain *domain;
    int rc;

    if ( op->cmd == LAYOUT_DOMCTL_CREATE )
        return model_create(model, op);

    if ( op->cmd == XEN_DOMCTL_create_on_nodes &&
         (features & XEN_NODE_CLAIM_F_CREATE) )
        return model_create_on_nodes(model, op);

    domain = model_domain(model, op->domid);
    if ( !domain )
        return -ESRCH;

    switch ( op->cmd )
    {
    case XEN_DOMCTL_set_node_claims:
        if ( !(features & XEN_NODE_CLAIM_F_CLAIMS) )
            return -ENOSYS;
        model_begin(model, domain);
        rc = set_claims(model, domain, &op->u.set_claims);
        return model_end(model, rc);

    case XEN_DOMCTL_get_node_claims:
        return features & XEN_NODE_CLAIM_F_CLAIMS
               ? get_claims(model, domain, &op->u.get_claims) : -ENOSYS;

    case LAYOUT_DOMCTL_NODE_AFFINITY:
    case LAYOUT_DOMCTL_MAX_MEM:
    case LAYOUT_DOMCTL_MAX_VCPUS:
        model_begin(model, domain);
        rc = model_create_step(model, domain, op);
        return model_end(model, rc);

    case LAYOUT_DOMCTL_DESTROY:
        model_begin(model, domain);
        rc = destroy(model, domain);
        return model_end(model, rc);

    default:
        return -ENOSYS;
    }
}
