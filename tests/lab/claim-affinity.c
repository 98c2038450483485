/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What lasts of where a domain was created, on a real Xen: its affinity is what
 * it was until a toolstack says otherwise, and its structures are on the home
 * node while there is room.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "hypercall.h"

#include <xenctrl.h>

#include "domain.h"
#include "host.h"
#include "unit.h"

#define STRICT XEN_NODE_PLACEMENT_STRICT
/* Xen's pools of small objects grow by a page now and then, anywhere. */
#define SLACK  16u

/* The nodes of all CPUs, by CPU. */
static const xc_cputopo_t *get_cpus(unsigned int *nr)
{
    static xc_cputopo_t cpus[512];
    unsigned int max = 512;

    UNIT_EQUAL("topology", xc_cputopoinfo(domain_xc(), &max, cpus), 0);
    *nr = max;

    return cpus;
}

static bool has_cpus(unsigned int node)
{
    unsigned int nr, cpu;
    const xc_cputopo_t *cpus = get_cpus(&nr);

    for ( cpu = 0; cpu < nr; cpu++ )
        if ( cpus[cpu].node == node )
            return true;

    return false;
}

static uint32_t node_of_vcpu(uint32_t domid, unsigned int vcpu)
{
    unsigned int nr;
    const xc_cputopo_t *cpus = get_cpus(&nr);
    xc_vcpuinfo_t info = { 0 };

    UNIT_EQUAL("vCPU", xc_vcpu_getinfo(domain_xc(), domid, vcpu, &info), 0);

    return info.cpu < nr ? cpus[info.cpu].node : ~0u;
}

static uint64_t overhead(uint32_t domid, unsigned int node)
{
    struct claims claims;

    return claims_get(domid, &claims) ? 0 : claims.nodes[node].overhead_pages;
}

static int make(unsigned int node, unsigned int vcpus, uint32_t flags,
                uint32_t *domid)
{
    struct xen_node_placement placement = {
        .nodes = 1ULL << node, .home_node = node, .flags = flags,
    };
    int rc = domain_create(0, domain_config_for(DOMAIN_PVH, vcpus),
                           domain_config_size(), &placement, NULL);

    *domid = placement.domid;

    return rc;
}

static uint32_t make_with_vcpus(unsigned int node, unsigned int vcpus)
{
    uint32_t domid;

    UNIT_EQUAL("create", make(node, vcpus, 0, &domid), 0);
    UNIT_EQUAL("vCPUs", domain_set_vcpus(domid, vcpus), 0);

    return domid;
}

static void end(uint32_t domid)
{
    domain_destroy(domid);
    host_unchanged_but("afterwards", SLACK);
}

static void vcpus_start(void)
{
    unsigned int i, vcpu, nr = host_nodes();

    for ( i = 0; i < nr; i++ )
    {
        const unsigned int node = host_node(i);
        uint32_t domid;

        host_begin();
        domid = make_with_vcpus(node, 4);
        for ( vcpu = 0; vcpu < 4 && has_cpus(node); vcpu++ )
            UNIT_EQUAL("runs on", node_of_vcpu(domid, vcpu), node);
        UNIT_EQUAL("affinity", domain_affinity(domid), 1ULL << node);
        end(domid);
    }
}

static void move_cpus(unsigned int node, int (*move)(xc_interface *, uint32_t,
                                                     int))
{
    unsigned int nr, cpu;
    const xc_cputopo_t *cpus = get_cpus(&nr);

    for ( cpu = 0; cpu < nr; cpu++ )
        if ( cpus[cpu].node == node )
            UNIT_EQUAL("CPU of a pool", move(domain_xc(), 0, cpu), 0);
}

/* Without the CPUs of a node in the pool, that node is refused. */
static void outside_of_pool(void)
{
    const unsigned int inside = host_node(0), outside = host_node(1);
    struct xen_node_placement both = {
        .nodes = 1ULL << inside | 1ULL << outside, .home_node = inside,
    };
    uint32_t domid;

    if ( inside == outside || !has_cpus(inside) || !has_cpus(outside) )
        return;

    move_cpus(outside, xc_cpupool_removecpu);
    host_begin();
    UNIT_EQUAL("one", make(outside, 1, 0, &domid), -EXDEV);
    UNIT_EQUAL("no id", domid, 0);
    UNIT_EQUAL("both", domain_create(0, domain_config(DOMAIN_PV),
                                     domain_config_size(), &both, NULL),
               -EXDEV);
    UNIT_EQUAL("the other", make(inside, 1, 0, &domid), 0);
    end(domid);
    move_cpus(outside, xc_cpupool_addcpu);
}

/* As many as Xen makes for one domain with local APICs. */
static void many_vcpus(void)
{
    const unsigned int node = host_node(1);
    uint32_t domid;
    uint64_t before;

    host_begin();
    UNIT_EQUAL("create", make(node, 128, STRICT, &domid), 0);
    before = overhead(domid, node);
    UNIT_EQUAL("128 vCPUs", domain_set_vcpus(domid, 128), 0);
    UNIT_TRUE("all here", overhead(domid, node) > before + 4 * 128);
    end(domid);
}

/* Xen works out an affinity from vCPUs only if nobody named one. */
static void vcpu_affinity(void)
{
    const unsigned int node = host_node(1);
    const unsigned int other = host_node(2);
    xc_cpumap_t hard = xc_cpumap_alloc(domain_xc());
    xc_cpumap_t soft = xc_cpumap_alloc(domain_xc());
    unsigned int nr, cpu;
    const xc_cputopo_t *cpus = get_cpus(&nr);
    uint32_t domid;

    host_begin();
    domid = make_with_vcpus(node, 2);
    for ( cpu = 0; cpu < nr; cpu++ )
        if ( cpus[cpu].node == other || !has_cpus(other) )
            hard[cpu / 8] |= 1 << cpu % 8;
    UNIT_EQUAL("vCPU elsewhere",
               xc_vcpu_setaffinity(domain_xc(), domid, 0, hard, soft,
                                   XEN_VCPUAFFINITY_HARD), 0);
    UNIT_EQUAL("affinity", domain_affinity(domid), 1ULL << node);
    free(hard);
    free(soft);
    end(domid);
}

static void set_affinity(uint32_t domid, uint64_t mask)
{
    xc_nodemap_t map = xc_nodemap_alloc(domain_xc());
    int i, size = xc_get_nodemap_size(domain_xc());

    for ( i = 0; i < size && i < 8; i++ )
        map[i] = mask >> (8 * i);
    UNIT_EQUAL("set affinity",
               xc_domain_node_setaffinity(domain_xc(), domid, map), 0);
    free(map);
}

/* Memory then goes there; the home stays, for what Xen takes. */
static void node_affinity(void)
{
    const unsigned int home = host_node(1), other = host_node(2);
    uint64_t before;
    uint32_t domid;

    host_begin();
    domid = make_with_vcpus(home, 2);
    set_affinity(domid, 1ULL << other);
    UNIT_EQUAL("affinity", domain_affinity(domid), 1ULL << other);
    UNIT_EQUAL("max", domain_set_max(domid, 100), 0);
    UNIT_EQUAL("memory", domain_populate(domid, 100, 0, DOMAIN_ANY_NODE), 100);
    UNIT_EQUAL("is there", pages_on(domid, other), 100);
    before = overhead(domid, home);
    UNIT_EQUAL("pool", domain_set_mempool(domid, 4 << 20), 0);
    UNIT_TRUE("is at home", overhead(domid, home) >= before + 700);
    end(domid);
}

/* What fills a node, but for some pages. */
static uint32_t fill(unsigned int node, uint64_t rest)
{
    uint32_t domid = domain_make(1 << 22);
    uint64_t nr = host_available(node);

    if ( nr > rest )
        UNIT_EQUAL("fill", domain_populate(domid, nr - rest, 0, node),
                   nr - rest);

    return domid;
}

/* A full node: elsewhere, and it is told; or not at all. */
static void full_node(void)
{
    const unsigned int node = host_node(1);
    const unsigned int others = host_nodes() - 1;
    unsigned int other, nr = host_heap().op.nr_nodes;
    uint64_t elsewhere = 0;
    uint32_t filler, domid;

    host_begin();
    filler = fill(node, 100);
    UNIT_EQUAL("strict", make(node, 1, STRICT, &domid), -ENOMEM);
    UNIT_EQUAL("no id", domid, 0);
    UNIT_TRUE("nothing is left", host_available(node) >= 100 - SLACK);
    if ( others )
    {
        UNIT_EQUAL("not strict", make(node, 1, 0, &domid), 0);
        for ( other = 0; other < nr; other++ )
            elsewhere += other == node ? 0 : overhead(domid, other);
        UNIT_TRUE("told", elsewhere > 100);
        UNIT_TRUE("at home, as much as there was",
                  overhead(domid, node) > 100 - SLACK);
        domain_destroy(domid);
    }
    end(filler);
}

/* The vCPUs do not fit: what is there of the domain goes with it. */
static void strict_vcpus(void)
{
    const unsigned int node = host_node(1);
    uint32_t filler, domid;

    host_begin();
    UNIT_EQUAL("create", make(node, 8, STRICT, &domid), 0);
    filler = fill(node, 5);
    UNIT_EQUAL("vCPUs", domain_set_vcpus(domid, 8), -ENOMEM);
    domain_destroy(filler);
    end(domid);
}

static const struct unit_test tests[] = {
    { "vCPUs start on the domain's node", vcpus_start },
    { "a node outside of the cpupool", outside_of_pool },
    { "128 vCPUs are all on one node", many_vcpus },
    { "affinity of a vCPU does not change the domain's", vcpu_affinity },
    { "the affinity can be changed, and the home stays", node_affinity },
    { "structures on a full node", full_node },
    { "vCPUs that do not fit leave nothing", strict_vcpus },
    {}
};

static const struct unit_suite suites[] = {
    { "where a domain stays", .tests = tests },
    {}
};

int main(void)
{
    return unit_main("claim-affinity", suites);
}
