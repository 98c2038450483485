/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain whose vCPUs one node can run, but whose memory it cannot hold.
 *
 * Its vCPUs stay together on the home node, with as much of the memory as is
 * there; the rest lies on the nearest nodes.  But for rounding to chunks that
 * is exact: for a given home no other shares have less expected distance, and
 * every home is tried that can be better.  Among homes that are about as good,
 * the one whose shares cost least of what is to come is taken.
 */

#include <string.h>

#include "view.h"

/* Homes are as good if the mean distances of their pages are, in such parts. */
#define DISTANCE_PARTS 64u

/* No sum is that high. */
#define NO_SCORE UINT64_MAX

/* Shares are whole chunks of these sizes where that leaves room for all, */
static const uint64_t chunks[] = { UINT64_C(1) << 18, UINT64_C(1) << 9 };

#define NR_CHUNKS (sizeof(chunks) / sizeof(chunks[0]))

/* and moves no more than this part of the share farther away. */
#define ROUND_PART 16u

struct span {
    const struct place_view *view;
    unsigned int home;
    uint64_t left;               /* pages that have no place yet             */
    uint64_t todo;               /* nodes that were not looked at            */
    uint64_t pages[PLACE_MAX_NODES];
    uint64_t distance;           /* of all pages to the home, summed up      */
    uint64_t score;
};

static uint64_t room(const struct span *span, unsigned int node)
{
    const struct place_view *view = span->view;

    return place_rest(view->pages[node],
                      node == span->home ? view->request->overhead_pages : 0);
}

static uint64_t distance_to(const struct span *span, unsigned int node)
{
    uint64_t distance;

    if ( node == span->home )
        return PLACE_LOCAL_DISTANCE;
    distance = place_view_distance(span->view, span->home, node);

    return distance > PLACE_LOCAL_DISTANCE ? distance : PLACE_LOCAL_DISTANCE;
}

static uint64_t round_down(uint64_t pages, unsigned int chunk)
{
    for ( ; chunk < NR_CHUNKS; chunk++ )
        if ( pages / ROUND_PART >= chunks[chunk] )
            return pages - pages % chunks[chunk];

    return pages;
}

/* In chunks of at most that size. */
static void take(struct span *span, unsigned int node, unsigned int chunk)
{
    uint64_t part = room(span, node);

    part = part < span->left ? round_down(part, chunk) : span->left;
    span->pages[node] = part;
    span->left -= part;
    span->todo &= ~(UINT64_C(1) << node);
    span->distance += part * distance_to(span, node);
}

/*
 * Of nodes at the same distance: one that holds all the rest, the one which
 * that costs least; or else the largest one, so that nodes are few.  What it
 * costs is a long sum, and so it is asked for once a node.
 */
struct candidate {
    unsigned int node;
    uint64_t distance;
    bool holds;
    uint64_t cost;               /* if it holds the rest                     */
};

static bool suits_better(const struct span *span, const struct candidate *a,
                         const struct candidate *b)
{
    if ( a->distance != b->distance )
        return a->distance < b->distance;
    if ( a->holds != b->holds )
        return a->holds;
    if ( a->holds )
        return a->cost < b->cost;

    return span->view->pages[a->node] > span->view->pages[b->node];
}

static unsigned int next(const struct span *span)
{
    struct candidate best = { .distance = UINT64_MAX };

    for ( uint64_t todo = span->todo; todo; todo &= todo - 1 )
    {
        const unsigned int node = __builtin_ctzll(todo);
        struct candidate other = {
            .node = node, .distance = distance_to(span, node),
            .holds = span->view->pages[node] >= span->left,
        };

        if ( other.distance > best.distance )
            continue;
        if ( other.holds )
            other.cost = place_score(span->view, node, span->left, 0);
        if ( suits_better(span, &other, &best) )
            best = other;
    }

    return best.node;
}

static bool fill(struct span *span, unsigned int chunk)
{
    const struct place_view *view = span->view;

    memset(span->pages, 0, sizeof(span->pages));
    span->left = view->request->guest_pages;
    span->distance = 0;
    span->todo = 0;
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        span->todo |= view->pages[i] ? UINT64_C(1) << i : 0;

    take(span, span->home, chunk);
    while ( span->left && span->todo )
        take(span, next(span), chunk);

    return !span->left;
}

static uint64_t score(const struct span *span)
{
    const struct place_view *view = span->view;
    uint64_t sum = 0;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( span->pages[i] )
            sum += place_score(view, i, span->pages[i],
                               i == span->home ? view->request->vcpus : 0);

    return sum;
}

/* The distance cannot be less, wherever the rest is. */
static uint64_t at_least(const struct span *span)
{
    const struct place_view *view = span->view;
    const uint64_t here = room(span, span->home);
    uint64_t nearest = UINT64_MAX;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( i != span->home && view->pages[i] )
        {
            const uint64_t distance = distance_to(span, i);

            nearest = distance < nearest ? distance : nearest;
        }

    /* One node would do otherwise, and nothing holds the rest of it. */
    if ( here >= view->request->guest_pages || nearest == UINT64_MAX )
        return 0;

    return here * PLACE_LOCAL_DISTANCE +
           (view->request->guest_pages - here) * nearest;
}

static uint64_t parts(const struct span *span, uint64_t distance)
{
    return distance / (span->view->request->guest_pages * PLACE_LOCAL_DISTANCE /
                       DISTANCE_PARTS + 1);
}

/* Whether it has shares, and they may be better than those of best, if any. */
static bool try_home(struct span *span, unsigned int home,
                     const struct span *best)
{
    const struct place_view *view = span->view;
    unsigned int chunk = 0;

    span->home = home;
    span->score = NO_SCORE;
    if ( view->cpus[home] < view->need_cpus || !room(span, home) )
        return false;
    if ( best && parts(span, at_least(span)) > parts(best, best->distance) )
        return false;
    while ( !fill(span, chunk) )
        if ( ++chunk > NR_CHUNKS )
            return false;

    return true;
}

/* Scores are summed up only where they decide. */
static bool is_better(struct span *a, struct span *b)
{
    const uint64_t *rank = a->view->rank;

    if ( parts(a, a->distance) != parts(b, b->distance) )
        return a->distance < b->distance;
    if ( rank[a->home] != rank[b->home] )
        return rank[a->home] < rank[b->home];
    a->score = score(a);
    if ( b->score == NO_SCORE )
        b->score = score(b);
    if ( a->score != b->score )
        return a->score < b->score;

    return a->distance < b->distance;
}

/* What is not found near a large home need not be looked for at others. */
static unsigned int largest(const struct place_view *view)
{
    unsigned int node = 0;

    for ( unsigned int i = 1; i < view->host->nr_nodes; i++ )
        if ( view->cpus[i] >= view->need_cpus &&
             (view->cpus[node] < view->need_cpus ||
              view->pages[i] > view->pages[node]) )
            node = i;

    return node;
}

bool place_span(const struct place_view *view, struct place_plan *plan)
{
    struct span best = { .view = view }, span = { .view = view };
    const unsigned int first = largest(view);
    bool found = try_home(&best, first, NULL);

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( i != first && try_home(&span, i, found ? &best : NULL) &&
             (!found || is_better(&span, &best)) )
        {
            best = span;
            found = true;
        }
    if ( !found )
        return false;

    memset(plan, 0, sizeof(*plan));
    plan->home_node = best.home;
    plan->cpu_nodes = UINT64_C(1) << best.home;
    plan->overhead_pages = view->request->overhead_pages;
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( best.pages[i] )
        {
            plan->pages[i] = best.pages[i];
            plan->nodes |= UINT64_C(1) << i;
        }

    return true;
}
