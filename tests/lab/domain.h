/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Domains to test claims with, never meant to run.  Made and filled as a
 * toolstack does that knows nothing of nodes, or created on one.
 *
 * Calls return 0 or -errno, or what is said; a test program ends when it
 * cannot reach Xen.
 */

#ifndef DOMAIN_H
#define DOMAIN_H

#include <stdbool.h>
#include <stdint.h>

/* The handle of all that is done here. */
struct xc_interface_core *domain_xc(void);

struct xen_node_claim;
struct xen_node_placement;

/* With shadow pages Xen wants vCPUs below 4 GiB. */
enum domain_type { DOMAIN_PV, DOMAIN_PVH, DOMAIN_HVM, DOMAIN_SHADOW };

/* How many vCPUs there may be; of a PV domain just one. */
#define DOMAIN_VCPUS 8u

/* A struct xen_domctl_createdomain of the target Xen, until the next call. */
void *domain_config(enum domain_type type);
/* The same for as many vCPUs. */
void *domain_config_for(enum domain_type type, unsigned int vcpus);
unsigned int domain_config_size(void);
/* Whether this Xen was built with shadow pages. */
bool domain_can_shadow(void);

/*
 * Create on nodes: 0 or -errno, and the placement comes back in place.  config
 * NULL is a PV domain's.
 */
int domain_create(uint32_t domid, const void *config, uint32_t config_size,
                  struct xen_node_placement *placement,
                  const struct xen_node_claim *claims);

/* A new PV domain's id.  max_pages 0 leaves Xen's default, which is none. */
uint32_t domain_make(uint64_t max_pages);
/* One that was created on a node, which is its home. */
uint32_t domain_make_on(enum domain_type type, uint32_t node,
                        uint64_t max_pages);
int domain_set_max(uint32_t domid, uint64_t max_pages);
int domain_set_vcpus(uint32_t domid, unsigned int nr);
/* Memory for the domain's page tables, in bytes. */
int domain_set_mempool(uint32_t domid, uint64_t size);
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
/* The same by XENMEM_increase_reservation, of pages of a node. */
uint64_t domain_reserve(uint32_t domid, uint64_t nr, uint32_t node);
/* Give back the last nr pages that were taken one by one. */
int domain_give_back(uint32_t domid, uint64_t nr);

/* A chunk of 2 MiB of a node: its first frame. */
uint64_t domain_take_chunk(uint32_t domid, uint32_t node);

/*
 * Take all of a node, and give back all but one page of each chunk of 2 MiB
 * but some, which are given back whole.  Returns how many these are: no more
 * than asked for.
 */
uint64_t domain_fragment(uint32_t domid, uint32_t node, uint64_t whole);

/* Memory pages are exchanged for as many others, of any place. */
int domain_exchange(uint32_t domid, uint64_t nr);

/* Frames of free memory are taken from use, or returned to it. */
int frames_offline(uint64_t first, uint64_t nr);
int frames_online(uint64_t first, uint64_t nr);

/* Claims of the old kind. */
int domain_claim(uint32_t domid, uint64_t pages);
/* What getdomaininfo and physinfo call outstanding. */
uint64_t domain_outstanding(uint32_t domid);
uint64_t host_outstanding(void);

/* The domain's node affinity, as a mask. */
uint64_t domain_affinity(uint32_t domid);

/* A page of the domain is kept mapped, so that it cannot quite die. */
void *domain_map_page(uint32_t domid);
void domain_unmap_page(void *page);

#endif /* DOMAIN_H */
