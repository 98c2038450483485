/* SPDX-License-Identifier: MIT */
/******************************************************************************
 * node_claim.h
 *
 * Memory claims per NUMA node, and creating a domain on nodes.
 *
 * A claim is a number of pages promised to a domain which it has not yet
 * allocated.  The operations below are carried by the domctl and sysctl
 * hypercalls; their numbers lie in a range of their own, so that they never
 * collide with another operation.
 *
 * All of it is for the toolstack: the operations are not meant for guests,
 * and are not safe for a disaggregated, only partly trusted toolstack.  FLASK
 * asks domain2:setclaim to set claims, that and domain:create to create a
 * domain on nodes, domain2:getclaim to read claims, and xen:physinfo to read
 * the heap; without them it is -EACCES, without any privilege -EPERM.
 *
 * Fields marked IN are read by Xen, OUT are written, and all padding has to
 * be zero (-EINVAL).  Node ids are below XEN_NODE_CLAIM_MAX_NODES.
 */

#ifndef __XEN_PUBLIC_NODE_CLAIM_H__
#define __XEN_PUBLIC_NODE_CLAIM_H__

#if defined(__XEN__) || defined(__XEN_TOOLS__)
#include "xen.h"
#endif

/*
 * With the rest of Xen's interface in sight its types are used.  A program
 * that has only this file gets the same layout from plain 64-bit integers.
 */
#if defined(__XEN__) || defined(__XEN_TOOLS__)
#define xen_node_claim_uint64_t uint64_aligned_t
#define XEN_NODE_CLAIM_HANDLE(type) XEN_GUEST_HANDLE_64(type)
#define XEN_NODE_CLAIM_DEFINE_HANDLE(type) DEFINE_XEN_GUEST_HANDLE(type)
#else
#include <stdint.h>
typedef uint64_t __attribute__((__aligned__(8))) xen_node_claim_uint64_t;
#define XEN_NODE_CLAIM_HANDLE(type) xen_node_claim_uint64_t
#define XEN_NODE_CLAIM_DEFINE_HANDLE(type) struct xen_node_claim_no_handle
#endif

#define XEN_DOMCTL_set_node_claims   2001
#define XEN_DOMCTL_get_node_claims   2002
#define XEN_DOMCTL_create_on_nodes   2003

#define XEN_SYSCTL_node_heap         2001

/* Version of everything in this file; reported by XEN_SYSCTL_node_heap. */
#define XEN_NODE_CLAIM_ABI           1

/* What this Xen supports; reported by XEN_SYSCTL_node_heap. */
#define XEN_NODE_CLAIM_F_CLAIMS      (1U << 0) /* set/get, order 0, GUEST   */
#define XEN_NODE_CLAIM_F_CREATE      (1U << 1) /* create_on_nodes           */
#define XEN_NODE_CLAIM_F_SUPERPAGES  (1U << 2) /* entries of order 9 and 18 */
#define XEN_NODE_CLAIM_F_OVERHEAD    (1U << 3) /* entries of kind OVERHEAD  */

#define XEN_NODE_CLAIM_MAX_NODES     64U
/* 64 nodes x (3 orders of GUEST + OVERHEAD), and HOST. */
#define XEN_NODE_CLAIM_MAX_ENTRIES   257U

/* One entry of a claim set. */
struct xen_node_claim {
    xen_node_claim_uint64_t pages; /* in pages of 4 KiB, whatever the order  */
/* Any memory of the host, wherever it lies. */
#define XEN_NODE_CLAIM_HOST          0xffffffffU
    uint32_t target;               /* a node, or XEN_NODE_CLAIM_HOST         */
    uint16_t order;                /* 0, 9 or 18: size of the chunks         */
#define XEN_NODE_CLAIM_GUEST         0 /* memory of the domain               */
#define XEN_NODE_CLAIM_OVERHEAD      1 /* pages that Xen takes for it        */
    uint16_t kind;
};
typedef struct xen_node_claim xen_node_claim_t;
XEN_NODE_CLAIM_DEFINE_HANDLE(xen_node_claim_t);

/*
 * XEN_DOMCTL_set_node_claims
 *
 * Replaces the claim set of a domain, atomically: the new set is checked as
 * if the old one were gone, and on any error the old one stands untouched.
 * Pages count on top of what the domain already has.  An empty array releases
 * the set; this always succeeds, also for a dying domain.
 *
 * A set ends when it is redeemed or released, at the first unpause of the
 * domain, and with the domain.
 *
 * Memory of the domain redeems claims on the node that it comes from: those
 * of chunks no larger than what is asked for, the largest first; then larger
 * ones, of which the rest is claimed in smaller chunks; then those on HOST.
 * A request for several pages in one block, that names no node and has no
 * address limit, is served from a node where as many are claimed.  If there is
 * none, but as many are claimed on all nodes together, it fails: smaller blocks
 * are there to be asked for.
 *
 * An entry of order 9 or 18 promises chunks of that size to requests without
 * an address limit, whatever others allocate.  Claims of kind OVERHEAD are
 * redeemed by what Xen takes for the domain on that node, and by that only.
 * They do not count towards max_pages.
 *
 * When free memory of a node goes offline, as much is recalled as is missing,
 * from the largest claim of its sort and on a tie from that of the lowest
 * domid: a chunk that is missing becomes a claim of smaller ones, a page that
 * is missing is gone, and is counted in recalled_pages.
 *
 * -EINVAL      padding; an entry with zero pages, with pages that are not a
 *              multiple of its order, with an unknown order or kind, with an
 *              order on HOST or OVERHEAD, or one that is there twice
 * -ENOENT      node not present or not online
 * -E2BIG       more than XEN_NODE_CLAIM_MAX_ENTRIES entries
 * -ESRCH       no such domain, another one than unique_id, or a dying one
 * -EBUSY       the construction of the domain has finished
 * -ERANGE      memory and GUEST claims would exceed the domain's max_pages
 * -EEXIST      the domain holds a claim made by XENMEM_claim_pages
 * -ENOMEM      not enough unclaimed memory: short_entry and short_pages tell
 *              where, and by how much
 * -EOPNOTSUPP  cache colouring is in use, or this Xen lacks the feature
 */
struct xen_domctl_set_node_claims {
    xen_node_claim_uint64_t unique_id;               /* IN: 0, or must match */
    XEN_NODE_CLAIM_HANDLE(xen_node_claim_t) claims;  /* IN                   */
    uint32_t nr_claims;                              /* IN                   */
    uint32_t short_entry;       /* IN: 0; OUT on -ENOMEM: index into claims,
                                 * or nr_claims for the host as a whole      */
    xen_node_claim_uint64_t short_pages; /* IN: 0; OUT on -ENOMEM            */
};

/* What a domain has on one node. */
struct xen_node_usage {
    xen_node_claim_uint64_t guest_pages;    /* memory of the domain          */
    xen_node_claim_uint64_t overhead_pages; /* taken by Xen since creation   */
    xen_node_claim_uint64_t recalled_pages; /* claims lost to offlined pages */
};
typedef struct xen_node_usage xen_node_usage_t;
XEN_NODE_CLAIM_DEFINE_HANDLE(xen_node_usage_t);

/*
 * XEN_DOMCTL_get_node_claims
 *
 * One consistent snapshot.  -ENOBUFS when an array is too small; nr_claims
 * and nr_nodes then tell the counts needed and nothing else is written.
 */
struct xen_domctl_get_node_claims {
    xen_node_claim_uint64_t unique_id;                /* OUT                 */
    xen_node_claim_uint64_t owner;    /* OUT: the cookie of create_on_nodes  */
#define XEN_NODE_CLAIM_DOM_PAUSED    (1U << 0) /* by the toolstack           */
#define XEN_NODE_CLAIM_DOM_FINISHED  (1U << 1) /* was unpaused once          */
#define XEN_NODE_CLAIM_DOM_DYING     (1U << 2)
    uint32_t flags;                                   /* OUT                 */
    uint32_t pad;                                     /* IN: 0               */
    uint32_t nr_claims;         /* IN: room in claims; OUT: number of claims */
    uint32_t nr_nodes;          /* IN: room in nodes; OUT: number of nodes   */
    XEN_NODE_CLAIM_HANDLE(xen_node_claim_t) claims;   /* OUT                 */
    XEN_NODE_CLAIM_HANDLE(xen_node_usage_t) nodes;    /* OUT, by node        */
};

/* Where a new domain goes. */
struct xen_node_placement {
    xen_node_claim_uint64_t nodes;      /* IN: mask; 0: as createdomain does */
    uint32_t home_node;                 /* IN: within the mask; 0 without    */
/*
 * Structures of the domain prefer the home node.  With this flag and until the
 * first unpause they are on no other: create_on_nodes, max_vcpus and whatever
 * else needs one give -ENOMEM instead.  Where lack of an IOMMU page table
 * crashes a domain, it does so here, too.  A structure that has to lie below
 * an address which part of the home node is above stays with the preference.
 *
 * These structures are struct domain, and all that Xen takes whole pages for:
 * each struct vcpu, the shared info page, page tables of Xen's own for the
 * domain, the pool of HAP or shadow memory and with it the p2m, virtual local
 * APICs, VMCBs or VMCSs with their bitmaps, IOMMU page tables (whatever node
 * the devices are on), grant table frames, the pages of ioreq servers, vmtrace
 * buffers and the stacks that waiting vCPUs are saved to.  All of them but
 * struct domain redeem claims of kind OVERHEAD, and are counted as overhead,
 * with and without a home node.
 *
 * Not covered, and not counted, is what comes from pools of small objects,
 * even if it fills a page, and what is mapped page by page into Xen: arrays,
 * event channels, and xsave areas, among others.
 */
#define XEN_NODE_PLACEMENT_STRICT    (1U << 0)
    uint32_t flags;                     /* IN                                */
    xen_node_claim_uint64_t max_pages;  /* IN: 0 leaves it                   */
    xen_node_claim_uint64_t owner;      /* IN: a cookie of the caller's      */
    XEN_NODE_CLAIM_HANDLE(xen_node_claim_t) claims;  /* IN                   */
    uint32_t nr_claims;                 /* IN                                */
    uint32_t domid;                     /* IN: 0; OUT on success, else 0     */
    xen_node_claim_uint64_t unique_id;  /* IN: 0; OUT likewise               */
    uint32_t short_entry;               /* IN: 0; OUT on -ENOMEM by a claim  */
    uint32_t pad;                       /* IN: 0                             */
    xen_node_claim_uint64_t short_pages; /* IN: 0; OUT likewise, else 0      */
};
typedef struct xen_node_placement xen_node_placement_t;
XEN_NODE_CLAIM_DEFINE_HANDLE(xen_node_placement_t);

/*
 * XEN_DOMCTL_create_on_nodes
 *
 * Creates a domain whose node affinity, memory limit and claims are in place
 * before its first structure is allocated.  On any error there is no domain,
 * no page and no claim left.  xen_domctl.domain is as for createdomain.
 *
 * The soft affinity of its vCPUs begins as the CPUs of its nodes, if there are
 * any.  The node affinity is then no longer derived from that of vCPUs.
 *
 * Errors are those of XEN_DOMCTL_createdomain and of set_node_claims, and
 * -ENOENT      the mask names a node that is not online, or the home node is
 *              not in the mask
 * -EXDEV       the mask names a node that has CPUs, but none in the cpupool of
 *              the domain
 * -EINVAL      padding, unknown flags, or createdomain_size is not the size
 *              of this Xen's struct xen_domctl_createdomain
 */
struct xen_domctl_create_on_nodes {
    XEN_NODE_CLAIM_HANDLE(void) createdomain;              /* IN             */
    XEN_NODE_CLAIM_HANDLE(xen_node_placement_t) placement; /* INOUT          */
    uint32_t createdomain_size;                            /* IN             */
    uint32_t pad;                                          /* IN: 0          */
};

/* The heap of one node.  All in pages, but for the chunks. */
struct xen_node_heap {
    xen_node_claim_uint64_t present_pages;  /* RAM, without holes            */
    xen_node_claim_uint64_t free_pages;     /* claimed or not                */
    xen_node_claim_uint64_t dirty_pages;    /* of the free: to be scrubbed   */
    xen_node_claim_uint64_t dma_pages;      /* of the free: below the limit
                                             * for DMA, which stock searches
                                             * use last                      */
    xen_node_claim_uint64_t claimed_guest_pages;
    xen_node_claim_uint64_t claimed_overhead_pages;
    /*
     * With F_SUPERPAGES, else 0.  What is free in larger blocks counts in
     * chunks of either size, what is claimed in those it was claimed in.
     */
    xen_node_claim_uint64_t free_2m_chunks;
    xen_node_claim_uint64_t free_1g_chunks;
    xen_node_claim_uint64_t claimed_2m_chunks;
    xen_node_claim_uint64_t claimed_1g_chunks;
};
typedef struct xen_node_heap xen_node_heap_t;
XEN_NODE_CLAIM_DEFINE_HANDLE(xen_node_heap_t);

/*
 * XEN_SYSCTL_node_heap
 *
 * Every node's heap in one consistent snapshot.  This operation only reads:
 * a caller issues it first, to learn whether this is a Xen with node claims.
 * With nr_nodes 0 nothing is written to nodes.  Otherwise -ENOBUFS when the
 * array is too small; nr_nodes then tells the count needed.
 */
struct xen_sysctl_node_heap {
    uint32_t abi;                           /* OUT: XEN_NODE_CLAIM_ABI       */
    uint32_t features;                      /* OUT: XEN_NODE_CLAIM_F_*       */
    xen_node_claim_uint64_t generation;     /* OUT: changes with each install,
                                             * release and recall of claims  */
    xen_node_claim_uint64_t online;         /* OUT: mask of online nodes     */
    xen_node_claim_uint64_t free_pages;     /* OUT: all nodes                */
    xen_node_claim_uint64_t claimed_pages;  /* OUT: all kinds and targets    */
    xen_node_claim_uint64_t host_claimed_pages; /* OUT: of them HOST         */
    uint32_t nr_nodes;            /* IN: room in nodes; OUT: number of nodes */
    uint32_t pad;                                     /* IN: 0               */
    XEN_NODE_CLAIM_HANDLE(xen_node_heap_t) nodes;     /* OUT, by node        */
};

#endif /* __XEN_PUBLIC_NODE_CLAIM_H__ */
