/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where the memory of every domain is, as Xen itself says on its console.
 *
 * The debug key u makes Xen walk the page list of every domain and print
 * pages per node, and the free pages of every node.  It knows nothing of
 * claims, of the daemon or of a toolstack: that makes it a witness.  Its text
 * is the console's, so other messages may stand between its lines, and the
 * start may be lost when the console's ring wrapped.
 */

#ifndef DEMO_WITNESS_H
#define DEMO_WITNESS_H

#include <stdint.h>

#include "line.h"

/* What Xen is built for on x86. */
#define WITNESS_NODES 64

/* More than 52 bits of address can hold. */
#define WITNESS_PAGES (UINT64_C(1) << 40)

/* Room for any reason that is given below. */
#define WHY_SIZE 200

struct witness_domain {
    unsigned int domid;
    uint64_t pages;                     /* in all                            */
    uint64_t node_pages[WITNESS_NODES];
};

struct witness {
    uint64_t nodes;                     /* a bit for each node online        */
    uint64_t free_pages[WITNESS_NODES];
    struct witness_domain *domains;     /* as Xen lists them, domain 0 too   */
    unsigned int nr_domains;
};

/*
 * Reads the last complete answer to the key in the text.  0, or -1 with errno
 * and the reason in why: EBADMSG if there is none, or if it contradicts
 * itself (pages of the nodes that are not the domain's pages, a node twice,
 * a node missing, more pages than a machine can have); ENOMEM.  On
 * success the caller disposes.
 */
int witness_read(struct witness *witness, struct text text,
                 char why[WHY_SIZE]);
void witness_dispose(struct witness *witness);

/* Pages on the node that has most of the domain's. */
uint64_t witness_best_pages(const struct witness_domain *domain);

#endif /* DEMO_WITNESS_H */
