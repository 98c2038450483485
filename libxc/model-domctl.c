/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The model's answers to domctl: claims, creation, destruction.
 *
 * Errors come in the order in which the hypervisor finds them.  The lock is
 * the caller's; all that changes something is between begin and end.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model-private.h"

/* What createdomain takes for an HVM domain. */
#define MAX_VCPUS 128u

static uint64_t online(const struct model *model)
{
    unsigned int nr = model->state->file.nr_nodes;

    return nr < 64 ? (1ULL << nr) - 1 : ~0ULL;
}

static void *guest(uint64_t handle)
{
    return (void *)(uintptr_t)handle;
}

/* Do entries ask for what this host is described as without? */
static bool lacks(const struct model *model,
                  const struct xen_node_claim *entries, uint32_t nr)
{
    uint32_t features = model->state->file.features, need = 0;

    while ( nr-- )
        need |= (entries[nr].order ? XEN_NODE_CLAIM_F_SUPERPAGES : 0) |
                (entries[nr].kind ? XEN_NODE_CLAIM_F_OVERHEAD : 0);

    return need & ~features;
}

static int parse(const struct model *model, uint64_t claims, uint32_t nr,
                 struct node_claim_request *request)
{
    if ( nr > XEN_NODE_CLAIM_MAX_ENTRIES )
        return -E2BIG;

    return node_claim_parse(request, guest(claims), nr, online(model)) ?:
           lacks(model, guest(claims), nr) ? -EOPNOTSUPP : 0;
}

static int set_claims(struct model *model, struct model_domain *domain,
                      struct xen_domctl_set_node_claims *set)
{
    struct node_claim_shortage shortage;
    struct node_claim_request request;
    int rc;

    if ( set->short_entry || set->short_pages )
        return -EINVAL;

    rc = parse(model, set->claims, set->nr_claims, &request);
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
    struct xen_node_usage *usage = guest(get->nodes);
    uint32_t nr_claims;

    if ( get->pad )
        return -EINVAL;

    nr_claims = node_claim_list(&domain->claims, guest(get->claims),
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

/* Ids go round, as Xen's do, so that one comes back late. */
static int free_slot(struct model *model, uint32_t wanted,
                     struct model_domain **slot, uint32_t *domid)
{
    unsigned int i;

    if ( wanted )
    {
        *domid = wanted;
        *slot = model_slot(model, wanted);
        return (*slot)->unique_id ? -EEXIST : 0;
    }

    *domid = model->state->host.last_domid;
    for ( i = 0; i < MODEL_MAX_DOMAINS; i++ )
    {
        *domid = *domid + 1 < LAYOUT_DOMID_RESERVED ? *domid + 1 : 1;
        *slot = model_slot(model, *domid);
        if ( !(*slot)->unique_id )
            return 0;
    }

    return -ENOMEM;
}

/* What Xen takes for itself: on the home node, else wherever it may. */
static int take_overhead(struct model *model, struct model_domain *domain,
                         const struct xen_node_placement *placement,
                         uint64_t pages)
{
    unsigned int nr_nodes = model->state->file.nr_nodes, i, node;
    uint64_t got;

    for ( i = 0; pages && i < nr_nodes; i++ )
    {
        node = (placement->home_node + i) % nr_nodes;
        got = model_take(&model->state->host.heap, &domain->claims, 
                         NODE_CLAIM_FOR_OVERHEAD, node, pages);
        domain->overhead_pages[node] += got;
        pages -= got;
        if ( placement->flags & XEN_NODE_PLACEMENT_STRICT )
            break;
    }

    return pages ? -ENOMEM : 0;
}

static int check_placement(const struct model *model,
                           const struct xen_node_placement *placement)
{
    uint64_t nodes = placement->nodes;
    uint32_t home = placement->home_node;

    if ( placement->domid || placement->unique_id || placement->short_entry ||
         placement->pad || placement->short_pages ||
         (placement->flags & ~XEN_NODE_PLACEMENT_STRICT) ||
         placement->max_pages > UINT32_MAX || (!nodes && home) )
        return -EINVAL;

    if ( nodes && ((nodes & ~online(model)) || home >= XENNUMA_MAX_NODES ||
                   !(nodes & (1ULL << home))) )
        return -ENOENT;

    return 0;
}

/* The claims first: they say better than the rest what is missing. */
static int fill_domain(struct model *model, struct model_domain *domain,
                       uint32_t domid, uint32_t vcpus,
                       const struct node_claim_request *request,
                       struct xen_node_placement *placement)
{
    const struct model_file *file = &model->state->file;
    struct node_claim_shortage shortage;
    int rc = 0;

    memset(domain, 0, sizeof(*domain));
    domain->domid = domid;
    domain->unique_id = model_unique_id(&model->state->host);
    domain->flags = XEN_NODE_CLAIM_DOM_PAUSED;
    domain->owner = placement->owner;
    domain->nodes = placement->nodes;
    domain->max_pages = placement->max_pages;
    model->state->host.last_domid = domid;

    if ( placement->nr_claims )
        rc = node_claim_install(&model->state->host.heap, &domain->claims,
                                request, 0, domain->max_pages, &shortage);
    if ( rc == -ENOMEM )
    {
        placement->short_entry = shortage.entry;
        placement->short_pages = shortage.pages;
    }

    return rc ?: take_overhead(model, domain, placement,
                               file->domain_overhead +
                               (uint64_t)file->vcpu_overhead * vcpus);
}

static int create(struct model *model, struct layout_domctl *op)
{
    const struct xen_domctl_create_on_nodes *arg = &op->u.create;
    const struct layout_createdomain *config = guest(arg->createdomain);
    struct xen_node_placement *placement = guest(arg->placement);
    struct node_claim_request request;
    struct model_domain *domain;
    uint32_t domid;
    int rc;

    if ( arg->pad || arg->createdomain_size != sizeof(*config) )
        return -EINVAL;

    rc = check_placement(model, placement);
    if ( !rc )
        rc = parse(model, placement->claims, placement->nr_claims, &request);
    if ( rc )
        return rc;

    if ( !config->max_vcpus || config->max_vcpus > MAX_VCPUS )
        return -EINVAL;

    rc = free_slot(model, op->domid, &domain, &domid);
    if ( rc )
        return rc;

    model_begin(model, domain);
    rc = fill_domain(model, domain, domid, config->max_vcpus, &request,
                     placement);
    if ( !rc )
    {
        placement->domid = domid;
        placement->unique_id = domain->unique_id;
    }

    return model_end(model, rc);
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

    if ( op->cmd == XEN_DOMCTL_create_on_nodes &&
         (features & XEN_NODE_CLAIM_F_CREATE) )
        return create(model, op);

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

    case LAYOUT_DOMCTL_DESTROY:
        model_begin(model, domain);
        rc = destroy(model, domain);
        return model_end(model, rc);

    default:
        return -ENOSYS;
    }
}
