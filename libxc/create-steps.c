/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Create a domain, step by step, on a Xen that has claims but cannot create
 * on nodes.
 *
 * The order is what makes the best of it: Xen knows the home node before it
 * makes the vCPUs, but only after what it makes with the domain itself; some
 * of both it puts on the node of the CPU that makes them, whatever it knows.
 * The claim comes last, when all of that has its memory.  Between the steps
 * others can see the domain, and take the memory that it is going to claim.
 */

#include <errno.h>
#include <string.h>

#include "private.h"

struct step {
    struct layout_domctl op;
    uint64_t nodes;
    struct xen_node_claim claims[XENNUMA_MAX_CLAIMS];
};

static int step(xennuma_handle *handle, struct step *call, uint32_t cmd,
                uint32_t domid)
{
    int rc = call_domctl(handle, &call->op, cmd, domid);

    memset(&call->op.u, 0, sizeof(call->op.u));

    return rc;
}

/* Xen takes any mask of which one node is online; create_on_nodes does not. */
static int check_nodes(xennuma_handle *handle, uint64_t nodes, uint32_t home)
{
    struct xennuma_heap heap;
    uint64_t online = 0;

    if ( xennuma_heap_get(handle, &heap) )
        return -1;
    for ( unsigned int i = 0; i < heap.nr_nodes; i++ )
        if ( heap.nodes[i].online )
            online |= UINT64_C(1) << i;
    if ( (nodes & ~online) ||
         (nodes && (home >= XENNUMA_MAX_NODES ||
                    !(nodes & (UINT64_C(1) << home)))) )
    {
        errno = ENOENT;
        return -1;
    }

    return 0;
}

/* All that would be refused anyway, before there is a domain. */
static int check(xennuma_handle *handle, struct step *call,
                 const struct xennuma_placement *placement)
{
    if ( placement->max_pages > UINT32_MAX ||
         (!placement->nodes && placement->home_node) )
    {
        errno = EINVAL;
        return -1;
    }

    return claims_write(call->claims, placement->claims,
                        placement->nr_claims) ||
           check_nodes(handle, placement->nodes, placement->home_node) ? -1
                                                                       : 0;
}

static int make_domain(xennuma_handle *handle, struct step *call,
                       const struct layout_createdomain *config,
                       struct xennuma_created *created)
{
    call->op.u.createdomain = *config;
    /* Domain 0 stands for any free id. */
    if ( step(handle, call, LAYOUT_DOMCTL_CREATE, 0) )
        return -1;
    created->domid = call->op.domid;
    created->unique_id = 0;

    return 0;
}

static int set_nodes(xennuma_handle *handle, struct step *call,
                     uint32_t domid, uint64_t nodes)
{
    if ( !nodes )
        return 0;

    call->nodes = nodes;
    call->op.u.node_affinity.bitmap = LAYOUT_HANDLE(&call->nodes);
    call->op.u.node_affinity.nr_bits = 64;

    return step(handle, call, LAYOUT_DOMCTL_NODE_AFFINITY, domid);
}

static int set_max_pages(xennuma_handle *handle, struct step *call,
                         uint32_t domid, uint64_t pages)
{
    if ( !pages )
        return 0;

    call->op.u.max_mem.kib = pages * LAYOUT_PAGE_KIB;

    return step(handle, call, LAYOUT_DOMCTL_MAX_MEM, domid);
}

static int make_vcpus(xennuma_handle *handle, struct step *call,
                      uint32_t domid, uint32_t nr)
{
    call->op.u.max_vcpus.nr = nr;

    return step(handle, call, LAYOUT_DOMCTL_MAX_VCPUS, domid);
}

static int get_unique_id(xennuma_handle *handle,
                         struct xennuma_created *created)
{
    struct xennuma_domain domain;

    if ( xennuma_claims_get(handle, created->domid, &domain) )
        return -1;
    created->unique_id = domain.unique_id;

    return 0;
}

/* Until the vCPUs are there, the home node is the only one. */
static int complete(xennuma_handle *handle, struct step *call,
                    struct xennuma_created *created, uint32_t vcpus,
                    const struct xennuma_placement *placement)
{
    const uint64_t nodes = placement->nodes;
    const uint64_t home = nodes ? UINT64_C(1) << placement->home_node : 0;

    return get_unique_id(handle, created) ||
           set_nodes(handle, call, created->domid, home) ||
           set_max_pages(handle, call, created->domid,
                         placement->max_pages) ||
           make_vcpus(handle, call, created->domid, vcpus) ||
           (nodes != home &&
            set_nodes(handle, call, created->domid, nodes)) ? -1 : 0;
}

static int claim(xennuma_handle *handle,
                 const struct xennuma_created *created,
                 const struct xennuma_placement *placement,
                 struct xennuma_shortage *shortage)
{
    if ( !placement->nr_claims )
        return 0;

    return xennuma_claims_set(handle, created->domid, created->unique_id,
                              placement->claims, placement->nr_claims,
                              shortage);
}

/* Unless it is gone already, and its id perhaps another one's. */
static void take_away(xennuma_handle *handle, struct step *call,
                      uint32_t domid)
{
    int saved_errno = errno;

    if ( errno != ESRCH )
        domain_destroy(handle, &call->op, domid);
    errno = saved_errno;
}

int create_in_steps(xennuma_handle *handle,
                    const struct layout_createdomain *config,
                    const struct xennuma_placement *placement,
                    struct xennuma_created *created,
                    struct xennuma_shortage *shortage)
{
    struct xennuma_created made;
    struct step *call;
    int rc = -1;

    if ( need(!placement->strict) )
        return -1;

    call = call_alloc(handle, sizeof(*call));
    if ( !call )
        return -1;

    if ( check(handle, call, placement) )
        goto out;

    rc = make_domain(handle, call, config, &made);
    if ( !rc && complete(handle, call, &made, config->max_vcpus, placement) )
    {
        take_away(handle, call, made.domid);
        rc = -1;
    }
    /* Up to here it was Xen's own memory. */
    if ( rc && errno == ENOMEM && shortage )
        *shortage = (struct xennuma_shortage){ .pages = 0 };
    if ( rc )
        goto out;

    rc = claim(handle, &made, placement, shortage);
    if ( !rc )
        *created = made;
    else
        take_away(handle, call, made.domid);

 out:
    call_free(handle, call);

    return rc;
}
