/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The simplest thing that knows of distances, for rules that are an order of
 * nodes.
 */

#ifndef SIM_NEAR_H
#define SIM_NEAR_H

#include "rule.h"

/*
 * The first of the nodes that holds the request, else a set of several: of the
 * least size, then with the least sum of distances, then the one whose first
 * node comes first, and so on.  On more than 16 nodes it is a set that is
 * near, but there may be a nearer or a smaller one.  Returns 0 if not even all
 * nodes hold it.
 */
uint64_t sim_near_find(const struct sim_host *host,
                       const struct place_request *request,
                       const unsigned int *nodes, unsigned int nr);

#endif /* SIM_NEAR_H */
