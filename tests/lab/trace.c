/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Calls of a Xen that watches its allocations, and whose they were.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hypercall.h"
#include "trace.h"

const char *const trace_ways[TRACE_WAYS] = {
    [TRACE_PAGES] = "pages",
    [TRACE_XMALLOC] = "xmalloc",
    [TRACE_VMAP] = "vmap",
    [TRACE_POOL] = "pool",
};

static int call(struct heap_trace_op *op)
{
    return hypercall_sysctl(HEAP_TRACE_SYSCTL, op, sizeof(*op));
}

static void insist(const char *what, int rc)
{
    if ( !rc )
        return;

    fprintf(stderr, "heap trace: %s: %s\n", what, strerror(-rc));
    exit(1);
}

bool trace_there(void)
{
    struct heap_trace_op op = { .cmd = HEAP_TRACE_STOP };

    return !call(&op);
}

void trace_start(void)
{
    struct heap_trace_op op = { .cmd = HEAP_TRACE_START };

    insist("start", call(&op));
}

uint32_t trace_fail(uint32_t attempt)
{
    struct heap_trace_op op = { .cmd = HEAP_TRACE_FAIL, .fail = attempt };

    insist("fail", call(&op));

    return op.attempts;
}

void trace_stop(void)
{
    struct heap_trace_op op = { .cmd = HEAP_TRACE_STOP };

    insist("stop", call(&op));
    if ( op.records > HEAP_TRACE_RECORDS )
        insist("more records than there is room for", -ENOSPC);
}

bool trace_record(uint32_t *i, enum heap_trace_what what,
                  struct heap_trace_record *record)
{
    struct heap_trace_op op = {
        .cmd = HEAP_TRACE_READ, .index = *i, .record.what = what,
    };
    int rc = call(&op);

    if ( rc == -ENOENT )
        return false;
    insist("read", rc);
    *i = op.index;
    *record = op.record;

    return true;
}

/* Without the file that Xen puts before it, and what a compiler appends. */
static char *plain_name(char *name)
{
    char *file = strchr(name, '#');

    name = file ? file + 1 : name;
    name[strcspn(name, ".")] = 0;

    return strdup(name);
}

/* The name of the function that an address is in, asked for once. */
static const char *name_of(uint64_t address)
{
    static struct {
        uint64_t address;
        char *name;
    } known[4096];
    unsigned int i = address % 4093;
    struct heap_trace_op op = { .cmd = HEAP_TRACE_NAME };

    for ( ; known[i].name && known[i].address != address; i = (i + 1) % 4096 )
        ;
    if ( !known[i].name )
    {
        op.address = address;
        known[i].address = address;
        known[i].name = plain_name(call(&op) ? (char[]){ "?" } : op.name);
        if ( !known[i].name )
            insist("name", -ENOMEM);
    }

    return known[i].name;
}

/* The trace and Xen's allocators, and what it means if one was called. */
static const struct {
    const char *name;
    enum trace_way way;
} allocators[] = {
    { "add_record", TRACE_PAGES },
    { "heap_trace_attempt", TRACE_PAGES },
    { "heap_trace_object", TRACE_XMALLOC },
    { "heap_trace_pages", TRACE_PAGES },
    { "alloc_heap_pages", TRACE_PAGES },
    { "alloc_domheap_pages", TRACE_PAGES },
    { "alloc_xenheap_pages", TRACE_PAGES },
    { "alloc_overhead_pages", TRACE_PAGES },
    { "alloc_overhead_xenheap_pages", TRACE_PAGES },
    { "get_domheap_pages", TRACE_PAGES },
    { "get_overhead_pages", TRACE_PAGES },
    { "get_xenheap_pages", TRACE_PAGES },
    { "_xmalloc", TRACE_XMALLOC },
    { "_xzalloc", TRACE_XMALLOC },
    { "_xrealloc", TRACE_XMALLOC },
    { "xmalloc_whole_pages", TRACE_XMALLOC },
    { "alloc_cpumask_var", TRACE_XMALLOC },
    { "zalloc_cpumask_var", TRACE_XMALLOC },
    { "_xvmalloc", TRACE_XMALLOC },
    { "_xvzalloc", TRACE_XMALLOC },
    { "vmalloc", TRACE_VMAP },
    { "vmalloc_type", TRACE_VMAP },
    { "vm_alloc", TRACE_VMAP },
    { "vzalloc", TRACE_VMAP },
    { "xmem_pool_alloc", TRACE_POOL },
    { "xmalloc_pool_get", TRACE_POOL },
};

#define NR_ALLOCATORS (sizeof(allocators) / sizeof(allocators[0]))

const char *trace_origin(const struct heap_trace_record *record,
                         enum trace_way *way)
{
    const char *name = "?";
    unsigned int i, j;

    *way = TRACE_PAGES;
    for ( i = 0; i < HEAP_TRACE_CALLERS && record->callers[i]; i++ )
    {
        name = name_of(record->callers[i]);
        for ( j = 0; j < NR_ALLOCATORS; j++ )
            if ( !strcmp(name, allocators[j].name) )
                break;
        if ( j == NR_ALLOCATORS )
            break;
        if ( allocators[j].way > *way )
            *way = allocators[j].way;
    }

    return name;
}

bool trace_within(const struct heap_trace_record *record, const char *name)
{
    unsigned int i;

    for ( i = 0; i < HEAP_TRACE_CALLERS && record->callers[i]; i++ )
        if ( !strcmp(name_of(record->callers[i]), name) )
            return true;

    return false;
}
