/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A host as the placement engine sees it: plain values, filled by the caller
 * from one snapshot of the hypervisor (or from a file, or made up).
 */

#ifndef PLACE_HOST_H
#define PLACE_HOST_H

#include <stdbool.h>
#include <stdint.h>

#define PLACE_MAX_NODES    64u
#define PLACE_NO_DISTANCE  UINT32_MAX

/* Chunks larger than a page: of 2 MiB, and of 1 GiB. */
#define PLACE_LEVELS       2u
#define PLACE_CHUNK_ORDER(level) (9u * ((level) + 1))
#define PLACE_CHUNK_PAGES(level) (UINT64_C(1) << PLACE_CHUNK_ORDER(level))

struct place_node {
    bool online;
    uint64_t present_pages;
    uint64_t free_pages;         /* less what is claimed: free for the next  */
    uint64_t reserve_pages;      /* of the free: low memory left for devices */
    uint64_t chunks[PLACE_LEVELS];       /* free, less those claimed: each
                                            in units of its own level        */
    uint32_t cores;              /* physical                                 */
    uint32_t cpus;               /* logical                                  */
    uint32_t vcpus;              /* of the domains that live here            */
    uint32_t distances[PLACE_MAX_NODES]; /* SLIT, or PLACE_NO_DISTANCE       */
};

struct place_sizes;

struct place_host {
    unsigned int nr_nodes;       /* highest node + 1                         */
    const struct place_sizes *sizes;     /* to expect; NULL: a guess         */
    uint64_t host_claimed_pages; /* claimed, on whatever node they may lie   */
    struct place_node nodes[PLACE_MAX_NODES];
};

/*
 * What was decided, but is not yet visible in the host's free memory: pages
 * (of the overhead of domains being built, say) and vCPUs by node.
 */
struct place_held {
    uint64_t pages[PLACE_MAX_NODES];
    uint64_t chunks[PLACE_LEVELS][PLACE_MAX_NODES];
    uint32_t vcpus[PLACE_MAX_NODES];
};

/*
 * Check that a host is usable: node count within bounds, no node with more
 * free than present memory or more chunks than it, sums that cannot wrap.  Any
 * distance is usable.
 * Returns 0, or -1 with EINVAL.
 */
int place_host_check(const struct place_host *host);

#endif /* PLACE_HOST_H */
