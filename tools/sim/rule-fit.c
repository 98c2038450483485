/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * First, best, worst and random fit, to compare with.
 *
 * A rule is an order of nodes: by id, least free memory first, most first, or
 * by lot.  The first node that fits is taken, else the nearest set of several;
 * it is claimed, in equal shares.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "rules.h"
#include "set.h"

/*
 * Usable nodes, least key first, the lower id on ties; returns how many.
 * Without memory, a node lends a set no CPUs either.
 */
static unsigned int sort(const struct sim_host *host, uint64_t usable,
                         const uint64_t *keys, unsigned int *nodes)
{
    unsigned int nr = 0;

    for ( ; usable; usable &= usable - 1 )
    {
        unsigned int id = __builtin_ctzll(usable), to = nr;

        if ( !host->place.nodes[id].free_pages )
            continue;
        for ( ; to > 0 && keys[nodes[to - 1]] > keys[id]; to-- )
            nodes[to] = nodes[to - 1];
        nodes[to] = id;
        nr++;
    }

    return nr;
}

static int choose(const struct sim_host *host,
                  const struct place_request *request, const uint64_t *keys,
                  struct sim_choice *choice)
{
    unsigned int nodes[PLACE_MAX_NODES];
    unsigned int nr = sort(host, sim_set_usable(host, request), keys, nodes);

    memset(choice, 0, sizeof(*choice));
    choice->nodes = sim_near_find(host, request, nodes, nr);
    if ( !choice->nodes )
    {
        errno = ENOSPC;
        return -1;
    }
    sim_set_share(host, choice->nodes, request->guest_pages, choice->claimed);

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
