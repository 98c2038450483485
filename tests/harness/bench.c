/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What claims cost, in instructions, counted by callgrind:
 *
 *     valgrind --tool=callgrind --collect-atstart=no bench-patched HOST
 *
 * writes one file of counts for each thing measured, whose trigger names it
 * and how often it was done: NAME/TIMES.  HOST is "memory", of few nodes with
 * much memory, or "claims", of 64 nodes.
 */

#include <stdio.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "heap.h"
#include "loop.h"

/* What somebody claimed while memory is allocated. */
enum claims { NONE, OTHERS, OWN, NR_CLAIMS };

#define DOMAIN 0
#define OTHER 1

static void counted(const char *what, const char *when, unsigned int times)
{
    char name[96];

    snprintf(name, sizeof(name), "%s %s/%u", what, when, times);
    CALLGRIND_DUMP_STATS_AT(name);
}

static void create(unsigned int nodes, unsigned int node_order)
{
    struct heap_layout layout = { .nr_nodes = nodes, .nr_ranges = nodes,
                                  .dma_bits = 32 };
    unsigned long pages = 1UL << node_order;
    unsigned int i;

    /* Beyond the low zones, which are searched last. */
    for ( i = 0; i < nodes; i++ )
        layout.range[i] = (struct heap_range){
            .start = (1UL << 20) + i * pages,
            .end = (1UL << 20) + (i + 1) * pages, .node = i,
        };
    heap_create(&layout);
    for ( i = 0; i < nodes; i++ )
        while ( heap_scrub(i, 1U << 20) )
            ;
    heap_domain_create(DOMAIN, ~0UL >> (64 - nodes), ~0U, HEAP_NO_NODE);
    heap_domain_create(OTHER, ~0UL >> (64 - nodes), ~0U, HEAP_NO_NODE);
}

/* Claims by node where there are such, otherwise one of the whole host. */
static void claim(int slot, unsigned long pages, unsigned int order)
{
    const struct heap_claim claims[] = {
        { .pages = pages / 2, .target = 0, .order = order },
        { .pages = pages / 2, .target = 1, .order = order },
    };
    int error;

    if ( heap_has_claims() )
        error = heap_claim(slot, claims, 2, NULL);
    else
        error = heap_claim_legacy(slot, heap_domain_pages(slot) + pages);
    if ( error )
        host_bug("a claim is refused", __FILE__, __LINE__);
}

static void release(int slot)
{
    if ( heap_has_claims() )
        heap_claim(slot, NULL, 0, NULL);
    heap_claim_legacy(slot, 0);
}

static const char *const when[NR_CLAIMS] = {
    [NONE] = "none", [OTHERS] = "others", [OWN] = "own",
};

static void claim_before(enum claims claims, unsigned long own_pages,
                         unsigned int order)
{
    if ( claims == OTHERS )
        claim(OTHER, 2UL << 18, order);
    else if ( claims == OWN )
        claim(DOMAIN, own_pages, order);
}

static void measure(const char *what, unsigned int order, unsigned int nr,
                    enum claims claims, unsigned int claim_order)
{
    const unsigned long pages = (unsigned long)nr << order;
    char name[64];

    claim_before(claims, 2 * pages, claim_order);
    CALLGRIND_TOGGLE_COLLECT;
    loop_alloc(DOMAIN, order, nr);
    CALLGRIND_TOGGLE_COLLECT;
    snprintf(name, sizeof(name), "alloc %s%s", what,
             claim_order ? " chunks" : "");
    counted(name, when[claims], nr);

    release(claims == OTHERS ? OTHER : DOMAIN);
    if ( claims == OTHERS )
        claim(OTHER, 2UL << 18, claim_order);
    CALLGRIND_TOGGLE_COLLECT;
    loop_free(order, nr);
    CALLGRIND_TOGGLE_COLLECT;
    snprintf(name, sizeof(name), "free %s%s", what,
             claim_order ? " chunks" : "");
    counted(name, when[claims], nr);
    release(OTHER);
}

/*
 * 1 GiB as a builder asks for it, in chunks of 2 MiB, and with claims of its
 * own for no more than that.
 */
static void populate(enum claims claims, unsigned int claim_order)
{
    claim_before(claims, 1UL << 18, claim_order);
    CALLGRIND_TOGGLE_COLLECT;
    loop_alloc(DOMAIN, 9, 512);
    CALLGRIND_TOGGLE_COLLECT;
    counted(claim_order ? "populate 1g of 2m chunks" : "populate 1g of 2m",
            when[claims], 1);
    release(claims == OTHERS ? OTHER : DOMAIN);
    loop_free(9, 512);
}

static void bench_memory(void)
{
    static const struct {
        const char *what;
        unsigned int order, nr;
    } sizes[] = {
        { "4k", 0, 2048 }, { "2m", 9, 512 }, { "1g", 18, 2 },
    };
    unsigned int i;
    int claims;

    create(2, 20);
    for ( i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++ )
    {
        /* Memory that was in use costs more than such that never was. */
        loop_alloc(DOMAIN, sizes[i].order, sizes[i].nr);
        loop_free(sizes[i].order, sizes[i].nr);
        for ( claims = NONE; claims < NR_CLAIMS; claims++ )
            measure(sizes[i].what, sizes[i].order, sizes[i].nr, claims, 0);
    }
    for ( claims = NONE; claims < NR_CLAIMS; claims++ )
        populate(claims, 0);

    /* Promised as chunks, of 2 MiB at least; stock Xen has nothing like it. */
    for ( i = 0; i < 3 && heap_has_levels(); i++ )
        for ( claims = OTHERS; claims < NR_CLAIMS; claims++ )
            measure(sizes[i].what, sizes[i].order, sizes[i].nr, claims,
                    sizes[i].order ? sizes[i].order : 9);
    for ( claims = OTHERS; claims < NR_CLAIMS && heap_has_levels(); claims++ )
        populate(claims, 9);
}

static void bench_claims(void)
{
    static const unsigned int entries[] = { 1, 4, 64 };
    static const int domains[] = { 1, 100, 1000 };
    struct heap_claim claims[64] = {};
    unsigned int i, j;
    int slot = DOMAIN + 1;
    char name[64];

    create(64, 14);
    heap_domain_kill(OTHER);
    heap_domain_destroy(OTHER);

    for ( i = 0; i < 64; i++ )
        claims[i] = (struct heap_claim){ .pages = 5, .target = i };

    /* The measured domain is one of them. */
    for ( i = 0; i < 3; i++ )
    {
        for ( ; slot < domains[i]; slot++ )
        {
            heap_domain_create(slot, ~0UL, ~0U, HEAP_NO_NODE);
            heap_claim(slot, claims, 1 + slot % 64, NULL);
        }
        for ( j = 0; j < 3; j++ )
        {
            loop_prepare(claims, entries[j]);
            /* What is replaced is always a set like the new one. */
            loop_claim(DOMAIN, 1);
            CALLGRIND_TOGGLE_COLLECT;
            loop_claim(DOMAIN, 64);
            CALLGRIND_TOGGLE_COLLECT;
            snprintf(name, sizeof(name), "claim %u entries", entries[j]);
            counted(name, i == 0 ? "1 domain"
                          : i == 1 ? "100 domains" : "1000 domains", 64);
        }
    }
}

int main(int argc, char **argv)
{
    if ( argc == 2 && !strcmp(argv[1], "memory") )
        bench_memory();
    else if ( argc == 2 && !strcmp(argv[1], "claims") )
        bench_claims();
    else
    {
        fprintf(stderr, "usage: %s memory|claims\n", argv[0]);
        return 2;
    }

    return 0;
}
