/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How xenopsd picks nodes for a VM (xen-api, ocaml/xenopsd, August 2026): the
 * least distance over all sets of nodes, and a counter per node that makes
 * equal ones take turns.  What xenopsd then does with the set is the rules'.
 */

#ifndef SIM_XENOPSD_H
#define SIM_XENOPSD_H

#include <stdint.h>

#include "../place/host.h"

/* Sets of a host by distance, and the counters; one thread at a time. */
struct sim_xenopsd;

/*
 * All sets of a host, up to 16 nodes; above, single nodes only.  Distances,
 * CPUs and cores are read, and never again.  A host that xenopsd does not
 * place on has no sets.  Returns NULL with errno ENOMEM.
 */
struct sim_xenopsd *sim_xenopsd_make(const struct place_host *host);
void sim_xenopsd_free(struct sim_xenopsd *xenopsd);

/*
 * The set for a VM, of the allowed nodes, with the free KiB of each node;
 * its nodes are counted as used.  cores is the number of physical cores that
 * it is to have (best effort: as many as vCPUs; by memory only: 0).  Returns
 * 0 where nothing fits.
 */
uint64_t sim_xenopsd_pick(struct sim_xenopsd *xenopsd, uint64_t allowed,
                          const uint64_t free_kib[PLACE_MAX_NODES],
                          uint64_t need_kib, uint32_t vcpus, uint32_t cores);

#endif /* SIM_XENOPSD_H */
