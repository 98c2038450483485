/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Several threads on one heap.  They run for a phase, all at once, and no one
 * knows what comes of it; then nothing runs, and every page and every claim
 * has to be somewhere, once.
 *
 * Each thread has a domain of its own, which nobody else claims for: what it
 * claims it has to get.  The other domains are everybody's.
 */

#ifndef HARNESS_THREADS_H
#define HARNESS_THREADS_H

#include <stdbool.h>

#include "drive.h"
#include "heap.h"
#include "random.h"

#define THREADS 4
#define THREAD_DOMAINS 8
#define THREAD_BLOCKS 2048
#define THREAD_OFFLINE 512

struct thread_block {
    unsigned long mfn;
    unsigned int order, flags;
};

struct thread {
    unsigned int nr;             /* and the slot of its own domain          */
    unsigned long quota;         /* operations in this phase                */
    unsigned int bias;
    struct random random;
    struct drive_counts counts;
    /* What it holds that no domain owns; and what it took offline. */
    struct thread_block block[THREAD_BLOCKS];
    unsigned long offline[THREAD_OFFLINE];
    unsigned int nr_blocks, nr_offline;
    /* What its own domain claims, and had recalled before or since.        */
    struct heap_claim claims[4];
    unsigned int nr_claims;
    unsigned long claimed;
};

/* Changes between phases, or with everybody kept out. */
struct thread_domain {
    bool exists;
    unsigned long affinity;
    unsigned int max_pages, home;
};

extern struct heap_layout layout;
extern struct thread threads[THREADS];
extern struct thread_domain domains[THREAD_DOMAINS];

/* By page: memory at all, and to go offline; a broken one for good. */
extern unsigned long max_mfn, nr_broken;
extern unsigned char *is_memory, *leaving, *broken, *node_of;

void __attribute__((__noreturn__, __format__(__printf__, 2, 3)))
thread_wrong(const struct thread *t, const char *format, ...);

/* One operation; and the ones that a run ends with. */
void thread_op(struct thread *t);
void thread_free_block(struct thread *t, unsigned int index);
void thread_online(struct thread *t, unsigned int index);
void thread_create_domain(struct thread *t, unsigned int slot);

/* Allocate while no page goes offline. */
unsigned long thread_alloc(const struct heap_request *request);

/* Claim what only this thread may redeem, or redeem it, by turns. */
void thread_op_build(struct thread *t);
unsigned int thread_random_claims(struct thread *t, struct heap_claim *claims,
                                  unsigned int most);

/* While nothing runs: NULL, or what is wrong. */
const char *threads_check(void);
/* One snapshot, at any time; and as an operation. */
const char *threads_check_report(const struct heap_report *report);
void thread_report(struct thread *t, struct heap_report *report);

#endif /* HARNESS_THREADS_H */
