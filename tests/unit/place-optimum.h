/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The exact optimum of a small storm, by branch and bound.
 *
 * Shares no code with the engine, so that it can judge it: what a node has and
 * which nodes would do is worked out here again.
 */

#ifndef PLACE_OPTIMUM_TEST_H
#define PLACE_OPTIMUM_TEST_H

#include <stddef.h>

#include "place/place.h"

#define OPTIMUM_MAX_NODES   4u
#define OPTIMUM_MAX_DOMAINS 12u

/*
 * The most guest pages that can be placed of strict requests, each of them on
 * one node or not at all.  held may be NULL.  The time is exponential in the
 * requests, milliseconds at the most.
 */
uint64_t optimum_pages(const struct place_host *host,
                       const struct place_held *held,
                       const struct place_request *requests, size_t nr);

/* The same by trying everything: for no more than about 7 requests. */
uint64_t optimum_by_force(const struct place_host *host,
                          const struct place_held *held,
                          const struct place_request *requests, size_t nr);

/*
 * No storm, however large, places more: all requests, or what all nodes have
 * less the overhead that goes with it.
 */
uint64_t optimum_at_most(const struct place_host *host,
                         const struct place_held *held,
                         const struct place_request *requests, size_t nr);

#endif /* PLACE_OPTIMUM_TEST_H */
