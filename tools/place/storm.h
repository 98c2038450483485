/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Several requests on the way to their plans.  Internal to the engine; lives
 * in the arrays of place_batch()'s caller.
 */

#ifndef PLACE_STORM_H
#define PLACE_STORM_H

#include "view.h"

struct storm_outcome {
    size_t placed;
    uint64_t pages;              /* of the placed                            */
    uint64_t nodes;              /* of all plans, counted                    */
};

struct storm {
    const struct place_host *host;
    const struct place_held *held;       /* may be NULL                      */
    const struct place_request *requests;
    size_t nr;
    struct place_plan *plans;
    struct place_reason *reasons;        /* may be NULL                      */
    int *rc;                             /* 0: has a plan                    */
    struct place_held taken;             /* held, and by those placed so far */
    struct storm_outcome outcome;        /* of those placed so far           */
};

/* Whether a has to be placed before b; neither, if they are equal. */
bool storm_before(const struct place_request *a,
                  const struct place_request *b);

/* Nothing is taken but what was held. */
void storm_begin(struct storm *storm);

/* Count the i-th one, which has a plan, as placed. */
void storm_keep(struct storm *storm, size_t i);

/* Place the i-th one, next to all that were. */
void storm_place(struct storm *storm, size_t i, enum place_fit fit);

/* Place all that have no plan, or say why not, the largest first. */
void storm_place_others(struct storm *storm, enum place_fit fit);

/*
 * Stow those that one node holds tighter, and place the others after them.
 * Returns whether anything was changed, for better or worse: on the way,
 * memory on single nodes comes before all else.
 */
bool storm_stow(struct storm *storm);

#endif /* PLACE_STORM_H */
