/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Why an answer is as it is, by node.
 *
 * Decisions keep no trace of what they compared; it is computed again here,
 * from the same view, so that whoever does not ask does not pay.
 */

#include <string.h>

#include "view.h"
#include "why.h"

/* Of a node that the view does not know, too: it was not asked for. */
static uint64_t free_of(const struct place_host *host,
                        const struct place_held *held, unsigned int node)
{
    const uint64_t pages = place_rest(host->nodes[node].free_pages,
                                      host->nodes[node].reserve_pages);

    return place_rest(pages, held ? held->pages[node] : 0);
}

static void tell_node(struct place_why *why, const struct place_host *host,
                      const struct place_held *held,
                      const struct place_reason *reason, unsigned int i)
{
    const struct place_node *from = &host->nodes[i];
    struct place_why_node *node = &why->nodes[i];

    memset(node, 0, sizeof(*node));
    node->verdict = reason->verdict[i];
    node->free_pages = from->online ? free_of(host, held, i) : 0;
    if ( node->verdict == PLACE_NO_MEMORY )
        node->missing_pages = reason->missing_pages[i];
    node->cpus = from->cpus > from->cores ? from->cpus : from->cores;
}

/* In the order in which place() compares. */
static enum place_by compare(const struct place_view *view,
                             const struct place_why *why, unsigned int node,
                             unsigned int chosen)
{
    const struct place_why_node *a = &why->nodes[node];
    const struct place_why_node *b = &why->nodes[chosen];
    const uint64_t score = a->regret + a->load;
    const uint64_t least = b->regret + b->load;

    if ( view->rank[node] != view->rank[chosen] )
        return view->rank[node] > view->rank[chosen] ? PLACE_BY_WISH
                                                     : PLACE_BY_BATCH;
    if ( score < least )
        return PLACE_BY_BATCH;
    /* A term that is higher by more than the other one is lower. */
    if ( score > least )
        return place_rest(a->regret, b->regret) >=
               place_rest(a->load, b->load) ? PLACE_BY_REGRET : PLACE_BY_LOAD;
    if ( view->pages[node] != view->pages[chosen] )
        return view->pages[node] > view->pages[chosen] ? PLACE_BY_MEMORY
                                                       : PLACE_BY_BATCH;
    if ( view->vcpus[node] != view->vcpus[chosen] )
        return view->vcpus[node] > view->vcpus[chosen] ? PLACE_BY_VCPUS
                                                       : PLACE_BY_BATCH;

    return node > chosen ? PLACE_BY_ID : PLACE_BY_BATCH;
}

static bool would_do(const struct place_why_node *node)
{
    return node->verdict == PLACE_CHOSEN || node->verdict == PLACE_WORSE;
}

static void tell_single(struct place_why *why, const struct place_view *view,
                        unsigned int chosen)
{
    for ( unsigned int i = 0; i < why->nr_nodes; i++ )
    {
        struct place_terms terms;

        if ( !would_do(&why->nodes[i]) )
            continue;
        terms = place_score_terms(view, i, view->need_pages,
                                  view->request->vcpus);
        why->nodes[i].scored = true;
        why->nodes[i].regret = terms.regret;
        why->nodes[i].load = terms.load;
    }
    for ( unsigned int i = 0; i < why->nr_nodes; i++ )
        if ( why->nodes[i].verdict == PLACE_WORSE )
            why->nodes[i].by = compare(view, why, i, chosen);
}

static void tell_several(struct place_why *why, const struct place_view *view,
                         const struct place_plan *plan)
{
    uint32_t farthest = 0;

    for ( unsigned int i = 0; i < why->nr_nodes; i++ )
    {
        struct place_why_node *node = &why->nodes[i];

        if ( !(view->allowed & (UINT64_C(1) << i)) )
            continue;
        node->distance = place_view_distance(view, plan->home_node, i);
        if ( node->verdict == PLACE_CHOSEN && node->distance > farthest )
            farthest = node->distance;
    }
    for ( unsigned int i = 0; i < why->nr_nodes; i++ )
        if ( why->nodes[i].distance > farthest )
            why->nodes[i].by = PLACE_BY_DISTANCE;
        else if ( why->nodes[i].verdict == PLACE_WORSE )
            why->nodes[i].by = PLACE_BY_ID;
}

int place_why(const struct place_host *host, const struct place_held *held,
              const struct place_request *request,
              bool hap, const struct place_plan *plan,
              const struct place_reason *reason, struct place_why *why)
{
    struct place_reason unread;
    struct place_view view;
    uint64_t set;

    if ( place_view_make(&view, host, held, request, &unread) )
        return -1;

    why->need_pages = view.need_pages;
    why->nr_nodes = host->nr_nodes;
    memset(&why->changes, 0, sizeof(why->changes));
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
        tell_node(why, host, held, reason, i);

    if ( !plan )
        return place_changes_find(host, held, request, hap,
                                  &why->changes);
    set = plan->nodes | UINT64_C(1) << plan->home_node;
    if ( set & (set - 1) )
        tell_several(why, &view, plan);
    else
        tell_single(why, &view, plan->home_node);

    return 0;
}

static const char *const verdicts[] = {
    [PLACE_CHOSEN] = "chosen",
    [PLACE_WORSE] = "worse",
    [PLACE_OFFLINE] = "offline",
    [PLACE_NOT_ALLOWED] = "not-allowed",
    [PLACE_NO_MEMORY] = "no-memory",
    [PLACE_NO_CHUNKS_LEFT] = "no-superpages",
    [PLACE_NO_CORES] = "no-cpus",
};

const char *place_verdict_name(enum place_verdict verdict)
{
    return (size_t)verdict < sizeof(verdicts) / sizeof(verdicts[0])
           ? verdicts[verdict] : NULL;
}

static const char *const by_names[] = {
    [PLACE_BY_NOTHING] = "nothing",
    [PLACE_BY_WISH] = "wish",
    [PLACE_BY_REGRET] = "regret",
    [PLACE_BY_LOAD] = "load",
    [PLACE_BY_MEMORY] = "memory-left",
    [PLACE_BY_VCPUS] = "vcpus",
    [PLACE_BY_ID] = "id",
    [PLACE_BY_BATCH] = "batch",
    [PLACE_BY_DISTANCE] = "distance",
};

const char *place_by_name(enum place_by by)
{
    return (size_t)by < sizeof(by_names) / sizeof(by_names[0])
           ? by_names[by] : NULL;
}
