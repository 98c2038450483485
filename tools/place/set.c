/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The nearest set of nodes that holds a request.
 *
 * A depth-first search over the sets of the least size that will do, the nodes
 * that cost least first (score.c), so that of equally near sets one of these
 * is taken; a branch ends when it cannot become nearer than the
 * best set, or cannot reach the pages or CPUs any more.  The number of nodes
 * looked at is capped, so that the time is bounded on any host; there is a
 * set before the search starts, so that the cap costs distance, but no set.
 */

#include "pool.h"

/*
 * One or two milliseconds.  Some 10,000 are enough for 16 nodes; these are for
 * up to 6 of 64 nodes whose distances come in a few levels.
 */
#define MAX_LOOKS 1000000u

struct search {
    struct place_pool pool;
    /* Of nodes by their index in the pool, as place_view_distance has it. */
    uint32_t distances[PLACE_MAX_NODES][PLACE_MAX_NODES];
    uint32_t nearest;                     /* least of any two nodes          */
    unsigned int size;                    /* of the sets looked for          */
    uint32_t looks;
    bool is_cut;                          /* not all that may do was seen    */
    uint64_t best;
    uint64_t best_distance;
};

struct partial {
    struct place_sum sum;
    uint64_t distance;                    /* of all pairs                    */
    uint32_t to[PLACE_MAX_NODES];         /* by index: to all of the set     */
};

/*
 * Take the i-th node.  Distances of those before the from-th are left out;
 * next may be partial itself.
 */
static void take(struct search *search, const struct partial *partial,
                 unsigned int i, unsigned int from, struct partial *next)
{
    const struct place_pool *pool = &search->pool;

    next->sum = place_sum_with(pool->view, &partial->sum, pool->nodes[i]);
    next->distance = partial->distance + partial->to[i];
    for ( unsigned int j = from; j < pool->nr; j++ )
        next->to[j] = partial->to[j] + search->distances[i][j];
    search->looks += pool->nr - from;
}

static void consider(struct search *search, const struct place_sum *sum,
                     uint64_t distance)
{
    if ( distance >= search->best_distance ||
         !place_sum_holds(search->pool.view, sum) )
        return;

    search->best = sum->set;
    search->best_distance = distance;
}

/* The least that n more nodes add, all of them at least `to` from the set. */
static uint64_t at_least(const struct search *search, uint64_t to,
                         unsigned int n)
{
    return n * to + (uint64_t)n * (n - 1) / 2 * search->nearest;
}

static void descend(struct search *search, const struct partial *partial,
                    unsigned int from, unsigned int more)
{
    const struct place_pool *pool = &search->pool;
    uint32_t to = UINT32_MAX;

    for ( unsigned int i = from; i < pool->nr; i++ )
        if ( partial->to[i] < to )
            to = partial->to[i];

    for ( unsigned int i = from; i + more <= pool->nr; i++ )
    {
        uint64_t distance = partial->distance + partial->to[i];
        struct partial next;

        if ( search->looks++ >= MAX_LOOKS )
        {
            search->is_cut = true;
            return;
        }
        if ( !place_pool_may_hold(pool, &partial->sum, i, more) ||
             partial->distance + at_least(search, to, more) >=
             search->best_distance )
            return;
        if ( distance + at_least(search, to + search->nearest, more - 1) >=
             search->best_distance )
            continue;

        if ( more > 1 )
        {
            take(search, partial, i, i + 1, &next);
            descend(search, &next, i + 1, more - 1);
        }
        else
        {
            next.sum = place_sum_with(pool->view, &partial->sum,
                                      pool->nodes[i]);
            consider(search, &next.sum, distance);
        }
    }
}

/* Made to look farther, so that the search still finds the first of a tie. */
static void remember(struct search *search, const struct partial *partial)
{
    consider(search, &partial->sum, partial->distance + 1);
}

/* Until the set is large enough: the nearest node, more pages on ties. */
static void grow(struct search *search, struct partial *partial)
{
    const struct place_pool *pool = &search->pool;
    const uint64_t *pages = pool->view->pages;
    unsigned int size = __builtin_popcountll(partial->sum.set);

    for ( ; size < search->size; size++ )
    {
        unsigned int best = PLACE_MAX_NODES;

        for ( unsigned int i = 0; i < pool->nr; i++ )
            if ( !(partial->sum.set & (UINT64_C(1) << pool->nodes[i])) &&
                 (best == PLACE_MAX_NODES ||
                  partial->to[i] < partial->to[best] ||
                  (partial->to[i] == partial->to[best] &&
                   pages[pool->nodes[i]] > pages[pool->nodes[best]])) )
                best = i;
        take(search, partial, best, 0, partial);
    }

    remember(search, partial);
}

static void greedy(struct search *search, unsigned int root)
{
    struct partial partial = { 0 };

    take(search, &partial, root, 0, &partial);
    grow(search, &partial);
}

/* A set to begin with; it holds, wherever its nodes are. */
static void begin(struct search *search, uint64_t set)
{
    struct partial partial = { 0 };

    for ( unsigned int i = 0; i < search->pool.nr; i++ )
        if ( set & (UINT64_C(1) << search->pool.nodes[i]) )
            take(search, &partial, i, 0, &partial);
    grow(search, &partial);
}

static bool comes_after(const struct place_view *view, unsigned int a,
                        uint64_t a_score, unsigned int b, uint64_t b_score)
{
    if ( view->rank[a] != view->rank[b] )
        return view->rank[a] > view->rank[b];

    return a_score > b_score;
}

void place_set_order(const struct place_view *view, unsigned int size,
                     unsigned int *nodes, unsigned int nr)
{
    uint64_t scores[PLACE_MAX_NODES];

    for ( unsigned int i = 0; i < nr; i++ )
    {
        const unsigned int node = nodes[i];
        const uint64_t score = place_score(view, node,
                                           view->need_pages / size,
                                           view->request->vcpus / size);
        unsigned int to = i;

        for ( ; to > 0 && comes_after(view, nodes[to - 1], scores[to - 1],
                                      node, score); to-- )
        {
            scores[to] = scores[to - 1];
            nodes[to] = nodes[to - 1];
        }
        scores[to] = score;
        nodes[to] = node;
    }
}

static void prepare(struct search *search, const struct place_view *view,
                    unsigned int size)
{
    const unsigned int *nodes = search->pool.nodes;

    place_pool_make(&search->pool, view);
    place_set_order(view, size, search->pool.nodes, search->pool.nr);
    place_pool_count(&search->pool);
    search->size = size;
    search->is_cut = false;
    search->best = 0;
    search->best_distance = UINT64_MAX;
    search->nearest = UINT32_MAX;
    for ( unsigned int i = 0; i < search->pool.nr; i++ )
        for ( unsigned int j = 0; j < search->pool.nr; j++ )
        {
            uint32_t distance = place_view_distance(view, nodes[i], nodes[j]);

            search->distances[i][j] = distance;
            if ( i != j && distance < search->nearest )
                search->nearest = distance;
        }
    search->looks = 2 * search->pool.nr * search->pool.nr;
}

/* Of all pairs. */
static uint64_t distance_of(const struct place_view *view, uint64_t set)
{
    uint64_t distance = 0;

    for ( ; set; set &= set - 1 )
        for ( uint64_t others = set & (set - 1); others;
              others &= others - 1 )
            distance += place_view_distance(view, __builtin_ctzll(set),
                                            __builtin_ctzll(others));

    return distance;
}

/* Apart from the search for the first set: both together need much stack. */
static void __attribute__((noinline))
find_nearest(const struct place_view *view, uint64_t first,
             unsigned int least_size, struct place_found *found)
{
    const struct partial empty = { 0 };
    unsigned int size = __builtin_popcountll(first);
    struct search search;

    prepare(&search, view, size > least_size ? size : least_size);
    begin(&search, first);
    for ( unsigned int i = 0; i < search.pool.nr; i++ )
        greedy(&search, i);
    descend(&search, &empty, 0, search.size);
    found->set = search.best;
    found->looks += search.looks;
    if ( search.is_cut )
        found->gap = distance_of(view, found->set) -
                     at_least(&search, 0, search.size);
}

void place_set_find(const struct place_view *view, unsigned int least_size,
                    struct place_found *found)
{
    const uint64_t first = place_least_set(view, &found->looks);

    found->set = found->gap = 0;
    if ( first )
        find_nearest(view, first, least_size, found);
}

void place_set_interleave(const struct place_view *view,
                          struct place_found *found)
{
    const uint64_t most = view->request->guest_pages;
    unsigned int nr = 0;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        nr += view->pages[i] > 0;
    nr = nr < view->max_nodes ? nr : view->max_nodes;
    place_set_find(view, nr < most ? nr : most, found);
}
