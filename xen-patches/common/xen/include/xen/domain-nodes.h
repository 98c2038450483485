/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is kept of a domain by NUMA node: its claims, its pages and its home.
 * One is allocated with each domain: a page, on the home node if there is one.
 */

#ifndef XEN_DOMAIN_NODES_H
#define XEN_DOMAIN_NODES_H

#include <xen/list.h>
#include <xen/node-claim.h>
#include <xen/nodemask.h>
#include <xen/numa.h>

#include <public/domctl.h>

struct domain_nodes {
    struct node_claim_set claims;             /* heap_lock                  */
    struct list_head holders;                 /* of claims; heap_lock       */
    unsigned long overhead_pages[MAX_NUMNODES]; /* heap_lock                */
    unsigned long guest_pages[MAX_NUMNODES];  /* page_alloc_lock            */

    /* Constant after creation. */
    uint64_t owner;
    nodeid_t home_node;                       /* NUMA_NO_NODE without       */
    bool strict;                              /* home node exactly          */
};

/* Where a domain is created. */
struct domain_placement {
    nodemask_t nodes;                         /* empty: anywhere            */
    nodeid_t home_node;                       /* within the nodes           */
    bool strict;
    unsigned int max_pages;
    uint64_t owner;
    struct node_claim_request *claims;
    struct node_claim_shortage shortage;      /* out, with -ENOMEM          */
    struct xen_node_placement op;             /* as the caller gave it      */
    XEN_GUEST_HANDLE_64(xen_node_placement_t) handle;
};

/* Tell the caller which domain it gets. */
int publish_placement(struct domain_placement *placement,
                      const struct domain *d);

/*
 * Flags for allocations that should be on the domain's home node, and such
 * flags with an address limit (0: none), where exactly that node becomes
 * preferably that node unless all of it is below the limit.
 */
unsigned int domain_home_memflags(const struct domain *d);
unsigned int memflags_limit(unsigned int memflags, unsigned int bits);

/* A snapshot of it, in the terms of the public interface. */
struct domain_nodes_state {
    uint32_t flags;
    unsigned int nr_claims;
    xen_node_claim_t claims[XEN_NODE_CLAIM_MAX_ENTRIES];
    xen_node_usage_t usage[MAX_NUMNODES];
};

int domain_set_claims(struct domain *d, uint64_t unique_id,
                      const struct node_claim_request *request,
                      struct node_claim_shortage *shortage);
void domain_get_nodes_state(struct domain *d,
                            struct domain_nodes_state *state);
void domain_finish_creation(struct domain *d);
void get_node_heap(struct xen_sysctl_node_heap *op, xen_node_heap_t *nodes,
                   unsigned int nr_nodes);

/* The mask of online nodes, as the public interface has it. */
uint64_t node_claim_online(void);

/* Copy a claim set in and parse it.  The caller frees, also on error. */
int node_claim_read(XEN_GUEST_HANDLE_64(xen_node_claim_t) claims, uint32_t nr,
                    struct node_claim_request **request);

/*
 * The operations.  Where there is a copyback, it tells whether op is to be
 * copied back.
 */
int set_node_claims(struct domain *d, struct xen_domctl_set_node_claims *op,
                    bool *copyback);
int get_node_claims(struct domain *d, struct xen_domctl_get_node_claims *op,
                    bool *copyback);
long create_on_nodes(struct xen_domctl *op,
                     XEN_GUEST_HANDLE_PARAM(xen_domctl_t) u_domctl);
int node_heap(struct xen_sysctl_node_heap *op);

#endif /* XEN_DOMAIN_NODES_H */
