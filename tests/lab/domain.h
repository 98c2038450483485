/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Domains to test claims with: PV, without a vCPU, never meant to run.  Made
 * and filled as a toolstack does that knows nothing of nodes.
 *
 * Calls return 0 or -errno, or what is said; a test program ends when it
 * cannot reach Xen.
 */

#ifndef DOMAIN_H
#define DOMAIN_H

#include <stdbool.h>
#include <stdint.h>

/* A new domain's id.  max_pages 0 leaves Xen's default, which is none. */
uint32_t domain_make(uint64_t max_pages);
int domain_set_max(uint32_t domid, uint64_t max_pages);
int domain_set_vcpus(uint32_t domid, unsigned int nr);
void domain_destroy(uint32_t domid);
int domain_unpause(uint32_t domid);

/* No node named, or (exactly) this node. */
#define DOMAIN_ANY_NODE UINT32_MAX

/*
 * Take memory, in extents of the order, until nr extents are there or Xen
 * refuses.  Returns the number of extents had.
 */
uint64_t domain_populate(uint32_t domid, uint64_t nr, unsigned int order,
                         uint32_t node);
/* Give back the last nr pages that were taken one by one. */
int domain_give_back(uint32_t domid, uint64_t nr);

/* Claims of the old kind. */
int domain_claim(uint32_t domid, uint64_t pages);
/* What getdomaininfo and physinfo call outstanding. */
uint64_t domain_outstanding(uint32_t domid);
uint64_t host_outstanding(void);

/* The domain's node affinity, as a mask. */
uint64_t domain_affinity(uint32_t domid);

/* A struct xen_domctl_createdomain of the target Xen for such a domain. */
const void *domain_config(void);
/*
 * The same for PVH with shadow pages, of which Xen wants vCPUs below 4 GiB;
 * and whether this Xen was built with them.
 */
bool domain_can_shadow(void);
const void *domain_config_shadow(void);
unsigned int domain_config_size(void);

/* A pages of the domain is kept mapped, so that it cannot quite die. */
void *domain_map_page(uint32_t domid);
void domain_unmap_page(void *page);

#endif /* DOMAIN_H */
