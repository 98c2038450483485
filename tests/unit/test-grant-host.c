/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the daemon sees of the running Xen's host and domains.
 */

#include <stdio.h>
#include <string.h>

#include "fake-xen.h"
#include "placed/grant.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Three nodes; low memory is on the first two. */
static int host_sysctl(struct layout_sysctl *op)
{
    struct xen_node_heap *nodes;

    if ( op->cmd == LAYOUT_SYSCTL_NUMA )
        op->u.numa.nr_nodes = 3;
    else if ( op->cmd == LAYOUT_SYSCTL_CPUTOPO )
        op->u.cputopo.nr_cpus = 0;
    else if ( op->cmd == XEN_SYSCTL_node_heap && op->u.node_heap.nr_nodes )
    {
        nodes = fake_guest(op->u.node_heap.nodes);
        op->u.node_heap.nr_nodes = 3;
        op->u.node_heap.online = 7;
        for ( unsigned int i = 0; i < 3; i++ )
            nodes[i] = (struct xen_node_heap){ .present_pages = 5000,
                                               .free_pages = 4000 };
        nodes[0].dma_pages = 1000;
        nodes[1].dma_pages = 100;
    }
    else
        return fake_good_sysctl(op);

    return 0;
}

static struct grant *start(void)
{
    char why[256];
    struct grant *grant;

    fake_finish(fake_start());
    xen.sysctl = host_sysctl;
    grant = grant_open(NULL, why, sizeof(why));
    UNIT_TRUE("opened", grant);

    return grant;
}

static void low_memory_is_left_where_it_is(void)
{
    static const struct {
        uint64_t leave;
        uint64_t reserve[3];
    } rows[] = {
        { 0, { 0, 0, 0 } },
        { 100, { 100, 100, 0 } },
        { 999, { 999, 100, 0 } },
        { 1000, { 1000, 100, 0 } },
        { 1001, { 1000, 100, 0 } },
    };
    struct grant *grant = start();
    struct place_host host;

    for ( unsigned int i = 0; i < NR(rows); i++ )
    {
        grant_leave_low(grant, rows[i].leave);
        UNIT_EQUAL("read", grant_host(grant, &host), 0);
        for ( unsigned int n = 0; n < 3; n++ )
        {
            UNIT_EQUAL("left", host.nodes[n].reserve_pages,
                       rows[i].reserve[n]);
            UNIT_EQUAL("free", host.nodes[n].free_pages, 4000);
        }
    }
    grant_close(grant);
    fake_finish(NULL);
}

static int domain_domctl(struct layout_domctl *op)
{
    static const struct xen_node_claim claims[] = {
        { 1024, 1, 9, XEN_NODE_CLAIM_GUEST },
        { 30, 1, 0, XEN_NODE_CLAIM_OVERHEAD },
        { 7, 2, 0, XEN_NODE_CLAIM_OVERHEAD },
        { 5, XEN_NODE_CLAIM_HOST, 0, XEN_NODE_CLAIM_GUEST },
    };
    struct xen_domctl_get_node_claims *get = &op->u.get_claims;
    struct xen_node_usage *nodes = fake_guest(get->nodes);

    get->unique_id = 9;
    get->nr_claims = NR(claims);
    get->nr_nodes = 3;
    memcpy(fake_guest(get->claims), claims, sizeof(claims));
    nodes[0] = (struct xen_node_usage){ 2000, 11, 0 };
    nodes[1] = (struct xen_node_usage){ 1, 12, 0 };

    return 0;
}

static void a_domain_is_read_by_node(void)
{
    struct grant *grant = start();
    struct grant_domain domain;

    xen.domctl = domain_domctl;
    UNIT_EQUAL("read", grant_read(grant, 4, &domain), 0);
    UNIT_EQUAL("id", domain.unique_id, 9);
    UNIT_TRUE("somebody's", !domain.own);
    UNIT_EQUAL("memory", domain.pages.pages[0], 2000);
    UNIT_EQUAL("structures", domain.structures.pages[1], 12);
    UNIT_EQUAL("all claims", domain.claimed.pages[1], 1054);
    UNIT_EQUAL("all claims", domain.claimed.pages[2], 7);
    UNIT_EQUAL("of these for Xen", domain.structures_claimed.pages[1], 30);
    UNIT_EQUAL("of these for Xen", domain.structures_claimed.pages[2], 7);
    UNIT_EQUAL("none there", domain.structures_claimed.pages[0], 0);
    UNIT_EQUAL("on no node", domain.host_claimed_pages, 5);
    UNIT_EQUAL("it lives on both", domain.lives, 3);
    grant_close(grant);
    fake_finish(NULL);
}

static const struct unit_test tests[] = {
    { "low memory is left to devices where it is",
      low_memory_is_left_where_it_is },
    { "a domain is read node by node", a_domain_is_read_by_node },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "host and domains", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("grant-host", suites);
}
