/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Mutexes of the C library, for locks of Xen's that several threads take:
 * one for the heap, and one for each domid.
 */

#ifndef HARNESS_MUTEX_H
#define HARNESS_MUTEX_H

#define MUTEX_HEAP 0

void mutex_lock(unsigned int nr);
int mutex_try(unsigned int nr);
void mutex_unlock(unsigned int nr);

#endif /* HARNESS_MUTEX_H */
