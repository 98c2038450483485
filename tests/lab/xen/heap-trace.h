/* SPDX-License-Identifier: MIT */
/*
 * The interface of a Xen that was built to watch its allocations
 * (heap-trace.c): one operation of sysctl, on what the calling vCPU allocates.
 * Every attempt counts, of whole pages, of small objects and of virtual address
 * space.  Objects are recorded whoever allocates them, since they share pages.
 */

#ifndef HEAP_TRACE_H
#define HEAP_TRACE_H

#ifdef __XEN__
#include <xen/types.h>

struct page_info;

/* Does this Xen do as if it could not create on nodes? */
extern bool heap_trace_no_create;

/* May this allocation be made?  Asked before each. */
bool heap_trace_attempt(void);
/* Pages were allocated. */
void heap_trace_pages(const struct page_info *pg, unsigned int order);
/* An object was allocated, or not if it is NULL.  Returns it. */
void *heap_trace_object(void *object);
/* Any vCPU frees an object. */
void heap_trace_freed(const void *object);
struct heap_trace_op;
int heap_trace_sysctl(struct heap_trace_op *op);
#else
#include <stdint.h>
#endif

/* Not a sysctl of any Xen. */
#define HEAP_TRACE_SYSCTL 0x7e57

#define HEAP_TRACE_CALLERS 13
#define HEAP_TRACE_RECORDS 32768

enum heap_trace_cmd {
    HEAP_TRACE_START,            /* from now on, with no record            */
    HEAP_TRACE_FAIL,             /* in: fail, of the attempts from now on;
                                    out: attempts until now                */
    HEAP_TRACE_STOP,             /* out: records                           */
    HEAP_TRACE_READ,             /* in: index, record.what; out: the first
                                    from there on of what is not freed     */
    HEAP_TRACE_NAME,             /* in: address; out: name                 */
};

enum heap_trace_what {
    HEAP_TRACE_PAGES,
    HEAP_TRACE_OBJECT,           /* of any size, by xmalloc                */
    HEAP_TRACE_FAILED,           /* the attempt that was made to fail      */
};

/* What was allocated, by whom: return addresses, the innermost first. */
struct heap_trace_record {
    union {
        uint64_t mfn;            /* of pages                               */
        uint64_t address;        /* of an object                           */
    };
    uint16_t what;
    uint16_t order;
    uint16_t node;
    uint16_t in_use;             /* still: pages of the block, or objects  */
    uint64_t callers[HEAP_TRACE_CALLERS];
};

struct heap_trace_op {
    uint32_t cmd;
    union {
        uint32_t fail;           /* the attempt that fails; 0 is the first */
        uint32_t index;
    };
#define HEAP_TRACE_FAIL_NONE UINT32_MAX
    union {
        struct {
            uint32_t attempts;
            uint32_t records;    /* more than there is room for are lost   */
        };
        struct heap_trace_record record;
        struct {
            uint64_t address;
            char name[64];
        };
    };
};

#endif /* HEAP_TRACE_H */
