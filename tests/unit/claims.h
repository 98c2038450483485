/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A host for the tests of the accounting core, and claims on it.
 */

#ifndef CLAIMS_H
#define CLAIMS_H

#include <xen/node-claim.h>

#define HOST XEN_NODE_CLAIM_HOST
#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Nodes 0 to 3 and 63 are online. */
#define ONLINE (0xfULL | 1ULL << 63)

extern struct node_claim_heap heap;

/* Free blocks of a node. */
void give(unsigned int node, unsigned int order, unsigned int nr);

/* Two nodes of 100 pages, no two in one block. */
void start(void);

/* As many pages as a set's domain may take, up to a number. */
uint64_t take_pages(struct node_claim_set *set, unsigned int node,
                    uint64_t want);

/* Claims for a domain, of two nodes and the host; 0 for none. */
int install(struct node_claim_set *set, uint64_t node0, uint64_t node1,
            uint64_t host, struct node_claim_shortage *shortage);

/* Claims as entries, for a domain without a limit. */
int install_entries(struct node_claim_set *set,
                    const struct xen_node_claim *entries, uint32_t nr,
                    struct node_claim_shortage *shortage);

struct counters {
    uint64_t free, claimed, host, free0, claimed0, free1, claimed1;
};

/* The counters of the host are these, or the test fails. */
void expect(const char *row, struct counters want);

#endif /* CLAIMS_H */
