/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The host as a decision sees it: what Xen tells, and what only this daemon
 * knows, which is where the vCPUs of the domains that it placed should run and
 * what sizes of domains it was asked for.
 */

#ifndef PLACED_SEEN_H
#define PLACED_SEEN_H

#include "grant.h"
#include "place/place.h"

struct placed;
struct reserved;

/*
 * Read it.  It refers to what the daemon has learnt, for as long as that runs.
 * 0, or -1 with errno of the library, or ENOMEM.
 */
int seen_host(struct placed *placed, struct place_host *host);

/*
 * There is the domain that was reserved for: what Xen has of it is not held
 * any more.  Besides when a toolstack says so, this is done when a domain with
 * the cookie of a reservation is seen: its claim is not to count twice.
 */
void seen_bind(struct placed *placed, struct reserved *reserved,
               const struct grant_domain *domain);

/* A domain of that size has a place. */
void seen_learn(struct placed *placed, const struct place_request *request);

/* Of a domain that is about to be created, on the host as it was seen last. */
struct seen_build {
    unsigned int nr;
    uint64_t free_pages;
};

void seen_begin(struct placed *placed, struct seen_build *build);

/*
 * It was built, and Xen says this of it.  Requests ask for more than it takes,
 * to be sure; how much more is measured by what the host has less, if no other
 * one was begun meanwhile and that can be, and else by what Xen has counted.
 */
void seen_built(struct placed *placed, const struct place_request *request,
                const struct seen_build *build,
                const struct grant_domain *domain);

/*
 * How much of what such a request asks for is likely to be free again once it
 * is built: as with the last domain of as many vCPUs, or of fewer; 0 if there
 * was none.
 */
uint64_t seen_unused(const struct placed *placed,
                     const struct place_request *request);

#endif /* PLACED_SEEN_H */
