/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The accounting core of node claims: requests and sets, what is promised and
 * what is told of it.  The file tested is the one that the hypervisor is built
 * from.
 */

#include <errno.h>
#include <string.h>

#include "claims.h"
#include "unit.h"

static void parse_checks_each_entry(void)
{
    static const struct {
        const char *row;
        struct xen_node_claim entries[2];
        uint32_t nr;
        int rc;
    } rows[] = {
        { "nothing", { { 0 } }, 0, 0 },
        { "a page of node 0", { { .pages = 1 } }, 1, 0 },
        { "a page of node 63", { { .pages = 1, .target = 63 } }, 1, 0 },
        { "host", { { .pages = 9, .target = HOST } }, 1, 0 },
        { "two nodes", { { .pages = 1 }, { .pages = 1, .target = 1 } }, 2, 0 },
        { "node and host", { { .pages = 1 }, { 1, HOST, 0, 0 } }, 2, 0 },
        { "no pages", { { .pages = 0 } }, 1, -EINVAL },
        { "unknown kind", { { .pages = 1, .kind = 2 } }, 1, -EINVAL },
        { "unknown kind, all bits", { { 1, 0, 0, 0xffff } }, 1, -EINVAL },
        { "order 1", { { .pages = 512, .order = 1 } }, 1, -EINVAL },
        { "order 10", { { .pages = 1024, .order = 10 } }, 1, -EINVAL },
        { "order 64", { { .pages = 512, .order = 64 } }, 1, -EINVAL },
        { "half a 2 MiB chunk", { { 256, 0, 9, 0 } }, 1, -EINVAL },
        { "2 MiB and a page", { { 513, 0, 9, 0 } }, 1, -EINVAL },
        { "half a 1 GiB chunk", { { 1 << 17, 0, 18, 0 } }, 1, -EINVAL },
        { "2 MiB of the host", { { 512, HOST, 9, 0 } }, 1, -EINVAL },
        { "2 MiB of overhead", { { 512, 0, 9, 1 } }, 1, -EINVAL },
        { "overhead of the host", { { 1, HOST, 0, 1 } }, 1, -EINVAL },
        { "2 MiB", { { 512, 0, 9, 0 } }, 1, 0 },
        { "1 GiB", { { 1 << 18, 0, 18, 0 } }, 1, 0 },
        { "overhead", { { 1, 0, 0, 1 } }, 1, 0 },
        { "2 MiB and 1 GiB", { { 512, 0, 9, 0 }, { 1 << 18, 0, 18, 0 } }, 2,
          0 },
        { "pages and overhead", { { 1, 0, 0, 0 }, { 1, 0, 0, 1 } }, 2, 0 },
        { "2 MiB twice", { { 512, 0, 9, 0 }, { 1024, 0, 9, 0 } }, 2,
          -EINVAL },
        { "overhead twice", { { 1, 0, 0, 1 }, { 1, 0, 0, 1 } }, 2, -EINVAL },
        { "2 MiB of node 4", { { 512, 4, 9, 0 } }, 1, -ENOENT },
        { "node 4 offline", { { .pages = 1, .target = 4 } }, 1, -ENOENT },
        { "node 64", { { .pages = 1, .target = 64 } }, 1, -ENOENT },
        { "node 127", { { .pages = 1, .target = 127 } }, 1, -ENOENT },
        { "node 255", { { .pages = 1, .target = 255 } }, 1, -ENOENT },
        { "node 256", { { .pages = 1, .target = 256 } }, 1, -ENOENT },
        { "all but HOST", { { .pages = 1, .target = HOST - 1 } }, 1, -ENOENT },
        { "node twice", { { .pages = 1 }, { .pages = 2 } }, 2, -EINVAL },
        { "host twice", { { 1, HOST, 0, 0 }, { 2, HOST, 0, 0 } }, 2, -EINVAL },
        { "largest", { { .pages = 1ULL << 52 } }, 1, 0 },
        { "too large", { { .pages = (1ULL << 52) + 1 } }, 1, -ERANGE },
        { "all bits", { { .pages = UINT64_MAX } }, 1, -ERANGE },
        { "second is bad", { { .pages = 1 }, { 0, 1, 0, 0 } }, 2, -EINVAL },
    };
    struct node_claim_request request;
    unsigned int i;

    for ( i = 0; i < NR(rows); i++ )
        UNIT_EQUAL(rows[i].row,
                   node_claim_parse(&request, rows[i].entries, rows[i].nr,
                                    ONLINE), rows[i].rc);
}

static void parse_limits_the_number_before_it_looks(void)
{
    struct xen_node_claim entries[257];
    struct node_claim_request request;
    unsigned int i;

    for ( i = 0; i < NR(entries); i++ )
        entries[i] = (struct xen_node_claim){ .pages = 1 };
    UNIT_EQUAL("257, twice the same", node_claim_parse(&request, entries, 257,
                                                       ONLINE), -EINVAL);
    UNIT_EQUAL("258", node_claim_parse(&request, NULL, 258, ONLINE), -E2BIG);
    UNIT_EQUAL("all bits", node_claim_parse(&request, NULL, UINT32_MAX,
                                            ONLINE), -E2BIG);
}

static void parse_gathers_by_place(void)
{
    static const struct xen_node_claim entries[] = {
        { .pages = 7, .target = 63 },
        { .pages = 5, .target = HOST },
        { .pages = 3, .target = 0 },
        { .pages = 1024, .target = 0, .order = 9 },
        { .pages = 2, .target = 0, .kind = XEN_NODE_CLAIM_OVERHEAD },
        { .pages = 1 << 19, .target = 0, .order = 18 },
    };
    struct node_claim_request request;

    memset(&request, 0xff, sizeof(request));
    UNIT_EQUAL("parse", node_claim_parse(&request, entries, 6, ONLINE), 0);
    UNIT_EQUAL("total", request.total_pages, 15 + 1024 + 2 + (1 << 19));
    UNIT_EQUAL("overhead", request.overhead_pages, 2);
    UNIT_EQUAL("host", request.host_pages, 5);
    UNIT_EQUAL("host's entry", request.host_entry, 1);
    UNIT_TRUE("mask", request.nodes == (1ULL << 63 | 1));
    UNIT_TRUE("entries", request.entries == entries);
    UNIT_EQUAL("node 63", request.place[63][0], 1);
    UNIT_EQUAL("node 0", request.place[0][0], 3);
    UNIT_EQUAL("node 0, 2 MiB", request.place[0][1], 4);
    UNIT_EQUAL("node 0, 1 GiB", request.place[0][2], 6);
    UNIT_EQUAL("node 0, overhead", request.place[0][NODE_CLAIM_OVERHEAD], 5);
    UNIT_EQUAL("node 1", request.place[1][0], 0);
    UNIT_EQUAL("entries", request.nr_entries, 6);
}

/* What others hold, what is asked for, and what is short. */
static void install_tells_what_is_short(void)
{
    static const struct {
        const char *row;
        uint64_t other0, other1, other_host;
        uint64_t node0, node1, host;
        int rc;
        uint32_t entry;
        uint64_t pages;
    } rows[] = {
        { "all of a node", 0, 0, 0, 100, 0, 0, 0, 0, 0 },
        { "all there is", 0, 0, 0, 100, 100, 0, 0, 0, 0 },
        { "all there is, anywhere", 0, 0, 0, 0, 0, 200, 0, 0, 0 },
        { "one over a node", 0, 0, 0, 101, 0, 0, -ENOMEM, 0, 1 },
        { "second node short", 0, 0, 0, 1, 150, 0, -ENOMEM, 1, 50 },
        { "first of two short", 0, 0, 0, 110, 120, 0, -ENOMEM, 0, 10 },
        { "host short", 0, 0, 0, 0, 0, 201, -ENOMEM, 0, 1 },
        { "nodes fit, host not", 0, 0, 0, 100, 50, 60, -ENOMEM, 2, 10 },
        { "behind a node claim", 40, 0, 0, 60, 0, 0, 0, 0, 0 },
        { "into a node claim", 40, 0, 0, 61, 0, 0, -ENOMEM, 0, 1 },
        { "another node's claim", 40, 0, 0, 0, 100, 0, 0, 0, 0 },
        { "behind a host claim", 0, 0, 150, 50, 0, 0, 0, 0, 0 },
        { "into a host claim", 0, 0, 150, 51, 0, 0, -ENOMEM, 1, 1 },
        { "two nodes into it", 0, 0, 150, 40, 20, 0, -ENOMEM, 2, 10 },
        { "host into node claims", 90, 90, 0, 0, 0, 21, -ENOMEM, 0, 1 },
    };
    unsigned int i;

    for ( i = 0; i < NR(rows); i++ )
    {
        struct node_claim_set other = { 0 }, set = { 0 };
        struct node_claim_shortage shortage = { 0 };

        start();
        UNIT_EQUAL(rows[i].row,
                   install(&other, rows[i].other0, rows[i].other1,
                           rows[i].other_host, &shortage), 0);
        UNIT_EQUAL(rows[i].row,
                   install(&set, rows[i].node0, rows[i].node1, rows[i].host,
                           &shortage), rows[i].rc);
        UNIT_EQUAL(rows[i].row, shortage.entry, rows[i].entry);
        UNIT_EQUAL(rows[i].row, shortage.pages, rows[i].pages);
    }
}

static void install_keeps_to_max_pages(void)
{
    static const struct {
        const char *row;
        uint64_t claim, memory, max;
        int rc;
    } rows[] = {
        { "fills it", 10, 90, 100, 0 },
        { "one over", 11, 90, 100, -ERANGE },
        { "no limit set", 1, 0, 0, -ERANGE },
        { "already over", 1, 101, 100, -ERANGE },
        { "sum would wrap", 10, UINT64_MAX - 5, UINT64_MAX, -ERANGE },
        { "before memory is looked at", 101, 0, 100, -ERANGE },
        { "nothing, over the limit", 0, 101, 100, 0 },
    };
    struct node_claim_shortage shortage;
    unsigned int i;

    for ( i = 0; i < NR(rows); i++ )
    {
        const struct xen_node_claim entry = { .pages = rows[i].claim };
        struct node_claim_request request = {
            .entries = &entry, .total_pages = rows[i].claim,
            .nodes = !!rows[i].claim, .place = { { !!rows[i].claim } },
        };
        struct node_claim_set set = { 0 };

        start();
        UNIT_EQUAL(rows[i].row,
                   node_claim_install(&heap, &set, &request, rows[i].memory,
                                      rows[i].max, &shortage), rows[i].rc);
        UNIT_EQUAL(rows[i].row, set.total_pages,
                   rows[i].rc ? 0 : rows[i].claim);
    }
}

static void overhead_is_beside_max_pages(void)
{
    static const struct xen_node_claim entries[] = {
        { .pages = 10 }, { .pages = 50, .kind = XEN_NODE_CLAIM_OVERHEAD },
    };
    struct node_claim_shortage shortage;
    struct node_claim_request request;
    struct node_claim_set set = { 0 };

    start();
    node_claim_parse(&request, entries, 2, ONLINE);
    UNIT_EQUAL("10 of 10", node_claim_install(&heap, &set, &request, 5, 15,
                                              &shortage), 0);
    UNIT_EQUAL("10 of 9", node_claim_install(&heap, &set, &request, 5, 14,
                                             &shortage), -ERANGE);
    UNIT_EQUAL("total", set.total_pages, 60);
    UNIT_EQUAL("overhead", set.overhead_pages, 50);
}

/*
 * Node 0 has 2 chunks of 1 GiB, one of 8 MiB, 3 of 2 MiB and 100 pages; what
 * others hold and what is asked for are chunks and pages of it.
 */
static void install_looks_at_chunks(void)
{
    enum { G = 1 << 18, M = 1 << 9, M8 = 4 * M, ALL = 2 * G + M8 + 3 * M };
    static const struct {
        const char *row;
        struct xen_node_claim other, entries[3];
        uint32_t nr;
        int rc;
        uint32_t entry;
        uint64_t pages;
    } rows[] = {
        { "every 1 GiB", { 0 }, { { 2 * G, 0, 18, 0 } }, 1, 0, 0, 0 },
        { "one too many", { 0 }, { { 3 * G, 0, 18, 0 } }, 1, -ENOMEM, 0, G },
        { "every 2 MiB", { 0 }, { { ALL, 0, 9, 0 } }, 1, 0, 0, 0 },
        { "one too many", { 0 }, { { ALL + M, 0, 9, 0 } }, 1, -ENOMEM, 0, M },
        { "every page", { 0 }, { { ALL + 100, 0, 0, 0 } }, 1, 0, 0, 0 },
        { "all, as it is", { 0 },
          { { 2 * G, 0, 18, 0 }, { 7 * M, 0, 9, 0 }, { 100, 0, 0, 0 } }, 3,
          0, 0, 0 },
        { "all and one chunk", { 0 },
          { { 100, 0, 0, 0 }, { 8 * M, 0, 9, 0 }, { 2 * G, 0, 18, 0 } }, 3,
          -ENOMEM, 1, M },
        { "all and a page", { 0 },
          { { 2 * G, 0, 18, 0 }, { 7 * M, 0, 9, 0 }, { 101, 0, 0, 0 } }, 3,
          -ENOMEM, 2, 1 },
        { "all and a page of overhead", { 0 },
          { { 2 * G, 0, 18, 0 }, { 7 * M, 0, 9, 0 }, { 101, 0, 0, 1 } }, 3,
          -ENOMEM, 2, 1 },
        { "pages before overhead", { 0 },
          { { 2 * G, 0, 18, 0 }, { 7 * M, 0, 0, 1 }, { 101, 0, 0, 0 } }, 3,
          -ENOMEM, 2, 1 },
        { "others' 2 MiB leave 1 GiB", { 7 * M, 0, 9, 0 },
          { { 2 * G, 0, 18, 0 } }, 1, 0, 0, 0 },
        { "others' 2 MiB take of 1 GiB", { 8 * M, 0, 9, 0 },
          { { 2 * G, 0, 18, 0 } }, 1, -ENOMEM, 0, M },
        { "others' pages leave chunks", { 100, 0, 0, 0 },
          { { 2 * G, 0, 18, 0 }, { 7 * M, 0, 9, 0 } }, 2, 0, 0, 0 },
        { "others' pages take of 2 MiB", { 101, 0, 0, 0 },
          { { 2 * G, 0, 18, 0 }, { 7 * M, 0, 9, 0 } }, 2, -ENOMEM, 1, 1 },
        { "others' overhead, too", { 101, 0, 0, 1 },
          { { 2 * G, 0, 18, 0 }, { 7 * M, 0, 9, 0 } }, 2, -ENOMEM, 1, 1 },
        { "the largest is named first", { 2 * G, 0, 18, 0 },
          { { 200, 0, 0, 0 }, { 8 * M, 0, 9, 0 }, { G, 0, 18, 0 } }, 3,
          -ENOMEM, 2, G },
    };
    unsigned int i;

    for ( i = 0; i < NR(rows); i++ )
    {
        struct node_claim_set other = { 0 }, set = { 0 };
        struct node_claim_shortage shortage = { 0 };

        memset(&heap, 0, sizeof(heap));
        give(0, 18, 2);
        give(0, 11, 1);
        give(0, 9, 3);
        give(0, 0, 100);
        if ( rows[i].other.pages )
            UNIT_EQUAL(rows[i].row,
                       install_entries(&other, &rows[i].other, 1,
                                   &shortage), 0);
        UNIT_EQUAL(rows[i].row,
                   install_entries(&set, rows[i].entries, rows[i].nr,
                                   &shortage), rows[i].rc);
        UNIT_EQUAL(rows[i].row, shortage.entry, rows[i].entry);
        UNIT_EQUAL(rows[i].row, shortage.pages, rows[i].pages);
    }
}

static void install_replaces_as_if_the_old_set_were_gone(void)
{
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };

    start();
    UNIT_EQUAL("first", install(&set, 80, 0, 100, &shortage), 0);
    expect("first", (struct counters){ 200, 180, 100, 100, 80, 100, 0 });
    UNIT_EQUAL("own claims make room", install(&set, 100, 100, 0, &shortage),
               0);
    expect("replaced", (struct counters){ 200, 200, 0, 100, 100, 100, 100 });
    UNIT_TRUE("mask", set.nodes == 3);
    UNIT_EQUAL("smaller", install(&set, 0, 7, 0, &shortage), 0);
    expect("smaller", (struct counters){ 200, 7, 0, 100, 0, 100, 7 });
    UNIT_TRUE("mask", set.nodes == 2);
}

static void install_that_fails_leaves_the_old_set(void)
{
    struct node_claim_set set = { 0 }, other = { 0 }, before;
    struct node_claim_heap heap_before;
    struct node_claim_shortage shortage;

    start();
    UNIT_EQUAL("first", install(&set, 50, 10, 20, &shortage), 0);
    UNIT_EQUAL("other", install(&other, 40, 0, 0, &shortage), 0);
    before = set;
    heap_before = heap;
    UNIT_EQUAL("node short", install(&set, 61, 90, 0, &shortage), -ENOMEM);
    UNIT_EQUAL("node short", shortage.pages, 1);
    UNIT_EQUAL("host short", install(&set, 60, 90, 11, &shortage), -ENOMEM);
    UNIT_EQUAL("host short", shortage.pages, 1);
    UNIT_TRUE("set", !memcmp(&before, &set, sizeof(set)));
    UNIT_TRUE("heap", !memcmp(&heap_before, &heap, sizeof(heap)));
}

static void release_gives_up_all(void)
{
    struct node_claim_set set = { 0 }, other = { 0 }, none = { 0 };
    struct node_claim_shortage shortage;

    start();
    install(&set, 30, 20, 10, &shortage);
    install(&other, 5, 0, 3, &shortage);
    set.legacy = true;
    node_claim_release(&heap, &set);
    UNIT_TRUE("empty, legacy too", !memcmp(&set, &none, sizeof(set)));
    expect("others' stay", (struct counters){ 200, 8, 3, 100, 5, 100, 0 });
    node_claim_release(&heap, &set);
    expect("again", (struct counters){ 200, 8, 3, 100, 5, 100, 0 });
}

static void generation_changes_with_the_claims(void)
{
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };
    uint64_t before, first;

    start();
    first = heap.generation;
    before = first;
    install(&set, 1, 0, 0, &shortage);
    UNIT_TRUE("install", heap.generation != before);
    before = heap.generation;
    UNIT_EQUAL("short", install(&set, 101, 0, 0, &shortage), -ENOMEM);
    UNIT_EQUAL("failed install", heap.generation, before);
    node_claim_release(&heap, &set);
    UNIT_TRUE("release", heap.generation != before);
    UNIT_TRUE("nor is it that of the beginning", heap.generation != first);
}

static void list_sorts_by_node_and_puts_host_last(void)
{
    struct node_claim_shortage shortage;
    struct xen_node_claim entries[3];
    struct node_claim_set set = { 0 };

    start();
    UNIT_EQUAL("empty", node_claim_list(&set, NULL, 0), 0);
    install(&set, 30, 20, 10, &shortage);
    memset(entries, 0xff, sizeof(entries));
    UNIT_EQUAL("no room", node_claim_list(&set, entries, 2), 3);
    UNIT_TRUE("nothing written", entries[0].pages == UINT64_MAX);
    UNIT_EQUAL("room", node_claim_list(&set, entries, 3), 3);
    UNIT_EQUAL("node 0", entries[0].target, 0);
    UNIT_EQUAL("node 0", entries[0].pages, 30);
    UNIT_EQUAL("node 1", entries[1].target, 1);
    UNIT_EQUAL("node 1", entries[1].pages, 20);
    UNIT_EQUAL("host", entries[2].target, HOST);
    UNIT_EQUAL("host", entries[2].pages, 10);
    UNIT_EQUAL("order", entries[2].order, 0);
    UNIT_EQUAL("kind", entries[2].kind, 0);
}

static void list_sorts_a_node_by_kind_and_order(void)
{
    static const struct xen_node_claim given[] = {
        { 1 << 18, 1, 18, 0 }, { 7, 0, 0, XEN_NODE_CLAIM_OVERHEAD },
        { 512, 1, 9, 0 }, { 8, 1, 0, XEN_NODE_CLAIM_OVERHEAD }, { 9, 1, 0, 0 },
    };
    static const unsigned int sorted[] = { 1, 4, 2, 0, 3 };
    struct node_claim_shortage shortage;
    struct node_claim_request request;
    struct xen_node_claim entries[5];
    struct node_claim_set set = { 0 };
    unsigned int i;

    start();
    give(1, 18, 2);
    node_claim_parse(&request, given, 5, ONLINE);
    UNIT_EQUAL("install", node_claim_install(&heap, &set, &request, 0,
                                             UINT64_MAX, &shortage), 0);
    UNIT_EQUAL("list", node_claim_list(&set, entries, 5), 5);
    for ( i = 0; i < 5; i++ )
        UNIT_TRUE("entry", !memcmp(&entries[i], &given[sorted[i]],
                                   sizeof(entries[i])));
}

static void report_counts_chunks(void)
{
    enum { G = 1 << 18, M = 1 << 9 };
    static const struct xen_node_claim entries[] = {
        { 2 * G, 0, 18, 0 }, { 550 * M, 0, 9, 0 }, { 4 + M, 0, 0, 0 },
        { 5, 0, 0, XEN_NODE_CLAIM_OVERHEAD }, { 6, HOST, 0, 0 },
    };
    struct xen_node_heap report = { 0 };
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };

    memset(&heap, 0, sizeof(heap));
    give(0, 19, 2);
    /* Smaller blocks are no chunk, however many there are. */
    give(0, 10, 300);
    give(0, 8, 5);
    UNIT_EQUAL("install", install_entries(&set, entries, 5, &shortage), 0);
    node_claim_report(&heap, 0, &report);
    UNIT_EQUAL("free", report.free_pages, 4 * G + 600 * M + 1280);
    UNIT_EQUAL("free", report.free_2m_chunks, 4 * 512 + 600);
    UNIT_EQUAL("free", report.free_1g_chunks, 4);
    UNIT_EQUAL("claimed", report.claimed_guest_pages, 2 * G + 551 * M + 4);
    UNIT_EQUAL("claimed", report.claimed_overhead_pages, 5);
    UNIT_EQUAL("claimed", report.claimed_2m_chunks, 550);
    UNIT_EQUAL("claimed", report.claimed_1g_chunks, 2);
}

static void a_set_tells_where_its_claims_are(void)
{
    static const struct xen_node_claim entries[] = {
        { 5, 0, 0, 0 }, { 512, 1, 9, 0 }, { 1 << 18, 2, 18, 0 },
        { 7, 3, 0, XEN_NODE_CLAIM_OVERHEAD }, { 8, 0, 0, 1 },
        { 9, HOST, 0, 0 },
    };
    static const unsigned int guest = NODE_CLAIM_FOR_GUEST,
                              overhead = NODE_CLAIM_FOR_OVERHEAD;
    static const struct {
        const char *row;
        unsigned int order;
        uint64_t nodes;
    } rows[] = {
        { "pages", 0, 1 }, { "8 pages, as pages", 3, 1 },
        { "half a chunk, as pages", 8, 1 }, { "2 MiB", 9, 2 },
        { "4 MiB, as 2 MiB", 10, 2 }, { "1 GiB", 18, 4 },
        { "2 GiB, as 1 GiB", 19, 4 },
    };
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };
    unsigned int i;

    start();
    give(1, 9, 1);
    give(2, 18, 1);
    give(3, 0, 7);
    UNIT_EQUAL("install", install_entries(&set, entries, 6, &shortage), 0);
    for ( i = 0; i < NR(rows); i++ )
        UNIT_EQUAL(rows[i].row, node_claim_nodes(&set, rows[i].order),
                   rows[i].nodes);
    for ( i = 0; i < 5; i++ )
    {
        UNIT_EQUAL("guest", node_claim_here(&set, guest, i), i < 3);
        UNIT_EQUAL("overhead", node_claim_here(&set, overhead, i),
                   i == 0 || i == 3);
    }
}

static const struct unit_test tests[] = {
    { "parse checks each entry", parse_checks_each_entry },
    { "parse limits the number before it looks",
      parse_limits_the_number_before_it_looks },
    { "parse gathers by place", parse_gathers_by_place },
    { "install tells what is short", install_tells_what_is_short },
    { "install looks at chunks", install_looks_at_chunks },
    { "install keeps to max pages", install_keeps_to_max_pages },
    { "overhead is beside max pages", overhead_is_beside_max_pages },
    { "install replaces as if the old set were gone",
      install_replaces_as_if_the_old_set_were_gone },
    { "install that fails leaves the old set",
      install_that_fails_leaves_the_old_set },
    { "release gives up all", release_gives_up_all },
    { "generation changes with the claims",
      generation_changes_with_the_claims },
    { "list sorts by node and puts HOST last",
      list_sorts_by_node_and_puts_host_last },
    { "list sorts a node by kind and order",
      list_sorts_a_node_by_kind_and_order },
    { "report counts chunks", report_counts_chunks },
    { "a set tells where its claims are", a_set_tells_where_its_claims_are },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "node-claim", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-node-claim", suites);
}
