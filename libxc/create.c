/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Create a domain on nodes.
 *
 * The domain is the one that xl would create from a file that says nothing
 * but name, type, memory and vcpus: 1023 event channels, grant tables as
 * large as the hypervisor's own default, no pass-through.
 */

#include <errno.h>
#include <string.h>

#include "private.h"

/* Room for what Xen calls createdomain, of any release: 4.20's is 68. */
#define MAX_CONFIG 256

struct creation {
    struct layout_domctl op;
    uint8_t config[MAX_CONFIG] __attribute__((__aligned__(8)));
    struct xen_node_placement placement;
    struct xen_node_claim claims[XENNUMA_MAX_CLAIMS];
};

static uint32_t grant_version(uint32_t capabilities)
{
    if ( capabilities & LAYOUT_PHYSCAP_GRANT_V2 )
        return 2;

    return capabilities & LAYOUT_PHYSCAP_GRANT_V1 ? 1 : 0;
}

static int config_write(struct layout_createdomain *to,
                        const struct xennuma_domain_config *from,
                        uint32_t capabilities)
{
    switch ( from->type )
    {
    case XENNUMA_DOMAIN_PVH:
        to->flags = LAYOUT_CDF_HVM;
        to->emulation_flags = LAYOUT_EMU_LAPIC;
        break;

    case XENNUMA_DOMAIN_HVM:
        to->flags = LAYOUT_CDF_HVM;
        to->emulation_flags = LAYOUT_EMU_HVM;
        break;

    case XENNUMA_DOMAIN_PV:
        break;

    default:
        errno = EINVAL;
        return -1;
    }

    if ( (to->flags & LAYOUT_CDF_HVM) && (capabilities & LAYOUT_PHYSCAP_HAP) )
        to->flags |= LAYOUT_CDF_HAP;

    memcpy(to->handle, from->uuid, sizeof(to->handle));
    to->max_vcpus = from->max_vcpus;
    to->max_evtchn_port = 1023;
    to->max_grant_frames = -1;
    to->max_maptrack_frames = -1;
    to->grant_opts = grant_version(capabilities);

    return 0;
}

static int placement_write(struct creation *call,
                           const struct xennuma_placement *from)
{
    struct xen_node_placement *to = &call->placement;

    to->nodes = from->nodes;
    to->home_node = from->home_node;
    to->flags = from->strict ? XEN_NODE_PLACEMENT_STRICT : 0;
    to->max_pages = from->max_pages;
    to->owner = from->owner;
    to->claims = LAYOUT_HANDLE(call->claims);
    to->nr_claims = from->nr_claims;

    return claims_write(call->claims, from->claims, from->nr_claims);
}

int xennuma_domain_create_raw(xennuma_handle *handle, uint32_t domid,
                              const void *createdomain, size_t size,
                              const struct xennuma_placement *placement,
                              struct xennuma_created *created,
                              struct xennuma_shortage *shortage)
{
    struct xen_domctl_create_on_nodes *create;
    struct creation *call;
    int rc = -1;

    if ( need(handle->abilities.create) )
        return -1;

    if ( size > MAX_CONFIG )
    {
        errno = EINVAL;
        return -1;
    }

    call = call_alloc(handle, sizeof(*call));
    if ( !call )
        return -1;

    memcpy(call->config, createdomain, size);
    if ( placement_write(call, placement) )
        goto out;

    create = &call->op.u.create;
    create->createdomain = LAYOUT_HANDLE(call->config);
    create->createdomain_size = size;
    create->placement = LAYOUT_HANDLE(&call->placement);

    rc = call_domctl(handle, &call->op, XEN_DOMCTL_create_on_nodes, domid);
    if ( !rc )
    {
        created->domid = call->placement.domid;
        created->unique_id = call->placement.unique_id;
    }
    else if ( errno == ENOMEM && shortage )
    {
        shortage->entry = call->placement.short_entry;
        shortage->pages = call->placement.short_pages;
    }

 out:
    call_free(handle, call);

    return rc;
}

int xennuma_domain_create(xennuma_handle *handle,
                          const struct xennuma_domain_config *config,
                          const struct xennuma_placement *placement,
                          struct xennuma_created *created,
                          struct xennuma_shortage *shortage)
{
    const struct xennuma_abilities *abilities = &handle->abilities;
    struct layout_createdomain layout = { .flags = 0 };
    uint32_t capabilities;

    if ( need(abilities->create || abilities->claims) ||
         call_capabilities(handle, &capabilities) ||
         config_write(&layout, config, capabilities) )
        return -1;

    if ( !abilities->create )
        return create_in_steps(handle, &layout, placement, created, shortage);

    return xennuma_domain_create_raw(handle, 0, &layout, sizeof(layout),
                                     placement, created, shortage);
}
