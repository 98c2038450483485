/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What has to hold whenever nothing runs: every page is in one place, what
 * the heap has as free is on its lists, what it has as claimed is the sum of
 * what domains have, and all of that can be had.
 */

#include <string.h>

#include "threads.h"

enum { NOWHERE, FREE, PRIVATE, OWNED, OFFLINE };

/* By page, where it was seen; and of a domain, by node, how many. */
static unsigned char *place;
static unsigned long owned[THREAD_DOMAINS][HEAP_NODES];
static unsigned long extra_of[THREAD_DOMAINS];
static const char *wrong_page;

static void see(unsigned long mfn, unsigned char where)
{
    if ( mfn >= max_mfn || !is_memory[mfn] )
        wrong_page = "a page is no memory";
    else if ( place[mfn] != NOWHERE )
        wrong_page = "a page is in two places";
    else
        place[mfn] = where;
}

static int see_free(unsigned long mfn)
{
    see(mfn, FREE);

    return wrong_page != NULL;
}

static void see_owned(int slot, unsigned long mfn, int extra)
{
    see(mfn, OWNED);
    if ( extra )
        extra_of[slot]++;
    else
        owned[slot][node_of[mfn]]++;
}

/* A page that went offline as it was freed is where nothing else is. */
static void see_offline(void)
{
    unsigned long mfn;

    for ( mfn = 0; mfn < max_mfn; mfn++ )
    {
        if ( !is_memory[mfn] || place[mfn] != NOWHERE )
            continue;
        if ( !leaving[mfn] )
            wrong_page = "a page is nowhere";
        else if ( !heap_is_offline(mfn) )
            wrong_page = "a page that left is not offline";
        see(mfn, OFFLINE);
    }
}

static const char *check_pages(struct heap_walk *walk)
{
    const char *error;
    unsigned int i, j;
    unsigned long k;

    memset(place, NOWHERE, max_mfn);
    memset(owned, 0, sizeof(owned));
    memset(extra_of, 0, sizeof(extra_of));
    wrong_page = NULL;

    for ( i = 0; i < THREADS; i++ )
        for ( j = 0; j < threads[i].nr_blocks; j++ )
            for ( k = 0; k < 1UL << threads[i].block[j].order; k++ )
                see(threads[i].block[j].mfn + k, PRIVATE);
    for ( i = 0; i < THREAD_DOMAINS; i++ )
        if ( domains[i].exists && !heap_domain_walk(i, see_owned) )
            return "a page on a domain's list is not the domain's";

    error = heap_walk(walk, see_free);
    if ( error )
        return error;
    see_offline();

    return wrong_page;
}

/* What domains claim, added up. */
struct sums {
    unsigned long claimed[HEAP_NODES][HEAP_LEVELS], overhead[HEAP_NODES];
    unsigned long host, total;
};

static const char *check_domain(unsigned int slot, struct sums *sums)
{
    struct heap_domain_figures figures;
    struct heap_domain_node on;
    static struct heap_domain_report report;
    unsigned long total, guest, pages = extra_of[slot];
    unsigned int node, level;

    heap_domain_figures(slot, &figures);
    heap_domain_report(slot, &report);
    total = figures.host;
    for ( node = 0; node < layout.nr_nodes; node++ )
    {
        heap_domain_node(slot, node, &on);
        for ( level = HEAP_LEVELS, guest = 0; level--; )
        {
            guest += on.guest[level];
            sums->claimed[node][level] += guest;
        }
        sums->claimed[node][0] += on.overhead;
        sums->overhead[node] += on.overhead;
        total += guest + on.overhead;
        if ( !(figures.nodes >> node & 1) != !guest )
            return "the mask of nodes that a domain claims is wrong";
        if ( heap_domain_counted(slot, node) != owned[slot][node] )
            return "pages of a domain on a node are not those counted";
        pages += owned[slot][node];
    }
    sums->host += figures.host;
    sums->total += total;

    if ( total != figures.total )
        return "claims of a domain are not their sum";
    if ( total && report.dying )
        return "a dying domain has claims";
    if ( total && report.finished && !figures.legacy )
        return "a domain that runs has claims";
    if ( figures.legacy && total != figures.host )
        return "a legacy claim is on a node";
    if ( heap_domain_extra(slot) != extra_of[slot] ||
         heap_domain_pages(slot) + extra_of[slot] != pages )
        return "pages of a domain are not those counted";

    return NULL;
}

static const char *check_node(unsigned int node, const struct heap_walk *walk,
                              const struct sums *sums)
{
    struct heap_node_figures figures;
    unsigned int level;

    heap_node_figures(node, &figures);
    if ( figures.overhead != sums->overhead[node] )
        return "overhead claimed of a node is not that of all domains";
    for ( level = 0; level < HEAP_LEVELS; level++ )
    {
        if ( figures.free[level] != walk->free[node][level] )
            return "what is free of a node is not on its lists";
        if ( figures.claimed[level] != sums->claimed[node][level] )
            return "what is claimed of a node is not that of all domains";
        if ( figures.claimed[level] > figures.free[level] )
            return "more is claimed of a node than is free";
    }

    return NULL;
}

const char *threads_check(void)
{
    static struct heap_report report;
    static struct heap_walk walk;
    struct heap_figures heap;
    struct sums sums = {};
    const char *error;
    unsigned int i;

    if ( !place )
        place = host_zalloc(max_mfn);
    error = check_pages(&walk);
    for ( i = 0; !error && i < THREAD_DOMAINS; i++ )
        if ( domains[i].exists )
            error = check_domain(i, &sums);
    for ( i = 0; !error && i < layout.nr_nodes; i++ )
        error = check_node(i, &walk, &sums);
    if ( error )
        return error;

    heap_figures(&heap);
    if ( heap.free != walk.pages )
        return "what is free is not on the lists";
    if ( heap.claimed != sums.total || heap.host_claimed != sums.host )
        return "what is claimed is not that of all domains";
    if ( heap.claimed > heap.free )
        return "more is claimed than is free";

    heap_report(layout.nr_nodes, &report);

    return threads_check_report(&report);
}

const char *threads_check_report(const struct heap_report *report)
{
    unsigned long free = 0, claimed = report->host.host_claimed;
    unsigned int i;

    for ( i = 0; i < layout.nr_nodes; i++ )
    {
        if ( report->node[i].guest + report->node[i].overhead >
             report->node[i].free )
            return "more is claimed of a node than is free";
        if ( report->node[i].free > report->node[i].present )
            return "more of a node is free than there is";
        free += report->node[i].free;
        claimed += report->node[i].guest + report->node[i].overhead;
    }

    if ( free != report->host.free )
        return "what is free is not the sum over nodes";
    if ( claimed != report->host.claimed )
        return "what is claimed is not the sum over nodes";

    return claimed > free ? "more is claimed than is free" : NULL;
}
