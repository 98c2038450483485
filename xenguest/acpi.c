/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Making ACPI tables with libacpi of the Xen tree: see acpi.h.
 *
 * The tables lie in the hole below 4 GiB: one page of information that the
 * DSDT refers to by its address, then the tables.  The RSDP, which names
 * them, follows, or lies at the end of the BIOS area for kernels that look
 * for it only there.
 */

#include <errno.h>
#include <string.h>

#include "acpi.h"
#include "layout.h"

#include <xen/hvm/hvm_info_table.h>

#include "libacpi/libacpi.h"

#define PAGE          4096u
/* The longest tables so far, of 128 vCPUs, take 4 pages. */
#define TABLE_PAGES   16u
#define INFO_ADDRESS  (LAYOUT_HOLE_FIRST * PAGE)
#define TABLE_ADDRESS (INFO_ADDRESS + PAGE)
#define LAPIC_ADDRESS 0xfee00000u
#define RSDP_SIZE     64u
#define BIOS_END      0x100000u
/* From revision 5 on, tables can tell of a host without legacy devices. */
#define ACPI_REVISION 5

extern const unsigned char dsdt_pvh[];
extern int dsdt_pvh_len;

/* libacpi's allocator: from the start of one buffer to its end. */
struct pool {
    struct acpi_ctxt context;    /* first: given to libacpi                  */
    uint8_t *buffer;
    uint32_t used;
};

static void *pool_alloc(struct acpi_ctxt *context, uint32_t size,
                        uint32_t align)
{
    struct pool *pool = (struct pool *)context;
    uint32_t start;

    if ( align < 16 )
        align = 16;
    start = (pool->used + align - 1) & ~(align - 1);
    if ( start > TABLE_PAGES * PAGE || size > TABLE_PAGES * PAGE - start )
        return NULL;
    pool->used = start + size;

    return pool->buffer + start;
}

static void pool_free(struct acpi_ctxt *context, void *block, uint32_t size)
{
    (void)context;
    (void)block;
    (void)size;
}

static unsigned long pool_address(struct acpi_ctxt *context, void *block)
{
    struct pool *pool = (struct pool *)context;

    return TABLE_ADDRESS + ((uint8_t *)block - pool->buffer);
}

/* As Xen numbers the local APICs of HVM and PVH domains. */
static uint32_t lapic_id(unsigned int vcpu)
{
    return vcpu * 2;
}

static void set_module(struct xc_dom_image *image, unsigned int i,
                       void *content, uint32_t length, uint64_t address)
{
    image->acpi_modules[i].data = content;
    image->acpi_modules[i].length = length;
    image->acpi_modules[i].guest_addr_out = address;
}

/* Old Linux looks for the RSDP in the BIOS area only; newer says otherwise. */
static bool looks_in_bios(struct xc_dom_image *image)
{
    return !strcmp(xc_dom_guest_os(image), "linux") &&
           !xc_dom_feature_get(image, XENFEAT_linux_rsdp_unrestricted);
}

int acpi_make(struct xc_dom_image *image, unsigned int vcpus)
{
    struct hvm_info_table info = { .apic_mode = 1, .nr_vcpus = vcpus };
    uint8_t *rsdp = xc_dom_malloc(image, RSDP_SIZE);
    uint8_t *page = xc_dom_malloc(image, PAGE);
    struct pool pool = {
        .context.mem_ops = { .alloc = pool_alloc, .free = pool_free,
                             .v2p = pool_address },
        .buffer = xc_dom_malloc(image, TABLE_PAGES * PAGE),
    };
    struct acpi_config config = {
        .dsdt_anycpu = dsdt_pvh,
        .dsdt_anycpu_len = dsdt_pvh_len,
        .dsdt_15cpu = dsdt_pvh,
        .dsdt_15cpu_len = dsdt_pvh_len,
        .acpi_revision = ACPI_REVISION,
        .hvminfo = &info,
        .lapic_id = lapic_id,
        .lapic_base_address = LAPIC_ADDRESS,
        .infop = (unsigned long)page,
        .rsdp = (unsigned long)rsdp,
    };
    uint32_t pages;

    if ( !rsdp || !page || !pool.buffer )
    {
        errno = ENOMEM;
        return -1;
    }
    memset(rsdp, 0, RSDP_SIZE);
    memset(page, 0, PAGE);
    memset(pool.buffer, 0, TABLE_PAGES * PAGE);
    for ( unsigned int vcpu = 0; vcpu < vcpus; vcpu++ )
        info.vcpu_online[vcpu / 8] |= 1u << (vcpu % 8);

    if ( acpi_build_tables(&pool.context, &config) )
    {
        errno = ENOSPC;
        return -1;
    }
    pages = (pool.used + PAGE - 1) / PAGE;
    set_module(image, 0, rsdp, RSDP_SIZE,
               looks_in_bios(image) ? BIOS_END - RSDP_SIZE
                                    : TABLE_ADDRESS + pages * PAGE);
    set_module(image, 1, page, PAGE, INFO_ADDRESS);
    set_module(image, 2, pool.buffer, pages * PAGE, TABLE_ADDRESS);

    return 0;
}
