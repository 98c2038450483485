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

/*
 * Fail the test unless the host is as it was.  Structures of a dead domain
 * are freed a little later, so this waits, for 5 s at most.
 */
void host_unchanged(const char *row);

/*
 * The same, but Xen's pools of small objects may have grown or shrunk by as
 * many pages in all: creating vCPUs does that now and then.
 */
void host_unchanged_but(const char *row, uint64_t pages);

/* A snapshot; fails the test if Xen refuses. */
struct heap host_heap(void);

/* Free and not claimed, of a node. */
uint64_t host_available(unsigned int node);

/* The nodes with memory: how many, and the one with most available. */
unsigned int host_nodes(void);
unsigned int host_best_node(void);

#endif /* HOST_H */
