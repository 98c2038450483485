/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Mutexes of the C library, for locks of Xen's that several threads take:
 * one for the heap, one for each domid, and some others.
 */

#ifndef HARNESS_MUTEX_H
#define HARNESS_MUTEX_H

#include "heap.h"

#define MUTEX_HEAP 0
#define MUTEX_OTHERS (1 + HEAP_DOMAINS)
#define MUTEX_NR_OTHERS 4
#define MUTEXES (MUTEX_OTHERS + MUTEX_NR_OTHERS)

void mutex_lock(unsigned int nr);
int mutex_try(unsigned int nr);
void mutex_unlock(unsigned int nr);

#endif /* HARNESS_MUTEX_H */
