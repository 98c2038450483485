/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What is promised of a storm, held against a result: see goal.h.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "goal.h"

static const char *const storms[] = { "uniform-18", "mixed-14" };

#define NR(array) (sizeof(array) / sizeof(*(array)))

/*
 * Who places by claims, and what its goals are called by.  One xl a domain
 * means one decision a domain, in the order in which they come to it.  Where
 * sizes differ and nodes become full, the last one may find enough memory on
 * two nodes only: that nobody is split is then no promise.
 */
static const struct placer {
    const char *by;
    const char *id;                     /* behind the storm's                */
    const char *text;                   /* the same                          */
    const char *by_chance;              /* a storm, or NULL                  */
} placers[] = {
    { "xenplace", "", "", NULL },
    { "xl-placed", "-xl-placed", " by xl", "mixed-14" },
};

/* A placer's time is at most up/down of that of who does not. */
static const struct limit {
    const struct placer *placer;
    const char *by;
    const char *than;
    unsigned int up;
    unsigned int down;
    const char *text;
} limits[] = {
    { &placers[0], "xl", "xl create", 1, 3, "at most 1/3" },
    { &placers[0], "bare", "bare build", 3, 1, "at most 3 times" },
    { &placers[1], "xl", "stock", 11, 10, "at most 1.1" },
};

#define NOT_MEASURED "not measured"

struct list {
    struct goal *goals;
    unsigned int nr;
};

static struct goal *add(struct list *list, bool promise, const char *goal)
{
    struct goal *added = &list->goals[list->nr++];

    *added = (struct goal){ .promise = promise };
    snprintf(added->goal, GOAL_TEXT, "%s", goal);
    snprintf(added->measured, GOAL_TEXT, "%s", NOT_MEASURED);

    return added;
}

static void __attribute__((format(printf, 2, 3)))
set(char text[GOAL_TEXT], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(text, GOAL_TEXT, format, args);
    va_end(args);
}

/* A storm by a placer: all domains are there, each whole on one node. */
static void add_whole(struct list *list, const struct result *result,
                      const char *storm, const struct placer *placer)
{
    const struct run *run = result_run(result, storm, placer->by);
    const bool whole = !placer->by_chance || strcmp(placer->by_chance, storm);
    struct goal *failed = add(list, true, "0 failed");
    struct goal *split = add(list, whole, "0 split");
    struct goal *local = add(list, whole, "0 pages");

    set(failed->id, "%s%s-failed", storm, placer->id);
    set(failed->what, "%s%s: every domain is built", storm, placer->text);
    set(split->id, "%s%s-split", storm, placer->id);
    set(split->what, "%s%s: no domain split over nodes", storm,
        placer->text);
    set(local->id, "%s%s-local", storm, placer->id);
    set(local->what, "%s%s: no page off the best node", storm, placer->text);
    if ( !run )
        return;

    set(failed->measured, "%u failed", run->failed);
    failed->holds = !run->failed;
    if ( !run->pages )
        return;

    set(split->measured, "%u split", run->split);
    split->holds = !run->split;
    set(local->measured, "%" PRIu64 " pages", run->pages - run->local_pages);
    local->holds = run->local_pages == run->pages;
}

/* Who left domains out has no time worth comparing with. */
static void add_time(struct list *list, const struct result *result,
                     const char *storm, const struct limit *limit)
{
    const struct placer *placer = limit->placer;
    const struct run *ours = result_run(result, storm, placer->by);
    const struct run *other = result_run(result, storm, limit->by);
    struct goal *time = add(list, false, limit->text);

    set(time->id, "%s%s-to-%s", storm, placer->id, limit->by);
    set(time->what, "%s%s: seconds, to those of %s", storm, placer->text,
        limit->than);
    if ( !ours || !other || ours->failed || other->failed ||
         !other->hundredths )
        return;

    set(time->measured, "%.2f times",
        (double)ours->hundredths / other->hundredths);
    time->holds = ours->hundredths * limit->down <=
                  other->hundredths * limit->up;
}

unsigned int goals_of(const struct result *result,
                      struct goal goals[GOALS_MAX])
{
    struct list list = { .goals = goals };
    struct goal *goal;
    unsigned int i, k;

    for ( i = 0; i < NR(placers); i++ )
        for ( k = 0; k < NR(storms); k++ )
            add_whole(&list, result, storms[k], &placers[i]);

    goal = add(&list, true, "0 pages");
    set(goal->id, "leaked-pages");
    set(goal->what, "free memory is the same after a storm");
    if ( result->has_leak )
    {
        set(goal->measured, "%" PRIu64 " pages", result->leaked_pages);
        goal->holds = !result->leaked_pages;
    }

    goal = add(&list, true, "booted");
    set(goal->id, "linux-booted");
    set(goal->what, "a Linux domain boots to its init");
    set(goal->measured, result->linux_booted ? "booted" : "not booted");
    goal->holds = result->linux_booted;

    for ( i = 0; i < NR(storms); i++ )
        for ( k = 0; k < NR(limits); k++ )
            add_time(&list, result, storms[i], &limits[k]);

    return list.nr;
}

bool goals_kept(const struct goal *goals, unsigned int nr)
{
    for ( unsigned int i = 0; i < nr; i++ )
        if ( goals[i].promise && !goals[i].holds )
            return false;

    return nr;
}
