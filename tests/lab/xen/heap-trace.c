/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches what a vCPU has Xen allocate, and makes a chosen attempt fail.
 * Never part of a Xen that anyone uses: hooks.patch puts it into one that is
 * built for tests, stock or patched.
 *
 * One vCPU at a time, whose hypercalls do not run in parallel; so there is no
 * lock.  Interrupts may come in between and do not allocate.
 */

#include <xen/errno.h>
#include <xen/heap-trace.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <xen/sched.h>
#include <xen/string.h>
#include <xen/symbols.h>

#include <asm/current.h>

static const struct vcpu *traced;
static uint32_t fail_at, attempts, nr_records;
static struct heap_trace_record records[HEAP_TRACE_RECORDS];

static bool is_traced(void)
{
    return traced && traced == current;
}

/* Who called: by the frame pointers of this stack, which a debug build has. */
static noinline void find_callers(uint64_t callers[HEAP_TRACE_CALLERS])
{
    const unsigned long *frame = __builtin_frame_address(0);
    const unsigned long top = get_stack_bottom();
    unsigned int i;

    memset(callers, 0, HEAP_TRACE_CALLERS * sizeof(*callers));
    for ( i = 0; i < HEAP_TRACE_CALLERS; i++ )
    {
        const unsigned long *next = (const unsigned long *)frame[0];

        callers[i] = frame[1];
        if ( next <= frame || (unsigned long)next >= top )
            break;
        frame = next;
    }
}

static struct heap_trace_record *new_record(enum heap_trace_what what)
{
    struct heap_trace_record *record = NULL;

    if ( nr_records < HEAP_TRACE_RECORDS )
    {
        record = &records[nr_records];
        record->what = what;
        find_callers(record->callers);
    }
    nr_records++;

    return record;
}

bool heap_trace_attempt(void)
{
    if ( !is_traced() || attempts++ != fail_at )
        return true;

    new_record(HEAP_TRACE_FAILED);

    return false;
}

void heap_trace_pages(const struct page_info *pg, unsigned int order)
{
    struct heap_trace_record *record;

    if ( !is_traced() || !(record = new_record(HEAP_TRACE_PAGES)) )
        return;

    record->mfn = mfn_x(page_to_mfn(pg));
    record->node = page_to_nid(pg);
    record->order = order;
}

/* A block may be freed in part. */
static uint16_t count_in_use(const struct heap_trace_record *record)
{
    uint16_t nr = 0;
    uint64_t i;

    for ( i = 0; i < (1ULL << record->order); i++ )
        nr += page_state_is(mfn_to_page(_mfn(record->mfn + i)), inuse);

    return nr;
}

static int read_record(struct heap_trace_op *op)
{
    if ( op->index >= min_t(uint32_t, nr_records, HEAP_TRACE_RECORDS) )
        return -ENOENT;

    op->record = records[op->index];
    if ( op->record.what == HEAP_TRACE_PAGES )
        op->record.in_use = count_in_use(&op->record);

    return 0;
}

static int find_name(struct heap_trace_op *op)
{
    char buffer[KSYM_NAME_LEN + 1];
    unsigned long size, offset;
    const char *name = symbols_lookup(op->address, &size, &offset, buffer);

    if ( !name )
        return -ENOENT;

    strlcpy(op->name, name, sizeof(op->name));

    return 0;
}

int heap_trace_sysctl(struct heap_trace_op *op)
{
    switch ( op->cmd )
    {
    case HEAP_TRACE_START:
        attempts = nr_records = 0;
        fail_at = op->fail;
        traced = current;
        return 0;

    case HEAP_TRACE_STOP:
        traced = NULL;
        op->attempts = attempts;
        op->records = nr_records;
        return 0;

    case HEAP_TRACE_READ:
        return read_record(op);

    case HEAP_TRACE_NAME:
        return find_name(op);

    default:
        return -EOPNOTSUPP;
    }
}
