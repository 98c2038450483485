/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The C library, for the side that is compiled with Xen's headers.  That may
 * call with a stack of Xen's alignment.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "heap.h"

#define ALIGNED __attribute__((__force_align_arg_pointer__))

ALIGNED void *host_zalloc(unsigned long size)
{
    void *p = calloc(1, size);

    if ( !p )
        abort();

    return p;
}

ALIGNED void host_free(void *p)
{
    free(p);
}

/* Large and mostly never touched. */
ALIGNED void host_map(unsigned long address, unsigned long size)
{
    void *want = (void *)address;

    if ( mmap(want, size, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
              MAP_FIXED_NOREPLACE, -1, 0) == want )
        return;

    perror("harness: map memory at its address");
    exit(2);
}

ALIGNED void host_bug(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s at %s:%d\n", what, file, line);
    abort();
}
