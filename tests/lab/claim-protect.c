/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Nobody else gets what is claimed, on a real Xen: every sort of claim
 * against every way to take memory, on nodes with little left.
 *
 * Each time the claim stands as it was made, and is then redeemed to the last
 * page, where it was promised.
 */

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "domain.h"
#include "host.h"
#include "hypercall.h"
#include "unit.h"

#define MAX_PAGES (1u << 22)
#define HOST      XEN_NODE_CLAIM_HOST
#define GUEST     XEN_NODE_CLAIM_GUEST
#define OVERHEAD  XEN_NODE_CLAIM_OVERHEAD

/* What is left of the node, and of all others, in chunks of 2 MiB. */
#define LEFT       10u
#define LEFT_OTHER 3u
/* A thief returns so many pages: Xen wants a few to answer with. */
#define BREATH     64u

enum { M = 1 << 9, G = 1 << 18 };

static uint32_t node;

/* Targets other than HOST stand for the node.  Chunks come first. */
static const struct promise {
    const char *what;
    struct xen_node_claim set[4];
    unsigned int nr;
} promises[] = {
    { "pages", { { 2000, 0, 0, GUEST } }, 1 },
    { "chunks", { { 4 * M, 0, 9, GUEST } }, 1 },
    { "overhead", { { 2000, 0, 0, OVERHEAD } }, 1 },
    { "HOST", { { 2000, HOST, 0, GUEST } }, 1 },
    { "all kinds", { { 2 * M, 0, 9, GUEST }, { 600, 0, 0, GUEST },
                     { 300, 0, 0, OVERHEAD }, { 200, HOST, 0, GUEST } }, 4 },
    { "1 GiB", { { G, 0, 18, GUEST } }, 1 },
};

/* The thieves: one whose pages can be named, and one with page tables. */
static uint32_t thief, other_thief;

static void pages_of_the_node(void)
{
    UNIT_TRUE("some", domain_populate(thief, MAX_PAGES, 0, node) > BREATH);
    UNIT_EQUAL("one more", domain_populate(thief, 1, 0, node), 0);
}

static void chunks_of_the_node(void)
{
    domain_populate(thief, MAX_PAGES, 9, node);
    UNIT_EQUAL("one more", domain_populate(thief, 1, 9, node), 0);
}

static void pages_of_any_node(void)
{
    UNIT_TRUE("some",
              domain_populate(thief, MAX_PAGES, 0, DOMAIN_ANY_NODE) > BREATH);
    UNIT_EQUAL("one more", domain_populate(thief, 1, 0, DOMAIN_ANY_NODE), 0);
}

static void chunks_of_any_node(void)
{
    domain_populate(thief, MAX_PAGES, 9, DOMAIN_ANY_NODE);
    UNIT_EQUAL("one more", domain_populate(thief, 1, 9, DOMAIN_ANY_NODE), 0);
}

static void largest_first(void)
{
    static const unsigned int orders[] = { 18, 12, 10, 9, 6, 3, 1, 0 };
    unsigned int i;

    for ( i = 0; i < sizeof(orders) / sizeof(orders[0]); i++ )
        domain_populate(thief, MAX_PAGES, orders[i], node);
    UNIT_EQUAL("one more", domain_populate(thief, 1, 0, node), 0);
}

static void balloon(void)
{
    unsigned int i;

    pages_of_the_node();
    for ( i = 0; i < 4; i++ )
    {
        UNIT_EQUAL("down", domain_give_back(thief, 200), 0);
        UNIT_EQUAL("up", domain_populate(thief, 300, 0, node), 200);
    }
}

static void reservation(void)
{
    UNIT_TRUE("some", domain_reserve(thief, MAX_PAGES, node) > 0);
    UNIT_EQUAL("one more", domain_reserve(thief, 1, node), 0);
}

static void exchange(void)
{
    unsigned int i;

    pages_of_the_node();
    UNIT_EQUAL("room", domain_give_back(thief, BREATH), 0);
    for ( i = 0; i < 8; i++ )
        UNIT_EQUAL("exchange", domain_exchange(thief, BREATH / 2), 0);
}

static void hvm_memory(void)
{
    domain_populate(other_thief, MAX_PAGES, 9, node);
    domain_populate(other_thief, MAX_PAGES, 0, node);
    UNIT_EQUAL("one more", domain_populate(other_thief, 1, 0, node), 0);
}

/* Where these go when the node has no more: elsewhere, or nowhere. */
static void page_tables(void)
{
    pages_of_the_node();
    UNIT_EQUAL("room", domain_give_back(thief, 4 * BREATH), 0);
    domain_set_mempool(other_thief, 4u << 20);
}

static void vcpus(void)
{
    pages_of_the_node();
    UNIT_EQUAL("room", domain_give_back(thief, BREATH), 0);
    domain_set_vcpus(other_thief, DOMAIN_VCPUS);
}

static void old_claim(void)
{
    struct heap heap = host_heap();
    uint64_t left = heap.op.free_pages - heap.op.claimed_pages;

    UNIT_EQUAL("one too many", domain_claim(thief, left + 1), -ENOMEM);
    UNIT_EQUAL("all", domain_claim(thief, left - BREATH), 0);
}

static void claimed_pages(void)
{
    struct xen_node_claim claim = { .target = node };
    struct heap heap = host_heap();
    uint64_t left = heap.op.free_pages - heap.op.claimed_pages;

    claim.pages = host_available(node) + 1;
    if ( claim.pages > left + 1 )
        claim.pages = left + 1;
    UNIT_EQUAL("one too many", claims_set(thief, 0, &claim, 1, NULL), -ENOMEM);
    claim.pages -= 1 + BREATH;
    UNIT_EQUAL("the rest", claims_set(thief, 0, &claim, 1, NULL), 0);
}

static void claimed_chunks(void)
{
    struct xen_node_claim claim = { .target = node, .order = 9 };
    struct xen_node_heap heap = host_heap().nodes[node];
    uint64_t left = heap.free_2m_chunks - heap.claimed_2m_chunks -
                    (heap.claimed_1g_chunks << 9);

    claim.pages = (left + 1) << 9;
    UNIT_EQUAL("one too many", claims_set(thief, 0, &claim, 1, NULL), -ENOMEM);
}

static void creation(void)
{
    struct xen_node_claim claim = {
        .pages = host_available(node) + 1, .target = node,
    };
    struct xen_node_placement placement = {
        .nodes = 1ULL << node, .home_node = node, .max_pages = MAX_PAGES,
        .nr_claims = 1,
    };

    UNIT_EQUAL("one too many",
               domain_create(0, NULL, domain_config_size(), &placement,
                             &claim), -ENOMEM);
}

static const struct {
    const char *what;
    void (*attack)(void);
} attacks[] = {
    { "pages of the node", pages_of_the_node },
    { "chunks of the node", chunks_of_the_node },
    { "pages of any node", pages_of_any_node },
    { "chunks of any node", chunks_of_any_node },
    { "blocks of all sizes", largest_first },
    { "ballooning", balloon },
    { "increase_reservation", reservation },
    { "exchange", exchange },
    { "memory of an HVM domain", hvm_memory },
    { "page tables", page_tables },
    { "vCPUs", vcpus },
    { "a claim of the old kind", old_claim },
    { "claims of pages", claimed_pages },
    { "claims of chunks", claimed_chunks },
    { "creation with a claim", creation },
};

#define ATTACKS (sizeof(attacks) / sizeof(attacks[0]))

static uint32_t filler;

/* Memory is scarce everywhere, so that an attack soon meets the claim. */
static int fill(void)
{
    struct heap heap = host_heap();
    unsigned int n;

    node = host_best_node();
    filler = domain_make(MAX_PAGES);
    for ( n = 0; n < heap.op.nr_nodes; n++ )
    {
        uint64_t left = n == node ? LEFT : LEFT_OTHER;
        uint64_t chunks = heap.nodes[n].free_2m_chunks;

        if ( chunks > left &&
             domain_populate(filler, chunks - left, 9, n) != chunks - left )
            return 1;
    }

    return 0;
}

static int empty(void)
{
    domain_destroy(filler);

    return 0;
}

static int look(void)
{
    node = host_giant_node();

    return 0;
}

static unsigned int install(uint32_t owner, const struct promise *promise)
{
    struct xen_node_claim set[4];
    unsigned int i;

    memcpy(set, promise->set, sizeof(set));
    for ( i = 0; i < promise->nr; i++ )
        if ( set[i].target != HOST )
            set[i].target = node;

    return claims_set(owner, 0, set, promise->nr, NULL);
}

/* Each entry in turn: memory, or page tables for overhead. */
static void redeem(uint32_t owner, const struct promise *promise)
{
    struct claims before, after;
    uint64_t memory = 0, tables = 0;
    unsigned int i;

    UNIT_EQUAL("get", claims_get(owner, &before), 0);
    for ( i = 0; i < promise->nr; i++ )
    {
        const struct xen_node_claim *c = &promise->set[i];

        if ( c->kind == OVERHEAD )
        {
            tables += c->pages;
            /* On top of the 1 MiB that it begins with. */
            UNIT_EQUAL("tables",
                       domain_set_mempool(owner, (256 + c->pages) << 12), 0);
            continue;
        }
        if ( c->target != HOST )
            memory += c->pages;
        UNIT_EQUAL("memory", domain_populate(owner, c->pages >> c->order,
                                             c->order, DOMAIN_ANY_NODE),
                   c->pages >> c->order);
    }

    UNIT_EQUAL("get", claims_get(owner, &after), 0);
    UNIT_EQUAL("all redeemed", after.op.nr_claims, 0);
    UNIT_TRUE("memory", after.nodes[node].guest_pages >=
                        before.nodes[node].guest_pages + memory);
    UNIT_EQUAL("tables", after.nodes[node].overhead_pages,
               before.nodes[node].overhead_pages + tables);
}

static void protect(const struct promise *promise, void (*attack)(void))
{
    struct claims before, after;
    uint32_t owner;

    host_begin();
    owner = domain_make_on(DOMAIN_PVH, node, MAX_PAGES);
    thief = domain_make(MAX_PAGES);
    other_thief = domain_make_on(DOMAIN_HVM, node, MAX_PAGES);
    UNIT_EQUAL("claim", install(owner, promise), 0);
    UNIT_EQUAL("get", claims_get(owner, &before), 0);

    attack();
    domain_give_back(thief, BREATH);

    UNIT_EQUAL("get", claims_get(owner, &after), 0);
    UNIT_EQUAL("stands", after.op.nr_claims, promise->nr);
    UNIT_TRUE("stands", !memcmp(after.claims, before.claims,
                                promise->nr * sizeof(after.claims[0])));
    redeem(owner, promise);
    domain_destroy(other_thief);
    domain_destroy(thief);
    domain_destroy(owner);
    /* Xen's pools of small objects keep a page or two of what vCPUs took. */
    if ( attack == vcpus )
        host_unchanged_but("afterwards", 16);
    else
        host_unchanged("afterwards");
}

static const char *name(unsigned int promise, unsigned int attack)
{
    static char fact[128];

    snprintf(fact, sizeof(fact), "%s are kept from %s",
             promises[promise].what, attacks[attack].what);

    return fact;
}

static const char *small_fact(unsigned int row)
{
    return row < 5 * ATTACKS ? name(row / ATTACKS, row % ATTACKS) : NULL;
}

static void small_run(unsigned int row)
{
    protect(&promises[row / ATTACKS], attacks[row % ATTACKS].attack);
}

/* Of 1 GiB nodes have too much left to take it all in small pieces. */
static const unsigned int giant_attacks[] = { 1, 4, 9, 10, 11, 12, 13, 14 };

#define GIANTS (sizeof(giant_attacks) / sizeof(giant_attacks[0]))

static const char *giant_fact(unsigned int row)
{
    return row < GIANTS ? name(5, giant_attacks[row]) : NULL;
}

static void giant_run(unsigned int row)
{
    protect(&promises[5], attacks[giant_attacks[row]].attack);
}

int main(void)
{
    const struct unit_suite suites[] = {
        { "claims that are kept", fill, empty, .row_fact = small_fact,
          .row_run = small_run },
        { host_giant_node() == HOST ? NULL : "1 GiB that is kept", look,
          .row_fact = giant_fact, .row_run = giant_run },
        {}
    };

    return unit_main("claim-protect", suites);
}
