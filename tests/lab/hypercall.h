/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The node claim hypercalls, raw: what a test wants to get wrong cannot be
 * said through the library.
 *
 * Each call returns 0 or -errno.  A handle that is NULL stands for memory
 * that cannot be read.
 */

#ifndef HYPERCALL_H
#define HYPERCALL_H

#include <stddef.h>
#include <stdint.h>

#include <node_claim.h>

/* Opened on first use; ends the program when that is not possible. */

/* The operation op, of size bytes, in the union of a domctl; it is copied
 * back into op.  version 0 is that of the target Xen. */
int hypercall_domctl(uint32_t cmd, uint32_t version, uint32_t domid, void *op,
                     size_t size);
int hypercall_sysctl(uint32_t cmd, void *op, size_t size);

/* Memory that Xen can read and write; freed at exit. */
void *hypercall_alloc(size_t size);
/* Of it, a page of its own, then made read-only. */
void *hypercall_alloc_readonly(const void *contents, size_t size);

/* Claim sets as the library would, but with nothing checked. */
int claims_set(uint32_t domid, uint64_t unique_id,
               const struct xen_node_claim *claims, uint32_t nr,
               struct xen_domctl_set_node_claims *op);

/* A snapshot of a domain. */
struct claims {
    struct xen_domctl_get_node_claims op;
    struct xen_node_claim claims[XEN_NODE_CLAIM_MAX_ENTRIES];
    struct xen_node_usage nodes[XEN_NODE_CLAIM_MAX_NODES];
};

int claims_get(uint32_t domid, struct claims *claims);

/* Claims of a domain's memory on a node, or on XEN_NODE_CLAIM_HOST. */
uint64_t claims_on(uint32_t domid, uint32_t target);
/* Of its memory. */
uint64_t pages_on(uint32_t domid, uint32_t node);

/* A snapshot of the heap. */
struct heap {
    struct xen_sysctl_node_heap op;
    struct xen_node_heap nodes[XEN_NODE_CLAIM_MAX_NODES];
};

int heap_get(struct heap *heap);

#endif /* HYPERCALL_H */
