/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * xennuma: memory claims per NUMA node, and creating domains on nodes.
 *
 * Functions return 0, or -1 with errno set, unless they say otherwise.
 * Sizes are in pages of 4 KiB.  Node ids are below XENNUMA_MAX_NODES.
 *
 * Logging: the library never logs by itself.  The logger given to
 * xennuma_open is passed to libxencall, which logs failures to open its
 * device there; with NULL to standard error.
 *
 * Threads: a handle may be used by one thread at a time.
 *
 * Fork: a handle does not survive fork: the child may only close it, and has
 * to open one of its own.
 *
 * errno, besides those given with a function: EOPNOTSUPP when this host has
 * no node claims (or lacks the feature), EACCES when Xen's security policy
 * forbids it (or Xen speaks another version of domctl), EPERM when the caller
 * is not privileged, ENOMEM, EFAULT, EINVAL, and those of ioctl(2).
 */

#ifndef XENNUMA_H
#define XENNUMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xentoollog_logger;

#define XENNUMA_MAX_NODES   64u
#define XENNUMA_MAX_CLAIMS  257u
/* As the target of a claim: any memory of the host. */
#define XENNUMA_HOST        UINT32_MAX

typedef struct xennuma_handle xennuma_handle;

/*
 * Open a host and probe it.  where: NULL for the Xen we run on, or
 * "model:FILE" for a host that exists in memory only, described by FILE
 * (xennuma-model(5)).  flags: 0.
 *
 * A Xen without node claims can be opened: xennuma_probe then tells so, and
 * every other function that needs them fails with EOPNOTSUPP.
 *
 * Returns NULL with errno: ENOENT or ENODEV (no Xen here), ENOTSUP (built
 * without support for the running Xen), EPROTO (another release of Xen than
 * this library speaks; or its security policy forbids to ask), EACCES (the
 * device of Xen, or a model's file, may not be opened), EPERM, EINVAL (unknown
 * where or flags, or the description of a model is wrong).
 */
xennuma_handle *xennuma_open(struct xentoollog_logger *logger,
                             unsigned int flags, const char *where);

/* Close a handle; NULL is allowed.  Always returns 0. */
int xennuma_close(xennuma_handle *handle);

/* What this host has. */
struct xennuma_abilities {
    bool claims;                 /* claims of single pages, per node         */
    bool create;                 /* create on nodes                          */
    bool superpages;             /* claims of 2 MiB and 1 GiB chunks         */
    bool overhead;               /* claims for Xen's own pages               */
    uint32_t abi;                /* of the hypervisor's claims, 0 without any;
                                  * one we do not know: no abilities         */
};

/*
 * What the probe at open found.  Never issues a hypercall, and never fails.
 */
int xennuma_probe(xennuma_handle *handle, struct xennuma_abilities *abilities);

enum xennuma_claim_kind {
    XENNUMA_CLAIM_GUEST,         /* memory of the domain                     */
    XENNUMA_CLAIM_OVERHEAD,      /* pages that Xen takes for the domain      */
};

struct xennuma_claim {
    uint64_t pages;              /* whatever the order; > 0                  */
    uint32_t target;             /* a node, or XENNUMA_HOST                  */
    uint16_t order;              /* 0, 9 (2 MiB) or 18 (1 GiB)               */
    enum xennuma_claim_kind kind;
};

/* Which claim could not be had, and how many pages were missing. */
struct xennuma_shortage {
    uint32_t entry;              /* the number of claims: host as a whole    */
    uint64_t pages;              /* 0: ENOMEM had another reason             */
};

/*
 * Replace the claim set of a domain, atomically: on any error the old set
 * stands.  nr 0 releases it.  unique_id 0, or the id from xennuma_claims_get
 * or xennuma_domain_create, to be sure that it is still the same domain.
 * shortage may be NULL; it is written on ENOMEM only.
 *
 * errno: ENOMEM (not enough unclaimed memory), ESRCH (no such domain, or
 * another one, or it is dying), EBUSY (it has been unpaused), ERANGE (more
 * than its max_pages), EEXIST (it holds a claim of the old kind), ENOENT
 * (node not online), E2BIG (too many claims), EINVAL.
 */
int xennuma_claims_set(xennuma_handle *handle, uint32_t domid,
                       uint64_t unique_id,
                       const struct xennuma_claim *claims, unsigned int nr,
                       struct xennuma_shortage *shortage);

struct xennuma_usage {
    uint64_t guest_pages;        /* memory of the domain on this node        */
    uint64_t overhead_pages;     /* taken by Xen for it, since its creation  */
    uint64_t recalled_pages;     /* claims lost to memory gone offline       */
};

/* Claims and memory of one domain, in one snapshot. */
struct xennuma_domain {
    uint32_t domid;
    uint64_t unique_id;
    uint64_t owner;              /* cookie of its creator, 0 without         */
    bool paused;                 /* by the toolstack                         */
    bool finished;               /* it was unpaused once                     */
    bool dying;
    unsigned int nr_claims;
    unsigned int nr_nodes;
    struct xennuma_claim claims[XENNUMA_MAX_CLAIMS];
    struct xennuma_usage nodes[XENNUMA_MAX_NODES];
};

/* errno: ESRCH (no such domain). */
int xennuma_claims_get(xennuma_handle *handle, uint32_t domid,
                       struct xennuma_domain *domain);

enum xennuma_domain_type {
    XENNUMA_DOMAIN_PVH,
    XENNUMA_DOMAIN_HVM,
    XENNUMA_DOMAIN_PV,
};

/* What is created.  All else is as xl would have it by default. */
struct xennuma_domain_config {
    uint8_t uuid[16];
    enum xennuma_domain_type type;
    uint32_t max_vcpus;          /* at least 1                               */
};

struct xennuma_placement {
    uint64_t nodes;              /* mask; 0: anywhere, no affinity           */
    uint32_t home_node;          /* in the mask; 0 without a mask            */
    bool strict;                 /* the home node exactly, see below         */
    uint64_t max_pages;          /* 0 leaves Xen's default, which is none    */
    uint64_t owner;              /* cookie that stays with the domain        */
    const struct xennuma_claim *claims;
    unsigned int nr_claims;
};

struct xennuma_created {
    uint32_t domid;
    uint64_t unique_id;
};

/*
 * Create a domain on nodes, with its claims.  On any error nothing is left.
 * It has no vCPU and no memory yet, and is paused.  shortage as above, may be
 * NULL; with ENOMEM and shortage->pages 0 it was Xen's own memory.
 *
 * What Xen takes whole pages for, from the domain's structure to its vCPUs,
 * page tables and grant frames, goes to the home node if that has room; with
 * strict and until the first unpause it goes nowhere else (ENOMEM).  vCPUs
 * prefer the CPUs of the nodes until they are told otherwise.
 *
 * Without abilities.create this is done step by step: create, node affinity
 * (the home node first), max_pages, vCPUs, claims.  Then the domain has its
 * vCPUs, which prefer no CPU yet, and no owner; much of what Xen makes for it
 * is on any node; others can see it before it has its claims; and if the
 * caller dies between the steps it stays.  strict is EOPNOTSUPP, cpupools are
 * not looked at, and all of 64 nodes mean any node.
 *
 * errno: as xennuma_claims_set, and ENOENT (a node that is not online, or
 * the home node outside of the mask), EXDEV (a node whose CPUs are all in
 * other cpupools than the first, where the domain goes), EINVAL (also: no
 * vCPU or too many, or a home node without a mask), EOPNOTSUPP.
 */
int xennuma_domain_create(xennuma_handle *handle,
                          const struct xennuma_domain_config *config,
                          const struct xennuma_placement *placement,
                          struct xennuma_created *created,
                          struct xennuma_shortage *shortage);

/*
 * The same for a caller with Xen's own headers: createdomain is a struct
 * xen_domctl_createdomain, size what it takes there.  domid: the id that the
 * domain is to have, or 0 for any that is free.  Needs abilities.create.
 *
 * errno, besides: EINVAL (a size that is not this Xen's), EEXIST (a domain
 * has that id), and those of XEN_DOMCTL_createdomain.
 */
int xennuma_domain_create_raw(xennuma_handle *handle, uint32_t domid,
                              const void *createdomain, size_t size,
                              const struct xennuma_placement *placement,
                              struct xennuma_created *created,
                              struct xennuma_shortage *shortage);

/*
 * Destroy a domain, and wait until Xen has taken back its memory.  unique_id
 * is checked first, 0 is not allowed.  Pages that another domain still maps
 * stay until that lets go; and some of Xen's own, about 30 a domain, until
 * all CPUs have been through its scheduler, on an idle host perhaps seconds.
 *
 * errno: ESRCH (no such domain, or another one under that id), EINVAL
 * (unique_id 0, or the domain of the caller).
 */
int xennuma_domain_destroy(xennuma_handle *handle, uint32_t domid,
                           uint64_t unique_id);

struct xennuma_listed {
    uint32_t domid;
    uint32_t vcpus;              /* that were made for it, online or not     */
};

/*
 * All domains, in the order of their ids.  *nr: room in, number out.
 * Works on a Xen without node claims, too.
 * errno: ENOBUFS (more than *nr; *nr then is a number that would do).
 */
int xennuma_domain_list(xennuma_handle *handle, struct xennuma_listed *domains,
                        unsigned int *nr);

struct xennuma_node_heap {
    bool online;
    uint64_t present_pages;      /* RAM, without holes                       */
    uint64_t free_pages;         /* claimed or not                           */
    uint64_t dirty_pages;        /* of the free: still to be scrubbed        */
    uint64_t dma_pages;          /* of the free: low memory, used last       */
    uint64_t claimed_guest_pages;
    uint64_t claimed_overhead_pages;
    uint64_t free_2m_chunks;     /* 0 unless abilities.superpages            */
    uint64_t free_1g_chunks;
    uint64_t claimed_2m_chunks;
    uint64_t claimed_1g_chunks;
};

/* Free and claimed memory of the host, in one snapshot. */
struct xennuma_heap {
    uint64_t generation;         /* changes when claims are set or released  */
    uint64_t free_pages;
    uint64_t claimed_pages;      /* all kinds and targets                    */
    uint64_t host_claimed_pages; /* of them with target XENNUMA_HOST         */
    unsigned int nr_nodes;       /* highest node + 1                         */
    struct xennuma_node_heap nodes[XENNUMA_MAX_NODES];
};

int xennuma_heap_get(xennuma_handle *handle, struct xennuma_heap *heap);

#define XENNUMA_NO_DISTANCE UINT32_MAX

/* CPUs and distances. */
struct xennuma_topology {
    unsigned int nr_nodes;       /* highest node + 1                         */
    struct {
        unsigned int cpus;       /* logical CPUs, online                     */
        unsigned int cores;      /* physical cores                           */
        uint32_t distances[XENNUMA_MAX_NODES]; /* SLIT, or NO_DISTANCE       */
    } nodes[XENNUMA_MAX_NODES];
    unsigned int nr_cpus;        /* highest CPU id + 1, at most 4096         */
    uint8_t cpu_node[4096];      /* by CPU id; 0xff: offline or unknown      */
    bool hap;                    /* domains have page tables in hardware     */
};

/* Works on a Xen without node claims, too. */
int xennuma_topology_get(xennuma_handle *handle,
                         struct xennuma_topology *topology);

#ifdef __cplusplus
}
#endif

#endif /* XENNUMA_H */
