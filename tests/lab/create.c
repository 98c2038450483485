/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Creating the domains that claims are tested with, as any toolstack does
 * and on nodes.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Before libxenctrl, by which its types would be Xen's. */
#include "hypercall.h"

#include <xenctrl.h>

#include "domain.h"
#include "unit.h"

#define HAP (XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap)
/* What Xen wants of a domain with a device model. */
#define HVM_EMULATION \
    (XEN_X86_EMU_ALL & ~(XEN_X86_EMU_VPCI | XEN_X86_EMU_USE_PIRQ))

static const struct {
    uint32_t flags;
    uint32_t emulation;
} types[] = {
    [DOMAIN_PV] = { 0, 0 },
    [DOMAIN_PVH] = { HAP, XEN_X86_EMU_LAPIC },
    [DOMAIN_HVM] = { HAP, HVM_EMULATION },
    [DOMAIN_SHADOW] = { XEN_DOMCTL_CDF_hvm, XEN_X86_EMU_LAPIC },
};

void *domain_config_for(enum domain_type type, unsigned int vcpus)
{
    static struct xen_domctl_createdomain config;

    config = (struct xen_domctl_createdomain){
        .flags = types[type].flags,
        .max_vcpus = vcpus,
        .max_evtchn_port = 1023,
        .max_grant_frames = 4,
        .max_maptrack_frames = 4,
        .grant_opts = XEN_DOMCTL_GRANT_version(1),
        .arch.emulation_flags = types[type].emulation,
    };

    return &config;
}

void *domain_config(enum domain_type type)
{
    return domain_config_for(type, type == DOMAIN_PV ? 1 : DOMAIN_VCPUS);
}

unsigned int domain_config_size(void)
{
    return sizeof(struct xen_domctl_createdomain);
}

bool domain_can_shadow(void)
{
    xc_physinfo_t info = { 0 };

    if ( xc_physinfo(domain_xc(), &info) )
    {
        perror("xc_physinfo");
        exit(1);
    }

    return info.capabilities & XEN_SYSCTL_PHYSCAP_shadow;
}

int domain_create(uint32_t domid, const void *config, uint32_t config_size,
                  struct xen_node_placement *placement,
                  const struct xen_node_claim *claims)
{
    static struct xen_node_placement *buffer;
    static struct xen_node_claim *entries;
    static void *createdomain;
    struct xen_domctl_create_on_nodes op = { .createdomain_size = config_size };
    int rc;

    if ( !buffer )
    {
        buffer = hypercall_alloc(sizeof(*buffer));
        entries = hypercall_alloc(512 * sizeof(*entries));
        createdomain = hypercall_alloc(4096);
    }

    memcpy(createdomain, config ? config : domain_config(DOMAIN_PV),
           domain_config_size());
    if ( claims )
    {
        memcpy(entries, claims, placement->nr_claims * sizeof(*claims));
        placement->claims = (uintptr_t)entries;
    }
    *buffer = *placement;
    op.createdomain = (uintptr_t)createdomain;
    op.placement = (uintptr_t)buffer;

    rc = hypercall_domctl(XEN_DOMCTL_create_on_nodes, 0, domid, &op,
                          sizeof(op));
    *placement = *buffer;

    return rc;
}

uint32_t domain_make(uint64_t max_pages)
{
    uint32_t domid = 0;

    if ( xc_domain_create(domain_xc(), &domid, domain_config(DOMAIN_PV)) ||
         (max_pages && domain_set_max(domid, max_pages)) )
    {
        perror("xc_domain_create");
        exit(1);
    }

    return domid;
}

uint32_t domain_make_on(enum domain_type type, uint32_t node,
                        uint64_t max_pages)
{
    struct xen_node_placement placement = {
        .nodes = 1ULL << node, .home_node = node, .max_pages = max_pages,
    };
    int rc = domain_create(0, domain_config(type), domain_config_size(),
                           &placement, NULL);

    if ( rc )
    {
        fprintf(stderr, "create_on_nodes: node %u: %s\n", node, strerror(-rc));
        exit(1);
    }

    return placement.domid;
}
