/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The host as a decision sees it: what Xen tells, and what only this daemon
 * knows, which is where the vCPUs of its domains should run and what sizes of
 * domains it was asked for.  Domains of others have memory here, but no vCPUs.
 */

#ifndef PLACED_SEEN_H
#define PLACED_SEEN_H

#include "place/place.h"

struct placed;

/*
 * Read it.  It refers to what the daemon has learnt, for as long as that runs.
 * 0, or -1 with errno of the library, or ENOMEM.
 */
int seen_host(struct placed *placed, struct place_host *host);

/* A domain of that size has a place. */
void seen_learn(struct placed *placed, const struct place_request *request);

#endif /* PLACED_SEEN_H */
