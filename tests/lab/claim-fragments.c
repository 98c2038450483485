/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Memory in fragments: a node has much of it free and few chunks of 2 MiB.
 * One domain is promised the chunks, another takes small pages for as long as
 * it gets any; then the first one is built.
 *
 * A Xen with node claims keeps every chunk.  On one without them the promise
 * is that of XENMEM_claim_pages, which is one of pages of the host, and the
 * chunks are gone.
 */

#include <errno.h>

#include "domain.h"
#include "hypercall.h"
#include "unit.h"

#define MAX_PAGES (1 << 22)
#define CHUNKS    20u
#define PAGES     512u

static unsigned int node;
static bool has_node_claims;

/* The node where a claim of chunks makes sense, and what Xen this is. */
static void look(void)
{
    struct heap heap;
    unsigned int n;

    has_node_claims = !heap_get(&heap);
    for ( n = 1; has_node_claims && n < heap.op.nr_nodes; n++ )
        if ( heap.nodes[n].free_pages > heap.nodes[node].free_pages )
            node = n;
}

static int promise(uint32_t domid)
{
    const struct xen_node_claim chunks = {
        .pages = CHUNKS * PAGES, .target = node, .order = 9,
    };

    return has_node_claims ? claims_set(domid, 0, &chunks, 1, NULL)
                           : domain_claim(domid, chunks.pages);
}

static void chunks_are_there(void)
{
    uint32_t fragments, owner, thief;
    uint64_t stolen, built;

    look();
    fragments = domain_make(MAX_PAGES);
    owner = domain_make(MAX_PAGES);
    thief = domain_make(MAX_PAGES);

    UNIT_EQUAL("chunks free", domain_fragment(fragments, node, CHUNKS),
               CHUNKS);
    UNIT_EQUAL("promise", promise(owner), 0);
    stolen = domain_populate(thief, MAX_PAGES, 0, node);
    UNIT_TRUE("ample memory", stolen > 50 * PAGES);
    built = domain_populate(owner, CHUNKS, 9, node);
    printf("    %llu pages stolen, %llu of %u chunks built\n",
           (unsigned long long)stolen, (unsigned long long)built, CHUNKS);
    if ( has_node_claims )
        UNIT_EQUAL("all chunks", built, CHUNKS);
    else
        UNIT_TRUE("fewer chunks", built < CHUNKS);

    domain_destroy(thief);
    domain_destroy(owner);
    domain_destroy(fragments);
}

static const struct unit_test tests[] = {
    { "promised chunks are there, or not", chunks_are_there },
    {}
};

static const struct unit_suite suites[] = {
    { "claims of fragmented memory", NULL, NULL, tests },
    {}
};

int main(void)
{
    return unit_main("claim-fragments", suites);
}
