/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One decision: the best single node, else memory on several.
 *
 * The best node is by default the one whose choice costs least of what is to
 * come (score.c).  Between equal ones decides the least memory left over, then
 * fewer vCPUs, then the lower id, so that an answer can be foretold.
 */

#include <errno.h>
#include <string.h>

#include "rings.h"

static enum place_verdict judge(const struct place_view *view,
                                unsigned int node)
{
    if ( view->pages[node] < view->need_pages )
        return PLACE_NO_MEMORY;
    if ( !place_chunks_suffice(view, node) )
        return PLACE_NO_CHUNKS_LEFT;
    /* Nodes without CPUs hold memory for others, unless no CPU is known. */
    if ( view->cpus[node] < view->need_cpus )
        return PLACE_NO_CORES;

    return PLACE_WORSE;
}

static bool better(const struct place_view *view, enum place_fit fit,
                   unsigned int a, unsigned int b)
{
    if ( fit != PLACE_FIT_FIRST && view->pages[a] != view->pages[b] )
        return (view->pages[a] < view->pages[b]) == (fit != PLACE_FIT_WORST);
    if ( fit != PLACE_FIT_FIRST && view->vcpus[a] != view->vcpus[b] )
        return view->vcpus[a] < view->vcpus[b];

    return a < b;
}

/* Whether the rule takes that node if it is the best one. */
static bool suits(enum place_fit fit, unsigned int node)
{
    return fit < PLACE_FIT_NODE || fit - PLACE_FIT_NODE == node;
}

/* Claims without a node leave so little of the others that it does not do. */
static bool host_is_claimed(const struct place_view *view,
                            struct place_reason *reason)
{
    uint64_t missing = place_rest(view->need_pages, view->host_pages);

    /* Without them it is the nodes that are short. */
    reason->claimed_missing_pages =
        missing < view->host->host_claimed_pages
        ? missing : view->host->host_claimed_pages;

    return missing;
}

/* The mask of the best single node, 0 if none holds it. */
static uint64_t find_single(const struct place_view *view, enum place_fit fit,
                            struct place_reason *reason)
{
    unsigned int best = PLACE_MAX_NODES;
    uint64_t total = 0, least = UINT64_MAX, rank = UINT64_MAX;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        uint64_t score;

        if ( !(view->allowed & (UINT64_C(1) << i)) )
            continue;
        total += view->pages[i];
        reason->verdict[i] = judge(view, i);
        reason->missing_pages[i] = place_rest(view->need_pages,
                                              view->pages[i]);
        if ( reason->verdict[i] != PLACE_WORSE || view->rank[i] > rank ||
             !suits(fit, i) )
            continue;
        score = fit == PLACE_FIT_SCORE
                ? place_score(view, i, view->need_pages,
                              view->request->vcpus) : 0;
        if ( view->rank[i] < rank || score < least ||
             (score == least && better(view, fit, i, best)) )
        {
            best = i;
            least = score;
            rank = view->rank[i];
        }
    }
    reason->host_missing_pages = place_rest(view->need_pages, total);
    if ( host_is_claimed(view, reason) )
        return 0;

    return best < PLACE_MAX_NODES ? UINT64_C(1) << best : 0;
}

static bool find_several(struct place_view *view, struct place_rings *rings,
                         struct place_plan *plan, struct place_reason *reason)
{
    struct place_found found;

    place_chunks_limit(view);
    if ( view->request->policy == PLACE_INTERLEAVE )
        place_set_interleave(view, &found);
    else if ( !view->request->vnuma && place_span(view, rings, plan) &&
              place_view_few(view, plan->nodes) )
        return true;
    else
        place_set_find(view, 2, &found);

    if ( !place_view_few(view, found.set) )
        return false;
    reason->gap = found.gap;
    place_split(view, found.set, plan);

    return true;
}

/* Where the request goes, whatever chunks are promised there. */
static bool find(struct place_view *view, struct place_rings *rings,
                 enum place_fit fit, struct place_plan *plan,
                 struct place_reason *reason)
{
    const uint64_t node = find_single(view, fit, reason);

    if ( node )
        place_split(view, node, plan);
    if ( node && view->request->policy != PLACE_INTERLEAVE )
        return true;

    return (view->max_nodes > 1 && !reason->claimed_missing_pages &&
             !reason->host_missing_pages &&
             find_several(view, rings, plan, reason)) || node;
}

int place_seen(struct place_view *view, struct place_rings *rings,
               enum place_fit fit, struct place_plan *plan,
               struct place_reason *reason)
{
    if ( !find(view, rings, fit, plan, reason) )
    {
        memset(plan, 0, sizeof(*plan));
        errno = ENOSPC;
        return -1;
    }
    plan->overhead_pages = view->request->overhead_pages;
    place_chunks_promise(view, plan);

    return 0;
}

int place_fit(const struct place_host *host, const struct place_held *held,
              const struct place_request *request, enum place_fit fit,
              struct place_plan *plan, struct place_reason *reason)
{
    struct place_reason unread;
    struct place_rings rings;
    struct place_view view;

    if ( !reason )
        reason = &unread;
    memset(reason, 0, sizeof(*reason));
    memset(plan, 0, sizeof(*plan));
    rings.made = 0;
    if ( place_view_make(&view, host, held, request, reason) ||
         place_seen(&view, &rings, fit, plan, reason) )
        return -1;

    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
        if ( plan->nodes & (UINT64_C(1) << i) )
        {
            reason->verdict[i] = PLACE_CHOSEN;
            reason->missing_pages[i] = 0;
        }

    return 0;
}

int place(const struct place_host *host, const struct place_held *held,
          const struct place_request *request, struct place_plan *plan,
          struct place_reason *reason)
{
    return place_fit(host, held, request, PLACE_FIT_SCORE, plan, reason);
}

/* Evenly; the first nodes have one more if it does not come out even. */
uint32_t place_vcpus_on(uint64_t cpu_nodes, uint32_t vcpus, unsigned int node)
{
    const uint64_t bit = UINT64_C(1) << node;
    const uint32_t nr = __builtin_popcountll(cpu_nodes);

    if ( !(cpu_nodes & bit) )
        return 0;

    return vcpus / nr +
           ((uint32_t)__builtin_popcountll(cpu_nodes & (bit - 1)) <
            vcpus % nr);
}

/* A promised chunk of 1 GiB is gone from those of 2 MiB, too. */
static uint64_t chunks_of(const struct place_plan *plan, unsigned int level,
                          unsigned int node)
{
    uint64_t chunks = 0;

    for ( unsigned int i = level; i < PLACE_LEVELS; i++ )
        chunks += plan->chunks[i][node] << (PLACE_CHUNK_ORDER(i) -
                                            PLACE_CHUNK_ORDER(level));

    return chunks;
}

void place_hold(struct place_held *held, const struct place_plan *plan,
                uint32_t vcpus)
{
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        held->pages[i] += plan->pages[i];
        for ( unsigned int level = 0; level < PLACE_LEVELS; level++ )
            held->chunks[level][i] += chunks_of(plan, level, i);
        held->vcpus[i] += place_vcpus_on(plan->cpu_nodes, vcpus, i);
    }
    held->pages[plan->home_node] += plan->overhead_pages;
}

void place_unhold(struct place_held *held, const struct place_plan *plan,
                  uint32_t vcpus)
{
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        held->pages[i] = place_rest(held->pages[i], plan->pages[i]);
        for ( unsigned int level = 0; level < PLACE_LEVELS; level++ )
            held->chunks[level][i] = place_rest(held->chunks[level][i],
                                                chunks_of(plan, level, i));
        held->vcpus[i] = place_rest(held->vcpus[i],
                                    place_vcpus_on(plan->cpu_nodes, vcpus,
                                                   i));
    }
    held->pages[plan->home_node] =
        place_rest(held->pages[plan->home_node], plan->overhead_pages);
}
