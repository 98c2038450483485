/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What this program has a Xen allocate that was built to watch that
 * (./dev lab --traced), and how to make one of its allocations fail.  Objects
 * of xmalloc are recorded for whoever has them allocated.
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

/* From now on. */
void trace_start(void);

/*
 * Of all attempts from now on that one fails, counted from 0; or none.
 * Returns how many there were since the start, or since this was called last.
 */
uint32_t trace_fail(uint32_t attempt);
#define TRACE_NONE HEAP_TRACE_FAIL_NONE

/* No more. */
void trace_stop(void);

/*
 * The first record from the i-th on of what is not freed, and its number;
 * false if there are no more.
 */
bool trace_record(uint32_t *i, enum heap_trace_what what,
                  struct heap_trace_record *record);

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

/* Was it called by that function, directly or not? */
bool trace_within(const struct heap_trace_record *record, const char *name);

#endif /* TRACE_H */
