/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The accounting core of node claims: facts about each of its functions, as
 * tables.  The file tested is the one that the hypervisor is built from.
 */

#include <errno.h>
#include <string.h>

#include <xen/node-claim.h>

#include "unit.h"

#define HOST XEN_NODE_CLAIM_HOST
#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Nodes 0 to 3 and 63 are online. */
#define ONLINE (0xfULL | 1ULL << 63)

static struct node_claim_heap heap;

/* Two nodes of 100 pages. */
static void start(void)
{
    memset(&heap, 0, sizeof(heap));
    node_claim_give(&heap, 0, 100);
    node_claim_give(&heap, 1, 100);
}

/* Claims for a domain, from two nodes and the host; 0 for none. */
static int install(struct node_claim_set *set, uint64_t node0, uint64_t node1,
                   uint64_t host, struct node_claim_shortage *shortage)
{
    struct xen_node_claim entries[3];
    struct node_claim_request request;
    uint32_t nr = 0;

    memset(entries, 0, sizeof(entries));
    if ( node0 )
        entries[nr++].pages = node0;
    if ( node1 )
    {
        entries[nr].target = 1;
        entries[nr++].pages = node1;
    }
    if ( host )
    {
        entries[nr].target = HOST;
        entries[nr++].pages = host;
    }

    return node_claim_parse(&request, entries, nr, ONLINE) ?:
           node_claim_install(&heap, set, &request, 0, UINT64_MAX, shortage);
}

struct counters {
    uint64_t free, claimed, host, free0, claimed0, free1, claimed1;
};

static void expect(const char *row, struct counters want)
{
    UNIT_EQUAL(row, heap.free_pages, want.free);
    UNIT_EQUAL(row, heap.claimed_pages, want.claimed);
    UNIT_EQUAL(row, heap.host_claimed_pages, want.host);
    UNIT_EQUAL(row, heap.node[0].free_pages, want.free0);
    UNIT_EQUAL(row, heap.node[0].claimed_pages, want.claimed0);
    UNIT_EQUAL(row, heap.node[1].free_pages, want.free1);
    UNIT_EQUAL(row, heap.node[1].claimed_pages, want.claimed1);
}

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
        { "2 MiB, not yet", { { 512, 0, 9, 0 } }, 1, -EOPNOTSUPP },
        { "1 GiB, not yet", { { 1 << 18, 0, 18, 0 } }, 1, -EOPNOTSUPP },
        { "overhead, not yet", { { 1, 0, 0, 1 } }, 1, -EOPNOTSUPP },
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

static void parse_gathers_by_target(void)
{
    static const struct xen_node_claim entries[] = {
        { .pages = 7, .target = 63 },
        { .pages = 5, .target = HOST },
        { .pages = 3, .target = 0 },
    };
    struct node_claim_request request;

    memset(&request, 0xff, sizeof(request));
    UNIT_EQUAL("parse", node_claim_parse(&request, entries, 3, ONLINE), 0);
    UNIT_EQUAL("total", request.total_pages, 15);
    UNIT_EQUAL("host", request.host_pages, 5);
    UNIT_EQUAL("host's entry", request.host_entry, 1);
    UNIT_TRUE("mask", request.nodes == (1ULL << 63 | 1));
    UNIT_EQUAL("node 63", request.node_pages[63], 7);
    UNIT_EQUAL("node 63's entry", request.node_entry[63], 0);
    UNIT_EQUAL("node 0's entry", request.node_entry[0], 2);
    UNIT_EQUAL("node 1", request.node_pages[1], 0);
    UNIT_EQUAL("entries", request.nr_entries, 3);
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
        struct node_claim_request request = {
            .total_pages = rows[i].claim, .nodes = !!rows[i].claim,
            .node_pages = { rows[i].claim },
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
    uint64_t before;

    start();
    before = heap.generation;
    install(&set, 1, 0, 0, &shortage);
    UNIT_TRUE("install", heap.generation != before);
    before = heap.generation;
    UNIT_EQUAL("short", install(&set, 101, 0, 0, &shortage), -ENOMEM);
    UNIT_EQUAL("failed install", heap.generation, before);
    node_claim_release(&heap, &set);
    UNIT_TRUE("release", heap.generation != before);
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

/* A domain's own claims, another's, and how much it may take of node 0. */
static void allows_what_is_not_promised_to_others(void)
{
    static const struct {
        const char *row;
        uint64_t own0, own1, own_host;
        uint64_t other0, other1, other_host;
        uint64_t most;           /* of node 0 */
    } rows[] = {
        { "no claims", 0, 0, 0, 0, 0, 0, 100 },
        { "own claim", 60, 0, 0, 0, 0, 0, 100 },
        { "others' claim", 0, 0, 0, 60, 0, 0, 40 },
        { "tail of a claim and unclaimed", 10, 0, 0, 60, 0, 0, 40 },
        { "node all claimed, own part", 10, 0, 0, 90, 0, 0, 10 },
        { "others' on the other node", 0, 0, 0, 0, 100, 0, 100 },
        { "others' on the host", 0, 0, 0, 0, 0, 150, 50 },
        { "own host claim helps", 0, 0, 30, 0, 0, 150, 50 },
        { "own node claim helps", 30, 0, 0, 0, 0, 150, 50 },
        { "own claim elsewhere does not", 0, 30, 0, 0, 0, 150, 20 },
        { "own claim elsewhere, all taken", 0, 50, 0, 0, 0, 150, 0 },
        { "node and host claim together", 20, 0, 30, 0, 0, 150, 50 },
        { "host claim not on a node claimed", 0, 0, 50, 100, 0, 0, 0 },
        { "all promised to others", 0, 0, 0, 100, 100, 0, 0 },
        { "all promised, host-wide", 0, 0, 0, 0, 0, 200, 0 },
    };
    unsigned int i;
    uint64_t pages;

    for ( i = 0; i < NR(rows); i++ )
    {
        struct node_claim_set set = { 0 }, other = { 0 };
        struct node_claim_shortage shortage;

        start();
        UNIT_EQUAL(rows[i].row, install(&set, rows[i].own0, rows[i].own1,
                                        rows[i].own_host, &shortage), 0);
        UNIT_EQUAL(rows[i].row, install(&other, rows[i].other0,
                                        rows[i].other1, rows[i].other_host,
                                        &shortage), 0);
        for ( pages = 1; pages <= 101; pages++ )
            if ( !UNIT_EQUAL(rows[i].row,
                             node_claim_allows(&heap, &set, 0, pages),
                             pages <= rows[i].most) )
                break;
    }
}

static void allows_nobody_else_what_is_claimed(void)
{
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };

    start();
    install(&set, 60, 0, 50, &shortage);
    UNIT_TRUE("40 of node 0", node_claim_allows(&heap, NULL, 0, 40));
    UNIT_TRUE("not 41", !node_claim_allows(&heap, NULL, 0, 41));
    UNIT_TRUE("90 of node 1", node_claim_allows(&heap, NULL, 1, 90));
    UNIT_TRUE("not 91", !node_claim_allows(&heap, NULL, 1, 91));
    UNIT_TRUE("none of node 2", !node_claim_allows(&heap, NULL, 2, 1));
    UNIT_TRUE("nothing at all", node_claim_allows(&heap, NULL, 2, 0));
}

static void take_redeems_node_then_host_then_nothing(void)
{
    static const struct {
        const char *row;
        unsigned int node;
        uint64_t pages;
        struct counters after;
        uint64_t own0, own1, host;
    } rows[] = {
        { "part of a node claim", 0, 10,
          { 190, 60, 20, 90, 20, 100, 20 }, 20, 20, 20 },
        { "the rest of it, and host", 0, 30,
          { 160, 30, 10, 60, 0, 100, 20 }, 0, 20, 10 },
        { "host", 0, 5,
          { 155, 25, 5, 55, 0, 100, 20 }, 0, 20, 5 },
        { "another node, to the end of all", 1, 30,
          { 125, 0, 0, 55, 0, 70, 0 }, 0, 0, 0 },
        { "unclaimed memory", 1, 7,
          { 118, 0, 0, 55, 0, 63, 0 }, 0, 0, 0 },
    };
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };
    unsigned int i;

    start();
    install(&set, 30, 20, 20, &shortage);
    for ( i = 0; i < NR(rows); i++ )
    {
        node_claim_take(&heap, &set, rows[i].node, rows[i].pages);
        expect(rows[i].row, rows[i].after);
        UNIT_EQUAL(rows[i].row, set.node_pages[0], rows[i].own0);
        UNIT_EQUAL(rows[i].row, set.node_pages[1], rows[i].own1);
        UNIT_EQUAL(rows[i].row, set.host_pages, rows[i].host);
        UNIT_EQUAL(rows[i].row, set.total_pages,
                   rows[i].own0 + rows[i].own1 + rows[i].host);
        UNIT_EQUAL(rows[i].row, set.nodes, (rows[i].own0 ? 1 : 0) |
                                           (rows[i].own1 ? 2 : 0));
    }
}

static void take_of_others_redeems_nothing(void)
{
    struct node_claim_set set = { 0 }, other = { 0 };
    struct node_claim_shortage shortage;

    start();
    install(&set, 30, 0, 20, &shortage);
    node_claim_take(&heap, NULL, 0, 10);
    expect("anybody", (struct counters){ 190, 50, 20, 90, 30, 100, 0 });
    node_claim_take(&heap, &other, 0, 10);
    expect("a domain without", (struct counters){ 180, 50, 20, 80, 30, 100,
                                                  0 });
    UNIT_EQUAL("its set", set.total_pages, 50);
}

static void legacy_ends_with_the_last_page(void)
{
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };

    start();
    install(&set, 0, 0, 20, &shortage);
    set.legacy = true;
    node_claim_take(&heap, &set, 1, 19);
    UNIT_TRUE("one page left", set.legacy);
    node_claim_take(&heap, &set, 0, 1);
    UNIT_TRUE("redeemed", !set.legacy);
}

static void give_lets_no_claim_grow(void)
{
    struct node_claim_shortage shortage;
    struct node_claim_set set = { 0 };

    start();
    install(&set, 30, 0, 0, &shortage);
    node_claim_take(&heap, &set, 0, 10);
    node_claim_give(&heap, 0, 10);
    expect("given back", (struct counters){ 200, 20, 0, 100, 20, 100, 0 });
    UNIT_EQUAL("set", set.total_pages, 20);
}

/* Free pages went offline: more is claimed than free. */
static void nothing_wraps_when_free_falls_below_claimed(void)
{
    struct node_claim_set set = { 0 }, other = { 0 };
    struct node_claim_shortage shortage;

    start();
    install(&set, 80, 0, 0, &shortage);
    heap.node[0].free_pages -= 50;
    heap.free_pages -= 50;

    UNIT_TRUE("others, node", !node_claim_allows(&heap, NULL, 0, 1));
    UNIT_TRUE("own, what is there", node_claim_allows(&heap, &set, 0, 50));
    UNIT_TRUE("own, not more", !node_claim_allows(&heap, &set, 0, 51));
    UNIT_EQUAL("install there", install(&other, 1, 0, 0, &shortage), -ENOMEM);
    UNIT_EQUAL("by how much", shortage.pages, 1);

    heap.node[1].free_pages -= 90;
    heap.free_pages -= 90;
    UNIT_TRUE("others, host", !node_claim_allows(&heap, NULL, 1, 1));
    UNIT_EQUAL("host", install(&other, 0, 0, 1, &shortage), -ENOMEM);
    UNIT_EQUAL("replace, less", install(&set, 40, 0, 0, &shortage), 0);
    UNIT_EQUAL("replace, too much", install(&set, 60, 0, 0, &shortage),
               -ENOMEM);
    UNIT_EQUAL("by how much", shortage.pages, 10);
}

static const struct unit_test tests[] = {
    { "parse checks each entry", parse_checks_each_entry },
    { "parse limits the number before it looks",
      parse_limits_the_number_before_it_looks },
    { "parse gathers by target", parse_gathers_by_target },
    { "install tells what is short", install_tells_what_is_short },
    { "install keeps to max_pages", install_keeps_to_max_pages },
    { "install replaces as if the old set were gone",
      install_replaces_as_if_the_old_set_were_gone },
    { "install that fails leaves the old set",
      install_that_fails_leaves_the_old_set },
    { "release gives up all", release_gives_up_all },
    { "generation changes with the claims",
      generation_changes_with_the_claims },
    { "list sorts by node and puts HOST last",
      list_sorts_by_node_and_puts_host_last },
    { "allows what is not promised to others",
      allows_what_is_not_promised_to_others },
    { "allows nobody else what is claimed",
      allows_nobody_else_what_is_claimed },
    { "take redeems node, then HOST, then nothing",
      take_redeems_node_then_host_then_nothing },
    { "take of others redeems nothing", take_of_others_redeems_nothing },
    { "legacy ends with the last page", legacy_ends_with_the_last_page },
    { "give lets no claim grow", give_lets_no_claim_grow },
    { "nothing wraps when free falls below claimed",
      nothing_wraps_when_free_falls_below_claimed },
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
