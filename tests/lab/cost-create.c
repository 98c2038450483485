/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What it costs to create a domain with eight vCPUs, by createdomain as any
 * Xen has it and by create_on_nodes: a line each, "cost TYPE HOW TICKS", the
 * fewest ticks of many times.  On a lab host with --icount a tick is an
 * instruction.
 *
 * usage: cost-create [--stock]; --stock is without create_on_nodes
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#include "hypercall.h"

#include <xenctrl.h>

#include "domain.h"
#include "unit.h"

#define TIMES 60u
#define VCPUS 8u

static const struct {
    const char *name;
    enum domain_type type;
} types[] = {
    { "pv", DOMAIN_PV },
    { "pvh", DOMAIN_PVH },
    { "hvm", DOMAIN_HVM },
};

static bool stock;

static uint32_t create_plain(const struct xen_domctl_createdomain *config)
{
    struct xen_domctl_createdomain created = *config;
    uint32_t domid = 0;

    UNIT_EQUAL("create", xc_domain_create(domain_xc(), &domid, &created), 0);

    return domid;
}

static uint32_t create_on_node(const struct xen_domctl_createdomain *config)
{
    struct xen_node_placement placement = { .nodes = 1 };

    UNIT_EQUAL("create", domain_create(0, config, sizeof(*config), &placement,
                                       NULL), 0);

    return placement.domid;
}

static const struct {
    const char *name;
    uint32_t (*create)(const struct xen_domctl_createdomain *config);
} ways[] = {
    { "createdomain", create_plain },
    { "on-node", create_on_node },
};

static uint64_t measure_once(const struct xen_domctl_createdomain *config,
                             unsigned int way)
{
    const struct timespec moment = { .tv_nsec = 300000000 };
    uint64_t ticks, start = __rdtsc();
    uint32_t domid = ways[way].create(config);

    UNIT_EQUAL("vCPUs", domain_set_vcpus(domid, VCPUS), 0);
    ticks = __rdtsc() - start;
    domain_destroy(domid);
    /* Its memory is scrubbed by idle CPUs, whose instructions count, too. */
    nanosleep(&moment, NULL);

    return ticks;
}

static unsigned int nr_ways(void)
{
    return stock ? 1 : sizeof(ways) / sizeof(ways[0]);
}

static const char *fact(unsigned int row)
{
    static char text[80];

    if ( row / nr_ways() >= sizeof(types) / sizeof(types[0]) )
        return NULL;
    snprintf(text, sizeof(text), "%s by %s", types[row / nr_ways()].name,
             ways[row % nr_ways()].name);

    return text;
}

static void run(unsigned int row)
{
    const unsigned int type = row / nr_ways(), way = row % nr_ways();
    const struct xen_domctl_createdomain *config;
    uint64_t ticks, fewest = UINT64_MAX;
    unsigned int i;

    config = domain_config_for(types[type].type, VCPUS);
    for ( i = 0; i < TIMES; i++ )
    {
        ticks = measure_once(config, way);
        fewest = ticks < fewest ? ticks : fewest;
    }
    printf("cost %s %s %llu\n", types[type].name, ways[way].name,
           (unsigned long long)fewest);
}

static const struct unit_suite suites[] = {
    { "the cost of creating a domain", .row_fact = fact, .row_run = run },
    {}
};

int main(int argc, char **argv)
{
    stock = argc == 2 && !strcmp(argv[1], "--stock");
    if ( argc > 1 && !stock )
    {
        fprintf(stderr, "cost-create: %s: want --stock\n", argv[1]);
        return 2;
    }

    return unit_main("cost-create", suites);
}
