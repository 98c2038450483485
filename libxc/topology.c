/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * CPUs and distances of the host's nodes.
 *
 * All comes from operations that every Xen has.
 */

#include <string.h>

#include "private.h"

#define MAX_CPUS 4096u

_Static_assert(sizeof(((struct xennuma_topology *)0)->cpu_node) == MAX_CPUS,
               "cpu_node");

static int distances_get(xennuma_handle *handle,
                         struct xennuma_topology *topology)
{
    struct {
        struct layout_sysctl op;
        uint32_t distances[XENNUMA_MAX_NODES * XENNUMA_MAX_NODES];
    } *call = call_alloc(handle, sizeof(*call));
    unsigned int nr, i, j;
    int rc;

    if ( !call )
        return -1;

    call->op.u.numa.nr_nodes = XENNUMA_MAX_NODES;
    call->op.u.numa.distances = LAYOUT_HANDLE(call->distances);

    rc = call_sysctl(handle, &call->op, LAYOUT_SYSCTL_NUMA);
    nr = call->op.u.numa.nr_nodes;
    if ( !rc && nr <= XENNUMA_MAX_NODES )
    {
        topology->nr_nodes = nr;
        /* Xen's "none" is ours. */
        for ( i = 0; i < nr; i++ )
            for ( j = 0; j < nr; j++ )
                topology->nodes[i].distances[j] =
                    call->distances[i * nr + j];
    }

    call_free(handle, call);

    return rc;
}

/* Two threads of a core have the same socket, core and node. */
static bool is_new_core(const struct layout_cpu *cpus, unsigned int nr)
{
    unsigned int i;

    for ( i = 0; i < nr; i++ )
        if ( !memcmp(&cpus[i], &cpus[nr], sizeof(cpus[i])) )
            return false;

    return true;
}

static void cpu_read(const struct layout_cpu *cpus, unsigned int nr,
                     struct xennuma_topology *topology)
{
    const struct layout_cpu *cpu = &cpus[nr];

    if ( cpu->core == LAYOUT_NONE || cpu->socket == LAYOUT_NONE ||
         cpu->node >= XENNUMA_MAX_NODES )
        return;

    topology->cpu_node[nr] = cpu->node;
    topology->nodes[cpu->node].cpus++;
    topology->nodes[cpu->node].cores += is_new_core(cpus, nr);
}

static int cpus_get(xennuma_handle *handle, struct xennuma_topology *topology)
{
    struct {
        struct layout_sysctl op;
        struct layout_cpu cpus[MAX_CPUS];
    } *call = call_alloc(handle, sizeof(*call));
    unsigned int i;
    int rc;

    if ( !call )
        return -1;

    call->op.u.cputopo.nr_cpus = MAX_CPUS;
    call->op.u.cputopo.cpus = LAYOUT_HANDLE(call->cpus);

    rc = call_sysctl(handle, &call->op, LAYOUT_SYSCTL_CPUTOPO);
    if ( !rc )
    {
        topology->nr_cpus = call->op.u.cputopo.nr_cpus;
        if ( topology->nr_cpus > MAX_CPUS )
            topology->nr_cpus = MAX_CPUS;
        for ( i = 0; i < topology->nr_cpus; i++ )
            cpu_read(call->cpus, i, topology);
    }

    call_free(handle, call);

    return rc;
}

int xennuma_topology_get(xennuma_handle *handle,
                         struct xennuma_topology *topology)
{
    uint32_t capabilities;
    unsigned int node;

    memset(topology, 0, sizeof(*topology));
    memset(topology->cpu_node, 0xff, sizeof(topology->cpu_node));
    for ( node = 0; node < XENNUMA_MAX_NODES; node++ )
        memset(topology->nodes[node].distances, 0xff,
               sizeof(topology->nodes[node].distances));

    if ( distances_get(handle, topology) || cpus_get(handle, topology) ||
         call_capabilities(handle, &capabilities) )
        return -1;
    topology->hap = capabilities & LAYOUT_PHYSCAP_HAP;

    return 0;
}
