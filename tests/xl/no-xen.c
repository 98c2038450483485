/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What xl and libxl ask libxenctrl and libxenstore when they only read a
 * configuration, answered without a Xen: a host of 16 CPUs on 4 nodes whose
 * other properties are all zero.  Preloaded, before the libraries of any build;
 * of the headers only Xen's own are needed, which all of them share.
 */

#include <stddef.h>
#include <stdint.h>

#include <xen/xen.h>
#include <xen/sysctl.h>

#define NR_CPUS 16
#define NR_NODES 4

/* Xen's version and libxl's are longs and pointers, far fewer than these. */
static const long no_version[256];
static int handle;

void *xc_interface_open(void *logger, void *dombuild_logger, unsigned int flags)
{
    return &handle;
}

int xc_interface_close(void *xch)
{
    return 0;
}

int xc_get_max_cpus(void *xch)
{
    return NR_CPUS;
}

int xc_get_max_nodes(void *xch)
{
    return NR_NODES;
}

int xc_physinfo(void *xch, struct xen_sysctl_physinfo *info)
{
    info->nr_cpus = NR_CPUS;
    info->max_cpu_id = NR_CPUS - 1;
    info->nr_nodes = NR_NODES;
    info->max_node_id = NR_NODES - 1;

    return 0;
}

int xc_cputopoinfo(void *xch, unsigned int *max_cpus,
                   struct xen_sysctl_cputopo *topology)
{
    unsigned int cpu;

    for ( cpu = 0; topology && cpu < *max_cpus; cpu++ )
        topology[cpu] = (struct xen_sysctl_cputopo){
            .core = cpu,
            .node = cpu / (NR_CPUS / NR_NODES),
        };

    *max_cpus = NR_CPUS;

    return 0;
}

int xc_numainfo(void *xch, unsigned int *max_nodes,
                struct xen_sysctl_meminfo *memory, uint32_t *distance)
{
    unsigned int i;

    for ( i = 0; memory && i < *max_nodes; i++ )
        memory[i] = (struct xen_sysctl_meminfo){ 0 };
    for ( i = 0; distance && i < *max_nodes * *max_nodes; i++ )
        distance[i] = 10;

    *max_nodes = NR_NODES;

    return 0;
}

long xc_sharing_freed_pages(void *xch)
{
    return 0;
}

long xc_sharing_used_frames(void *xch)
{
    return 0;
}

void *xs_open(unsigned long flags)
{
    return &handle;
}

void xs_close(void *xsh)
{
}

const void *libxl_get_version_info(void *ctx)
{
    return no_version;
}
