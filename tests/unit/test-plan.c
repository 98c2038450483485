/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * From what the library tells to what the engine is asked, and from its plan
 * to claims.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "unit.h"

static void what_is_claimed_is_not_free(void)
{
    static const struct xennuma_heap heap = {
        .nr_nodes = 2, .host_claimed_pages = 5,
        .nodes = {
            { .online = true, .present_pages = 4000, .free_pages = 3000,
              .claimed_guest_pages = 1000, .claimed_overhead_pages = 24,
              .free_2m_chunks = 1030, .free_1g_chunks = 2,
              .claimed_2m_chunks = 6, .claimed_1g_chunks = 1 },
            /* More claimed than free: for a moment after memory went. */
            { .online = true, .free_pages = 10, .claimed_guest_pages = 11,
              .free_2m_chunks = 1, .claimed_2m_chunks = 2 },
        },
    };
    static const struct xennuma_topology topology = {
        .nodes = {
            { .cpus = 4, .cores = 2, .distances = { 10, XENNUMA_NO_DISTANCE } },
            { .cpus = 2, .cores = 1, .distances = { 21, 10 } },
        },
    };
    struct place_host host;

    memset(&host, 0xff, sizeof(host));
    plan_host(&heap, &topology, &host);
    UNIT_EQUAL("nodes", host.nr_nodes, 2);
    UNIT_EQUAL("of the host", host.host_claimed_pages, 5);
    UNIT_EQUAL("free", host.nodes[0].free_pages, 1976);
    UNIT_EQUAL("2 MiB", host.nodes[0].chunks[0], 1030 - 6 - 512);
    UNIT_EQUAL("1 GiB", host.nodes[0].chunks[1], 1);
    UNIT_EQUAL("not below 0", host.nodes[1].free_pages, 0);
    UNIT_EQUAL("not below 0", host.nodes[1].chunks[0], 0);
    UNIT_EQUAL("cores", host.nodes[0].cores, 2);
    UNIT_EQUAL("cpus", host.nodes[1].cpus, 2);
    UNIT_TRUE("unknown", host.nodes[0].distances[1] == PLACE_NO_DISTANCE);
    UNIT_EQUAL("distance", host.nodes[1].distances[0], 21);
    UNIT_EQUAL("nobody there", host.nodes[0].vcpus, 0);
}

static void vcpus_are_where_the_memory_is(void)
{
    static const struct {
        const char *row;
        uint64_t pages[3];
        uint64_t claim;          /* on node 2                                */
        uint32_t vcpus[3];
        int home;
    } rows[] = {
        { "one node", { 0, 100, 0 }, 0, { 0, 4, 0 }, 1 },
        { "two", { 100, 100, 0 }, 0, { 2, 2, 0 }, 0 },
        { "a small share", { 100, 24, 0 }, 0, { 4, 0, 0 }, 0 },
        { "a quarter", { 25, 100, 0 }, 0, { 2, 2, 0 }, 1 },
        { "claimed", { 10, 0, 0 }, 100, { 0, 0, 4 }, 2 },
        { "nothing yet", { 0, 0, 0 }, 0, { 0, 0, 0 }, -1 },
    };

    for ( unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        struct place_host host = { .nr_nodes = 3 };
        struct xennuma_domain domain = {
            .nr_nodes = 3, .nr_claims = 2,
            .claims = { { .pages = rows[i].claim, .target = 2 },
                        { .pages = 1000, .target = XENNUMA_HOST } },
        };

        for ( unsigned int n = 0; n < 3; n++ )
            domain.nodes[n].guest_pages = rows[i].pages[n];
        plan_load(&domain, 4, &host);
        for ( unsigned int n = 0; n < 3; n++ )
            UNIT_EQUAL(rows[i].row, host.nodes[n].vcpus, rows[i].vcpus[n]);
        UNIT_EQUAL(rows[i].row, plan_home(&domain), rows[i].home);
    }
}

static void chunks_are_claimed_as_such(void)
{
    const struct place_plan plan = {
        .home_node = 1, .pages = { 512 * 512 + 1024 + 7, 0, 1024 },
        .chunks = { { 2, 0, 2 }, { 1 } },
    };
    static const struct xennuma_claim wanted[] = {
        { 512 * 512, 0, 18, XENNUMA_CLAIM_GUEST },
        { 1024, 0, 9, XENNUMA_CLAIM_GUEST },
        { 7, 0, 0, XENNUMA_CLAIM_GUEST },
        { 32, 1, 0, XENNUMA_CLAIM_GUEST },
        { 1024, 2, 9, XENNUMA_CLAIM_GUEST },
    };
    struct xennuma_claim claims[PLAN_MAX_CLAIMS];

    memset(claims, 0xff, sizeof(claims));
    UNIT_EQUAL("claims", plan_claims(&plan, 32, claims), 5);
    for ( unsigned int i = 0; i < 5; i++ )
    {
        UNIT_EQUAL("pages", claims[i].pages, wanted[i].pages);
        UNIT_EQUAL("node", claims[i].target, wanted[i].target);
        UNIT_EQUAL("order", claims[i].order, wanted[i].order);
        UNIT_EQUAL("kind", claims[i].kind, wanted[i].kind);
    }
    UNIT_EQUAL("without more", plan_claims(&plan, 0, claims), 4);
}

static const struct unit_test tests[] = {
    { "what is claimed is not free", what_is_claimed_is_not_free },
    { "vCPUs are where the memory is", vcpus_are_where_the_memory_is },
    { "chunks are claimed as such", chunks_are_claimed_as_such },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "plan", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-plan", suites);
}
