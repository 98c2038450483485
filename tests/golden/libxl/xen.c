/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The surroundings of libxl's placement: see xen.h.  Each CPU of a node, in
 * the order of nodes; one CPU pool of all of them.
 */

#include "xen.h"

#define MAX_KEPT 4096

static const struct state *shown;
static libxl_ctx context;
static libxl__gc collector;
static void *kept[MAX_KEPT];
static int nr_kept;

libxl__gc *xen_show(const struct state *state)
{
    shown = state;
    context.nogc_gc.alloc_maxsize = -1;
    context.nogc_gc.owner = &context;
    collector.owner = &context;

    return &collector;
}

void xen_hide(void)
{
    while ( nr_kept )
        free(kept[--nr_kept]);
}

void *libxl__calloc(libxl__gc *gc, size_t nr, size_t size)
{
    void *memory = calloc(nr, size ? size : 1);

    if ( !memory )
        abort();
    if ( gc == &collector )
    {
        if ( nr_kept == MAX_KEPT )
            abort();
        kept[nr_kept++] = memory;
    }

    return memory;
}

/* Of a public function's own collector, which nothing is allocated from. */
void libxl__free_all(libxl__gc *gc)
{
    (void)gc;
}

void libxl__log(libxl_ctx *ctx, xentoollog_level level, int errnoval,
                const char *file, int line, const char *func, uint32_t domid,
                const char *fmt, ...)
{
}

int xc_get_max_nodes(xc_interface *xch)
{
    return shown->nr_nodes;
}

static int count_cpus(void)
{
    int cpus = 0;

    for ( int i = 0; i < shown->nr_nodes; i++ )
        cpus += shown->cpus[i];

    return cpus;
}

libxl_numainfo *libxl_get_numainfo(libxl_ctx *ctx, int *nr)
{
    libxl_numainfo *nodes = calloc(shown->nr_nodes, sizeof(*nodes));

    *nr = shown->nr_nodes;
    for ( int i = 0; nodes && i < shown->nr_nodes; i++ )
        nodes[i].size = nodes[i].free = shown->free_mib[i] << 20;

    return nodes;
}

libxl_cputopology *libxl_get_cpu_topology(libxl_ctx *ctx, int *nr)
{
    libxl_cputopology *cpus = calloc(count_cpus(), sizeof(*cpus));
    libxl_cputopology *next = cpus;

    *nr = count_cpus();
    for ( int i = 0; cpus && i < shown->nr_nodes; i++ )
        for ( int j = 0; j < shown->cpus[i]; j++ )
            *next++ = (libxl_cputopology){ .core = j, .node = i };

    return cpus;
}

/* The CPUs of a mask of nodes. */
static void cpumap(unsigned int nodes, libxl_bitmap *map)
{
    int cpu = 0;

    libxl_bitmap_alloc(&context, map, count_cpus());
    for ( int i = 0; i < shown->nr_nodes; i++ )
        for ( int j = 0; j < shown->cpus[i]; j++, cpu++ )
            if ( nodes >> i & 1 )
                libxl_bitmap_set(map, cpu);
}

int libxl__domain_cpupool(libxl__gc *gc, uint32_t domid)
{
    return 0;
}

int libxl_cpupool_info(libxl_ctx *ctx, libxl_cpupoolinfo *pool, uint32_t id)
{
    cpumap(~0u, &pool->cpumap);

    return 0;
}

libxl_dominfo *libxl_list_domain(libxl_ctx *ctx, int *nr)
{
    libxl_dominfo *domains = calloc(shown->nr_domains + 1, sizeof(*domains));

    *nr = shown->nr_domains;
    for ( int i = 0; domains && i < shown->nr_domains; i++ )
        domains[i].domid = i;

    return domains;
}

libxl_vcpuinfo *libxl_list_vcpu(libxl_ctx *ctx, uint32_t domid, int *nr,
                                int *nr_cpus)
{
    const struct state_domain *domain = &shown->domains[domid];
    libxl_vcpuinfo *vcpus = calloc(domain->vcpus, sizeof(*vcpus));

    *nr = domain->vcpus;
    *nr_cpus = count_cpus();
    for ( int i = 0; vcpus && i < domain->vcpus; i++ )
        cpumap(domain->by_vcpus ? domain->nodes : ~0u, &vcpus[i].cpumap);

    return vcpus;
}

int libxl_domain_get_nodeaffinity(libxl_ctx *ctx, uint32_t domid,
                                  libxl_bitmap *map)
{
    const struct state_domain *domain = &shown->domains[domid];

    libxl_bitmap_set_none(map);
    for ( int i = 0; i < shown->nr_nodes; i++ )
        if ( domain->by_vcpus || domain->nodes >> i & 1 )
            libxl_bitmap_set(map, i);

    return 0;
}
