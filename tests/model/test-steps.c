/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Creating a domain step by step, on a Xen that has claims but cannot create
 * on nodes: each error, and that it leaves nothing.
 *
 * The host has two nodes of 4096 and 2048 pages; Xen takes 10 pages for a
 * domain, wherever it likes, and 5 for each vCPU, on the domain's nodes.
 */

#include <errno.h>
#include <stdio.h>

#include "host.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define NODE0 4096u
#define NODE1 2048u

static xennuma_handle *handle;

static int begin(void)
{
    host_make("features claims superpages overhead\noverhead 10 5\n"
              "16M 4 10 21\n8M 2 21 10\n");
    handle = host_open();

    return 0;
}

static int end(void)
{
    int rc = host_audit(handle, "at the end");

    xennuma_close(handle);
    host_remove();

    return rc;
}

static const struct {
    const char *row;
    uint32_t vcpus;
    struct xennuma_placement placement;
    struct xennuma_claim claims[2];
    int error;
    struct xennuma_shortage shortage;
} rows[] = {
    { "no claim", 1, { .nodes = 1 }, { { 0 } }, 0, { 9, 9 } },
    { "no nodes", 1, { .nodes = 0 }, { { 0 } }, 0, { 9, 9 } },
    { "all of node 1 but for vCPUs", 2,
      { .nodes = 2, .home_node = 1, .max_pages = 4096, .nr_claims = 1 },
      { { NODE1 - 10, 1, 0, 0 } }, 0, { 9, 9 } },
    { "a page too many", 2,
      { .nodes = 2, .home_node = 1, .max_pages = 4096, .nr_claims = 1 },
      { { NODE1 - 9, 1, 0, 0 } }, ENOMEM, { 0, 1 } },
    { "the second is short", 1,
      { .nodes = 3, .max_pages = 4096, .nr_claims = 2 },
      { { 1, 0, 0, 0 }, { NODE1 + 3, 1, 0, 0 } }, ENOMEM, { 1, 3 } },
    { "more than max_pages", 1,
      { .nodes = 1, .max_pages = 99, .nr_claims = 1 },
      { { 100, 0, 0, 0 } }, ERANGE, { 9, 9 } },
    { "node not there", 1, { .nodes = 5 }, { { 0 } }, ENOENT, { 9, 9 } },
    { "home outside", 1, { .nodes = 1, .home_node = 1 }, { { 0 } }, ENOENT,
      { 9, 9 } },
    { "home 64", 1, { .nodes = 1, .home_node = 64 }, { { 0 } }, ENOENT,
      { 9, 9 } },
    { "home without nodes", 1, { .home_node = 1 }, { { 0 } }, EINVAL,
      { 9, 9 } },
    { "the home node is not the first", 2,
      { .nodes = 3, .home_node = 1 }, { { 0 } }, 0, { 9, 9 } },
    { "more max_pages than Xen counts", 1,
      { .nodes = 1, .max_pages = 1ULL << 32 }, { { 0 } }, EINVAL, { 9, 9 } },
    { "unknown kind", 1, { .nodes = 1, .max_pages = 9, .nr_claims = 1 },
      { { 1, 0, 0, 2 } }, EINVAL, { 9, 9 } },
    { "strict", 1, { .nodes = 1, .strict = true }, { { 0 } }, EOPNOTSUPP,
      { 9, 9 } },
    { "no vCPU", 0, { .nodes = 1 }, { { 0 } }, EINVAL, { 9, 9 } },
    { "as many as there may be", 128, { .nodes = 2, .home_node = 1 },
      { { 0 } }, 0, { 9, 9 } },
    { "too many vCPUs", 129, { .nodes = 1 }, { { 0 } }, EINVAL, { 9, 9 } },
};

static uint64_t unclaimed_pages(void)
{
    struct xennuma_heap heap;

    UNIT_EQUAL("heap", xennuma_heap_get(handle, &heap), 0);

    return heap.free_pages - heap.claimed_pages;
}

static void look(size_t i, const struct xennuma_created *created)
{
    const char *row = rows[i].row;
    struct xennuma_domain domain;

    UNIT_EQUAL(row, xennuma_claims_get(handle, created->domid, &domain), 0);
    UNIT_TRUE(row, domain.unique_id == created->unique_id);
    UNIT_EQUAL(row, domain.paused, true);
    UNIT_EQUAL(row, domain.owner, 0);
    UNIT_EQUAL(row, domain.nr_claims, rows[i].placement.nr_claims);
    UNIT_EQUAL(row, domain.nodes[0].overhead_pages +
                    domain.nodes[1].overhead_pages, 10 + 5 * rows[i].vcpus);
    if ( rows[i].placement.home_node == 1 )
        UNIT_EQUAL(row, domain.nodes[1].overhead_pages, 5 * rows[i].vcpus);
}

static void create(size_t i)
{
    const struct xennuma_domain_config config = { .max_vcpus = rows[i].vcpus };
    struct xennuma_placement placement = rows[i].placement;
    struct xennuma_shortage shortage = { 9, 9 };
    struct xennuma_created created = { 0 };
    int rc;

    placement.claims = rows[i].claims;
    rc = xennuma_domain_create(handle, &config, &placement, &created,
                               &shortage);
    UNIT_EQUAL(rows[i].row, rc ? errno : 0, rows[i].error);
    UNIT_EQUAL(rows[i].row, shortage.entry, rows[i].shortage.entry);
    UNIT_EQUAL(rows[i].row, shortage.pages, rows[i].shortage.pages);
    if ( rc )
    {
        UNIT_EQUAL(rows[i].row, created.unique_id, 0);
        return;
    }
    look(i, &created);
    UNIT_EQUAL(rows[i].row, xennuma_domain_destroy(handle, created.domid,
                                                   created.unique_id), 0);
}

static void each_error_leaves_nothing(void)
{
    for ( size_t i = 0; i < NR(rows); i++ )
    {
        create(i);
        UNIT_EQUAL(rows[i].row, unclaimed_pages(), NODE0 + NODE1);
        UNIT_EQUAL(rows[i].row, host_audit(handle, rows[i].row), 0);
    }
}

/* All is claimed but for some pages; the domain needs 10, and 5 a vCPU. */
static void without_memory_of_xen_nothing_is_left(void)
{
    static const struct {
        const char *row;
        uint64_t room;
        uint32_t vcpus;
        int error;
    } tries[] = {
        { "for nothing", 9, 1, ENOMEM },
        { "for no vCPU", 14, 1, ENOMEM },
        { "for one of two", 15, 2, ENOMEM },
        { "for all", 15, 1, 0 },
    };
    const struct xennuma_placement placement = { .nodes = 2, .home_node = 1 };

    for ( size_t i = 0; i < NR(tries); i++ )
    {
        const struct xennuma_domain_config config = {
            .max_vcpus = tries[i].vcpus,
        };
        struct xennuma_claim claim = {
            .pages = NODE0 + NODE1 - tries[i].room - 15, .target = XENNUMA_HOST,
        };
        const struct xennuma_placement holds = {
            .max_pages = NODE0 + NODE1, .claims = &claim, .nr_claims = 1,
        };
        struct xennuma_created holder, created = { 0 };
        struct xennuma_shortage shortage = { 9, 9 };
        int rc;

        UNIT_EQUAL(tries[i].row, xennuma_domain_create(
            handle, &(struct xennuma_domain_config){ .max_vcpus = 1 },
            &holds, &holder, NULL), 0);
        rc = xennuma_domain_create(handle, &config, &placement, &created,
                                   &shortage);
        UNIT_EQUAL(tries[i].row, rc ? errno : 0, tries[i].error);
        UNIT_EQUAL(tries[i].row, shortage.pages, rc ? 0 : 9);
        UNIT_EQUAL(tries[i].row, unclaimed_pages(), rc ? tries[i].room : 0);
        if ( !rc )
            UNIT_EQUAL(tries[i].row, xennuma_domain_destroy(
                handle, created.domid, created.unique_id), 0);
        UNIT_EQUAL(tries[i].row, xennuma_domain_destroy(
            handle, holder.domid, holder.unique_id), 0);
    }
}

static const struct unit_test tests[] = {
    { "each error leaves nothing", each_error_leaves_nothing },
    { "without memory of Xen nothing is left",
      without_memory_of_xen_nothing_is_left },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "steps", begin, end, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-steps", suites);
}
