/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Claims of chunks, on a real Xen: told, kept from everybody else, redeemed
 * and given up, in 2 MiB and, where a node has any, in 1 GiB.
 */

#include <errno.h>
#include <stddef.h>

#include "domain.h"
#include "host.h"
#include "hypercall.h"
#include "unit.h"

#define MAX_PAGES (1 << 22)
#define HOST      XEN_NODE_CLAIM_HOST

enum { M = 1 << 9, G = 1 << 18 };

static int claim(uint32_t domid, uint64_t pages, uint32_t target,
                 uint16_t order)
{
    const struct xen_node_claim claim = {
        .pages = pages, .target = target, .order = order,
    };

    return claims_set(domid, 0, &claim, 1, NULL);
}

static void end(uint32_t domid)
{
    domain_destroy(domid);
    host_unchanged("afterwards");
}

/* The claims of a domain on one node: pages of order 0, 9 and 18. */
static void holds(const char *row, uint32_t domid, uint32_t node,
                  uint64_t pages, uint64_t m, uint64_t g)
{
    uint64_t found[3] = { 0 };
    struct claims claims;
    unsigned int i;

    UNIT_EQUAL(row, claims_get(domid, &claims), 0);
    for ( i = 0; i < claims.op.nr_claims; i++ )
        if ( claims.claims[i].target == node && !claims.claims[i].kind )
            found[claims.claims[i].order / 9] += claims.claims[i].pages;
    UNIT_EQUAL(row, found[0], pages);
    UNIT_EQUAL(row, found[1], m);
    UNIT_EQUAL(row, found[2], g);
    UNIT_EQUAL(row, host_heap().nodes[node].claimed_guest_pages,
               pages + m + g);
    UNIT_EQUAL(row, host_heap().nodes[node].claimed_2m_chunks, m / M);
    UNIT_EQUAL(row, host_heap().nodes[node].claimed_1g_chunks, g / G);
}

static void told(void)
{
    const unsigned int node = host_best_node();
    const struct xen_node_claim set[] = {
        { 5 * M, node, 9, 0 }, { 7, HOST, 0, 0 }, { 3, node, 0, 0 },
    };
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("set", claims_set(domid, 0, set, 3, NULL), 0);
    holds("set", domid, node, 3, 5 * M, 0);
    UNIT_EQUAL("host", claims_on(domid, HOST), 7);
    UNIT_EQUAL("outstanding", domain_outstanding(domid), 5 * M + 10);
    UNIT_EQUAL("outstanding", host_outstanding(), 5 * M + 10);
    UNIT_EQUAL("release", claims_set(domid, 0, NULL, 0, NULL), 0);
    holds("release", domid, node, 0, 0, 0);
    end(domid);
}

/* As many chunks as there are, then one more. */
static void as_many_as_there_are(uint32_t node, uint16_t order)
{
    struct xen_domctl_set_node_claims op;
    struct xen_node_heap before;
    uint64_t chunks;
    uint32_t domid;

    host_begin();
    domid = domain_make(1 << 24);
    before = host_heap().nodes[node];
    chunks = order == 9 ? before.free_2m_chunks : before.free_1g_chunks;
    UNIT_TRUE("chunks", chunks > 0);
    {
        const struct xen_node_claim more = {
            .pages = (chunks + 1) << order, .target = node, .order = order,
        };

        UNIT_EQUAL("one more", claims_set(domid, 0, &more, 1, &op), -ENOMEM);
        UNIT_EQUAL("entry", op.short_entry, 0);
        UNIT_EQUAL("pages", op.short_pages, 1 << order);
    }
    UNIT_EQUAL("all", claim(domid, chunks << order, node, order), 0);
    UNIT_EQUAL("built", domain_populate(domid, chunks, order, node), chunks);
    holds("redeemed", domid, node, 0, 0, 0);
    UNIT_EQUAL("there", pages_on(domid, node), chunks << order);
    end(domid);
}

static void as_many_2m(void)
{
    as_many_as_there_are(host_best_node(), 9);
}

static void as_many_1g(void)
{
    as_many_as_there_are(host_giant_node(), 18);
}

/* Another domain takes all it can get of the node, large and small. */
static void kept(uint32_t node, uint16_t order, uint64_t chunks)
{
    uint32_t owner, thief;

    host_begin();
    owner = domain_make(MAX_PAGES);
    thief = domain_make(1 << 24);
    UNIT_EQUAL("claim", claim(owner, chunks << order, node, order), 0);
    domain_populate(thief, 1 << 20, order, node);
    if ( order > 9 )
        domain_populate(thief, 1 << 20, 9, node);
    UNIT_TRUE("pages", domain_populate(thief, 1 << 22, 0, node) > 0);
    UNIT_EQUAL("one more", domain_populate(thief, 1, 0, node), 0);
    UNIT_EQUAL("give back", domain_give_back(thief, 64), 0);
    holds("kept", owner, node, 0, order == 9 ? chunks << 9 : 0,
          order == 9 ? 0 : chunks << 18);
    UNIT_EQUAL("exchange", domain_exchange(thief, 32), 0);
    UNIT_EQUAL("built", domain_populate(owner, chunks, order, node), chunks);
    domain_destroy(thief);
    end(owner);
}

static void kept_2m(void)
{
    kept(host_best_node(), 9, 40);
}

static void kept_1g(void)
{
    kept(host_giant_node(), 18, 1);
}

/* Who asks for less than a chunk gives up one of its own. */
static void demoted(void)
{
    const unsigned int node = host_best_node();
    uint32_t domid, other;

    host_begin();
    domid = domain_make(MAX_PAGES);
    other = domain_make(MAX_PAGES);
    UNIT_EQUAL("other", claim(other, 3 * M, node, 9), 0);
    UNIT_EQUAL("claim", claim(domid, 4 * M, node, 9), 0);
    UNIT_EQUAL("pages", domain_populate(domid, 3, 0, DOMAIN_ANY_NODE), 3);
    UNIT_EQUAL("of it", claims_on(domid, node), 4 * M - 3);
    UNIT_EQUAL("8 KiB", domain_populate(domid, 2, 1, DOMAIN_ANY_NODE), 2);
    UNIT_EQUAL("of it", claims_on(domid, node), 4 * M - 7);
    UNIT_EQUAL("a chunk", domain_populate(domid, 1, 9, DOMAIN_ANY_NODE), 1);
    UNIT_EQUAL("of it", claims_on(domid, node), 3 * M - 7);
    UNIT_EQUAL("all on the node", pages_on(domid, node), M + 7);
    UNIT_EQUAL("other's", claims_on(other, node), 3 * M);
    domain_destroy(other);
    end(domid);
}

static void demoted_1g(void)
{
    const uint32_t node = host_giant_node();
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("claim", claim(domid, G, node, 18), 0);
    UNIT_EQUAL("a chunk", domain_populate(domid, 1, 9, DOMAIN_ANY_NODE), 1);
    holds("511 chunks left", domid, node, 0, G - M, 0);
    UNIT_EQUAL("a page", domain_populate(domid, 1, 0, DOMAIN_ANY_NODE), 1);
    holds("510 and pages", domid, node, M - 1, G - 2 * M, 0);
    UNIT_EQUAL("the rest", domain_populate(domid, 510, 9, DOMAIN_ANY_NODE),
               510);
    holds("pages", domid, node, M - 1, 0, 0);
    end(domid);
}

/* The last pages of a claim do not keep a chunk from being taken whole. */
static void tail(void)
{
    const unsigned int node = host_best_node();
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("claim", claim(domid, 100, node, 0), 0);
    UNIT_EQUAL("a chunk", domain_populate(domid, 1, 9, DOMAIN_ANY_NODE), 1);
    holds("redeemed", domid, node, 0, 0, 0);
    UNIT_EQUAL("there", pages_on(domid, node), M);
    end(domid);
}

/* Chunks are looked for where chunks are claimed, pages where pages are. */
static void steered(void)
{
    const uint32_t large = host_node(0), small = host_node(1);
    const struct xen_node_claim set[] = { { 4 * M, large, 9, 0 },
                                          { 2 * M, small, 0, 0 } };
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("set", claims_set(domid, 0, set, 2, NULL), 0);
    UNIT_EQUAL("chunks", domain_populate(domid, 4, 9, DOMAIN_ANY_NODE), 4);
    UNIT_EQUAL("there", pages_on(domid, large), 4 * M);
    UNIT_EQUAL("pages",
               domain_populate(domid, 2 * M, 0, DOMAIN_ANY_NODE), 2 * M);
    UNIT_EQUAL("there", pages_on(domid, small), 2 * M);
    holds("redeemed", domid, large, 0, 0, 0);
    holds("redeemed", domid, small, 0, 0, 0);
    end(domid);
}

static const struct unit_test tests[] = {
    { "claims of chunks are told", told },
    { "all chunks of 2 MiB, and no more", as_many_2m },
    { "nobody else gets a chunk of 2 MiB", kept_2m },
    { "a chunk may be used in part", demoted },
    { "claimed and unclaimed pages make a chunk", tail },
    {}
};

static const struct unit_test tests_of_two[] = {
    { "claims steer by their size", steered },
    {}
};

static const struct unit_test giant_tests[] = {
    { "all chunks of 1 GiB, and no more", as_many_1g },
    { "nobody else gets a chunk of 1 GiB", kept_1g },
    { "a chunk of 1 GiB may be used in part", demoted_1g },
    {}
};

/* What the host has no nodes or no chunks for is not among the facts. */
int main(void)
{
    struct unit_suite suites[4] = {
        { "claims of chunks", .tests = tests },
    };
    unsigned int nr = 1;

    if ( host_nodes() > 1 )
        suites[nr++] = (struct unit_suite){
            "claims of chunks on two nodes", .tests = tests_of_two,
        };
    if ( host_giant_node() != HOST )
        suites[nr++] = (struct unit_suite){
            "claims of chunks of 1 GiB", .tests = giant_tests,
        };

    return unit_main("claim-chunks", suites);
}
