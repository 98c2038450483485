/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Several requests at once.
 *
 * The largest goes first, for it has the fewest places.  What makes two
 * requests the same is all that the engine looks at, so the order in which
 * they came decides between equal ones only.  No rule for the best node packs
 * every load: when the usual one leaves a domain without a place, or on
 * several nodes, the others are tried, and the best outcome is stowed tighter.
 */

#include <errno.h>
#include <string.h>

#include "storm.h"

#define RC_OPEN (-1)

/* Whoever names nodes has less choice; 0, which is all, wraps to most. */
static bool is_narrower(uint64_t a, uint64_t b)
{
    return a - 1 < b - 1;
}

/* Of two with the same sizes. */
static bool is_choosier(const struct place_request *a,
                        const struct place_request *b)
{
    int order;

    if ( a->nodes != b->nodes )
        return is_narrower(a->nodes, b->nodes);
    if ( a->max_nodes != b->max_nodes )
        return is_narrower(a->max_nodes, b->max_nodes);
    if ( a->vnuma != b->vnuma )
        return a->vnuma;
    if ( a->chunks != b->chunks )
        return a->chunks > b->chunks;
    if ( a->chunk_order != b->chunk_order )
        return a->chunk_order > b->chunk_order;
    if ( a->near != b->near )
        return is_narrower(a->near, b->near);
    if ( a->group != b->group )
        return a->group > b->group;
    order = memcmp(a->members, b->members, sizeof(a->members));
    if ( !order )
        order = memcmp(a->weights, b->weights, sizeof(a->weights));

    return order > 0;
}

bool storm_before(const struct place_request *a,
                  const struct place_request *b)
{
    const uint64_t a_pages = a->guest_pages + a->overhead_pages;
    const uint64_t b_pages = b->guest_pages + b->overhead_pages;

    if ( a_pages != b_pages )
        return a_pages > b_pages;
    if ( a->vcpus != b->vcpus )
        return a->vcpus > b->vcpus;
    if ( a->policy != b->policy )
        return a->policy < b->policy;
    if ( a->guest_pages != b->guest_pages )
        return a->guest_pages > b->guest_pages;

    return is_choosier(a, b);
}

void place_batch_order(const struct place_request *requests, size_t nr,
                       size_t *order)
{
    for ( size_t i = 0; i < nr; i++ )
    {
        size_t to = i;

        for ( ; to > 0 &&
                storm_before(&requests[i], &requests[order[to - 1]]); to-- )
            order[to] = order[to - 1];
        order[to] = i;
    }
}

/* The first of those without an answer, or their number. */
static size_t next(const struct storm *storm)
{
    size_t first = storm->nr;

    for ( size_t i = 0; i < storm->nr; i++ )
        if ( storm->rc[i] == RC_OPEN &&
             (first == storm->nr ||
              storm_before(&storm->requests[i], &storm->requests[first])) )
            first = i;

    return first;
}

void storm_begin(struct storm *storm)
{
    storm->taken = (struct place_held){ 0 };
    if ( storm->held )
        storm->taken = *storm->held;
    storm->outcome = (struct storm_outcome){ 0 };
}

void storm_keep(struct storm *storm, size_t i)
{
    place_hold(&storm->taken, &storm->plans[i], storm->requests[i].vcpus);
    storm->outcome.placed++;
    storm->outcome.pages += storm->requests[i].guest_pages;
    storm->outcome.nodes += __builtin_popcountll(storm->plans[i].nodes);
}

void storm_place(struct storm *storm, size_t i, enum place_fit fit)
{
    storm->rc[i] = place_fit(storm->host, &storm->taken, &storm->requests[i],
                             fit, &storm->plans[i],
                             storm->reasons ? &storm->reasons[i] : NULL)
                   ? errno : 0;
    if ( !storm->rc[i] )
        storm_keep(storm, i);
}

void storm_place_others(struct storm *storm, enum place_fit fit)
{
    size_t i;

    for ( i = 0; i < storm->nr; i++ )
        if ( storm->rc[i] )
            storm->rc[i] = RC_OPEN;
    while ( (i = next(storm)) < storm->nr )
        storm_place(storm, i, fit);
}

static void run(struct storm *storm, enum place_fit fit)
{
    storm_begin(storm);
    for ( size_t i = 0; i < storm->nr; i++ )
        storm->rc[i] = RC_OPEN;
    storm_place_others(storm, fit);
}

static bool is_better(const struct storm_outcome *a,
                      const struct storm_outcome *b)
{
    if ( a->pages != b->pages )
        return a->pages > b->pages;
    if ( a->placed != b->placed )
        return a->placed > b->placed;

    return a->nodes < b->nodes;
}

/* Of all rules; its plans are there.  Returns it. */
static enum place_fit run_best(struct storm *storm)
{
    static const enum place_fit fits[] = {
        PLACE_FIT_SCORE, PLACE_FIT_BEST, PLACE_FIT_FIRST, PLACE_FIT_WORST,
    };
    enum place_fit best_fit = PLACE_FIT_SCORE, fit = PLACE_FIT_SCORE;
    struct storm_outcome best = { 0 };

    for ( size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++ )
    {
        fit = fits[i];
        run(storm, fit);
        if ( i == 0 || is_better(&storm->outcome, &best) )
        {
            best = storm->outcome;
            best_fit = fit;
        }
        if ( best.placed == storm->nr && best.nodes == storm->nr )
            break;
    }
    if ( best_fit != fit )
        run(storm, best_fit);

    return best_fit;
}

size_t place_batch(const struct place_host *host,
                   const struct place_held *held,
                   const struct place_request *requests, size_t nr,
                   struct place_plan *plans, struct place_reason *reasons,
                   int *rc)
{
    struct storm storm = {
        .host = host, .held = held, .requests = requests, .nr = nr,
        .plans = plans, .reasons = reasons, .rc = rc,
    };
    const enum place_fit fit = run_best(&storm);
    const struct storm_outcome best = storm.outcome;
    size_t placed;

    if ( storm_stow(&storm) && !is_better(&storm.outcome, &best) )
        run(&storm, fit);

    /* What those without a place lack is told beside all that have one. */
    do {
        placed = storm.outcome.placed;
        storm_place_others(&storm, fit);
    } while ( storm.outcome.placed > placed );

    return placed;
}
