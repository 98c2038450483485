/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a test must leave of the host: free and claimed memory of every node,
 * to the page.
 */

#ifndef HOST_H
#define HOST_H

#include <stdint.h>

#include "hypercall.h"

/* Take the state that the test begins with. */
void host_begin(void);

/* Wait until the host is so again, for 5 s at most.  Returns how it is. */
struct heap host_settle(void);

/*
 * Fail the test unless the host is as it was: free and claimed memory of each
 * node, to the page.  Structures of a dead domain are freed a little later,
 * so this waits, for 5 s at most.
 */
void host_unchanged(const char *row);

/*
 * The same, but Xen's pools of small objects may have grown or shrunk by as
 * many pages in all: creating vCPUs does that now and then.
 */
void host_unchanged_but(const char *row, uint64_t pages);

/* A snapshot; ends the program if Xen refuses. */
struct heap host_heap(void);

/* Free and not claimed, of a node. */
uint64_t host_available(unsigned int node);

/*
 * The nodes on which a test can do something, by what they have free: how
 * many, and the i-th of them, counted round.  Ask before anything is taken.
 */
#define HOST_NODE_PAGES 16384u
unsigned int host_nodes(void);
unsigned int host_node(unsigned int i);
/* The one with most of it. */
unsigned int host_best_node(void);
/* One that has a chunk of 1 GiB, or XEN_NODE_CLAIM_HOST. */
uint32_t host_giant_node(void);

#endif /* HOST_H */
