/* SPDX-License-Identifier: MIT */
/*
 * Accounting of memory claims per NUMA node.
 *
 * The pure core of node claims: counters and the rules between them.  It
 * knows no lock, page or domain, allocates nothing and prints nothing, so
 * that the very same file is used by the hypervisor and, in user space, by
 * the model of a host and by the tests.
 *
 * All functions expect their caller to hold whatever guards the counters (in
 * Xen: heap_lock).  Every one takes constant time in the number of domains,
 * and at most linear time in nodes or entries.
 */

#ifndef XEN_NODE_CLAIM_H
#define XEN_NODE_CLAIM_H

#ifdef __XEN__
#include <xen/types.h>
#include <public/node_claim.h>
#else
#include <stdbool.h>
#include <stdint.h>
#include <node_claim.h>
#endif

#define NODE_CLAIM_NODES XEN_NODE_CLAIM_MAX_NODES

/* Free and claimed memory of a host.  Zeroed memory is an empty host. */
struct node_claim_heap {
    uint64_t free_pages;         /* sum over the nodes                     */
    uint64_t claimed_pages;      /* sum over the domains, on nodes and HOST */
    uint64_t host_claimed_pages; /* of these: HOST                         */
    uint64_t generation;         /* changes with each install and release  */
    struct {
        uint64_t free_pages;
        uint64_t claimed_pages;
    } node[NODE_CLAIM_NODES];
};

/* The claims of one domain.  Zeroed memory is an empty set. */
struct node_claim_set {
    uint64_t total_pages;        /* sum of all below                       */
    uint64_t host_pages;
    uint64_t nodes;              /* mask of the nodes with claims          */
    bool legacy;                 /* made by XENMEM_claim_pages             */
    uint64_t node_pages[NODE_CLAIM_NODES];
};

/* A parsed request for a claim set: at most one entry per target. */
struct node_claim_request {
    uint64_t total_pages;
    uint64_t host_pages;
    uint64_t nodes;
    uint32_t nr_entries;
    uint32_t host_entry;                     /* index of the HOST entry    */
    uint64_t node_pages[NODE_CLAIM_NODES];
    uint16_t node_entry[NODE_CLAIM_NODES];   /* index of the node's entry  */
};

/* Which entry of a request was short, and by how much. */
struct node_claim_shortage {
    uint32_t entry;              /* nr_entries: the host as a whole        */
    uint64_t pages;
};

/*
 * Check the entries of a request one by one and gather them by target.
 * Returns 0, -E2BIG, -EINVAL, -EOPNOTSUPP (order or kind not supported yet)
 * or -ENOENT (a node outside of online).  Needs no lock.
 */
int node_claim_parse(struct node_claim_request *request,
                     const struct xen_node_claim *entries, uint32_t nr,
                     uint64_t online);

/*
 * Replace a set by a request, which is checked as if the old set were gone.
 * memory_pages is what the domain has, max_pages what it may have.  Returns
 * 0, -ERANGE, or -ENOMEM with the shortage filled in; the old set then
 * stands untouched.
 */
int node_claim_install(struct node_claim_heap *heap,
                       struct node_claim_set *set,
                       const struct node_claim_request *request,
                       uint64_t memory_pages, uint64_t max_pages,
                       struct node_claim_shortage *shortage);

/* Give up what is left of a set. */
void node_claim_release(struct node_claim_heap *heap,
                        struct node_claim_set *set);

/* Write a set as entries, sorted by node, HOST last.  Returns their number;
 * writes none if there is room for fewer. */
uint32_t node_claim_list(const struct node_claim_set *set,
                         struct xen_node_claim *entries, uint32_t room);

/*
 * May this many pages be taken from the node?  Set is that of the domain
 * whose memory they become, or NULL: for anything else only what nobody
 * claimed is available.
 */
bool node_claim_allows(const struct node_claim_heap *heap,
                       const struct node_claim_set *set,
                       unsigned int node, uint64_t pages);

/*
 * Pages were taken from the node: redeem the claims of the set there, then
 * those on HOST; what is left came out of unclaimed memory.
 */
void node_claim_take(struct node_claim_heap *heap, struct node_claim_set *set,
                     unsigned int node, uint64_t pages);

/* Pages of the node became free.  No claim grows by that. */
void node_claim_give(struct node_claim_heap *heap, unsigned int node,
                     uint64_t pages);

#endif /* XEN_NODE_CLAIM_H */
