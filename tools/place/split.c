/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How much of a domain each node of its set gets: equal shares, as far as
 * each node has them, in whole superpages where that costs nobody.
 */

#include <string.h>

#include "view.h"

#define CHUNK_PAGES 512u         /* 2 MiB */

struct share {
    unsigned int node;
    uint64_t room;
    uint64_t pages;
};

/* The overhead goes where most memory is. */
static unsigned int choose_home(const struct place_view *view, uint64_t set)
{
    unsigned int home = PLACE_MAX_NODES;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( (set & (UINT64_C(1) << i)) &&
             (home == PLACE_MAX_NODES || view->pages[i] > view->pages[home]) )
            home = i;

    return home;
}

/* Insert so that room ascends; ids ascend on ties. */
static void insert(struct share *shares, unsigned int nr, struct share share)
{
    while ( nr > 0 && shares[nr - 1].room > share.room )
    {
        shares[nr] = shares[nr - 1];
        nr--;
    }
    shares[nr] = share;
}

/*
 * The smallest first: it takes an equal part of what is left, or all it has;
 * the following ones have at least as much room, so the last takes the rest.
 */
static void fill(struct share *shares, unsigned int nr, uint64_t pages)
{
    for ( unsigned int i = 0; i < nr; i++ )
    {
        uint64_t part = pages / (nr - i);

        shares[i].pages = part < shares[i].room ? part : shares[i].room;
        pages -= shares[i].pages;
    }
}

/* Broken superpages move to the last node while it has room. */
static void round_shares(struct share *shares, unsigned int nr)
{
    struct share *last = &shares[nr - 1];

    for ( unsigned int i = 0; i + 1 < nr; i++ )
    {
        uint64_t part = shares[i].pages % CHUNK_PAGES;

        if ( shares[i].pages > part && part <= last->room - last->pages )
        {
            shares[i].pages -= part;
            last->pages += part;
        }
    }
}

void place_split(const struct place_view *view, uint64_t set,
                 struct place_plan *plan)
{
    struct share shares[PLACE_MAX_NODES];
    unsigned int nr = 0;

    memset(plan, 0, sizeof(*plan));
    plan->home_node = choose_home(view, set);
    plan->overhead_pages = view->request->overhead_pages;
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        struct share share = { .node = i, .room = view->pages[i] };

        if ( !(set & (UINT64_C(1) << i)) )
            continue;
        if ( i == plan->home_node )
            share.room -= plan->overhead_pages;
        insert(shares, nr++, share);
    }

    fill(shares, nr, view->request->guest_pages);
    round_shares(shares, nr);
    for ( unsigned int i = 0; i < nr; i++ )
        if ( shares[i].pages )
        {
            plan->pages[shares[i].node] = shares[i].pages;
            plan->nodes |= UINT64_C(1) << shares[i].node;
        }

    /* A node that only lends memory runs nothing, unless no CPU is known. */
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( (set & (UINT64_C(1) << i)) && view->cpus[i] )
            plan->cpu_nodes |= UINT64_C(1) << i;
    if ( !plan->cpu_nodes )
        plan->cpu_nodes = set;
}
