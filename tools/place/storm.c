/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Several requests at once.
 *
 * The largest goes first, for it has the fewest places.  What makes two
 * requests the same is all that the engine looks at, so the order in which
 * they came decides between equal ones only.  No rule for the best node packs
 * every load: when the usual one leaves a domain without a place, or on
 * several nodes, the others are tried and the best outcome is taken.
 */

#include <errno.h>
#include <string.h>

#include "view.h"

#define RC_OPEN (-1)

struct outcome {
    size_t placed;
    uint64_t pages;              /* of the placed                            */
    uint64_t nodes;              /* of all plans, counted                    */
};

/* Whether a has to be placed before b. */
static bool before(const struct place_request *a,
                   const struct place_request *b)
{
    uint64_t a_pages = a->guest_pages + a->overhead_pages;
    uint64_t b_pages = b->guest_pages + b->overhead_pages;

    if ( a_pages != b_pages )
        return a_pages > b_pages;
    if ( a->vcpus != b->vcpus )
        return a->vcpus > b->vcpus;
    if ( a->policy != b->policy )
        return a->policy < b->policy;
    if ( a->guest_pages != b->guest_pages )
        return a->guest_pages > b->guest_pages;

    /* Whoever names nodes has less choice; 0 wraps to all. */
    return a->nodes - 1 < b->nodes - 1;
}

static size_t next(const struct place_request *requests, size_t nr,
                   const int *rc)
{
    size_t first = nr;

    for ( size_t i = 0; i < nr; i++ )
        if ( rc[i] == RC_OPEN &&
             (first == nr || before(&requests[i], &requests[first])) )
            first = i;

    return first;
}

static struct outcome run(const struct place_host *host,
                          const struct place_held *held,
                          const struct place_request *requests, size_t nr,
                          enum place_fit fit, struct place_plan *plans,
                          struct place_reason *reasons, int *rc)
{
    struct outcome outcome = { 0 };
    struct place_held taken = { 0 };

    if ( held )
        taken = *held;
    for ( size_t i = 0; i < nr; i++ )
        rc[i] = RC_OPEN;

    for ( size_t n = 0; n < nr; n++ )
    {
        size_t i = next(requests, nr, rc);

        rc[i] = place_fit(host, &taken, &requests[i], fit, &plans[i],
                          reasons ? &reasons[i] : NULL) ? errno : 0;
        if ( rc[i] )
            continue;
        place_hold(&taken, &plans[i], requests[i].vcpus);
        outcome.placed++;
        outcome.pages += requests[i].guest_pages;
        outcome.nodes += __builtin_popcountll(plans[i].nodes);
    }

    return outcome;
}

static bool is_better(const struct outcome *a, const struct outcome *b)
{
    if ( a->pages != b->pages )
        return a->pages > b->pages;
    if ( a->placed != b->placed )
        return a->placed > b->placed;

    return a->nodes < b->nodes;
}

size_t place_batch(const struct place_host *host,
                   const struct place_held *held,
                   const struct place_request *requests, size_t nr,
                   struct place_plan *plans, struct place_reason *reasons,
                   int *rc)
{
    static const enum place_fit fits[] = {
        PLACE_FIT_SCORE, PLACE_FIT_BEST, PLACE_FIT_FIRST, PLACE_FIT_WORST,
    };
    enum place_fit best_fit = PLACE_FIT_SCORE, last_fit = PLACE_FIT_SCORE;
    struct outcome best = { 0 };

    for ( size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++ )
    {
        struct outcome outcome = run(host, held, requests, nr, fits[i],
                                     plans, reasons, rc);

        last_fit = fits[i];
        if ( i == 0 || is_better(&outcome, &best) )
        {
            best = outcome;
            best_fit = fits[i];
        }
        if ( best.placed == nr && best.nodes == nr )
            break;
    }
    if ( best_fit != last_fit )
        run(host, held, requests, nr, best_fit, plans, reasons, rc);

    return best.placed;
}
