/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The shell of a PVH domain: vCPUs and their affinity, its limits and pools,
 * time, CPUID policy, and the event channels to xenstore and console.  All as
 * xl has it by default.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpulist.h"
#include "uuid.h"
/* Before Xen's own headers: it makes them declare what tools may use. */
#include "xen.h"

#include <xen/arch-x86/cpuid.h>
#include <xen/hvm/hvm_info_table.h>
#include <xen/hvm/params.h>

/* HVM_PARAM_TIMER_MODE: ticks are not delayed for those that were missed. */
#define TIMER_NO_DELAY 1

static int fail(struct build *build, const char *what)
{
    struct xen *xen = build->state;

    return build_fail(build, "domain %" PRIu32 ": %s: %s",
                      build->record->domid, what,
                      reason_text(&xen->reason, errno));
}

int shell_check(struct build *build)
{
    const struct record *record = build->record;
    struct xen *xen = build->state;
    char uuid[RECORD_UUID_MAX];
    xc_domaininfo_t info;

    reason_clear(&xen->reason);
    if ( xc_domain_getinfo_single(xen->xc, record->domid, &info) )
        return fail(build, "cannot be looked up");
    uuid_text(uuid, info.handle);
    if ( strcasecmp(uuid, record->uuid) )
        return build_fail(build, "domain %" PRIu32 ": has the uuid %s, not %s",
                          record->domid, uuid, record->uuid);
    if ( !(info.flags & XEN_DOMINF_hvm_guest) )
        return build_fail(build, "domain %" PRIu32 ": is no PVH domain",
                          record->domid);
    if ( info.tot_pages )
        return build_fail(build, "domain %" PRIu32 ": has memory already: "
                          "a domain is built once", record->domid);
    if ( record->vcpus > HVM_MAX_VCPUS )
        return build_fail(build, "vcpus: %u: a PVH domain has at most %d",
                          record->vcpus, HVM_MAX_VCPUS);
    xen->hap = info.flags & XEN_DOMINF_hap;

    return 0;
}

/*
 * KiB that Xen may use to map the memory: xl's rule, a page for each MiB (two
 * with shadow page tables) and 256 for each vCPU.
 */
static uint64_t pool_kib(const struct record *record, bool hap)
{
    uint64_t mib = record->memory_pages / 256;

    return XEN_KIB_PER_PAGE * (256u * record->vcpus + (hap ? 1 : 2) * mib);
}

static int set_affinity(struct build *build)
{
    const struct record *record = build->record;
    struct xen *xen = build->state;
    int nr_cpus = xc_get_max_cpus(xen->xc), rc = -1;
    xc_cpumap_t wanted = NULL, map = NULL;

    if ( !record->cpus )
        return 0;
    if ( nr_cpus > 0 )
    {
        wanted = xc_cpumap_alloc(xen->xc);
        map = xc_cpumap_alloc(xen->xc);
    }
    if ( !wanted || !map )
    {
        fail(build, "map of CPUs");
        goto out;
    }
    if ( cpulist_read(record->cpus, wanted, nr_cpus, build->why,
                      sizeof(build->why)) )
        goto out;

    for ( unsigned int vcpu = 0; vcpu < record->vcpus; vcpu++ )
    {
        /* Xen returns in the map what is in effect. */
        memcpy(map, wanted, (nr_cpus + 7) / 8);
        if ( xc_vcpu_setaffinity(xen->xc, record->domid, vcpu, NULL, map,
                                 XEN_VCPUAFFINITY_SOFT) )
        {
            fail(build, "soft affinity of a vCPU cannot be set");
            goto out;
        }
    }
    rc = 0;

 out:
    free(wanted);
    free(map);

    return rc;
}

static int alloc_port(struct build *build, uint32_t remote, uint32_t *port)
{
    struct xen *xen = build->state;
    xc_evtchn_port_or_error_t got =
        xc_evtchn_alloc_unbound(xen->xc, build->record->domid, remote);

    if ( got < 0 )
        return fail(build, "no event channel");
    *port = got;

    return 0;
}

int shell_make(struct build *build)
{
    const struct record *record = build->record;
    struct xen *xen = build->state;
    uint32_t domid = record->domid;
    int rc;

    reason_clear(&xen->reason);
    if ( xc_domain_max_vcpus(xen->xc, domid, record->vcpus) )
        return fail(build, "vCPUs cannot be made");
    if ( set_affinity(build) )
        return -1;
    if ( xc_domain_setmaxmem(xen->xc, domid,
                             record->max_pages * XEN_KIB_PER_PAGE) )
        return fail(build, "limit of memory cannot be set");
    if ( xc_set_paging_mempool_size(xen->xc, domid,
                                    pool_kib(record, xen->hap) << 10) )
        return fail(build, "pool of page tables cannot be filled");
    if ( xc_hvm_param_set(xen->xc, domid, HVM_PARAM_TIMER_MODE,
                          TIMER_NO_DELAY) )
        return fail(build, "timer mode cannot be set");
    if ( xc_domain_set_tsc_info(xen->xc, domid, XEN_CPUID_TSC_MODE_DEFAULT,
                                0, 0, 0) )
        return fail(build, "TSC mode cannot be set");
    if ( alloc_port(build, xen->store_domid, &xen->store_port) ||
         alloc_port(build, xen->console_domid, &xen->console_port) )
        return -1;

    /* All that the host offers, PAE too; no invariant TSC, no nesting. */
    rc = xc_cpuid_apply_policy(xen->xc, domid, false, NULL, 0, true, false,
                               false, NULL, NULL);
    if ( rc )
    {
        errno = rc < -1 ? -rc : errno;
        return fail(build, "CPUID policy cannot be set");
    }

    return 0;
}
