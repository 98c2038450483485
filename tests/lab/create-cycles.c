/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Domains of all kinds that come and go, a thousand times: what each node has
 * free is no less at the end, and does not become less on the way.
 */

#include <stdio.h>
#include <string.h>

#include "hypercall.h"

#include <xenctrl.h>

#include "domain.h"
#include "host.h"
#include "unit.h"

#define ROUNDS 10u
#define CYCLES 100u
#define WARM   100u

static const enum domain_type types[] = { DOMAIN_PV, DOMAIN_PVH, DOMAIN_HVM };

static void cycle(unsigned int i)
{
    const unsigned int node = host_node(i);
    const enum domain_type type = types[i % 3];
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

static void thousand(void)
{
    static uint64_t free_pages[XEN_NODE_CLAIM_MAX_NODES][ROUNDS + 1];
    unsigned int round, i, node, nr = host_heap().op.nr_nodes;
    struct heap heap;

    for ( i = 0; i < WARM; i++ )
        cycle(i);

    for ( round = 0; round <= ROUNDS; round++ )
    {
        for ( i = 0; round && i < CYCLES; i++ )
            cycle(round * CYCLES + i);
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
        UNIT_EQUAL("slope", slope(free_pages[node]), 0);
    }
    UNIT_EQUAL("claims", host_heap().op.claimed_pages, 0);
}

static const struct unit_test tests[] = {
    { "1,000 domains leave nothing", thousand },
    {}
};

static const struct unit_suite suites[] = {
    { "domains that come and go", .tests = tests },
    {}
};

int main(void)
{
    return unit_main("create-cycles", suites);
}
