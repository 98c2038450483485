/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Finished runs of a comparison, in a file: a line of JSON each, written when
 * it is finished.  A comparison that was interrupted goes on where it was;
 * another one that has runs in common finds them.  It is for the caller to
 * know that neither rules nor files have changed since.
 */

#ifndef SIM_STATE_H
#define SIM_STATE_H

#include <stddef.h>

#include "compare.h"

struct state;

/*
 * Open, or make, the file of a comparison, and note what is finished.  A last
 * line that is not complete is taken off.  NULL with errno, EINVAL if it is
 * not such a file, and a message.
 */
struct state *state_open(const char *path, struct compare *compare,
                         char *why, size_t size);

/* Add a run.  0, or -1 with errno and a message. */
int state_add(struct state *state, const struct compare *compare,
              const struct compare_run *run, char *why, size_t size);

/* NULL is fine. */
void state_close(struct state *state);

#endif /* SIM_STATE_H */
