/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a claim does, on a real Xen: replaced as one, redeemed, steering,
 * kept from everybody else, and ended.
 */

#include <errno.h>
#include <stddef.h>

#include "domain.h"
#include "hypercall.h"
#include "host.h"
#include "unit.h"

#define HOST      XEN_NODE_CLAIM_HOST
#define MAX_PAGES 65536

static int claim(uint32_t domid, uint64_t pages, uint32_t target)
{
    const struct xen_node_claim claim = { .pages = pages, .target = target };

    return claims_set(domid, 0, &claim, 1, NULL);
}

static void end(uint32_t domid)
{
    domain_destroy(domid);
    host_unchanged("afterwards");
}

/* All claims on all nodes, as the domain, the node and the host see them. */
static void counted(const char *row, uint32_t domid, uint32_t node,
                    uint64_t pages, uint64_t total)
{
    UNIT_EQUAL(row, claims_on(domid, node), pages);
    UNIT_EQUAL(row, domain_outstanding(domid), total);
    UNIT_EQUAL(row, host_outstanding(), total);
    UNIT_EQUAL(row, host_heap().op.claimed_pages, total);
    if ( node != HOST )
        UNIT_EQUAL(row, host_heap().nodes[node].claimed_guest_pages, pages);
    else
        UNIT_EQUAL(row, host_heap().op.host_claimed_pages, pages);
}

static void replace(void)
{
    const uint32_t first = host_node(0), second = host_node(1);
    const struct xen_node_claim two[] = { { 300, second, 0, 0 },
                                          { 50, HOST, 0, 0 } };
    uint32_t domid;
    uint64_t generation;

    host_begin();
    domid = domain_make(MAX_PAGES);

    generation = host_heap().op.generation;
    UNIT_EQUAL("first", claim(domid, 100, first), 0);
    counted("first", domid, first, 100, 100);
    UNIT_TRUE("generation", host_heap().op.generation != generation);

    UNIT_EQUAL("second", claims_set(domid, 0, two, 2, NULL), 0);
    counted("second", domid, second, 300, 350);
    counted("second", domid, HOST, 50, 350);
    if ( first != second )
        UNIT_EQUAL("first is gone", claims_on(domid, first), 0);

    generation = host_heap().op.generation;
    UNIT_EQUAL("release", claims_set(domid, 0, NULL, 0, NULL), 0);
    counted("release", domid, second, 0, 0);
    UNIT_TRUE("generation", host_heap().op.generation != generation);
    end(domid);
}

/* All that a node has can be claimed again by whom it is claimed for. */
static void replace_as_if_gone(void)
{
    unsigned int node = host_best_node();
    uint64_t all;
    uint32_t domid;

    host_begin();
    domid = domain_make(1 << 22);
    all = host_available(node);
    UNIT_EQUAL("all", claim(domid, all, node), 0);
    UNIT_EQUAL("all", host_available(node), 0);
    UNIT_EQUAL("less", claim(domid, all - 10, node), 0);
    UNIT_EQUAL("all again", claim(domid, all, node), 0);
    UNIT_EQUAL("one more", claim(domid, all + 1, node), -ENOMEM);
    UNIT_EQUAL("stands", claims_on(domid, node), all);
    end(domid);
}

static void redeem(void)
{
    const uint32_t node = host_node(1), other = host_node(0);
    const struct xen_node_claim set[] = { { 1000, node, 0, 0 },
                                          { 300, HOST, 0, 0 } };
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("set", claims_set(domid, 0, set, 2, NULL), 0);

    UNIT_EQUAL("node first", domain_populate(domid, 600, 0, node), 600);
    counted("node first", domid, node, 400, 700);
    UNIT_EQUAL("its memory", pages_on(domid, node), 600);

    UNIT_EQUAL("elsewhere: HOST", domain_populate(domid, 100, 0, other), 100);
    counted("elsewhere: HOST", domid, HOST, 200, 600);

    UNIT_EQUAL("a tail", domain_populate(domid, 1, 9, node), 1);
    counted("a tail", domid, node, 0, 88);
    UNIT_EQUAL("a tail", claims_on(domid, HOST), 88);

    UNIT_EQUAL("give back", domain_give_back(domid, 100), 0);
    counted("nothing grows", domid, HOST, 88, 88);
    UNIT_EQUAL("less memory", pages_on(domid, other), 0);
    UNIT_EQUAL("as before", pages_on(domid, node), 600 + 512);

    UNIT_EQUAL("the rest", domain_populate(domid, 200, 0, node), 200);
    counted("the rest", domid, HOST, 0, 0);
    end(domid);
}

/* Memory that nobody said where it should come from. */
static void steer(void)
{
    unsigned int i, nr = host_nodes();
    uint32_t domid, node;

    for ( i = 0; i < nr; i++ )
    {
        node = host_node(i);
        host_begin();
        domid = domain_make(MAX_PAGES);
        UNIT_EQUAL("claim", claim(domid, 5000, node), 0);
        UNIT_EQUAL("2 MiB", domain_populate(domid, 8, 9, DOMAIN_ANY_NODE), 8);
        UNIT_EQUAL("4 KiB",
                   domain_populate(domid, 904, 0, DOMAIN_ANY_NODE), 904);
        UNIT_EQUAL("there", pages_on(domid, node), 5000);
        counted("redeemed", domid, node, 0, 0);
        end(domid);
    }
}

/* A claim on several nodes fills just these, whatever the affinity. */
static void steer_to_several(void)
{
    const uint32_t large = host_node(host_nodes() - 1), small = host_node(0);
    const struct xen_node_claim set[] = { { 2048, large, 0, 0 },
                                          { 1024, small, 0, 0 } };
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("claim", claims_set(domid, 0, set, 2, NULL), 0);
    UNIT_EQUAL("populate",
               domain_populate(domid, 3072, 0, DOMAIN_ANY_NODE), 3072);
    UNIT_EQUAL("small", pages_on(domid, small), 1024);
    UNIT_EQUAL("large", pages_on(domid, large), 2048);
    end(domid);
}

/* All of a node, low memory included, is there for who claimed it. */
static void all_of_a_node(void)
{
    const uint32_t node = host_node(0);
    uint64_t all, extents;
    uint32_t domid;

    host_begin();
    domid = domain_make(1 << 22);
    all = host_available(node);
    UNIT_EQUAL("claim", claim(domid, all, node), 0);
    extents = domain_populate(domid, all / 512, 9, node);
    UNIT_EQUAL("the rest", domain_populate(domid, all - extents * 512, 0,
                                           DOMAIN_ANY_NODE),
               all - extents * 512);
    UNIT_EQUAL("all is there", pages_on(domid, node), all);
    UNIT_EQUAL("all is taken", host_heap().nodes[node].free_pages, 0);
    end(domid);
}

/* Another domain takes all that it can get, in any way, of node or host. */
static void protect(uint32_t target)
{
    unsigned int node = host_best_node();
    uint32_t from = target == HOST ? DOMAIN_ANY_NODE : node;
    const uint64_t promised = 20000;
    uint32_t owner, thief;
    struct heap heap;

    host_begin();
    owner = domain_make(MAX_PAGES);
    thief = domain_make(1 << 22);
    UNIT_EQUAL("claim", claim(owner, promised, target == HOST ? HOST : node),
               0);

    UNIT_EQUAL("to return", domain_populate(thief, 64, 0, from), 64);
    UNIT_TRUE("2 MiB", domain_populate(thief, 1 << 20, 9, from) > 0);
    UNIT_TRUE("4 KiB", domain_populate(thief, 1 << 20, 0, from) > 0);
    UNIT_EQUAL("one more", domain_populate(thief, 1, 0, from), 0);

    /* Xen itself needs a page now and then to answer. */
    UNIT_EQUAL("give back", domain_give_back(thief, 64), 0);
    heap = host_heap();
    if ( target == HOST )
        UNIT_TRUE("no less", heap.op.free_pages <=
                             heap.op.claimed_pages + 64);
    else
        UNIT_TRUE("no less", heap.nodes[node].free_pages <=
                             heap.nodes[node].claimed_guest_pages + 64);
    counted("stands", owner, target == HOST ? HOST : node, promised, promised);

    UNIT_EQUAL("redeem", domain_populate(owner, promised, 0, DOMAIN_ANY_NODE),
               promised);
    if ( target != HOST )
        UNIT_EQUAL("there", pages_on(owner, node), promised);

    domain_destroy(thief);
    end(owner);
}

static void protect_node(void)
{
    protect(0);
}

static void protect_host(void)
{
    protect(HOST);
}

/* A second claim gets what the first one left. */
static void protect_from_claims(void)
{
    unsigned int node = host_best_node();
    uint64_t all;
    uint32_t first, second, third;

    host_begin();
    first = domain_make(1 << 22);
    second = domain_make(1 << 22);
    third = domain_make(1 << 22);
    all = host_available(node);
    UNIT_EQUAL("first", claim(first, all - 10, node), 0);
    UNIT_EQUAL("too much", claim(second, 11, node), -ENOMEM);
    UNIT_EQUAL("the rest", claim(second, 10, node), 0);
    all = host_heap().op.free_pages - host_heap().op.claimed_pages;
    UNIT_EQUAL("old kind, too much", domain_claim(third, all + 1), -ENOMEM);
    UNIT_EQUAL("old kind, the rest", domain_claim(third, all), 0);
    domain_destroy(third);
    domain_destroy(second);
    end(first);
}

static void legacy(void)
{
    const uint32_t node = host_node(1);
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("set", claim(domid, 1000, node), 0);
    UNIT_EQUAL("covered", domain_claim(domid, 1000), 0);
    counted("no effect", domid, node, 1000, 1000);
    UNIT_EQUAL("not covered", domain_claim(domid, 1001), -EINVAL);
    counted("no effect", domid, node, 1000, 1000);
    UNIT_EQUAL("populate",
               domain_populate(domid, 400, 0, DOMAIN_ANY_NODE), 400);
    UNIT_EQUAL("memory counts", domain_claim(domid, 1000), 0);
    UNIT_EQUAL("end of old", domain_claim(domid, 0), 0);
    counted("leaves the set", domid, node, 600, 600);
    end(domid);
}

/* The old claim by itself is what it was. */
static void legacy_alone(void)
{
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("claim", domain_claim(domid, 1000), 0);
    counted("claim", domid, HOST, 1000, 1000);
    UNIT_EQUAL("over max_pages", domain_claim(domid, MAX_PAGES + 1), -EINVAL);
    UNIT_EQUAL("populate",
               domain_populate(domid, 300, 0, DOMAIN_ANY_NODE), 300);
    counted("redeemed", domid, HOST, 700, 700);
    UNIT_EQUAL("end", domain_claim(domid, 0), 0);
    counted("end", domid, HOST, 0, 0);
    UNIT_EQUAL("not above memory", domain_claim(domid, 300), -EINVAL);
    end(domid);
}

static void ends_at_unpause(void)
{
    const uint32_t node = host_node(1);
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("set", claim(domid, 1000, node), 0);
    UNIT_EQUAL("unpause", domain_unpause(domid), 0);
    counted("gone", domid, node, 0, 0);
    end(domid);
}

static void ends_with_the_domain(void)
{
    const uint32_t node = host_node(1);
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("set", claim(domid, 1000, node), 0);
    UNIT_EQUAL("populate", domain_populate(domid, 10, 0, DOMAIN_ANY_NODE), 10);
    end(domid);
    UNIT_EQUAL("nothing left", host_outstanding(), 0);
}

static const struct unit_test tests[] = {
    { "a set is replaced as one", replace },
    { "claims steer, to each node", steer },
    { "nobody else gets claimed memory of a node", protect_node },
    { "nor what is claimed of the host", protect_host },
    { "nor can it be claimed twice", protect_from_claims },
    { "an old claim has no effect beside a set", legacy },
    { "an old claim alone works as ever", legacy_alone },
    { "a set ends at the first unpause", ends_at_unpause },
    { "a set ends with its domain", ends_with_the_domain },
    {}
};

static const struct unit_test tests_of_two[] = {
    { "a set is checked as if the old one were gone", replace_as_if_gone },
    { "node claims are redeemed first, then HOST", redeem },
    { "claims steer to several nodes", steer_to_several },
    { "all of a node counts", all_of_a_node },
    {}
};

/* What the host has too few nodes for is not among the facts. */
int main(void)
{
    const struct unit_suite suites[] = {
        { "claims and memory", .tests = tests },
        { host_nodes() > 1 ? "claims on several nodes" : NULL,
          .tests = tests_of_two },
        {}
    };

    return unit_main("claim-memory", suites);
}
