/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Claims of Xen's own pages for a domain, on a real Xen: who redeems them,
 * and that with them a domain which fills its node has its page tables and
 * vCPUs there, too.
 */

#include <stddef.h>
#include <stdio.h>

#include "domain.h"
#include "host.h"
#include "hypercall.h"
#include "unit.h"

#define OVERHEAD  XEN_NODE_CLAIM_OVERHEAD
#define MAX_PAGES (1u << 22)
#define VCPUS     DOMAIN_VCPUS
#define MEMPOOL   (8u << 20)
/* Xen's pools of small objects grow by a page now and then, anywhere. */
#define SLACK     16u

static struct claims get(uint32_t domid)
{
    struct claims claims;

    UNIT_EQUAL("get", claims_get(domid, &claims), 0);

    return claims;
}

static uint64_t overhead_claimed(uint32_t domid)
{
    struct claims claims = get(domid);
    uint64_t pages = 0;
    unsigned int i;

    for ( i = 0; i < claims.op.nr_claims; i++ )
        if ( claims.claims[i].kind == OVERHEAD )
            pages += claims.claims[i].pages;

    return pages;
}

/* What Xen took for a domain on a node, and on all others. */
static uint64_t overhead_on(uint32_t domid, uint32_t node)
{
    return get(domid).nodes[node].overhead_pages;
}

static uint64_t overhead_off(uint32_t domid, uint32_t node)
{
    struct claims claims = get(domid);
    uint64_t pages = 0;
    unsigned int i;

    for ( i = 0; i < claims.op.nr_nodes; i++ )
        pages += i == node ? 0 : claims.nodes[i].overhead_pages;

    return pages;
}

static uint32_t make(uint32_t node)
{
    return domain_make_on(DOMAIN_PVH, node, MAX_PAGES);
}

static void complete(uint32_t domid)
{
    UNIT_EQUAL("mempool", domain_set_mempool(domid, MEMPOOL), 0);
    UNIT_EQUAL("vCPUs", domain_set_vcpus(domid, VCPUS), 0);
}

static void end(uint32_t domid)
{
    domain_destroy(domid);
    host_unchanged_but("afterwards", SLACK);
}

/* Memory does not redeem them, Xen's pages do, each one. */
static void redeemed(void)
{
    const unsigned int node = host_best_node();
    const struct xen_node_claim set[] = {
        { 600, node, 0, 0 }, { 5000, node, 0, OVERHEAD },
    };
    uint64_t before, taken;
    uint32_t domid;

    host_begin();
    domid = make(node);
    before = overhead_on(domid, node);
    UNIT_TRUE("pool and shared info", before > 256);
    UNIT_EQUAL("set", claims_set(domid, 0, set, 2, NULL), 0);
    UNIT_EQUAL("node_heap", host_heap().nodes[node].claimed_overhead_pages,
               5000);
    UNIT_EQUAL("node_heap", host_heap().nodes[node].claimed_guest_pages, 600);
    UNIT_EQUAL("outstanding", domain_outstanding(domid), 5600);

    UNIT_EQUAL("memory", domain_populate(domid, 400, 0, DOMAIN_ANY_NODE), 400);
    UNIT_EQUAL("memory's", claims_on(domid, node), 200);
    UNIT_EQUAL("untouched", overhead_claimed(domid), 5000);

    complete(domid);
    taken = overhead_on(domid, node) - before;
    UNIT_TRUE("pool and vCPUs", taken > MEMPOOL / 4096 - 256);
    UNIT_EQUAL("redeemed", overhead_claimed(domid), 5000 - taken);
    UNIT_EQUAL("memory's", claims_on(domid, node), 200);
    UNIT_EQUAL("all on the node", overhead_off(domid, node), 0);
    UNIT_EQUAL("unpause", domain_unpause(domid), 0);
    UNIT_EQUAL("ended", overhead_claimed(domid), 0);
    end(domid);
}

/* How much such a domain takes after its creation. */
static uint64_t needed(uint32_t node)
{
    uint64_t before, pages;
    uint32_t domid;

    host_begin();
    domid = make(node);
    before = overhead_on(domid, node);
    complete(domid);
    pages = overhead_on(domid, node) - before;
    end(domid);

    return pages;
}

/* Fill the node with the domain's memory, then let Xen take the rest. */
static void fill(bool with_overhead)
{
    const unsigned int node = host_best_node();
    uint64_t pages = needed(node), all, chunks;
    uint32_t domid, nr = with_overhead ? 2 : 1;

    host_begin();
    domid = make(node);
    /* Tables of its memory come out of the pool that it has. */
    all = host_available(node) - SLACK - (with_overhead ? pages : 0);
    chunks = all / 512;
    {
        const struct xen_node_claim set[] = {
            { all, node, 0, 0 }, { pages, node, 0, OVERHEAD },
        };

        UNIT_EQUAL("claim", claims_set(domid, 0, set, nr, NULL), 0);
    }
    chunks = domain_populate(domid, chunks, 9, node);
    UNIT_EQUAL("the rest", domain_populate(domid, all - chunks * 512, 0,
                                           DOMAIN_ANY_NODE),
               all - chunks * 512);
    UNIT_EQUAL("memory", pages_on(domid, node), all);
    UNIT_TRUE("full", host_available(node) <= SLACK);
    complete(domid);
    printf("    %llu pages for %u vCPUs and page tables: %llu elsewhere\n",
           (unsigned long long)pages, VCPUS,
           (unsigned long long)overhead_off(domid, node));
    if ( with_overhead )
    {
        UNIT_EQUAL("none elsewhere", overhead_off(domid, node), 0);
        UNIT_EQUAL("all redeemed", overhead_claimed(domid), 0);
    }
    else
        UNIT_TRUE("nearly all elsewhere",
                  overhead_off(domid, node) + 2 * SLACK >= pages);
    end(domid);
}

static void full_node_with(void)
{
    fill(true);
}

static void full_node_without(void)
{
    fill(false);
}

/* Nor does another domain get them, for whatever purpose. */
static void kept(void)
{
    const unsigned int node = host_best_node();
    const struct xen_node_claim own = { 3000, node, 0, OVERHEAD };
    uint32_t owner, thief;

    host_begin();
    owner = make(node);
    thief = make(node);
    UNIT_EQUAL("claim", claims_set(owner, 0, &own, 1, NULL), 0);
    domain_populate(thief, 1 << 20, 9, node);
    domain_populate(thief, 1 << 20, 0, node);
    complete(thief);
    UNIT_TRUE("the thief's elsewhere", overhead_off(thief, node) > 1000);
    UNIT_EQUAL("stands", overhead_claimed(owner), 3000);
    complete(owner);
    UNIT_EQUAL("all on the node", overhead_off(owner, node), 0);
    domain_destroy(thief);
    end(owner);
}

/* A domain without a home node redeems where its pages happen to be. */
static void without_a_home(void)
{
    const struct xen_node_claim set = { 5000, host_best_node(), 0, OVERHEAD };
    uint32_t domid;
    uint64_t taken;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("set", claims_set(domid, 0, &set, 1, NULL), 0);
    taken = overhead_on(domid, set.target);
    UNIT_EQUAL("vCPU", domain_set_vcpus(domid, 1), 0);
    taken = overhead_on(domid, set.target) - taken;
    UNIT_EQUAL("redeemed", overhead_claimed(domid), 5000 - taken);
    end(domid);
}

static const struct unit_test tests[] = {
    { "Xen's own pages redeem them, memory does not", redeemed },
    { "on a full node all of Xen's pages are there", full_node_with },
    { "a domain without a home node has them, too", without_a_home },
    {}
};

static const struct unit_test tests_of_two[] = {
    { "without such claims they are elsewhere", full_node_without },
    { "nobody else gets them", kept },
    {}
};

/* With a single node there is no elsewhere. */
int main(void)
{
    const struct unit_suite suites[] = {
        { "claims of overhead", .tests = tests },
        { host_nodes() > 1 ? "overhead and several nodes" : NULL,
          .tests = tests_of_two },
        {}
    };

    return unit_main("claim-overhead", suites);
}
