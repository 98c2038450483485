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

/* A storm by xenplace: all domains are there, each whole on one node. */
static void add_whole(struct list *list, const char *storm,
                      const struct run *run)
{
    struct goal *failed = add(list, true, "0 failed");
    struct goal *split = add(list, true, "0 split");
    struct goal *local = add(list, true, "0 pages");

    set(failed->id, "%s-failed", storm);
    set(failed->what, "%s: every domain is built", storm);
    set(split->id, "%s-split", storm);
    set(split->what, "%s: no domain split over nodes", storm);
    set(local->id, "%s-local", storm);
    set(local->what, "%s: no page off its domain's node", storm);
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

/*
 * The time of ours is at most up/down of the other's.  Who left domains out
 * has no time worth comparing with.
 */
static void add_time(struct list *list, const char *storm,
                     const struct run *ours, const struct run *other,
                     const char *by, const char *than, unsigned int up,
                     unsigned int down, const char *text)
{
    struct goal *time = add(list, false, text);

    set(time->id, "%s-to-%s", storm, by);
    set(time->what, "%s: seconds, to those of %s", storm, than);
    if ( !ours || !other || ours->failed || other->failed ||
         !other->hundredths )
        return;

    set(time->measured, "%.2f times",
        (double)ours->hundredths / other->hundredths);
    time->holds = ours->hundredths * down <= other->hundredths * up;
}

unsigned int goals_of(const struct result *result,
                      struct goal goals[GOALS_MAX])
{
    struct list list = { .goals = goals };
    struct goal *goal;

    for ( unsigned int i = 0; i < sizeof(storms) / sizeof(*storms); i++ )
        add_whole(&list, storms[i],
                  result_run(result, storms[i], "xenplace"));

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

    for ( unsigned int i = 0; i < sizeof(storms) / sizeof(*storms); i++ )
    {
        const struct run *ours = result_run(result, storms[i], "xenplace");

        add_time(&list, storms[i], ours, result_run(result, storms[i], "xl"),
                 "xl", "xl create", 1, 3, "at most 1/3");
        add_time(&list, storms[i], ours,
                 result_run(result, storms[i], "bare"), "bare",
                 "bare build", 3, 1, "at most 3 times");
    }

    return list.nr;
}

bool goals_kept(const struct goal *goals, unsigned int nr)
{
    for ( unsigned int i = 0; i < nr; i++ )
        if ( goals[i].promise && !goals[i].holds )
            return false;

    return nr;
}
