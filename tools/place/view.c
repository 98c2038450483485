/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A host through the eyes of one request.
 *
 * Everything that lessens a node is taken off here, each subtraction after
 * its comparison, so that the rest of the engine only compares and adds.
 */

#include <errno.h>
#include <string.h>

#include "view.h"

/* Farther than any distance that firmware can report (a byte each way). */
#define UNREACHABLE 4096u

uint64_t place_rest(uint64_t have, uint64_t taken)
{
    return have > taken ? have - taken : 0;
}

static uint64_t full_mask(unsigned int nr)
{
    return nr < 64 ? (UINT64_C(1) << nr) - 1 : UINT64_MAX;
}

static bool are_chunks_known(const struct place_request *request)
{
    return request->chunks == PLACE_NO_CHUNKS ||
           ((unsigned int)request->chunks <= PLACE_CHUNKS_REQUIRED &&
            (request->chunk_order == PLACE_CHUNK_ORDER(0) ||
             request->chunk_order == PLACE_CHUNK_ORDER(1)));
}

static int check(const struct place_host *host,
                 const struct place_request *request)
{
    if ( request->guest_pages == 0 || request->vcpus == 0 ||
         request->guest_pages > PLACE_MAX_PAGES ||
         request->overhead_pages > PLACE_MAX_PAGES ||
         !place_policy_name(request->policy) ||
         (unsigned int)request->group > PLACE_PACK ||
         !are_chunks_known(request) ||
         (request->nodes & ~full_mask(host->nr_nodes)) )
    {
        errno = EINVAL;
        return -1;
    }

    return 0;
}

static unsigned int max_nodes_of(const struct place_request *request)
{
    if ( request->max_nodes )
        return request->max_nodes;

    return request->policy == PLACE_STRICT ? 1 : PLACE_MAX_NODES;
}

static uint64_t pages_of(const struct place_node *node,
                         const struct place_held *held, unsigned int i)
{
    uint64_t pages = place_rest(node->free_pages, node->reserve_pages);

    return held ? place_rest(pages, held->pages[i]) : pages;
}

static void see_node(struct place_view *view, const struct place_held *held,
                     unsigned int i)
{
    const struct place_node *node = &view->host->nodes[i];

    view->allowed |= UINT64_C(1) << i;
    view->pages[i] = pages_of(node, held, i);
    /* A host may tell one and not the other: then what it tells counts. */
    view->cpus[i] = node->cpus > node->cores ? node->cpus : node->cores;
    view->cores[i] = node->cores ? node->cores : node->cpus;
    view->vcpus[i] = node->vcpus + (held ? held->vcpus[i] : 0);
    for ( unsigned int level = 0; level < PLACE_LEVELS; level++ )
        view->chunks[level][i] =
            place_rest(node->chunks[level],
                       held ? held->chunks[level][i] : 0);
}

static bool has_weights(const struct place_request *request)
{
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        if ( request->weights[i] )
            return true;

    return false;
}

/* The nodes that the request's words allow. */
static uint64_t asked_for(const struct place_request *request)
{
    uint64_t nodes = request->nodes ? request->nodes : UINT64_MAX;

    if ( request->policy != PLACE_INTERLEAVE || !has_weights(request) )
        return nodes;
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        if ( !request->weights[i] )
            nodes &= ~(UINT64_C(1) << i);

    return nodes;
}

/* What follows from the nodes. */
static void sum_up(struct place_view *view)
{
    const struct place_request *request = view->request;
    uint64_t cpus = 0;

    /* Without memory, a node can lend a set no CPUs either. */
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( view->pages[i] || view->max_nodes == 1 )
            cpus += view->cpus[i];

    view->empty = view->present_pages
                  ? view->host_pages * 1024 / view->present_pages : 0;

    /*
     * More vCPUs than there are CPUs to be had share them, so that CPUs never
     * keep a domain from several nodes that have the memory.
     */
    view->need_cpus = request->vcpus < cpus ? request->vcpus : cpus;
}

int place_view_make(struct place_view *view, const struct place_host *host,
                    const struct place_held *held,
                    const struct place_request *request,
                    struct place_reason *reason)
{
    const uint64_t asked = asked_for(request);

    memset(view, 0, sizeof(*view));
    if ( place_host_check(host) || check(host, request) )
        return -1;

    view->host = host;
    view->request = request;
    if ( host->sizes )
        view->sizes = *host->sizes;
    else
        place_sizes_begin(&view->sizes, host);
    view->max_nodes = max_nodes_of(request);
    view->need_pages = request->guest_pages + request->overhead_pages;
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        if ( host->nodes[i].online )
        {
            view->host_pages += pages_of(&host->nodes[i], held, i);
            view->present_pages += host->nodes[i].present_pages;
        }
        if ( !host->nodes[i].online )
            reason->verdict[i] = PLACE_OFFLINE;
        else if ( !(asked & (UINT64_C(1) << i)) )
            reason->verdict[i] = PLACE_NOT_ALLOWED;
        else
            see_node(view, held, i);
    }

    view->host_pages = place_rest(view->host_pages, host->host_claimed_pages);
    sum_up(view);
    reason->need_cpus = view->max_nodes == 1 ? view->need_cpus : 0;
    place_view_rank(view);

    return 0;
}

void place_view_take(struct place_view *view, const struct place_plan *plan)
{
    uint64_t taken = plan->overhead_pages;

    view->pages[plan->home_node] = place_rest(view->pages[plan->home_node],
                                              plan->overhead_pages);
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        taken += plan->pages[i];
        view->pages[i] = place_rest(view->pages[i], plan->pages[i]);
        if ( view->allowed & (UINT64_C(1) << i) )
            view->vcpus[i] += place_vcpus_on(plan->cpu_nodes,
                                             view->request->vcpus, i);
    }
    view->host_pages = place_rest(view->host_pages, taken);
    sum_up(view);
}

bool place_view_few(const struct place_view *view, uint64_t nodes)
{
    return nodes &&
           (unsigned int)__builtin_popcountll(nodes) <= view->max_nodes;
}

static uint64_t one_way(const struct place_view *view, unsigned int from,
                        unsigned int to)
{
    uint32_t distance = view->host->nodes[from].distances[to];

    return distance < UNREACHABLE ? distance : UNREACHABLE;
}

uint64_t place_view_distance(const struct place_view *view, unsigned int a,
                             unsigned int b)
{
    return one_way(view, a, b) + one_way(view, b, a);
}
