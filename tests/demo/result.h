/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the demo came to: all storms, what they leaked, whether Linux booted.
 * Computed from journals, of which there is one for each lab host.
 */

#ifndef DEMO_RESULT_H
#define DEMO_RESULT_H

#include "run.h"

#define RESULT_RUNS 32
/* A run by this is read, but not listed. */
#define RESULT_WARM_UP "warm-up"

/*
 * A leak is what a storm that came and went has changed: the sum over nodes
 * of the differences between the two snapshots of free memory.  There is no
 * telling if the warm-up left a domain out.
 */
struct result {
    struct run runs[RESULT_RUNS];       /* in the journals' order            */
    unsigned int nr_runs;
    bool has_leak;
    uint64_t leaked_pages;
    bool linux_booted;                  /* it said so on its own console     */
};

/*
 * Adds a journal to a result that began as zeros; 0, or -1 with errno and the
 * reason in why.
 */
int result_add(struct result *result, struct text journal,
               char why[WHY_SIZE]);

/* The run, or NULL. */
const struct run *result_run(const struct result *result, const char *storm,
                             const char *by);

#endif /* DEMO_RESULT_H */
