/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where the vCPUs of all domains are: of those that this daemon placed, where
 * they should run by their plan; of all others, where their memory is.
 */

#ifndef PLACED_LOAD_H
#define PLACED_LOAD_H

#include <time.h>

#include "grant.h"
#include "place/host.h"

/*
 * Memory of a domain that runs moves slowly, by ballooning: what was read of
 * it holds for so many seconds.
 */
#define LOAD_SECONDS 10

/*
 * Add the vCPUs of these domains, all that there are, to a host.  now: of a
 * clock that goes forward, in seconds.  A domain that cannot be read counts
 * nowhere: it may just have gone, and this is about speed, not about memory.
 */
void load_add(struct grant *grant, const struct grant_listed *domains,
              unsigned int nr, time_t now, struct place_host *host);

#endif /* PLACED_LOAD_H */
