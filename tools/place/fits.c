/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Whether a request fits, without looking for the best place: what place()
 * answers, for a fraction of its cost.
 */

#include "rings.h"

static bool one_holds(const struct place_view *view)
{
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( place_view_holds(view, i) )
            return true;

    return false;
}

/* Chunks are only pages now, and a node without pages lends no CPUs. */
static bool several_hold(const struct place_view *view)
{
    uint64_t pages = 0, cpus = 0, largest = 0;
    struct place_rings rings;
    struct place_plan plan;
    unsigned int nr = 0;
    uint32_t looks;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        pages += view->pages[i];
        cpus += view->pages[i] ? view->cpus[i] : 0;
        largest = view->pages[i] > largest ? view->pages[i] : largest;
        nr += view->pages[i] > 0;
    }
    if ( pages < view->need_pages || cpus < view->need_cpus ||
         largest < view->request->overhead_pages )
        return false;
    /* Every node of a plan has pages, so with few not all can be in it. */
    if ( nr > 1 && nr <= view->max_nodes &&
         view->request->guest_pages >= PLACE_MAX_NODES )
        return true;

    rings.made = 0;

    return (view->request->policy != PLACE_INTERLEAVE &&
            !view->request->vnuma && place_span(view, &rings, &plan) &&
            place_view_few(view, plan.nodes)) ||
           place_view_few(view, place_least_set(view, &looks));
}

bool place_view_holds(const struct place_view *view, unsigned int node)
{
    return (view->allowed & (UINT64_C(1) << node)) &&
           view->pages[node] >= view->need_pages &&
           place_chunks_suffice(view, node) &&
           view->cpus[node] >= view->need_cpus;
}

bool place_view_fits(const struct place_view *view)
{
    struct place_view limited;

    if ( view->need_pages > view->host_pages )
        return false;
    if ( one_holds(view) )
        return true;
    if ( view->max_nodes == 1 )
        return false;
    if ( view->request->chunks != PLACE_CHUNKS_REQUIRED )
        return several_hold(view);
    limited = *view;
    place_chunks_limit(&limited);

    return several_hold(&limited);
}
