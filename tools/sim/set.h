/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Sets of nodes, as masks: which of a host's nodes a domain may use at all,
 * and how memory is shared out over them.
 */

#ifndef SIM_SET_H
#define SIM_SET_H

#include <stdbool.h>

#include "rule.h"

static inline bool sim_set_has(uint64_t set, unsigned int node)
{
    return set >> node & 1;
}

/* Online, and allowed by the request. */
uint64_t sim_set_usable(const struct sim_host *host,
                        const struct place_request *request);

/* 4096, which is farther than firmware can tell, where there is no way. */
uint32_t sim_set_distance(const struct sim_host *host, unsigned int from,
                          unsigned int to);

/*
 * Equal shares of pages for the nodes of a set, as far as each has them free:
 * what one has not, the others take.  What none of them has is left out.
 */
void sim_set_share(const struct sim_host *host, uint64_t set, uint64_t pages,
                   uint64_t shares[PLACE_MAX_NODES]);

#endif /* SIM_SET_H */
