/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The floor that builders are measured against: PVH domains built one after
 * the other by one process, with nothing but the steps that cannot be left
 * out.  No claims, no nodes, no xenstore, no console; they stay paused.
 *
 *   bare KERNEL MIB...
 *
 * Prints "DOMID SECONDS" for each and "all SECONDS" at the end.  Exit status
 * 1 if one could not be built; those before it are left.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xenctrl.h>
#include <xenguest.h>

#define HOLE_FIRST  UINT64_C(0xfc000000)
#define HOLE_END    (UINT64_C(4) << 30)

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);

    return time.tv_sec + time.tv_nsec / 1e9;
}

static int create(xc_interface *xc, uint32_t *domid)
{
    struct xen_domctl_createdomain config = {
        .flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap |
                 XEN_DOMCTL_CDF_oos_off,
        .max_vcpus = 1,
        .max_evtchn_port = 1023,
        .max_grant_frames = 64,
        .max_maptrack_frames = 1024,
        .grant_opts = XEN_DOMCTL_GRANT_version(2),
        .arch = { .emulation_flags = XEN_X86_EMU_LAPIC },
    };

    *domid = 0;

    return xc_domain_create(xc, domid, &config);
}

static void set_memory(struct xc_dom_image *image, uint64_t bytes)
{
    image->target_pages = bytes >> XC_PAGE_SHIFT;
    image->mmio_start = HOLE_FIRST;
    image->mmio_size = HOLE_END - HOLE_FIRST;
    image->lowmem_end = bytes < HOLE_FIRST ? bytes : HOLE_FIRST;
    if ( bytes > HOLE_FIRST )
        image->highmem_end = HOLE_END + (bytes - HOLE_FIRST);
}

/* Memory and kernel; the image is the caller's to release. */
static int load(xc_interface *xc, struct xc_dom_image *image, uint32_t domid,
                const char *kernel, unsigned int mib)
{
    image->container_type = XC_DOM_HVM_CONTAINER;
    image->max_vcpus = 1;
    set_memory(image, (uint64_t)mib << 20);

    return xc_dom_kernel_file(image, kernel) ||
           xc_dom_boot_xen_init(image, xc, domid) ||
           xc_dom_parse_image(image) ||
           xc_dom_mem_init(image, mib) ||
           xc_dom_boot_mem_init(image) ||
           xc_dom_build_image(image) ||
           xc_dom_boot_image(image);
}

static int build(xc_interface *xc, const char *kernel, unsigned int mib)
{
    /* xl's rules: 1 MiB of slack, a page of pool for each MiB and 256. */
    uint64_t max_kib = (uint64_t)mib * 1024 + 1024;
    uint64_t pool = (UINT64_C(256) + mib) << XC_PAGE_SHIFT;
    struct xc_dom_image *image = NULL;
    double start = now();
    uint32_t domid;
    int rc = -1;

    if ( create(xc, &domid) || xc_domain_max_vcpus(xc, domid, 1) ||
         xc_domain_setmaxmem(xc, domid, max_kib) ||
         xc_set_paging_mempool_size(xc, domid, pool) )
        goto out;
    image = xc_dom_allocate(xc, NULL, NULL);
    if ( image && !load(xc, image, domid, kernel, mib) )
    {
        printf("%" PRIu32 " %.3f\n", domid, now() - start);
        rc = 0;
    }

 out:
    if ( rc )
        fprintf(stderr, "bare: %u MiB: cannot be built: %s\n", mib,
                strerror(errno));
    if ( image )
        xc_dom_release(image);

    return rc;
}

int main(int argc, char *argv[])
{
    xc_interface *xc;
    double start = now();
    int rc = 0;

    if ( argc < 3 )
    {
        fprintf(stderr, "usage: bare KERNEL MIB...\n");
        return 2;
    }
    xc = xc_interface_open(NULL, NULL, 0);
    if ( !xc )
        return 1;
    for ( int i = 2; !rc && i < argc; i++ )
    {
        char *end;
        unsigned long mib = strtoul(argv[i], &end, 10);

        if ( *end || !mib || mib > UINT32_MAX )
        {
            fprintf(stderr, "bare: %s: not a number of MiB\n", argv[i]);
            rc = -1;
        }
        else
            rc = build(xc, argv[1], mib);
    }
    xc_interface_close(xc);
    printf("all %.3f\n", now() - start);

    return rc ? 1 : 0;
}
