/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the benchmark measures: nothing but calls of Xen's functions.  A block
 * is 2^order pages; all of a batch belong to one domain.
 */

#ifndef HARNESS_LOOP_H
#define HARNESS_LOOP_H

#include "heap.h"

#define LOOP_BLOCKS (1U << 18)

/* On any node; ends the process if there is not so much. */
void loop_alloc(int slot, unsigned int order, unsigned int nr);
void loop_free(unsigned int order, unsigned int nr);

/* Entries are prepared first, then a set is parsed and installed, nr times. */
void loop_prepare(const struct heap_claim *claims, unsigned int nr_claims);
void loop_claim(int slot, unsigned int nr);

#endif /* HARNESS_LOOP_H */
