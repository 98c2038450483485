/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Memory and kernel of a PVH domain, through libxenguest.
 *
 * libxenguest populates range by range, on exactly the node that each range
 * names, with chunks of 1 GiB, then 2 MiB, then 4 KiB.  The ranges serve this
 * alone: they are not shown to the domain as nodes of its own.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "acpi.h"
#include "xen.h"

#define PAGE_SHIFT 12

static const char *reason(struct build *build)
{
    struct xen *xen = build->state;

    return reason_text(&xen->reason, errno);
}

int boot_image(struct build *build)
{
    const struct record *record = build->record;
    struct xen *xen = build->state;
    struct xc_dom_image *image;

    reason_clear(&xen->reason);
    image = xc_dom_allocate(xen->xc, record->cmdline, NULL);
    if ( !image )
        return build_fail(build, "kernel: out of memory");
    xen->image = image;
    image->container_type = XC_DOM_HVM_CONTAINER;
    if ( xc_dom_boot_xen_init(image, xen->xc, record->domid) )
        return build_fail(build, "domain %" PRIu32 ": libxenguest: %s",
                          record->domid, reason(build));

    reason_clear(&xen->reason);
    if ( xc_dom_kernel_file(image, record->kernel) )
        return build_fail(build, "kernel: %.200s: cannot be loaded: %s",
                          record->kernel, reason(build));
    if ( xc_dom_parse_image(image) )
        return build_fail(build, "kernel: %.200s: not a kernel that starts as "
                          "PVH: %s", record->kernel, reason(build));
    reason_clear(&xen->reason);
    if ( record->ramdisk &&
         xc_dom_module_file(image, record->ramdisk, NULL) )
        return build_fail(build, "ramdisk: %.200s: cannot be loaded: %s",
                          record->ramdisk, reason(build));

    return 0;
}

/* The layout as ranges of libxenguest; its "virtual nodes" are our shares. */
static int set_ranges(struct build *build)
{
    const struct record *record = build->record;
    struct xen *xen = build->state;
    struct xc_dom_image *image = xen->image;
    struct layout *layout = &xen->layout;

    layout_make(layout, record->shares, record->nr_shares,
                record->home_node);
    image->vmemranges = xc_dom_malloc(image, layout->nr_ranges *
                                             sizeof(*image->vmemranges));
    image->vnode_to_pnode =
        xc_dom_malloc(image, record->nr_shares *
                             sizeof(*image->vnode_to_pnode));
    if ( !image->vmemranges || !image->vnode_to_pnode )
        return build_fail(build, "memory: out of memory for its layout");

    image->nr_vmemranges = layout->nr_ranges;
    for ( unsigned int i = 0; i < layout->nr_ranges; i++ )
    {
        const struct layout_range *range = &layout->ranges[i];

        image->vmemranges[i] = (xen_vmemrange_t){
            .start = range->first << PAGE_SHIFT,
            .end = (range->first + range->pages) << PAGE_SHIFT,
            .nid = range->share,
        };
    }
    image->nr_vnodes = record->nr_shares;
    for ( unsigned int i = 0; i < record->nr_shares; i++ )
        image->vnode_to_pnode[i] = record->shares[i].node;

    return 0;
}

static void set_sizes(struct build *build)
{
    struct xen *xen = build->state;
    struct xc_dom_image *image = xen->image;
    const struct layout *layout = &xen->layout;

    image->lowmem_end = layout->low_pages << PAGE_SHIFT;
    if ( layout->high_pages )
        image->highmem_end = (LAYOUT_HOLE_END + layout->high_pages)
                             << PAGE_SHIFT;
    image->mmio_start = LAYOUT_HOLE_FIRST << PAGE_SHIFT;
    image->mmio_size = (LAYOUT_HOLE_END - LAYOUT_HOLE_FIRST) << PAGE_SHIFT;
    image->max_vcpus = build->record->vcpus;
    /* The same as the total, so that nothing is populated on demand. */
    image->target_pages = build->record->memory_pages;
    /* The memory is claimed already, and by node. */
    image->claim_enabled = 0;
    image->console_evtchn = xen->console_port;
    image->console_domid = xen->console_domid;
    image->xenstore_evtchn = xen->store_port;
    image->xenstore_domid = xen->store_domid;
}

/* Which node was short, for the reason; Xen knows what the domain has. */
static int memory_fail(struct build *build)
{
    const struct record *record = build->record;
    struct xennuma_domain *domain = malloc(sizeof(*domain));

    build_fail(build, "memory: domain %" PRIu32 ": %s", record->domid,
               reason(build));
    if ( !domain )
        return -1;
    if ( !xennuma_claims_get(build->numa, record->domid, domain) )
        for ( unsigned int i = 0; i < record->nr_shares; i++ )
        {
            const struct record_share *share = &record->shares[i];
            uint64_t got = domain->nodes[share->node].guest_pages;

            if ( got < share->pages )
            {
                build_fail(build, "memory: domain %" PRIu32 ": node %u: got "
                           "%" PRIu64 " of %" PRIu64 " pages: %s",
                           record->domid, share->node, got, share->pages,
                           reason(build));
                break;
            }
        }
    free(domain);

    return -1;
}

int boot_memory(struct build *build)
{
    struct xen *xen = build->state;
    struct xc_dom_image *image = xen->image;

    reason_clear(&xen->reason);
    if ( set_ranges(build) )
        return -1;
    set_sizes(build);
    /* It takes MiB, in 32 bits: the number of pages is set after it. */
    if ( xc_dom_mem_init(image, 0) )
        return memory_fail(build);
    image->total_pages = build->record->memory_pages;
    if ( xc_dom_boot_mem_init(image) )
        return memory_fail(build);

    return 0;
}

/* The memory map that Xen gives the domain. */
static int set_memory_map(struct build *build)
{
    struct xen *xen = build->state;
    struct xc_dom_image *image = xen->image;
    struct e820entry map[3 + MAX_ACPI_MODULES];
    uint32_t nr = 0;

    map[nr++] = (struct e820entry){ .size = image->lowmem_end,
                                    .type = E820_RAM };
    map[nr++] = (struct e820entry){
        .addr = (uint64_t)(X86_HVM_END_SPECIAL_REGION -
                           X86_HVM_NR_SPECIAL_PAGES) << PAGE_SHIFT,
        .size = X86_HVM_NR_SPECIAL_PAGES << PAGE_SHIFT,
        .type = E820_RESERVED,
    };
    for ( unsigned int i = 0; i < MAX_ACPI_MODULES; i++ )
    {
        const struct xc_hvm_firmware_module *module =
            &image->acpi_modules[i];
        uint64_t offset = module->guest_addr_out &
                          ((1u << PAGE_SHIFT) - 1);

        if ( module->length )
            map[nr++] = (struct e820entry){
                .addr = module->guest_addr_out - offset,
                .size = module->length + offset,
                .type = E820_ACPI,
            };
    }
    if ( image->highmem_end )
        map[nr++] = (struct e820entry){
            .addr = LAYOUT_HOLE_END << PAGE_SHIFT,
            .size = image->highmem_end - (LAYOUT_HOLE_END << PAGE_SHIFT),
            .type = E820_RAM,
        };

    return xc_domain_set_memory_map(xen->xc, build->record->domid, map, nr);
}

int boot_kernel(struct build *build)
{
    const struct record *record = build->record;
    struct xen *xen = build->state;

    reason_clear(&xen->reason);
    if ( acpi_make(xen->image, record->vcpus) )
        return build_fail(build, "domain %" PRIu32 ": ACPI tables for %u "
                          "vCPUs: %s", record->domid, record->vcpus,
                          strerror(errno));
    if ( set_memory_map(build) )
        return build_fail(build, "domain %" PRIu32 ": memory map: %s",
                          record->domid, reason(build));

    reason_clear(&xen->reason);
    if ( xc_dom_build_image(xen->image) || xc_dom_boot_image(xen->image) )
        return build_fail(build, "kernel: %.200s: cannot be put into %" PRIu64
                          " MiB: %s", record->kernel,
                          record->memory_pages / 256, reason(build));
    if ( xc_dom_gnttab_init(xen->image) )
        return build_fail(build, "domain %" PRIu32 ": grant table: %s",
                          record->domid, reason(build));

    return 0;
}
