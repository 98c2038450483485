/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Sums over sets of nodes, and their upper bounds.
 *
 * Each bound is exact for pages, or for CPUs, alone: the nodes with most
 * pages need not be those with most CPUs.
 */

#include "pool.h"

void place_pool_make(struct place_pool *pool, const struct place_view *view)
{
    pool->view = view;
    pool->nr = 0;
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( view->pages[i] )
            pool->nodes[pool->nr++] = i;
}

/* Insert so that values descend. */
static void insert(uint64_t *values, unsigned int nr, uint64_t value)
{
    while ( nr > 0 && values[nr - 1] < value )
    {
        values[nr] = values[nr - 1];
        nr--;
    }
    values[nr] = value;
}

void place_pool_count(struct place_pool *pool)
{
    uint64_t pages[PLACE_MAX_NODES], cpus[PLACE_MAX_NODES];

    for ( unsigned int i = pool->nr; i-- > 0; )
    {
        unsigned int nr = pool->nr - i;

        insert(pages, nr - 1, pool->view->pages[pool->nodes[i]]);
        insert(cpus, nr - 1, pool->view->cpus[pool->nodes[i]]);
        pool->most_pages[i][0] = pool->most_cpus[i][0] = 0;
        for ( unsigned int n = 0; n < nr; n++ )
        {
            pool->most_pages[i][n + 1] = pool->most_pages[i][n] + pages[n];
            pool->most_cpus[i][n + 1] = pool->most_cpus[i][n] + cpus[n];
        }
    }
}

struct place_sum place_sum_with(const struct place_view *view,
                                const struct place_sum *sum,
                                unsigned int node)
{
    uint64_t pages = view->pages[node];

    return (struct place_sum){
        .set = sum->set | UINT64_C(1) << node,
        .pages = sum->pages + pages,
        .cpus = sum->cpus + view->cpus[node],
        .largest = pages > sum->largest ? pages : sum->largest,
    };
}

bool place_sum_holds(const struct place_view *view,
                     const struct place_sum *sum)
{
    return sum->pages >= view->need_pages &&
           sum->cpus >= view->need_cpus &&
           sum->largest >= view->request->overhead_pages;
}

bool place_pool_may_hold(const struct place_pool *pool,
                         const struct place_sum *sum, unsigned int i,
                         unsigned int n)
{
    const struct place_view *view = pool->view;
    const struct place_sum most = {
        .pages = sum->pages + pool->most_pages[i][n],
        .cpus = sum->cpus + pool->most_cpus[i][n],
        .largest = sum->largest > pool->most_pages[i][1]
                   ? sum->largest : pool->most_pages[i][1],
    };

    return place_sum_holds(view, &most);
}
