/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A reaper: the process that takes away a domain that was not finished, with
 * what its builder left behind.
 */

#ifndef PLACED_REAPER_H
#define PLACED_REAPER_H

#include <stdbool.h>

struct placed;
struct record;

/* gone: whether Xen has no such domain any more. */
typedef void reaper_ended(void *owner, bool gone);

/*
 * Take away the domain of a record.  Tried anew until the domain is gone, or
 * for some minutes.  ended is told exactly once, later.
 */
void reaper_start(struct placed *placed, const struct record *record,
                  reaper_ended *ended, void *owner);

#endif /* PLACED_REAPER_H */
