/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Claimed memory that goes offline, on a real Xen: what cannot be kept is
 * recalled, exactly and readably, and nothing grows when it comes back.
 */

#include <errno.h>
#include <stddef.h>

#include "domain.h"
#include "host.h"
#include "hypercall.h"
#include "unit.h"

#define MAX_PAGES (1 << 22)
#define HOST      XEN_NODE_CLAIM_HOST

enum { M = 1 << 9 };

static uint64_t recalled(uint32_t domid, uint32_t node)
{
    struct claims claims;

    UNIT_EQUAL("get", claims_get(domid, &claims), 0);

    return claims.nodes[node].recalled_pages;
}

/* The first frame of a chunk of the node that is free. */
static uint64_t free_chunk(uint32_t node)
{
    uint64_t frame;
    uint32_t domid;

    host_begin();
    domid = domain_make(MAX_PAGES);
    frame = domain_take_chunk(domid, node);
    domain_destroy(domid);
    host_unchanged("chunk");

    return frame;
}

static void end(uint32_t domid, uint64_t frame, uint64_t nr)
{
    UNIT_EQUAL("online", frames_online(frame, nr), 0);
    domain_destroy(domid);
    host_unchanged("afterwards");
}

/* With a page to spare nothing is recalled; then page by page. */
static void pages_are_recalled(void)
{
    const unsigned int node = host_best_node();
    uint64_t frame, all, generation;
    uint32_t domid;

    frame = free_chunk(node);
    host_begin();
    domid = domain_make(MAX_PAGES);
    all = host_available(node);
    {
        const struct xen_node_claim claim = {
            .pages = all - 2, .target = node,
        };

        UNIT_EQUAL("claim", claims_set(domid, 0, &claim, 1, NULL), 0);
    }
    UNIT_EQUAL("two to spare", frames_offline(frame, 2), 0);
    UNIT_EQUAL("stands", claims_on(domid, node), all - 2);
    UNIT_EQUAL("none recalled", recalled(domid, node), 0);

    generation = host_heap().op.generation;
    UNIT_EQUAL("three more", frames_offline(frame + 2, 3), 0);
    UNIT_EQUAL("less", claims_on(domid, node), all - 5);
    UNIT_EQUAL("recalled", recalled(domid, node), 3);
    UNIT_EQUAL("outstanding", host_outstanding(), all - 5);
    UNIT_EQUAL("node", host_available(node), 0);
    UNIT_TRUE("generation", host_heap().op.generation != generation);

    UNIT_EQUAL("online", frames_online(frame, 5), 0);
    UNIT_EQUAL("does not grow", claims_on(domid, node), all - 5);
    UNIT_EQUAL("is told still", recalled(domid, node), 3);
    UNIT_EQUAL("again", frames_offline(frame, 5), 0);
    UNIT_EQUAL("nothing missing", recalled(domid, node), 3);
    end(domid, frame, 5);
}

/* A chunk that breaks becomes pages; the pages are still promised. */
static void chunks_are_demoted(void)
{
    const unsigned int node = host_best_node();
    struct xen_node_claim claim = { .target = node, .order = 9 };
    uint64_t frame, chunks;
    uint32_t domid;

    frame = free_chunk(node);
    host_begin();
    domid = domain_make(1 << 24);
    chunks = host_heap().nodes[node].free_2m_chunks;
    claim.pages = chunks * M;
    UNIT_EQUAL("claim", claims_set(domid, 0, &claim, 1, NULL), 0);
    UNIT_EQUAL("offline", frames_offline(frame, 1), 0);
    UNIT_EQUAL("chunks free", host_heap().nodes[node].free_2m_chunks,
               chunks - 1);
    UNIT_EQUAL("chunks claimed", host_heap().nodes[node].claimed_2m_chunks,
               chunks - 1);
    UNIT_EQUAL("as many pages", claims_on(domid, node), chunks * M);
    UNIT_EQUAL("none recalled", recalled(domid, node), 0);
    UNIT_EQUAL("built", domain_populate(domid, chunks - 1, 9, node),
               chunks - 1);
    end(domid, frame, 1);
}

/* The largest claim gives, on a tie that of the lowest domid. */
static void the_largest_gives(void)
{
    const unsigned int node = host_best_node();
    struct xen_node_claim claim = { .target = node };
    uint32_t small, large, equal;
    uint64_t frame, all;

    frame = free_chunk(node);
    host_begin();
    small = domain_make(MAX_PAGES);
    large = domain_make(MAX_PAGES);
    equal = domain_make(MAX_PAGES);
    all = host_available(node);
    claim.pages = all % 2 ? 101 : 100;
    UNIT_EQUAL("small", claims_set(small, 0, &claim, 1, NULL), 0);
    claim.pages = (all - claim.pages) / 2;
    UNIT_EQUAL("large", claims_set(large, 0, &claim, 1, NULL), 0);
    UNIT_EQUAL("equal", claims_set(equal, 0, &claim, 1, NULL), 0);
    UNIT_EQUAL("all", host_available(node), 0);
    UNIT_EQUAL("offline", frames_offline(frame, 1), 0);
    UNIT_EQUAL("of the lower id", recalled(large, node), 1);
    UNIT_EQUAL("not of the other", recalled(equal, node), 0);
    UNIT_EQUAL("not of the small", recalled(small, node), 0);
    domain_destroy(equal);
    domain_destroy(small);
    end(large, frame, 1);
}

/*
 * Claims of the host fall when the host as a whole has less.  Then Xen has no
 * page left to answer with, before another claim is released.
 */
static void host_claims_are_recalled(void)
{
    const unsigned int node = host_best_node();
    struct xen_node_claim claim = { .target = HOST };
    uint32_t domid, other;
    uint64_t frame;

    frame = free_chunk(node);
    host_begin();
    domid = domain_make(1 << 24);
    other = domain_make(1 << 24);
    claim.pages = 1000;
    UNIT_EQUAL("a little", claims_set(other, 0, &claim, 1, NULL), 0);
    claim.pages = host_heap().op.free_pages - 1000 - 64;
    UNIT_EQUAL("nearly all", claims_set(domid, 0, &claim, 1, NULL), 0);
    UNIT_EQUAL("offline", frames_offline(frame, 60), 0);
    UNIT_EQUAL("offline", frames_offline(frame + 60, 300), 0);
    UNIT_EQUAL("release", claims_set(other, 0, NULL, 0, NULL), 0);
    UNIT_EQUAL("of the larger", recalled(other, node), 0);
    UNIT_TRUE("what is missing", recalled(domid, node) >= 296 &&
                                 recalled(domid, node) <= 300);
    UNIT_EQUAL("less", claims_on(domid, HOST),
               claim.pages - recalled(domid, node));
    UNIT_EQUAL("outstanding", host_outstanding(), claims_on(domid, HOST));
    domain_destroy(other);
    end(domid, frame, 360);
}

static const struct unit_test tests[] = {
    { "pages are recalled when they are missing", pages_are_recalled },
    { "a chunk that breaks becomes pages", chunks_are_demoted },
    { "the largest claim gives", the_largest_gives },
    { "so do claims of the host", host_claims_are_recalled },
    {}
};

static const struct unit_suite suites[] = {
    { "claims and memory that goes offline", NULL, NULL, tests },
    {}
};

int main(void)
{
    return unit_main("claim-offline", suites);
}
