/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What happens to a domain of the model after its creation: memory comes and
 * goes, it is paused, unpaused, killed.
 */

#include <errno.h>
#include <string.h>

#include "model-private.h"

/* A change of one domain under the lock; argument and result as below. */
struct change {
    uint32_t node;
    uint64_t pages;
    bool exact;
};

typedef int change_fn(struct model *model, struct model_domain *domain,
                      const struct change *change);

static int apply(xennuma_handle *handle, uint32_t domid, change_fn *fn,
                 const struct change *change)
{
    struct model *model = handle->host;
    struct model_domain *domain;
    int rc = -ESRCH;

    if ( handle->backend != &model_backend )
    {
        errno = ENOTTY;
        return -1;
    }

    if ( model_lock(model) )
        return -1;

    domain = model_domain(model, domid);
    if ( domain )
    {
        model_begin(model, domain);
        rc = model_end(model, fn(model, domain, change));
    }
    model_unlock(model);

    if ( !rc )
        return 0;

    errno = -rc;
    return -1;
}

static uint64_t take_from(struct model *model, struct model_domain *domain,
                          uint64_t nodes, uint64_t want)
{
    unsigned int node;
    uint64_t got;

    for ( node = 0; want && node < model->state->file.nr_nodes; node++ )
    {
        if ( !(nodes & (1ULL << node)) )
            continue;

        got = model_take(&model->state->host.heap, &domain->claims,
                         NODE_CLAIM_FOR_GUEST, node, want);
        domain->guest_pages[node] += got;
        domain->pages += got;
        want -= got;
    }

    return want;
}

static int populate(struct model *model, struct model_domain *domain,
                    const struct change *change)
{
    uint64_t want = change->pages;

    if ( domain->flags & XEN_NODE_CLAIM_DOM_DYING )
        return -ESRCH;

    if ( change->node != XENNUMA_HOST &&
         change->node >= model->state->file.nr_nodes )
        return -EINVAL;

    if ( domain->pages > domain->max_pages ||
         want > domain->max_pages - domain->pages )
        return -ENOMEM;

    if ( change->node != XENNUMA_HOST )
        want = take_from(model, domain, 1ULL << change->node, want);
    if ( !change->exact || change->node == XENNUMA_HOST )
    {
        want = take_from(model, domain, domain->claims.nodes, want);
        want = take_from(model, domain, domain->nodes, want);
        want = take_from(model, domain, ~0ULL, want);
    }

    return want ? -ENOMEM : 0;
}

int xennuma_model_populate(xennuma_handle *handle, uint32_t domid,
                           uint32_t node, uint64_t pages, bool exact)
{
    return apply(handle, domid, populate,
                 &(struct change){ node, pages, exact });
}

static int take_back(struct model *model, struct model_domain *domain,
                     const struct change *change)
{
    if ( change->node >= model->state->file.nr_nodes ||
         change->pages > domain->guest_pages[change->node] )
        return -EINVAL;

    domain->guest_pages[change->node] -= change->pages;
    domain->pages -= change->pages;
    model_give(&model->state->host.heap, change->node, change->pages);

    return 0;
}

int xennuma_model_free(xennuma_handle *handle, uint32_t domid, uint32_t node,
                       uint64_t pages)
{
    return apply(handle, domid, take_back,
                 &(struct change){ .node = node, .pages = pages });
}

/* XENMEM_claim_pages: how much it shall have in the end, at most one. */
static int claim_pages(struct model *model, struct model_domain *domain,
                       const struct change *change)
{
    struct node_claim_heap *heap = &model->state->host.heap;
    struct node_claim_set *set = &domain->claims;
    struct node_claim_request request = { 0 };
    struct node_claim_shortage shortage;
    int rc;

    if ( !change->pages )
    {
        if ( set->legacy )
            node_claim_release(heap, set);
        return 0;
    }

    if ( (domain->flags & XEN_NODE_CLAIM_DOM_DYING) ||
         change->pages > domain->max_pages )
        return -EINVAL;

    /* Without effect on a claim set, as long as that would do. */
    if ( set->total_pages && !set->legacy )
        return change->pages > domain->pages + set->total_pages -
                               set->overhead_pages ? -EINVAL : 0;

    if ( set->total_pages || change->pages <= domain->pages )
        return -EINVAL;

    request.host_pages = request.total_pages = change->pages - domain->pages;
    rc = node_claim_install(heap, set, &request, domain->pages,
                            domain->max_pages, &shortage);
    set->legacy = !rc;

    return rc;
}

int xennuma_model_claim_pages(xennuma_handle *handle, uint32_t domid,
                              uint64_t pages)
{
    return apply(handle, domid, claim_pages,
                 &(struct change){ .pages = pages });
}

static int max_pages(struct model *model, struct model_domain *domain,
                     const struct change *change)
{
    (void)model;
    domain->max_pages = change->pages;

    return 0;
}

int xennuma_model_max_pages(xennuma_handle *handle, uint32_t domid,
                            uint64_t pages)
{
    return apply(handle, domid, max_pages,
                 &(struct change){ .pages = pages });
}

static int unpause(struct model *model, struct model_domain *domain,
                   const struct change *change)
{
    (void)change;

    domain->flags &= ~XEN_NODE_CLAIM_DOM_PAUSED;
    if ( !(domain->flags & XEN_NODE_CLAIM_DOM_FINISHED) )
    {
        domain->flags |= XEN_NODE_CLAIM_DOM_FINISHED;
        if ( !domain->claims.legacy )
            node_claim_release(&model->state->host.heap, &domain->claims);
    }

    return 0;
}

int xennuma_model_unpause(xennuma_handle *handle, uint32_t domid)
{
    return apply(handle, domid, unpause, NULL);
}

static int do_pause(struct model *model, struct model_domain *domain,
                    const struct change *change)
{
    (void)model;
    (void)change;
    domain->flags |= XEN_NODE_CLAIM_DOM_PAUSED;

    return 0;
}

int xennuma_model_pause(xennuma_handle *handle, uint32_t domid)
{
    return apply(handle, domid, do_pause, NULL);
}

static int do_kill(struct model *model, struct model_domain *domain,
                   const struct change *change)
{
    (void)change;
    domain->flags |= XEN_NODE_CLAIM_DOM_DYING;
    node_claim_release(&model->state->host.heap, &domain->claims);

    return 0;
}

int xennuma_model_kill(xennuma_handle *handle, uint32_t domid)
{
    return apply(handle, domid, do_kill, NULL);
}
