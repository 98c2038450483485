/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where the domains were to be that this daemon created, for as long as it
 * runs: Xen keeps what is, not what was planned.
 */

#ifndef PLACED_PLANNED_H
#define PLACED_PLANNED_H

#include <stdint.h>

#include "place/place.h"
#include "wire/listing.h"

/* Without memory for it, the plan is not known later. */
void planned_keep(uint32_t domid, uint64_t unique_id,
                  const struct place_plan *plan, uint32_t vcpus);

/* known is false if this daemon did not create it. */
void planned_find(uint32_t domid, uint64_t unique_id,
                  struct listing_plan *plan);

/*
 * Add the vCPUs of the last domain of that id to the nodes where they should
 * run.  It may be another one now, of somebody else; that is not looked into.
 */
void planned_load(uint32_t domid, struct place_host *host);

#endif /* PLACED_PLANNED_H */
