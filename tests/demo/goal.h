/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the project promises of a storm, held against a result.
 *
 * A promise must hold on every machine: the demo fails without it.  A target
 * is about what the machine can spoil: time, and in which order those come that
 * start at once.  The demo reports it, and benchmarks hold it.
 */

#ifndef DEMO_GOAL_H
#define DEMO_GOAL_H

#include "result.h"

#define GOALS_MAX 24
#define GOAL_TEXT 64

struct goal {
    char id[GOAL_TEXT];
    char what[GOAL_TEXT];
    char goal[GOAL_TEXT];
    char measured[GOAL_TEXT];
    bool holds;
    bool promise;
};

/* Fills the array; what was not measured does not hold.  How many. */
unsigned int goals_of(const struct result *result,
                      struct goal goals[GOALS_MAX]);

/* All promises hold. */
bool goals_kept(const struct goal *goals, unsigned int nr);

#endif /* DEMO_GOAL_H */
