/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The least number of nodes that hold a request, wherever they are.
 *
 * A node that has no more pages and no more CPUs than another one is not
 * taken before it, so nearly all sets need no look: where all nodes have as
 * many CPUs, one set of each size is left.  Where nodes are of many kinds,
 * looks are capped; a set may then have more nodes than it needs, but whatever
 * all nodes together hold is found.  Where a request limits the nodes, a larger
 * set would be none, so many more looks are taken before it is refused.
 */

#include "pool.h"

/* At least the nodes of a host, for the set of all; about 20 us a size. */
#define MAX_LOOKS 2048u

/* Of all sizes, if nodes are limited: some milliseconds. */
#define MAX_LIMITED_LOOKS 1000000u

struct search {
    struct place_pool pool;
    uint32_t looks;
    uint32_t max_looks;
};

/* By CPUs, then by pages, most first. */
static void sort(struct place_pool *pool)
{
    const struct place_view *view = pool->view;

    for ( unsigned int i = 1; i < pool->nr; i++ )
    {
        unsigned int node = pool->nodes[i], to = i;

        for ( ; to > 0; to-- )
        {
            unsigned int before = pool->nodes[to - 1];

            if ( view->cpus[before] > view->cpus[node] ||
                 (view->cpus[before] == view->cpus[node] &&
                  view->pages[before] >= view->pages[node]) )
                break;
            pool->nodes[to] = before;
        }
        pool->nodes[to] = node;
    }
}

/* A set that holds, of sum's nodes and n more from the i-th on, or 0. */
static uint64_t choose(struct search *search, const struct place_sum *sum,
                       unsigned int i, unsigned int n)
{
    const struct place_pool *pool = &search->pool;
    uint64_t left_out = 0;       /* most pages of a node that is not taken   */

    if ( n == 0 )
        return place_sum_holds(pool->view, sum) ? sum->set : 0;

    for ( ; i + n <= pool->nr && search->looks < search->max_looks; i++ )
    {
        struct place_sum next;
        uint64_t set;

        search->looks++;
        if ( !place_pool_may_hold(pool, sum, i, n) )
            return 0;
        if ( pool->view->pages[pool->nodes[i]] <= left_out )
            continue;
        left_out = pool->view->pages[pool->nodes[i]];
        next = place_sum_with(pool->view, sum, pool->nodes[i]);
        set = choose(search, &next, i + 1, n - 1);
        if ( set )
            return set;
    }

    return 0;
}

/* Most hosts that are full are found out here. */
static bool all_hold(const struct place_pool *pool)
{
    struct place_sum all = { 0 };

    for ( unsigned int i = 0; i < pool->nr; i++ )
        all = place_sum_with(pool->view, &all, pool->nodes[i]);

    return place_sum_holds(pool->view, &all);
}

uint64_t place_least_set(const struct place_view *view, uint32_t *looks)
{
    const struct place_sum empty = { 0 };
    struct search search;
    unsigned int most;
    uint64_t set = 0;
    bool is_limited;

    place_pool_make(&search.pool, view);
    *looks = search.pool.nr;
    if ( !all_hold(&search.pool) )
        return 0;

    sort(&search.pool);
    place_pool_count(&search.pool);
    *looks += search.pool.nr * search.pool.nr;
    /* Every node of a plan has pages, so a small domain has few nodes. */
    most = search.pool.nr < view->request->guest_pages
           ? search.pool.nr : view->request->guest_pages;
    is_limited = view->max_nodes < most;
    most = is_limited ? view->max_nodes : most;
    search.looks = 0;
    search.max_looks = is_limited ? MAX_LIMITED_LOOKS : MAX_LOOKS;
    for ( unsigned int size = 2; size <= most && !set; size++ )
    {
        set = choose(&search, &empty, 0, size);
        if ( is_limited )
            continue;
        *looks += search.looks;
        search.looks = 0;
    }
    *looks += search.looks;

    return set;
}
