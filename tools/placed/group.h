/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Groups of domains that toolstacks want apart, or together.  A group is its
 * name: nothing else of it is kept, and what is kept, of the domains that were
 * bound since the daemon runs, is in memory only.
 */

#ifndef PLACED_GROUP_H
#define PLACED_GROUP_H

#include <stdint.h>

struct grant;
struct place_request;
struct reserve;

/*
 * A domain is of a group; empty: of none.  Without memory for it, it is not
 * known later.
 */
void group_keep(uint32_t domid, uint64_t unique_id, const char *group);

/*
 * Fill in group and members of a request: domains that are known to be of the
 * group, those that the toolstack says are, each once, and reservations.  A
 * domain counts where most of its memory and claims are; one that is gone is
 * left out.
 */
void group_fill(struct grant *grant, const struct reserve *wanted,
                struct place_request *request);

#endif /* PLACED_GROUP_H */
