/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Read after Xen's config.h and before everything else that is compiled with
 * Xen's headers: the frame table and the direct map move to addresses of user
 * space, which Xen's own macros then use.
 */

#undef DIRECTMAP_VIRT_START
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DIRECTMAP_VIRT_START 0x7ea000000000UL
#else
#define DIRECTMAP_VIRT_START 0x006000000000UL
#endif
/* Xen's own image, of which there is none, below both. */
#undef XEN_VIRT_START
#define XEN_VIRT_START (FRAMETABLE_VIRT_START - GB(2))

/* What a CPU has is a thread's, where there are several. */
#ifdef HARNESS_THREADS
#define PER_THREAD __thread
#else
#define PER_THREAD
#endif

/* A failed check names its line; the benchmark keeps Xen's own code. */
#ifndef HARNESS_BENCH
#include <xen/bug.h>
#include "heap.h"

#undef BUG
#undef assert_failed
#define BUG() host_bug("BUG", __FILE__, __LINE__)
#define assert_failed(what) host_bug("ASSERT " what, __FILE__, __LINE__)
#endif
