/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How the model creates domains: on nodes, or step by step as any Xen does.
 *
 * Errors come in the order in which the hypervisor finds them.  The lock is
 * the caller's; all that changes something is between begin and end.
 */

#include <errno.h>
#include <string.h>

#include "model-private.h"

/* What createdomain takes for an HVM domain. */
#define MAX_VCPUS 128u

static uint64_t online(const struct model *model)
{
    unsigned int nr = model->state->file.nr_nodes;

    return nr < 64 ? (1ULL << nr) - 1 : ~0ULL;
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

int model_parse(const struct model *model, uint64_t claims, uint32_t nr,
                struct node_claim_request *request)
{
    if ( nr > XEN_NODE_CLAIM_MAX_ENTRIES )
        return -E2BIG;

    return node_claim_parse(request, model_guest(claims), nr, online(model)) ?:
           lacks(model, model_guest(claims), nr) ? -EOPNOTSUPP : 0;
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

static void begin_domain(struct model *model, struct model_domain *domain,
                         uint32_t domid, uint32_t vcpus)
{
    memset(domain, 0, sizeof(*domain));
    domain->domid = domid;
    domain->unique_id = model_unique_id(&model->state->host);
    domain->flags = XEN_NODE_CLAIM_DOM_PAUSED;
    domain->max_vcpus = vcpus;
    model->state->host.last_domid = domid;
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

    begin_domain(model, domain, domid, vcpus);
    domain->vcpus = vcpus;
    domain->owner = placement->owner;
    domain->nodes = placement->nodes;
    domain->max_pages = placement->max_pages;

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

int model_create_on_nodes(struct model *model, struct layout_domctl *op)
{
    const struct xen_domctl_create_on_nodes *arg = &op->u.create;
    const struct layout_createdomain *config = model_guest(arg->createdomain);
    struct xen_node_placement *placement = model_guest(arg->placement);
    struct node_claim_request request;
    struct model_domain *domain;
    uint32_t domid;
    int rc;

    if ( arg->pad || arg->createdomain_size != sizeof(*config) )
        return -EINVAL;

    rc = check_placement(model, placement);
    if ( !rc )
        rc = model_parse(model, placement->claims, placement->nr_claims,
                         &request);
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

/* Its overhead lies where the caller happens to run: here on node 0. */
int model_create(struct model *model, struct layout_domctl *op)
{
    uint32_t vcpus = op->u.createdomain.max_vcpus, domid;
    const struct xen_node_placement anywhere = { .nodes = 0 };
    struct model_domain *domain;
    int rc;

    if ( !vcpus || vcpus > MAX_VCPUS )
        return -EINVAL;

    rc = free_slot(model, op->domid, &domain, &domid);
    if ( rc )
        return rc;

    model_begin(model, domain);
    begin_domain(model, domain, domid, vcpus);
    rc = take_overhead(model, domain, &anywhere,
                       model->state->file.domain_overhead);
    if ( !rc )
        op->domid = domid;

    return model_end(model, rc);
}

static int set_nodes(const struct model *model, struct model_domain *domain,
                     const struct layout_node_affinity *affinity)
{
    uint64_t nodes;

    if ( affinity->nr_bits != 64 )
        return -EINVAL;

    memcpy(&nodes, model_guest(affinity->bitmap), sizeof(nodes));
    if ( !(nodes & online(model)) )
        return -EINVAL;
    domain->nodes = nodes;

    return 0;
}

/* Once made, they stay; what they need is taken where the domain is. */
static int make_vcpus(struct model *model, struct model_domain *domain,
                      uint32_t nr)
{
    struct xen_node_placement near = { .nodes = domain->nodes };
    uint64_t pages = model->state->file.vcpu_overhead;

    if ( nr != domain->max_vcpus )
        return -EINVAL;

    pages *= nr - domain->vcpus;
    domain->vcpus = nr;
    if ( near.nodes )
        near.home_node = __builtin_ctzll(near.nodes);

    return take_overhead(model, domain, &near, pages);
}

int model_create_step(struct model *model, struct model_domain *domain,
                      const struct layout_domctl *op)
{
    switch ( op->cmd )
    {
    case LAYOUT_DOMCTL_NODE_AFFINITY:
        return set_nodes(model, domain, &op->u.node_affinity);

    case LAYOUT_DOMCTL_MAX_MEM:
        domain->max_pages = op->u.max_mem.kib / LAYOUT_PAGE_KIB;
        return 0;

    default:
        return make_vcpus(model, domain, op->u.max_vcpus.nr);
    }
}
