/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Read after Xen's config.h and before everything else that is compiled with
 * Xen's headers: the frame table and the direct map move to addresses of user
 * space, which Xen's own macros then use.
 */

#undef DIRECTMAP_VIRT_START
#ifdef __SANITIZE_ADDRESS__
#define DIRECTMAP_VIRT_START 0x7ea000000000UL
#else
#define DIRECTMAP_VIRT_START 0x006000000000UL
#endif
/* Xen's own image, of which there is none, below both. */
#undef XEN_VIRT_START
#define XEN_VIRT_START (FRAMETABLE_VIRT_START - GB(2))

/* A failed check names its line; the benchmark keeps Xen's own code. */
#ifndef HARNESS_BENCH
#include <xen/bug.h>
#include "heap.h"

#undef BUG
#undef assert_failed
#define BUG() host_bug("BUG", __FILE__, __LINE__)
#define assert_failed(what) host_bug("ASSERT " what, __FILE__, __LINE__)
#endif
