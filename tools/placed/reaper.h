/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A reaper: the process that takes away a domain that was not finished, with
 * what its builder left behind.
 */

#ifndef PLACED_REAPER_H
#define PLACED_REAPER_H

#include <stdbool.h>
#include <stdint.h>

struct placed;

/* gone: whether Xen has no such domain any more. */
typedef void reaper_ended(void *owner, bool gone);

/* For whatever uuid xenstore has for that domain. */
#define REAPER_ANY_UUID "00000000-0000-0000-0000-000000000000"

/*
 * Take away a domain.  Tried anew until it is gone, or for some minutes.
 * ended is told exactly once, later, unless there is no memory for it.
 */
void reaper_start(struct placed *placed, uint32_t domid, uint64_t unique_id,
                  const char *uuid, reaper_ended *ended, void *owner);

#endif /* PLACED_REAPER_H */
