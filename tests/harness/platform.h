/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What only this folder's own files know of the rest of Xen.  For those that
 * are compiled with Xen's headers.
 */

#ifndef HARNESS_PLATFORM_H
#define HARNESS_PLATFORM_H

#include <xen/sched.h>

extern unsigned int harness_dma_bits;
extern PER_THREAD unsigned long harness_scrubbed;
extern unsigned char *harness_hole;     /* by frame: there is no memory     */

/* The domain of a slot; it was created. */
struct domain *harness_domain(int slot);
/* What it takes of the direct map, behind all memory. */
unsigned long harness_domain_frames(void);

/* The one that guards the heap and all claims. */
const spinlock_t *harness_heap_lock(void);
/* Nothing is allocated, copied or printed with heap_lock held. */
void harness_check_unlocked(void);

#endif /* HARNESS_PLATFORM_H */
