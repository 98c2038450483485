/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Between the library's words and the engine's, for all who decide and then
 * claim: the daemon, and libxl where there is none.
 *
 * No policy, no log, no global state.
 */

#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdint.h>

#include <xennuma.h>

#include "place/place.h"

/*
 * The host for the engine: what is claimed is not free.  Nobody's vCPUs are on
 * it yet.
 */
void plan_host(const struct xennuma_heap *heap,
               const struct xennuma_topology *topology,
               struct place_host *host);

/*
 * The nodes where a domain lives, as a mask: where its memory and its claims
 * are.  A small share does not count: of nodes with less than a quarter of
 * what is on the largest it is none.  0 without memory and claims.
 */
uint64_t plan_lives(const struct xennuma_domain *domain);

/* Add the vCPUs of a domain to the nodes where it lives. */
void plan_load(const struct xennuma_domain *domain, uint32_t vcpus,
               struct place_host *host);

/* The node with most of its memory and claims; -1: it has none on nodes. */
int plan_home(const struct xennuma_domain *domain);

/* All domains, by id, for the caller to free; NULL with errno. */
struct xennuma_listed *plan_list(xennuma_handle *handle, unsigned int *nr);

/*
 * Add the vCPUs of all domains of the host but domain 0, whose vCPUs run
 * anywhere.  A domain that goes meanwhile is left out.  0, or -1 with errno
 * of the library, or ENOMEM.
 */
int plan_load_all(xennuma_handle *handle, struct place_host *host);

/* Whole chunks are claimed as such, the rest of a node's pages as pages. */
#define PLAN_MAX_CLAIMS (PLACE_MAX_NODES * (PLACE_LEVELS + 1))

/*
 * The claims of a plan, with extra_pages more on the home node.  Returns how
 * many they are.
 */
unsigned int plan_claims(const struct place_plan *plan, uint64_t extra_pages,
                         struct xennuma_claim *claims);

#endif /* PLAN_PLAN_H */
