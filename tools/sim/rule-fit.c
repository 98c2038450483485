/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * First, best, worst and random fit, to compare with.
 *
 * A rule is an order of nodes: by id, least free memory first, most first, or
 * by lot.  The first node that fits is taken, else a set of several: of the
 * least size, the nearest, the first of its nodes by the order on ties.  The
 * set is claimed, in equal shares.
 *
 * Up to 16 nodes all sets are tried; above, from each node on the nearest
 * ones until they fit.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"
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
    unsigned int nodes[PLACE_MAX_NODES];     /* ids, in the rule's order     */
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

/* Add `more` nodes, from the i-th on, in every way that may be nearer. */
static void descend(struct search *search, const struct sum *sum,
                    unsigned int i, unsigned int more)
{
    if ( search->best.set && sum->distance >= search->best.distance )
        return;
    if ( !more )
    {
        if ( holds(search, sum) )
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

static bool all_hold(const struct search *search)
{
    struct sum all = { 0 };

    for ( unsigned int i = 0; i < search->nr; i++ )
        all = with(search, &all, search->nodes[i]);

    return holds(search, &all);
}

static void find(struct search *search)
{
    const struct sum empty = { 0 };

    for ( unsigned int i = 0; i < search->nr && !search->best.set; i++ )
    {
        struct sum single = with(search, &empty, search->nodes[i]);

        if ( holds(search, &single) )
            search->best = single;
    }
    if ( search->best.set || !all_hold(search) )
        return;
    if ( search->nr <= MAX_NODES_OF_SETS )
        try_all_sets(search);
    else
        try_all_roots(search);
}

/*
 * Usable nodes, least key first, the lower id on ties.  Without memory, a node
 * lends a set no CPUs either.
 */
static void sort(struct search *search, const uint64_t *keys)
{
    uint64_t usable = sim_set_usable(search->host, search->request);

    for ( uint64_t rest = usable; rest; rest &= rest - 1 )
    {
        unsigned int id = __builtin_ctzll(rest), to = search->nr;

        if ( !search->host->place.nodes[id].free_pages )
            continue;
        search->nr++;
        for ( ; to > 0 && keys[search->nodes[to - 1]] > keys[id]; to-- )
            search->nodes[to] = search->nodes[to - 1];
        search->nodes[to] = id;
    }
}

static int choose(const struct sim_host *host,
                  const struct place_request *request, const uint64_t *keys,
                  struct sim_choice *choice)
{
    struct search search = { .host = host, .request = request };

    memset(choice, 0, sizeof(*choice));
    sort(&search, keys);
    find(&search);
    if ( !search.best.set )
    {
        errno = ENOSPC;
        return -1;
    }

    choice->nodes = search.best.set;
    sim_set_share(host, search.best.set, request->guest_pages,
                  choice->claimed);

    return 0;
}

int sim_first_fit_choose(void *state, const struct sim_host *host,
                         const struct place_request *request,
                         struct sim_choice *choice)
{
    const uint64_t keys[PLACE_MAX_NODES] = { 0 };

    (void)state;

    return choose(host, request, keys, choice);
}

int sim_best_fit_choose(void *state, const struct sim_host *host,
                        const struct place_request *request,
                        struct sim_choice *choice)
{
    uint64_t keys[PLACE_MAX_NODES];

    (void)state;
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        keys[i] = host->place.nodes[i].free_pages;

    return choose(host, request, keys, choice);
}

int sim_worst_fit_choose(void *state, const struct sim_host *host,
                         const struct place_request *request,
                         struct sim_choice *choice)
{
    uint64_t keys[PLACE_MAX_NODES];

    (void)state;
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        keys[i] = UINT64_MAX - host->place.nodes[i].free_pages;

    return choose(host, request, keys, choice);
}

/* Every bit of it depends on every bit of x; none is the same for two x. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
    x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);

    return x ^ x >> 32;
}

void *sim_random_fit_begin(const struct sim_host *host, uint64_t seed)
{
    uint64_t *state = malloc(sizeof(*state));

    (void)host;
    if ( state )
        *state = mix(seed);

    return state;
}

void sim_random_fit_end(void *state)
{
    free(state);
}

int sim_random_fit_choose(void *state, const struct sim_host *host,
                      const struct place_request *request,
                      struct sim_choice *choice)
{
    uint64_t keys[PLACE_MAX_NODES], *next = state;

    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        keys[i] = mix((*next)++);

    return choose(host, request, keys, choice);
}
