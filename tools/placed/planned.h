/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where the domains were to be that this daemon placed, for as long as it
 * runs: Xen keeps what is, not what was planned.
 */

#ifndef PLACED_PLANNED_H
#define PLACED_PLANNED_H

#include <stdbool.h>
#include <stdint.h>

#include "place/place.h"
#include "wire/listing.h"

/*
 * own: the daemon created it, and not a toolstack.  Without memory for it, the
 * plan is not known later.
 */
void planned_keep(uint32_t domid, uint64_t unique_id,
                  const struct place_plan *plan, uint32_t vcpus, bool own);

/* Which domain of that id it placed last; 0: none. */
uint64_t planned_unique_id(uint32_t domid);

/* Whether it created that one. */
bool planned_is_own(uint32_t domid, uint64_t unique_id);

/* That domain is gone. */
void planned_drop(uint32_t domid);

/* known is false if this daemon did not place it. */
void planned_find(uint32_t domid, uint64_t unique_id,
                  struct listing_plan *plan);

/*
 * Add the vCPUs of the last domain of that id to the nodes where they should
 * run.
 */
void planned_load(uint32_t domid, struct place_host *host);

#endif /* PLACED_PLANNED_H */
