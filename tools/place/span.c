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

#include "rings.h"

/* Homes are as good if the mean distances of their pages are, in such parts. */
#define DISTANCE_PARTS 64u

/* No sum is that high. */
#define NO_SCORE    UINT64_MAX
#define NO_DISTANCE UINT64_MAX

/* Shares are whole chunks of these sizes where that leaves room for all, */
static const uint64_t chunks[] = { UINT64_C(1) << 18, UINT64_C(1) << 9 };

#define NR_CHUNKS (sizeof(chunks) / sizeof(chunks[0]))

/* and moves no more than this part of the share farther away. */
#define ROUND_PART 16u

struct span {
    const struct place_view *view;
    struct place_rings *rings;
    uint64_t there;              /* nodes that have pages                    */
    unsigned int home;
    uint64_t left;               /* pages that have no place yet             */
    uint64_t pages[PLACE_MAX_NODES];
    uint64_t distance;           /* of all pages to the home, summed up      */
    uint64_t score;
};

static uint64_t room(const struct place_view *view, unsigned int home)
{
    return place_rest(view->pages[home], view->request->overhead_pages);
}

static uint64_t round_down(uint64_t pages, unsigned int chunk)
{
    for ( ; chunk < NR_CHUNKS; chunk++ )
        if ( pages / ROUND_PART >= chunks[chunk] )
            return pages - pages % chunks[chunk];

    return pages;
}

/* Of a node that has so many pages, in chunks of at most that size. */
static void take(struct span *span, unsigned int node, uint64_t have,
                 uint64_t distance, unsigned int chunk)
{
    const uint64_t part = have < span->left ? round_down(have, chunk)
                                            : span->left;

    span->pages[node] = part;
    span->left -= part;
    span->distance += part * distance;
}

/*
 * Of nodes at the same distance: one that holds all the rest, the one which
 * that costs least; or else the largest one, so that nodes are few.  What it
 * costs is a long sum, and so it is asked for once a node.
 */
static unsigned int next(const struct span *span, uint64_t todo)
{
    const uint64_t *pages = span->view->pages;
    uint64_t least = NO_SCORE;
    unsigned int best = __builtin_ctzll(todo);

    for ( ; todo; todo &= todo - 1 )
    {
        const unsigned int node = __builtin_ctzll(todo);
        uint64_t cost;

        if ( pages[node] < span->left )
        {
            if ( least == NO_SCORE && pages[node] > pages[best] )
                best = node;
            continue;
        }
        cost = place_score(span->view, node, span->left, 0);
        if ( cost < least )
        {
            least = cost;
            best = node;
        }
    }

    return best;
}

static bool fill(struct span *span, unsigned int chunk)
{
    const struct place_view *view = span->view;
    const struct place_ring *ring;
    unsigned int nr = place_rings_of(span->rings, view, span->home, &ring);

    memset(span->pages, 0, sizeof(span->pages));
    span->left = view->request->guest_pages;
    span->distance = 0;

    take(span, span->home, room(view, span->home), PLACE_LOCAL_DISTANCE,
         chunk);
    for ( ; nr && span->left; nr--, ring++ )
    {
        uint64_t todo = ring->nodes & span->there;

        while ( todo && span->left )
        {
            const unsigned int node = next(span, todo);

            take(span, node, view->pages[node], ring->distance, chunk);
            todo &= ~(UINT64_C(1) << node);
        }
    }

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

/*
 * The distance from a home, but for rounding; NO_DISTANCE if it can be none,
 * or the nodes do not hold the request.
 */
static uint64_t at_least(const struct span *span, unsigned int home)
{
    const struct place_view *view = span->view;
    uint64_t left = view->request->guest_pages, distance = 0;
    const uint64_t here = room(view, home);
    const struct place_ring *ring;
    unsigned int nr;

    if ( view->cpus[home] < view->need_cpus || !here )
        return NO_DISTANCE;
    if ( here >= left )
        return left * PLACE_LOCAL_DISTANCE;
    left -= here;
    distance = here * PLACE_LOCAL_DISTANCE;

    for ( nr = place_rings_of(span->rings, view, home, &ring); nr && left;
          nr--, ring++ )
    {
        const uint64_t before = left;

        for ( uint64_t todo = ring->nodes & span->there; todo && left;
              todo &= todo - 1 )
            left = place_rest(left, view->pages[__builtin_ctzll(todo)]);
        distance += (before - left) * ring->distance;
    }

    return left ? NO_DISTANCE : distance;
}

/* Of a home that has shares, which in the smallest chunks fit. */
static void try_home(struct span *span, unsigned int home)
{
    unsigned int chunk = 0;

    span->home = home;
    span->score = NO_SCORE;
    while ( !fill(span, chunk) && chunk < NR_CHUNKS )
        chunk++;
}

static uint64_t parts(const struct place_view *view, uint64_t distance)
{
    return distance / (view->request->guest_pages * PLACE_LOCAL_DISTANCE /
                       DISTANCE_PARTS + 1);
}

/* Scores are summed up only where they decide; of equal ones goes first. */
static bool is_better(struct span *a, struct span *b, unsigned int first)
{
    const struct place_view *view = a->view;

    if ( parts(view, a->distance) != parts(view, b->distance) )
        return a->distance < b->distance;
    if ( view->rank[a->home] != view->rank[b->home] )
        return view->rank[a->home] < view->rank[b->home];
    if ( a->score == NO_SCORE )
        a->score = score(a);
    if ( b->score == NO_SCORE )
        b->score = score(b);
    if ( a->score != b->score )
        return a->score < b->score;
    if ( a->distance != b->distance )
        return a->distance < b->distance;

    return a->home == first || (a->home < b->home && b->home != first);
}

/* Of homes that are equal in all, the largest goes first. */
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

/*
 * The best home.  The one that may be nearest is tried first, so that few of
 * the others need to be.
 */
static bool choose(struct span *best)
{
    const struct place_view *view = best->view;
    const unsigned int first = largest(view);
    uint64_t bounds[PLACE_MAX_NODES];
    struct span span = *best;
    unsigned int nearest = 0;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        bounds[i] = at_least(best, i);
        if ( bounds[i] < bounds[nearest] )
            nearest = i;
    }
    if ( bounds[nearest] == NO_DISTANCE )
        return false;

    try_home(best, nearest);
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        if ( i == nearest || bounds[i] == NO_DISTANCE ||
             parts(view, bounds[i]) > parts(view, best->distance) )
            continue;
        try_home(&span, i);
        if ( is_better(&span, best, first) )
            *best = span;
    }

    return true;
}

bool place_span(const struct place_view *view, struct place_rings *rings,
                struct place_plan *plan)
{
    struct span best = { .view = view, .rings = rings };

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        best.there |= view->pages[i] ? UINT64_C(1) << i : 0;
    if ( !choose(&best) )
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
