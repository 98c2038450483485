/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The nearest set of nodes that holds a request.
 *
 * A depth-first search over the sets of each size, smallest size first, in
 * ascending order of ids; a branch ends when it is already farther than the
 * best set, or cannot reach the pages or CPUs any more.  Steps are capped per
 * size, so that the time is bounded on any host; a greedy set is there before
 * the search starts, so that the cap costs distance but, but for rare mixes
 * of pages and CPUs, no set.
 */

#include <string.h>

#include "view.h"

/* About a millisecond; all sets of up to 4 of 16 nodes, or 2 of 64. */
#define MAX_STEPS 20000u

struct search {
    const struct place_view *view;
    unsigned int nodes[PLACE_MAX_NODES];  /* candidates, ascending           */
    unsigned int nr;
    unsigned int size;                    /* of the sets looked for          */
    unsigned int steps;
    /* The most that the candidates from i on can have on one node. */
    uint64_t max_pages[PLACE_MAX_NODES + 1];
    uint32_t max_cpus[PLACE_MAX_NODES + 1];
    uint64_t best;                        /* 0: none yet                     */
    uint64_t best_distance;
};

struct partial {
    uint64_t set;
    uint64_t pages;
    uint64_t cpus;
    uint64_t distance;
    uint64_t largest;            /* pages of the node that has most          */
};

static struct partial with(const struct search *search,
                           const struct partial *partial, unsigned int node)
{
    const struct place_view *view = search->view;
    struct partial next = *partial;

    for ( unsigned int i = 0; i < search->nr; i++ )
        if ( partial->set & (UINT64_C(1) << search->nodes[i]) )
            next.distance += place_view_distance(view, node,
                                                 search->nodes[i]);
    next.set |= UINT64_C(1) << node;
    next.pages += view->pages[node];
    next.cpus += view->cpus[node];
    if ( view->pages[node] > next.largest )
        next.largest = view->pages[node];

    return next;
}

/* The overhead is not split: one node has to hold it. */
static bool holds(const struct search *search, const struct partial *partial)
{
    const struct place_view *view = search->view;

    return partial->pages >= view->need_pages &&
           partial->cpus >= view->need_cpus &&
           partial->largest >= view->request->overhead_pages;
}

static void consider(struct search *search, const struct partial *partial)
{
    if ( !holds(search, partial) ||
         (search->best && partial->distance >= search->best_distance) )
        return;

    search->best = partial->set;
    search->best_distance = partial->distance;
}

static bool hopeless(const struct search *search,
                     const struct partial *partial, unsigned int from,
                     unsigned int more)
{
    const struct place_view *view = search->view;

    return search->nr - from < more ||
           (search->best && partial->distance >= search->best_distance) ||
           partial->pages + more * search->max_pages[from] <
           view->need_pages ||
           partial->cpus + (uint64_t)more * search->max_cpus[from] <
           view->need_cpus;
}

static void descend(struct search *search, const struct partial *partial,
                    unsigned int from, unsigned int more)
{
    if ( more == 0 )
    {
        consider(search, partial);
        return;
    }

    for ( unsigned int i = from; i < search->nr; i++ )
    {
        struct partial next;

        if ( search->steps == MAX_STEPS ||
             hopeless(search, partial, i, more) )
            return;
        search->steps++;
        next = with(search, partial, search->nodes[i]);
        descend(search, &next, i + 1, more - 1);
    }
}

/* Made to look farther, so that the search still finds the first of a tie. */
static void remember(struct search *search, struct partial partial)
{
    partial.distance++;
    consider(search, &partial);
}

/* From one node on, always the nearest that is left, more pages on ties. */
static void greedy(struct search *search, unsigned int root)
{
    struct partial partial = { 0 };

    partial = with(search, &partial, root);
    for ( unsigned int n = 1; n < search->size; n++ )
    {
        struct partial best = { 0 };

        for ( unsigned int i = 0; i < search->nr; i++ )
        {
            struct partial next;

            if ( partial.set & (UINT64_C(1) << search->nodes[i]) )
                continue;
            next = with(search, &partial, search->nodes[i]);
            if ( !best.set || next.distance < best.distance ||
                 (next.distance == best.distance && next.pages > best.pages) )
                best = next;
        }
        partial = best;
    }

    remember(search, partial);
}

/* The size nodes with most pages: a set, if pages are what is short. */
static void roomiest(struct search *search)
{
    const struct place_view *view = search->view;
    struct partial partial = { 0 };

    for ( unsigned int n = 0; n < search->size; n++ )
    {
        unsigned int best = PLACE_MAX_NODES;

        for ( unsigned int i = 0; i < search->nr; i++ )
        {
            unsigned int node = search->nodes[i];

            if ( !(partial.set & (UINT64_C(1) << node)) &&
                 (best == PLACE_MAX_NODES ||
                  view->pages[node] > view->pages[best]) )
                best = node;
        }
        partial = with(search, &partial, best);
    }
    remember(search, partial);
}

static void prepare(struct search *search, const struct place_view *view)
{
    memset(search, 0, sizeof(*search));
    search->view = view;
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( view->pages[i] )
            search->nodes[search->nr++] = i;

    for ( unsigned int i = search->nr; i-- > 0; )
    {
        unsigned int node = search->nodes[i];

        search->max_pages[i] = search->max_pages[i + 1];
        if ( view->pages[node] > search->max_pages[i] )
            search->max_pages[i] = view->pages[node];
        search->max_cpus[i] = search->max_cpus[i + 1];
        if ( view->cpus[node] > search->max_cpus[i] )
            search->max_cpus[i] = view->cpus[node];
    }
}

uint64_t place_set_find(const struct place_view *view)
{
    struct search search;
    unsigned int most;

    prepare(&search, view);
    /* Every node of a plan has pages, so a small domain has few nodes. */
    most = search.nr < view->request->guest_pages
           ? search.nr : view->request->guest_pages;
    for ( search.size = 2; search.size <= most; search.size++ )
    {
        const struct partial empty = { 0 };

        search.steps = 0;
        roomiest(&search);
        for ( unsigned int i = 0; i < search.nr; i++ )
            greedy(&search, search.nodes[i]);
        descend(&search, &empty, 0, search.size);
        if ( search.best )
            return search.best;
    }

    return 0;
}
