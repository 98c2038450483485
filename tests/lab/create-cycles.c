/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Domains that come and go, a thousand of each kind: what each node has free
 * does not become less on the way.
 */

#include <stdio.h>
#include <stdlib.h>

#include "hypercall.h"

#include <xenctrl.h>

#include "domain.h"
#include "host.h"
#include "unit.h"

#define ROUNDS 10u
#define CYCLES 100u
#define WARM   100u

static const struct {
    const char *fact;
    enum domain_type type;
} kinds[] = {
    { "1,000 PV domains leave nothing", DOMAIN_PV },
    { "1,000 PVH domains leave nothing", DOMAIN_PVH },
    { "1,000 HVM domains leave nothing", DOMAIN_HVM },
};

static void cycle(enum domain_type type, unsigned int i)
{
    const unsigned int node = host_node(i);
    const struct xen_node_claim set[] = {
        { 600, node, 0, 0 }, { 800, node, 0, XEN_NODE_CLAIM_OVERHEAD },
    };
    struct xen_node_placement placement = {
        .nodes = 1ULL << node, .home_node = node, .max_pages = 1000,
        .nr_claims = 2,
    };
    uint32_t domid;

    UNIT_EQUAL("create", domain_create(0, domain_config(type),
                                       domain_config_size(), &placement, set),
               0);
    domid = placement.domid;
    UNIT_EQUAL("vCPUs",
               domain_set_vcpus(domid, type == DOMAIN_PV ? 1 : DOMAIN_VCPUS),
               0);
    if ( type != DOMAIN_PV )
        UNIT_EQUAL("pool", domain_set_mempool(domid, 2 << 20), 0);
    UNIT_EQUAL("memory", domain_populate(domid, 500, 0, DOMAIN_ANY_NODE), 500);
    domain_destroy(domid);
}

/* Twice the slope's numerator, by least squares over the rounds. */
static long long slope(const uint64_t *free_pages)
{
    long long sum = 0;
    unsigned int i;

    for ( i = 0; i <= ROUNDS; i++ )
        sum += (2 * (long long)i - ROUNDS) * (long long)free_pages[i];

    return sum;
}

typedef uint64_t rounds[XEN_NODE_CLAIM_MAX_NODES][ROUNDS + 1];

/* A thousand cycles; returns the slope of the node where it is steepest. */
static long long measure(enum domain_type type, rounds free_pages)
{
    unsigned int round, i, node, nr = host_heap().op.nr_nodes;
    long long found, steepest = 0;
    struct heap heap;

    for ( round = 0; round <= ROUNDS; round++ )
    {
        for ( i = 0; round && i < CYCLES; i++ )
            cycle(type, i);
        host_begin();
        heap = host_heap();
        for ( node = 0; node < nr; node++ )
            free_pages[node][round] = heap.nodes[node].free_pages;
    }

    for ( node = 0; node < nr; node++ )
    {
        printf("free pages of node %u:", node);
        for ( round = 0; round <= ROUNDS; round++ )
            printf(" %llu", (unsigned long long)free_pages[node][round]);
        printf("\n");
        found = slope(free_pages[node]);
        if ( llabs(found) > llabs(steepest) )
            steepest = found;
    }

    return steepest;
}

/*
 * What leaks, leaks each time.  A CPU that has more timers at once than ever
 * before makes Xen keep a page, once; so a slope is looked for again.
 */
static void thousand(unsigned int kind)
{
    static rounds free_pages;
    const enum domain_type type = kinds[kind].type;
    unsigned int i;

    for ( i = 0; i < WARM; i++ )
        cycle(type, i);
    if ( measure(type, free_pages) )
        UNIT_EQUAL("slope of the next thousand", measure(type, free_pages),
                   0);
    UNIT_EQUAL("claims", host_heap().op.claimed_pages, 0);
}

static const char *fact(unsigned int row)
{
    return row < sizeof(kinds) / sizeof(kinds[0]) ? kinds[row].fact : NULL;
}

static const struct unit_suite suites[] = {
    { "domains that come and go", .row_fact = fact, .row_run = thousand },
    {}
};

int main(void)
{
    return unit_main("create-cycles", suites);
}
