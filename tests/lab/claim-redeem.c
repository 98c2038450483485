/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Which claims memory redeems, on a real Xen: every kind and order of claims
 * against requests of every size and place, for PV and HVM.
 */

#include <stddef.h>
#include <stdio.h>

#include "domain.h"
#include "host.h"
#include "hypercall.h"
#include "unit.h"

#define MAX_PAGES (1u << 22)

enum { M = 1 << 9, G = 1 << 18 };

/* In a table nodes go by what they are for. */
enum place { NODE, OTHER, ANY };

/* A claim set, or what is left of it, all in pages. */
struct set {
    uint64_t pages, m, g;     /* on the node, in chunks of order 0, 9 and 18 */
    uint64_t host;
    uint64_t overhead;        /* on the node                                 */
    uint64_t other;           /* on another node                             */
};

struct row {
    const char *fact;
    struct set set;
    uint64_t nr;
    unsigned int order;
    enum place from;
    struct set left;
};

static const struct row plain_rows[] = {
    { "pages, of pages", { .pages = 1000 }, 400, 0, ANY, { .pages = 600 } },
    { "pages by node, of pages", { .pages = 1000 }, 400, 0, NODE,
      { .pages = 600 } },
    { "8 KiB, of pages", { .pages = 1000 }, 100, 1, ANY, { .pages = 800 } },
    { "64 KiB, of pages", { .pages = 1000 }, 10, 4, ANY, { .pages = 840 } },
    { "a chunk, of pages", { .pages = 1000 }, 1, 9, ANY, { .pages = 488 } },
    { "a chunk by node, of pages", { .pages = 1000 }, 1, 9, NODE,
      { .pages = 488 } },
    { "a chunk, of too few pages", { .pages = 100 }, 1, 9, ANY, { 0 } },
    { "two chunks, the second of a tail", { .pages = 1000 }, 2, 9, ANY, { 0 } },
    { "all pages", { .pages = 1000 }, 1000, 0, ANY, { 0 } },
    { "a chunk, of chunks", { .m = 4 * M }, 1, 9, ANY, { .m = 3 * M } },
    { "a chunk by node, of chunks", { .m = 4 * M }, 1, 9, NODE,
      { .m = 3 * M } },
    { "all chunks", { .m = 4 * M }, 4, 9, ANY, { 0 } },
    { "4 MiB, of chunks", { .m = 4 * M }, 1, 10, ANY, { .m = 2 * M } },
    { "a page, of chunks", { .m = 4 * M }, 1, 0, ANY,
      { .m = 3 * M, .pages = M - 1 } },
    { "a page by node, of chunks", { .m = 4 * M }, 1, 0, NODE,
      { .m = 3 * M, .pages = M - 1 } },
    { "8 KiB, of chunks", { .m = 4 * M }, 2, 1, ANY,
      { .m = 3 * M, .pages = M - 4 } },
    { "as many pages as a chunk has", { .m = 4 * M }, M, 0, ANY,
      { .m = 3 * M } },
    { "one more than that", { .m = 4 * M }, M + 1, 0, ANY,
      { .m = 2 * M, .pages = M - 1 } },
    { "a page, of pages and chunks", { .pages = 100, .m = 2 * M }, 1, 0, ANY,
      { .pages = 99, .m = 2 * M } },
    { "more than the pages", { .pages = 100, .m = 2 * M }, 101, 0, ANY,
      { .pages = M - 1, .m = M } },
    { "a chunk, of pages and chunks", { .pages = 100, .m = 2 * M }, 1, 9, ANY,
      { .pages = 100, .m = M } },
    { "more than the chunks", { .pages = 100, .m = 2 * M }, 3, 9, ANY, { 0 } },
    { "4 MiB, of pages and a chunk", { .pages = 600, .m = M }, 1, 10, ANY,
      { .pages = 88 } },
    { "pages, of HOST", { .host = 500 }, 100, 0, ANY, { .host = 400 } },
    { "pages by node, of HOST", { .host = 500 }, 100, 0, NODE,
      { .host = 400 } },
    { "a chunk, of HOST", { .host = 600 }, 1, 9, ANY, { .host = 88 } },
    { "a chunk, of too little HOST", { .host = 500 }, 1, 9, ANY, { 0 } },
    { "pages, of pages and HOST", { .pages = 300, .host = 200 }, 100, 0, ANY,
      { .pages = 200, .host = 200 } },
    { "more than the pages, then HOST", { .pages = 300, .host = 200 }, 400, 0,
      NODE, { .host = 100 } },
    { "a chunk, of pages and HOST", { .pages = 300, .host = 300 }, 1, 9, ANY,
      { .host = 88 } },
    { "a page, of chunks before HOST", { .m = 2 * M, .host = 200 }, 1, 0, ANY,
      { .m = M, .pages = M - 1, .host = 200 } },
    { "more than the chunks, then HOST", { .m = 2 * M, .host = 600 }, 3, 9,
      NODE, { .host = 88 } },
    { "pages, not of overhead", { .overhead = 500 }, 400, 0, NODE,
      { .overhead = 500 } },
    { "a chunk, not of overhead", { .overhead = 500 }, 1, 9, NODE,
      { .overhead = 500 } },
    { "pages, of pages beside overhead", { .pages = 300, .overhead = 500 },
      300, 0, ANY, { .overhead = 500 } },
    { "of everything", { .pages = 10, .m = M, .host = 10, .overhead = 10 },
      M + 15, 0, NODE, { .host = 5, .overhead = 10 } },
    {}
};

static const struct row rows_of_two[] = {
    { "elsewhere, not of pages", { .pages = 300 }, 100, 0, OTHER,
      { .pages = 300 } },
    { "elsewhere, not of chunks", { .m = 2 * M }, 1, 9, OTHER,
      { .m = 2 * M } },
    { "elsewhere, of HOST", { .pages = 300, .host = 200 }, 100, 0, OTHER,
      { .pages = 300, .host = 100 } },
    { "a chunk elsewhere, of HOST", { .m = M, .host = 600 }, 1, 9, OTHER,
      { .m = M, .host = 88 } },
    { "by the other node", { .pages = 300, .other = 300 }, 100, 0, OTHER,
      { .pages = 300, .other = 200 } },
    { "of both nodes", { .pages = 300, .other = 300 }, 600, 0, ANY, { 0 } },
    { "a chunk by node, of the node only", { .pages = 300, .other = 300 }, 1,
      9, NODE, { .other = 300 } },
    { "a chunk, where chunks are claimed", { .m = M, .other = 600 }, 1, 9,
      ANY, { .other = 600 } },
    {}
};

static const struct row giant_rows[] = {
    { "1 GiB", { .g = G }, 1, 18, ANY, { 0 } },
    { "1 GiB by node", { .g = G }, 1, 18, NODE, { 0 } },
    { "a chunk, of 1 GiB", { .g = G }, 1, 9, ANY, { .m = G - M } },
    { "4 MiB, of 1 GiB", { .g = G }, 1, 10, ANY, { .m = G - 2 * M } },
    { "a page, of 1 GiB", { .g = G }, 1, 0, ANY,
      { .m = G - M, .pages = M - 1 } },
    { "a chunk, before 1 GiB", { .g = G, .m = M }, 1, 9, ANY, { .g = G } },
    { "more than the chunks, then 1 GiB", { .g = G, .m = M }, 2, 9, ANY,
      { .m = G - M } },
    { "1 GiB, of chunks", { .m = G }, 1, 18, ANY, { 0 } },
    { "1 GiB, of chunks and 1 GiB", { .g = G, .m = G }, 1, 18, ANY,
      { .m = G } },
    {}
};

static uint32_t nodes[2];

static int install(uint32_t domid, const struct set *set)
{
    const struct xen_node_claim all[] = {
        { set->pages, nodes[NODE], 0, XEN_NODE_CLAIM_GUEST },
        { set->m, nodes[NODE], 9, XEN_NODE_CLAIM_GUEST },
        { set->g, nodes[NODE], 18, XEN_NODE_CLAIM_GUEST },
        { set->host, XEN_NODE_CLAIM_HOST, 0, XEN_NODE_CLAIM_GUEST },
        { set->overhead, nodes[NODE], 0, XEN_NODE_CLAIM_OVERHEAD },
        { set->other, nodes[OTHER], 0, XEN_NODE_CLAIM_GUEST },
    };
    struct xen_node_claim claims[6];
    unsigned int i, nr = 0;

    for ( i = 0; i < 6; i++ )
        if ( all[i].pages )
            claims[nr++] = all[i];

    return claims_set(domid, 0, claims, nr, NULL);
}

/* The set as Xen tells it. */
static struct set told(uint32_t domid)
{
    struct set set = { 0 };
    struct claims claims;
    unsigned int i;

    UNIT_EQUAL("get", claims_get(domid, &claims), 0);
    for ( i = 0; i < claims.op.nr_claims; i++ )
    {
        const struct xen_node_claim *c = &claims.claims[i];

        if ( c->target == XEN_NODE_CLAIM_HOST )
            set.host += c->pages;
        else if ( c->target != nodes[NODE] )
            set.other += c->pages;
        else if ( c->kind == XEN_NODE_CLAIM_OVERHEAD )
            set.overhead += c->pages;
        else
            *(c->order == 18 ? &set.g : c->order ? &set.m : &set.pages) +=
                c->pages;
    }

    return set;
}

static uint64_t sum(const struct set *set)
{
    return set->pages + set->m + set->g + set->host + set->overhead +
           set->other;
}

static void expect(const struct row *row, uint32_t domid)
{
    const struct set left = told(domid), *want = &row->left;
    struct heap heap = host_heap();
    const struct xen_node_heap *node = &heap.nodes[nodes[NODE]];

    UNIT_EQUAL(row->fact, left.pages, want->pages);
    UNIT_EQUAL(row->fact, left.m, want->m);
    UNIT_EQUAL(row->fact, left.g, want->g);
    UNIT_EQUAL(row->fact, left.host, want->host);
    UNIT_EQUAL(row->fact, left.overhead, want->overhead);
    UNIT_EQUAL(row->fact, left.other, want->other);

    UNIT_EQUAL(row->fact, node->claimed_guest_pages,
               want->pages + want->m + want->g);
    UNIT_EQUAL(row->fact, node->claimed_overhead_pages, want->overhead);
    UNIT_EQUAL(row->fact, node->claimed_2m_chunks, want->m / M);
    UNIT_EQUAL(row->fact, node->claimed_1g_chunks, want->g / G);
    UNIT_EQUAL(row->fact, heap.op.claimed_pages, sum(want));
    UNIT_EQUAL(row->fact, domain_outstanding(domid), sum(want));
    UNIT_EQUAL(row->fact, host_outstanding(), sum(want));
}

static void run(const struct row *row, enum domain_type type)
{
    uint32_t domid, from;
    uint64_t before;

    nodes[NODE] = row->set.g || row->set.m >= G ? host_giant_node()
                                                : host_best_node();
    nodes[OTHER] = host_node(0) == nodes[NODE] ? host_node(1) : host_node(0);
    from = row->from == ANY ? DOMAIN_ANY_NODE : nodes[row->from];

    host_begin();
    domid = domain_make_on(type, nodes[NODE], MAX_PAGES);
    UNIT_EQUAL(row->fact, install(domid, &row->set), 0);
    before = pages_on(domid, nodes[NODE]);
    UNIT_EQUAL(row->fact, domain_populate(domid, row->nr, row->order, from),
               row->nr);
    expect(row, domid);
    if ( row->from == NODE )
        UNIT_EQUAL(row->fact, pages_on(domid, nodes[NODE]) - before,
                   row->nr << row->order);
    domain_destroy(domid);
    host_unchanged(row->fact);
}

/* The rows that this host can serve; each for a PV and for an HVM domain. */
static const struct row *find(unsigned int i, enum domain_type *type)
{
    const struct row *const tables[] = {
        plain_rows,
        host_nodes() > 1 ? rows_of_two : NULL,
        host_giant_node() != XEN_NODE_CLAIM_HOST ? giant_rows : NULL,
    };
    const struct row *row;
    unsigned int t;

    *type = i % 2 ? DOMAIN_HVM : DOMAIN_PV;
    i /= 2;
    for ( t = 0; t < 3; t++ )
        for ( row = tables[t]; row && row->fact; row++ )
            if ( !i-- )
                return row;

    return NULL;
}

static const char *row_fact(unsigned int i)
{
    static char fact[128];
    enum domain_type type;
    const struct row *row = find(i, &type);

    if ( !row )
        return NULL;
    snprintf(fact, sizeof(fact), "%s: %s", type == DOMAIN_PV ? "PV" : "HVM",
             row->fact);

    return fact;
}

static void row_run(unsigned int i)
{
    enum domain_type type;
    const struct row *row = find(i, &type);

    run(row, type);
}

static const struct unit_suite suites[] = {
    { "claims redeemed", .row_fact = row_fact, .row_run = row_run },
    {}
};

int main(void)
{
    return unit_main("claim-redeem", suites);
}
