/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The placement engine: which nodes a domain goes to.
 *
 * Pure functions: no I/O, no clock, no global state, integer arithmetic, and
 * the same answer for the same question.  It decides; whether the memory can
 * really be had is for the hypervisor to say when the claim is installed.
 */

#ifndef PLACE_PLACE_H
#define PLACE_PLACE_H

#include <stddef.h>
#include <stdint.h>

#include "host.h"
#include "request.h"

struct place_plan {
    unsigned int home_node;      /* holds the domain's structures            */
    uint64_t nodes;              /* mask of nodes with pages > 0             */
    uint64_t cpu_nodes;          /* where the vCPUs should run: maybe fewer  */
    uint64_t pages[PLACE_MAX_NODES];    /* guest memory; sums to guest_pages */
    uint64_t chunks[PLACE_LEVELS][PLACE_MAX_NODES];  /* of that, promised    */
    uint64_t overhead_pages;     /* on the home node                         */
};

/* Why a node was, or was not, chosen. */
enum place_verdict {
    PLACE_CHOSEN,
    PLACE_WORSE,                 /* would do, but another one is better      */
    PLACE_OFFLINE,
    PLACE_NOT_ALLOWED,           /* not in the request's mask                */
    PLACE_NO_MEMORY,             /* too little unclaimed memory              */
    PLACE_NO_CORES,              /* fewer cores than vCPUs                   */
    PLACE_NO_CHUNKS_LEFT,        /* too few of the chunks that are required  */
};

struct place_reason {
    enum place_verdict verdict[PLACE_MAX_NODES];
    uint64_t missing_pages[PLACE_MAX_NODES];  /* with PLACE_NO_MEMORY        */
    uint64_t host_missing_pages;  /* 0 if all allowed nodes together fit     */
    uint64_t claimed_missing_pages; /* 0 if the host's claims leave enough   */
    uint32_t need_cpus;           /* of one node; 0 if several would do      */
    uint64_t gap;                /* by how much another set of as many nodes
                                    may be nearer: distances of all pairs,
                                    both ways; 0: none is                    */
};

/*
 * Place one request.  held may be NULL; reason may be NULL.  Returns 0 with
 * plan and reason filled in, or -1 with reason filled in and errno ENOSPC
 * (fits nowhere) or EINVAL (request or host make no sense).
 */
int place(const struct place_host *host, const struct place_held *held,
          const struct place_request *request, struct place_plan *plan,
          struct place_reason *reason);

/*
 * Place several requests that came together, so that as much memory as can be
 * found in bounded time is placed, then as many domains, then on as few nodes.
 * The result does not depend on their order, but for equal requests.  rc[i] is
 * 0 or the errno of request i; what a refused one lacks, by its reason, it
 * lacks next to all that were placed.  Of more than 512 requests the largest
 * go first, and none moves afterwards.  Returns the number of those that were
 * placed.
 */
size_t place_batch(const struct place_host *host,
                   const struct place_held *held,
                   const struct place_request *requests, size_t nr,
                   struct place_plan *plans, struct place_reason *reasons,
                   int *rc);

/* The indices of requests in the order in which place_batch places them. */
void place_batch_order(const struct place_request *requests, size_t nr,
                       size_t *order);

/* How many of a domain's vCPUs count on one of the nodes where they run. */
uint32_t place_vcpus_on(uint64_t cpu_nodes, uint32_t vcpus, unsigned int node);

/* Add what a plan takes to what is held, or take it out again. */
void place_hold(struct place_held *held, const struct place_plan *plan,
                uint32_t vcpus);
void place_unhold(struct place_held *held, const struct place_plan *plan,
                  uint32_t vcpus);

/* In MiB, rounded up, for people. */
uint64_t place_mib(uint64_t pages);

/* One line for people: "node 0: 12 MiB short", and so on. */
void place_reason_text(const struct place_reason *reason,
                       const struct place_host *host, char *text,
                       size_t size);

/*
 * The same for a request that was refused with ENOSPC, headed by what there
 * is not enough of, memory or CPUs, and what to do about it.
 */
void place_refusal_text(const struct place_request *request,
                        const struct place_reason *reason,
                        const struct place_host *host, char *text,
                        size_t size);

#endif /* PLACE_PLACE_H */
