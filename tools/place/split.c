/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How much of a domain each node of its set gets: equal shares, or by weight,
 * as far as each node has them, in whole superpages where there is room.
 */

#include <string.h>

#include "view.h"

#define CHUNK_PAGES 512u         /* 2 MiB */

struct share {
    unsigned int node;
    uint64_t room;
    uint64_t weight;
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

/* Insert so that room for the weight ascends; ids ascend on ties. */
static void insert(struct share *shares, unsigned int nr, struct share share)
{
    while ( nr > 0 && shares[nr - 1].room * share.weight >
                      share.room * shares[nr - 1].weight )
    {
        shares[nr] = shares[nr - 1];
        nr--;
    }
    shares[nr] = share;
}

/*
 * The smallest first: it takes its part of what is left, or all it has; the
 * following ones have at least as much room for theirs, so the last takes the
 * rest.
 */
static void fill(struct share *shares, unsigned int nr, uint64_t pages)
{
    uint64_t weights = 0;

    for ( unsigned int i = 0; i < nr; i++ )
        weights += shares[i].weight;
    for ( unsigned int i = 0; i < nr; i++ )
    {
        uint64_t part = pages * shares[i].weight / weights;

        shares[i].pages = part < shares[i].room ? part : shares[i].room;
        pages -= shares[i].pages;
        weights -= shares[i].weight;
    }
}

/* Broken superpages move to the last node, or are made whole from it. */
static void round_shares(struct share *shares, unsigned int nr)
{
    struct share *last = &shares[nr - 1];

    for ( unsigned int i = 0; i + 1 < nr; i++ )
    {
        uint64_t part = shares[i].pages % CHUNK_PAGES;
        uint64_t more = CHUNK_PAGES - part;

        if ( shares[i].pages > part && part <= last->room - last->pages )
        {
            shares[i].pages -= part;
            last->pages += part;
        }
        else if ( part && more <= shares[i].room - shares[i].pages &&
                  more < last->pages )
        {
            shares[i].pages += more;
            last->pages -= more;
        }
    }
}

static uint64_t weight_of(const struct place_request *request,
                          unsigned int node)
{
    if ( request->policy != PLACE_INTERLEAVE || !request->weights[node] )
        return 1;

    return request->weights[node];
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
        struct share share = {
            .node = i,
            .room = view->pages[i],
            .weight = weight_of(view->request, i),
        };

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
