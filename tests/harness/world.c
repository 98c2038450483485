/* SPDX-License-Identifier: LGPL-2.1-only */
/* What Xen's heap should be, and whether it is: see world.h. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "world.h"

const struct drive_options *options;
struct drive_counts *counts;
struct random random_state;
const char *what = "create";
struct heap_layout layout;
struct expect expect;
unsigned long max_mfn;
signed char *owner;
unsigned char *mark, *node_of;
struct block *blocks;
unsigned long nr_blocks, max_blocks;
unsigned long *offline, nr_offline, max_offline, nr_broken;
unsigned long affinity[EXPECT_DOMAINS];
unsigned int home[EXPECT_DOMAINS];
unsigned long walked_free[HEAP_NODES][HEAP_LEVELS];

void __attribute__((__noreturn__, __format__(__printf__, 1, 2)))
wrong(const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s: ", what);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nin operation %lu, on a host of %u nodes\n",
            counts->operations, layout.nr_nodes);
    abort();
}

static void *table(unsigned long nr, unsigned long size)
{
    void *p = calloc(nr, size);

    if ( !p )
        wrong("no memory for a table of %lu", nr);

    return p;
}

/* The walk asks: is that page anybody's?  Each free page is seen once. */
static int page_given(unsigned long mfn)
{
    if ( owner[mfn] != FREE || (mark[mfn] & MARK_SEEN) )
        return 1;
    mark[mfn] |= MARK_SEEN;

    return 0;
}

static int page_first_seen(unsigned long mfn)
{
    if ( owner[mfn] != NO_MEMORY )
        return 1;
    owner[mfn] = FREE;

    return 0;
}

static void walk_reports(void)
{
    unsigned int slot;
    const char *error = report_differs(&expect);

    if ( error )
        wrong("the report differs: %s", error);
    for ( slot = 0; slot < EXPECT_DOMAINS; slot++ )
        if ( expect.domain[slot].exists &&
             (error = report_domain_differs(&expect, slot)) )
            wrong("the report of domain %u differs: %s", slot, error);
}

/* The lists as they are: free pages, and by level. */
void world_walk(void)
{
    struct heap_walk lists;
    const char *error;
    unsigned int node, level, slot;
    unsigned long mfn;

    error = heap_walk(&lists, page_given);
    if ( error )
        wrong("%s", error);
    for ( mfn = 0; mfn < max_mfn; mfn++ )
        mark[mfn] &= ~MARK_SEEN;

    if ( lists.pages != expect.total_free )
        wrong("%lu pages on free lists, not %lu", lists.pages,
              expect.total_free);
    if ( lists.gone_dirty > counts->offlined )
        wrong("%lu pages too many are counted as dirty", lists.gone_dirty);
    for ( node = 0; node < layout.nr_nodes; node++ )
        for ( level = 0; level < (heap_has_levels() ? HEAP_LEVELS : 1);
              level++ )
            if ( lists.free[node][level] != expect.free[node][level] )
                wrong("node %u, level %u: %lu pages on free lists, not %lu",
                      node, level, lists.free[node][level],
                      expect.free[node][level]);

    for ( slot = 0; slot < EXPECT_DOMAINS; slot++ )
    {
        if ( !expect.domain[slot].exists )
            continue;
        error = expect_domain_differs(&expect, slot);
        if ( error )
            wrong("domain %u: %s", slot, error);
        for ( node = 0; node < layout.nr_nodes; node++ )
            if ( heap_domain_overhead(slot, node) !=
                 expect.domain[slot].node[node].overhead_pages )
                wrong("for domain %u Xen took %lu pages of node %u, not %lu",
                      slot, heap_domain_overhead(slot, node), node,
                      expect.domain[slot].node[node].overhead_pages);
            else if ( heap_domain_counted(slot, node) !=
                 expect.domain[slot].node[node].guest_pages )
                wrong("domain %u has %lu pages on node %u, not %lu", slot,
                      heap_domain_counted(slot, node), node,
                      expect.domain[slot].node[node].guest_pages);
    }
    walk_reports();
    memcpy(walked_free, lists.free, sizeof(walked_free));
    counts->walks++;
}

/*
 * Where chunks come from and what they merge to is the allocator's business;
 * the walk tells whether these figures are true.
 */
void world_learn(void)
{
    struct heap_node_figures figures;
    unsigned int node, level;

    for ( node = 0; heap_has_levels() && node < layout.nr_nodes; node++ )
    {
        heap_node_figures(node, &figures);
        for ( level = 1; level < HEAP_LEVELS; level++ )
            expect.free[node][level] = figures.free[level];
    }
}

/* After each operation: nothing else has changed. */
void world_check(int slot)
{
    const char *error = expect_differs(&expect);

    counts->operations++;
    if ( error )
        wrong("differs: %s", error);
    if ( slot >= 0 && (error = expect_domain_differs(&expect, slot)) )
        wrong("domain %d differs: %s", slot, error);
    if ( heap_has_levels() && (error = expect_broken(&expect)) )
        wrong("%s", error);
    if ( counts->operations % options->every == 0 )
        world_walk();
}

void world_set_free(unsigned int node, long pages)
{
    expect.free[node][0] += pages;
    expect.total_free += pages;
}

void world_put_offline(unsigned long mfn)
{
    owner[mfn] = mark[mfn] & MARK_BROKEN ? BROKEN : OFFLINE;
    if ( owner[mfn] == OFFLINE )
        offline[nr_offline++] = mfn;
    else
        nr_broken++;
    mark[mfn] = 0;
}

int world_random_domain(void)
{
    unsigned int slot = random_below(&random_state, EXPECT_DOMAINS);

    return expect.domain[slot].exists ? (int)slot : HEAP_NO_DOMAIN;
}

static void create_tables(void)
{
    unsigned int i, node = 0;
    unsigned long mfn, pages = 0;

    max_mfn = layout.range[layout.nr_ranges - 1].end;
    owner = table(max_mfn, sizeof(*owner));
    mark = table(max_mfn, sizeof(*mark));
    node_of = table(max_mfn, sizeof(*node_of));
    memset(owner, NO_MEMORY, max_mfn);
    for ( i = 0; i < layout.nr_ranges; i++ )
    {
        node = layout.range[i].node;
        for ( mfn = layout.range[i].start; mfn < layout.range[i].end; mfn++ )
            node_of[mfn] = node;
        pages += layout.range[i].end - layout.range[i].start;
    }
    max_blocks = pages;
    blocks = table(max_blocks, sizeof(*blocks));
    max_offline = 4 + pages / 8;
    /* Of the pages that are to leave, more may follow than that. */
    offline = table(pages, sizeof(*offline));
}

void world_create(void)
{
    struct heap_walk lists;
    const char *error;
    unsigned int node;

    create_tables();
    heap_create(&layout);
    error = heap_walk(&lists, page_first_seen);
    if ( error )
        wrong("%s", error);

    expect.nr_nodes = layout.nr_nodes;
    for ( node = 0; node < layout.nr_nodes; node++ )
    {
        memcpy(expect.free[node], lists.free[node],
               sizeof(expect.free[node]));
        expect.total_free += lists.free[node][0];
    }
}
