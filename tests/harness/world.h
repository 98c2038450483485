/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The host that a run has: whose each page is, what is allocated, what claims
 * should be.  One a process, so that all of it is global; operations change it
 * together with Xen's heap, and world_check() compares the two.
 */

#ifndef HARNESS_WORLD_H
#define HARNESS_WORLD_H

#include "drive.h"
#include "expect.h"
#include "heap.h"
#include "random.h"

/* Whose a page is, beside a domain's. */
enum { NO_MEMORY = -1, FREE = -2, ANONYMOUS = -3, OFFLINE = -4, BROKEN = -5 };

/* Marks of a page beside its owner. */
#define MARK_SEEN 1       /* in this walk                                   */
#define MARK_LEAVING 2    /* goes offline when it is freed                  */
#define MARK_BROKEN 4     /* and stays so                                   */

struct block {
    unsigned long mfn;
    unsigned int order, flags;
    int domain;
};

extern const struct drive_options *options;
extern struct drive_counts *counts;
extern struct random random_state;
extern const char *what;                   /* is being done                 */

extern struct heap_layout layout;
extern struct expect expect;

/* By page. */
extern unsigned long max_mfn;
extern signed char *owner;
extern unsigned char *mark, *node_of;

extern struct block *blocks;               /* allocated                     */
extern unsigned long nr_blocks, max_blocks;
extern unsigned long *offline, nr_offline, max_offline, nr_broken;

/* By domain: where its memory may be, and where Xen's own for it is. */
extern unsigned long affinity[EXPECT_DOMAINS];
extern unsigned int home[EXPECT_DOMAINS];

/* By the last walk. */
extern unsigned long walked_free[HEAP_NODES][HEAP_LEVELS];

void __attribute__((__noreturn__, __format__(__printf__, 1, 2)))
wrong(const char *format, ...);

/* Tables for the layout, and what Xen made of it. */
void world_create(void);

/* The free lists, and all that Xen tells. */
void world_walk(void);

/* How much is free in chunks is taken from Xen; the next walk proves it. */
void world_learn(void);

/* After each operation; slot is the domain that had to do with it. */
void world_check(int slot);

/* Free pages came or went; a page that is freed goes offline instead. */
void world_set_free(unsigned int node, long pages);
void world_put_offline(unsigned long mfn);

/* One that exists, or HEAP_NO_DOMAIN. */
int world_random_domain(void);

#endif /* HARNESS_WORLD_H */
