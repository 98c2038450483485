/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What this program has a Xen allocate that was built to watch that
 * (./dev lab --traced), and how to make one of its allocations fail.
 *
 * Calls end the program when Xen refuses, unless it says what they return.
 */

#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "xen/heap-trace.h"

/* Is this Xen such a one? */
bool trace_there(void);

/* From now on; of all attempts from here that one fails, counted from 0. */
void trace_start(uint32_t fail);

/* No more.  Returns how many attempts there were. */
uint32_t trace_stop(void);

/* The i-th record since the start; false if there are no more. */
bool trace_record(uint32_t i, struct heap_trace_record *record);

/* How Xen's allocators were asked. */
enum trace_way {
    TRACE_PAGES,                 /* for pages                              */
    TRACE_XMALLOC,               /* for an object of more than a page      */
    TRACE_VMAP,                  /* for virtually contiguous memory        */
    TRACE_POOL,                  /* for small objects, that share pages    */
    TRACE_WAYS
};

extern const char *const trace_ways[TRACE_WAYS];

/* By which function of Xen, and how.  The name lasts. */
const char *trace_origin(const struct heap_trace_record *record,
                         enum trace_way *way);

#endif /* TRACE_H */
