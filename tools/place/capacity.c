/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How many more domains of a size fit.
 *
 * place() takes single nodes as long as one holds the request, so those need
 * only be divided.  The others are placed one by one: where every node has the
 * CPUs for one they are fewer than there are nodes, but where it takes several
 * nodes' CPUs they may be many, which is what they are limited for.
 */

#include <string.h>

#include "capacity.h"
#include "view.h"

/* On single nodes: at most as many as the host can have. */
static void count_alone(const struct place_view *view,
                        struct place_capacity *capacity)
{
    uint64_t most = view->host_pages / view->need_pages;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        uint64_t nr = view->pages[i] / view->need_pages;

        if ( !(view->allowed & (UINT64_C(1) << i)) ||
             view->cpus[i] < view->need_cpus )
            continue;
        nr = nr < most ? nr : most;
        most -= nr;
        capacity->alone[i] = nr;
        capacity->domains += nr;
    }
}

static void count_spanning(const struct place_host *host,
                           struct place_held *held,
                           const struct place_request *request,
                           struct place_capacity *capacity)
{
    struct place_plan plan;

    for ( unsigned int nr = 0;
          place(host, held, request, &plan, NULL) == 0; nr++ )
    {
        if ( nr == PLACE_CAPACITY_MOST )
        {
            capacity->complete = false;
            return;
        }
        capacity->domains++;
        place_hold(held, &plan, request->vcpus);
        if ( !(plan.nodes & (plan.nodes - 1)) )
        {
            capacity->alone[plan.home_node]++;
            continue;
        }
        capacity->spanning++;
        for ( unsigned int i = 0; i < host->nr_nodes; i++ )
            capacity->spanning_pages[i] += plan.pages[i];
    }
}

int place_capacity(const struct place_host *host,
                   const struct place_held *held,
                   const struct place_request *request,
                   struct place_capacity *capacity)
{
    struct place_reason reason = { 0 };
    struct place_held taken = { 0 };
    struct place_view view;

    memset(capacity, 0, sizeof(*capacity));
    if ( place_view_make(&view, host, held, request, &reason) )
        return -1;

    capacity->complete = true;
    count_alone(&view, capacity);
    if ( request->policy == PLACE_STRICT )
        return 0;

    if ( held )
        taken = *held;
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        taken.pages[i] += capacity->alone[i] * view.need_pages;
        taken.vcpus[i] += capacity->alone[i] * request->vcpus;
    }
    count_spanning(host, &taken, request, capacity);

    return 0;
}
