/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What claims should be: a second implementation, of the rules and not of the
 * code.  It counts in chunks, keeps what each domain holds, and knows nothing
 * of how sums over domains are kept.
 */

#ifndef HARNESS_EXPECT_H
#define HARNESS_EXPECT_H

#include <stdbool.h>

#include "heap.h"

#define EXPECT_DOMAINS 24

struct expect_node {
    unsigned long chunks[HEAP_LEVELS], overhead, recalled;
    unsigned long guest_pages, overhead_pages;
};

struct expect_domain {
    bool exists, dying, finished, paused, legacy;
    unsigned int max_pages, pages;
    unsigned long host;
    struct expect_node node[HEAP_NODES];
};

struct expect {
    unsigned int nr_nodes;
    unsigned long free[HEAP_NODES][HEAP_LEVELS];
    struct expect_domain domain[EXPECT_DOMAINS];
    /* Sums over the domains, in pages; claimed: of at least that level. */
    unsigned long claimed[HEAP_NODES][HEAP_LEVELS];
    unsigned long overhead[HEAP_NODES], host, total, total_free;
};

enum expect_kind { EXPECT_GUEST, EXPECT_OVERHEAD };

unsigned int expect_level(unsigned int order);
unsigned long expect_guest(const struct expect_domain *d, unsigned int node);
unsigned long expect_claims(const struct expect *e, unsigned int slot);

/* Could that many pages be taken on a node, out of whatever block? */
bool expect_possible(struct expect *e, int slot, enum expect_kind kind,
                     unsigned int node, unsigned int order);

void expect_redeem(struct expect *e, int slot, enum expect_kind kind,
                   unsigned int node, unsigned int order);
void expect_release(struct expect *e, unsigned int slot);
/* 0 or -errno, and then nothing changed. */
int expect_install(struct expect *e, unsigned int slot,
                   const struct heap_claim *claims, unsigned int nr);
int expect_legacy(struct expect *e, unsigned int slot, unsigned long pages);
/* Free memory of the node went away. */
void expect_recall(struct expect *e, unsigned int node);

/* NULL, or what Xen has otherwise. */
const char *expect_differs(const struct expect *e);
const char *expect_domain_differs(const struct expect *e, unsigned int slot);
const char *expect_broken(const struct expect *e);

#endif /* HARNESS_EXPECT_H */
