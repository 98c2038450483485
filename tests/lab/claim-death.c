/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain that dies at each step of its making, on a real Xen: PV, PVH and
 * HVM; nothing of it is left, and nothing claimed.
 */

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "domain.h"
#include "host.h"
#include "hypercall.h"
#include "unit.h"

#define MAX_PAGES (1u << 20)
#define PAGES     2000u
#define CHUNKS    3u
#define OVERHEAD  3000u
#define HOST      500u

static uint32_t node;
static unsigned int vcpus;

static void claim(uint32_t domid)
{
    const struct xen_node_claim set[] = {
        { PAGES, node, 0, XEN_NODE_CLAIM_GUEST },
        { CHUNKS << 9, node, 9, XEN_NODE_CLAIM_GUEST },
        { OVERHEAD, node, 0, XEN_NODE_CLAIM_OVERHEAD },
        { HOST, XEN_NODE_CLAIM_HOST, 0, XEN_NODE_CLAIM_GUEST },
    };

    UNIT_EQUAL("claim", claims_set(domid, 0, set, 4, NULL), 0);
}

static void nothing(uint32_t domid)
{
    UNIT_EQUAL("no claim", domain_outstanding(domid), 0);
}

static void replaced(uint32_t domid)
{
    const struct xen_node_claim less = { 100, node, 0, 0 };

    claim(domid);
    UNIT_EQUAL("less", claims_set(domid, 0, &less, 1, NULL), 0);
    UNIT_EQUAL("less", domain_outstanding(domid), 100);
}

static void released(uint32_t domid)
{
    claim(domid);
    UNIT_EQUAL("release", claims_set(domid, 0, NULL, 0, NULL), 0);
}

static void begun(uint32_t domid)
{
    claim(domid);
    UNIT_EQUAL("a page", domain_populate(domid, 1, 0, DOMAIN_ANY_NODE), 1);
}

/* A chunk that was given up: the claim is of another shape than it was. */
static void demoted(uint32_t domid)
{
    const struct xen_node_claim chunk = { 512, node, 9, 0 };

    UNIT_EQUAL("a chunk", claims_set(domid, 0, &chunk, 1, NULL), 0);
    UNIT_EQUAL("a page of it", domain_populate(domid, 1, 0, DOMAIN_ANY_NODE),
               1);
}

static void half_built(uint32_t domid)
{
    claim(domid);
    UNIT_EQUAL("chunks", domain_populate(domid, 1, 9, DOMAIN_ANY_NODE), 1);
    UNIT_EQUAL("pages", domain_populate(domid, PAGES / 2, 0, DOMAIN_ANY_NODE),
               PAGES / 2);
}

static void built(uint32_t domid)
{
    claim(domid);
    UNIT_EQUAL("chunks", domain_populate(domid, CHUNKS, 9, DOMAIN_ANY_NODE),
               CHUNKS);
    UNIT_EQUAL("pages",
               domain_populate(domid, PAGES + HOST, 0, DOMAIN_ANY_NODE),
               PAGES + HOST);
    UNIT_EQUAL("overhead is left", domain_outstanding(domid), OVERHEAD);
}

static void given_back(uint32_t domid)
{
    built(domid);
    UNIT_EQUAL("give back", domain_give_back(domid, 1000), 0);
    UNIT_EQUAL("nothing grows", domain_outstanding(domid), OVERHEAD);
}

static void with_vcpus(uint32_t domid)
{
    claim(domid);
    UNIT_EQUAL("vCPUs", domain_set_vcpus(domid, vcpus), 0);
}

static void with_tables(uint32_t domid)
{
    claim(domid);
    /* A PV domain has none of Xen's making. */
    UNIT_EQUAL("tables", domain_set_mempool(domid, 4u << 20),
               vcpus == 1 ? -EOPNOTSUPP : 0);
}

static void unpaused(uint32_t domid)
{
    half_built(domid);
    UNIT_EQUAL("unpause", domain_unpause(domid), 0);
    nothing(domid);
}

static void old_claim(uint32_t domid)
{
    UNIT_EQUAL("old claim", domain_claim(domid, PAGES), 0);
    UNIT_EQUAL("pages", domain_populate(domid, 100, 0, DOMAIN_ANY_NODE), 100);
    UNIT_EQUAL("the rest", domain_outstanding(domid), PAGES - 100);
}

/* A page that is in use keeps a dead domain, but no claim of it. */
static void held(uint32_t domid)
{
    struct claims claims;
    void *page;

    half_built(domid);
    page = domain_map_page(domid);
    UNIT_TRUE("map", page);
    domain_destroy(domid);
    UNIT_EQUAL("get", claims_get(domid, &claims), 0);
    UNIT_TRUE("dying", claims.op.flags & XEN_NODE_CLAIM_DOM_DYING);
    UNIT_EQUAL("nothing claimed", claims.op.nr_claims, 0);
    UNIT_EQUAL("nothing claimed", host_heap().op.claimed_pages, 0);
    domain_unmap_page(page);
}

static const struct {
    const char *fact;
    void (*reach)(uint32_t domid);
} steps[] = {
    { "just created", nothing },
    { "with a claim", claim },
    { "with a claim that was replaced", replaced },
    { "with a claim that was released", released },
    { "with one page of its claim", begun },
    { "with a chunk given up", demoted },
    { "half built", half_built },
    { "built", built },
    { "with memory given back", given_back },
    { "with a vCPU", with_vcpus },
    { "with page tables", with_tables },
    { "after it ran", unpaused },
    { "with a claim of the old kind", old_claim },
    { "while a page of it is in use", held },
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

static const char *const types[] = {
    [DOMAIN_PV] = "PV", [DOMAIN_PVH] = "PVH", [DOMAIN_HVM] = "HVM",
};

static const char *row_fact(unsigned int row)
{
    static char fact[128];

    if ( row >= STEPS * 3 )
        return NULL;
    snprintf(fact, sizeof(fact), "%s dies %s", types[row / STEPS],
             steps[row % STEPS].fact);

    return fact;
}

static void die(enum domain_type type, void (*reach)(uint32_t domid))
{
    uint32_t domid = domain_make_on(type, node, MAX_PAGES);

    vcpus = type == DOMAIN_PV ? 1 : DOMAIN_VCPUS;
    reach(domid);
    if ( reach != held )
        domain_destroy(domid);
}

static void row_run(unsigned int row)
{
    host_begin();
    die(row / STEPS, steps[row % STEPS].reach);
    UNIT_EQUAL("nothing claimed", host_outstanding(), 0);
    /* Xen's pools of small objects keep a page or two of what vCPUs took. */
    if ( steps[row % STEPS].reach == with_vcpus )
        host_unchanged_but(row_fact(row), 16);
    else
        host_unchanged(row_fact(row));
}

static int begin(void)
{
    node = host_best_node();

    return 0;
}

static const struct unit_suite suites[] = {
    { "domains that die", begin, .row_fact = row_fact, .row_run = row_run },
    {}
};

int main(void)
{
    return unit_main("claim-death", suites);
}
