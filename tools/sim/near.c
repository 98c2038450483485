/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The nearest set by an order: see near.h.
 *
 * Up to 16 nodes all sets are tried; above, from each node on the nearest ones
 * until the request fits.
 */

#include "near.h"
#include "set.h"

#define MAX_NODES_OF_SETS 16u

struct sum {
    uint64_t set;
    uint64_t pages;
    uint64_t cpus;
    uint64_t distance;           /* of all pairs, both ways                  */
};

struct search {
    const struct sim_host *host;
    const struct place_request *request;
    unsigned int nr;
    const unsigned int *nodes;               /* ids, in the caller's order   */
    /* [n]: at most, in any n of them. */
    uint64_t most_pages[PLACE_MAX_NODES + 1];
    uint64_t most_cpus[PLACE_MAX_NODES + 1];
    struct sum best;                         /* its set is 0: none           */
};

static struct sum with(const struct search *search, const struct sum *sum,
                       unsigned int id)
{
    const struct place_node *node = &search->host->place.nodes[id];
    struct sum next = {
        .set = sum->set | UINT64_C(1) << id,
        .pages = sum->pages + node->free_pages,
        .cpus = sum->cpus + node->cpus,
        .distance = sum->distance,
    };

    for ( uint64_t rest = sum->set; rest; rest &= rest - 1 )
    {
        unsigned int other = __builtin_ctzll(rest);

        next.distance += sim_set_distance(search->host, id, other) +
                         sim_set_distance(search->host, other, id);
    }

    return next;
}

static bool holds(const struct search *search, const struct sum *sum)
{
    return sum->pages >= search->request->guest_pages &&
           sum->cpus >= search->request->vcpus;
}

static bool may_hold(const struct search *search, const struct sum *sum,
                     unsigned int more)
{
    const struct sum most = {
        .pages = sum->pages + search->most_pages[more],
        .cpus = sum->cpus + search->most_cpus[more],
    };

    return holds(search, &most);
}

/* Add `more` nodes, from the i-th on, in every way that may be nearer. */
static void descend(struct search *search, const struct sum *sum,
                    unsigned int i, unsigned int more)
{
    if ( !may_hold(search, sum, more) ||
         (search->best.set && sum->distance >= search->best.distance) )
        return;
    if ( !more )
    {
        search->best = *sum;
        return;
    }

    for ( ; i + more <= search->nr; i++ )
    {
        struct sum next = with(search, sum, search->nodes[i]);

        descend(search, &next, i + 1, more - 1);
    }
}

static void try_all_sets(struct search *search)
{
    const struct sum empty = { 0 };

    for ( unsigned int size = 2;
          size <= search->nr && !search->best.set; size++ )
        descend(search, &empty, 0, size);
}

/* Of the nodes that are not taken, the nearest to the root. */
static unsigned int nearest(const struct search *search, uint64_t taken,
                            unsigned int root)
{
    unsigned int best = PLACE_MAX_NODES;
    uint32_t least = 0;

    for ( unsigned int i = 0; i < search->nr; i++ )
    {
        unsigned int id = search->nodes[i];
        uint32_t distance = sim_set_distance(search->host, root, id) +
                            sim_set_distance(search->host, id, root);

        if ( sim_set_has(taken, id) )
            continue;
        if ( best == PLACE_MAX_NODES || distance < least )
        {
            best = id;
            least = distance;
        }
    }

    return best;
}

/* Only where all nodes together hold the request. */
static void try_all_roots(struct search *search)
{
    for ( unsigned int i = 0; i < search->nr; i++ )
    {
        const struct sum empty = { 0 };
        struct sum sum = with(search, &empty, search->nodes[i]);
        int size, best;

        while ( !holds(search, &sum) )
            sum = with(search, &sum,
                       nearest(search, sum.set, search->nodes[i]));
        size = __builtin_popcountll(sum.set);
        best = __builtin_popcountll(search->best.set);
        if ( !search->best.set || size < best ||
             (size == best && sum.distance < search->best.distance) )
            search->best = sum;
    }
}

/* Insert so that values descend. */
static void insert(uint64_t *values, unsigned int nr, uint64_t value)
{
    for ( ; nr > 0 && values[nr - 1] < value; nr-- )
        values[nr] = values[nr - 1];
    values[nr] = value;
}

static void count(struct search *search)
{
    uint64_t *pages = search->most_pages, *cpus = search->most_cpus;

    for ( unsigned int i = 0; i < search->nr; i++ )
    {
        const struct place_node *node =
            &search->host->place.nodes[search->nodes[i]];

        insert(pages + 1, i, node->free_pages);
        insert(cpus + 1, i, node->cpus);
    }
    for ( unsigned int n = 1; n <= search->nr; n++ )
    {
        pages[n] += pages[n - 1];
        cpus[n] += cpus[n - 1];
    }
}

uint64_t sim_near_find(const struct sim_host *host,
                       const struct place_request *request,
                       const unsigned int *nodes, unsigned int nr)
{
    struct search search = {
        .host = host, .request = request, .nr = nr, .nodes = nodes,
    };
    const struct sum empty = { 0 };

    for ( unsigned int i = 0; i < nr; i++ )
    {
        struct sum single = with(&search, &empty, nodes[i]);

        if ( holds(&search, &single) )
            return single.set;
    }

    count(&search);
    if ( !may_hold(&search, &empty, nr) )
        return 0;
    if ( nr <= MAX_NODES_OF_SETS )
        try_all_sets(&search);
    else
        try_all_roots(&search);

    return search.best.set;
}
