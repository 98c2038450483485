/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches what a vCPU has Xen allocate, and makes a chosen attempt fail.
 * Never part of a Xen that anyone uses: hooks.patch puts it into one that is
 * built for tests, stock or patched.
 *
 * One vCPU at a time, whose hypercalls do not run in parallel.
 */

#include <xen/errno.h>
#include <xen/heap-trace.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/string.h>
#include <xen/symbols.h>

#include <public/sysctl.h>

#include <asm/current.h>

/* See without-create.patch. */
bool __ro_after_init heap_trace_no_create;
boolean_param("claims-only", heap_trace_no_create);

static const struct vcpu *traced;
static uint32_t fail_at, attempts;

/* Of records, which any CPU may add to. */
static DEFINE_SPINLOCK(lock);
static struct heap_trace_record records[HEAP_TRACE_RECORDS];
static uint32_t nr_records;
/* One whose object is no more, for the next; or none. */
static struct heap_trace_record *unused;

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

/* Adds who called to it. */
static void add_record(struct heap_trace_record *record)
{
    struct heap_trace_record *slot = NULL;
    unsigned long flags;

    find_callers(record->callers);

    spin_lock_irqsave(&lock, flags);
    if ( record->what == HEAP_TRACE_OBJECT && unused )
    {
        slot = unused;
        unused = NULL;
    }
    else if ( nr_records++ < HEAP_TRACE_RECORDS )
        slot = &records[nr_records - 1];
    if ( slot )
        *slot = *record;
    spin_unlock_irqrestore(&lock, flags);
}

bool heap_trace_attempt(void)
{
    struct heap_trace_record record = { .what = HEAP_TRACE_FAILED };

    if ( !is_traced() || attempts++ != fail_at )
        return true;

    add_record(&record);

    return false;
}

void heap_trace_pages(const struct page_info *pg, unsigned int order)
{
    struct heap_trace_record record = {
        .what = HEAP_TRACE_PAGES, .mfn = mfn_x(page_to_mfn(pg)),
        .node = page_to_nid(pg), .order = order,
    };

    if ( is_traced() )
        add_record(&record);
}

void *heap_trace_object(void *object)
{
    struct heap_trace_record record = {
        .what = HEAP_TRACE_OBJECT, .address = (unsigned long)object,
        .in_use = 1,
    };

    if ( object && traced )
        add_record(&record);

    return object;
}

void heap_trace_freed(const void *object)
{
    unsigned long flags;
    uint32_t i;

    spin_lock_irqsave(&lock, flags);
    for ( i = min_t(uint32_t, nr_records, HEAP_TRACE_RECORDS); i--; )
        if ( records[i].what == HEAP_TRACE_OBJECT && records[i].in_use &&
             records[i].address == (unsigned long)object )
        {
            records[i].in_use = 0;
            unused = &records[i];
            break;
        }
    spin_unlock_irqrestore(&lock, flags);
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

/* Of what is asked for; not what was freed. */
static bool is_wanted(const struct heap_trace_record *record, uint16_t what)
{
    return record->what == what &&
           (what == HEAP_TRACE_FAILED || record->in_use);
}

/* The first from an index on. */
static int read_record(struct heap_trace_op *op)
{
    const uint16_t what = op->record.what;

    for ( ; op->index < min_t(uint32_t, nr_records, HEAP_TRACE_RECORDS);
          op->index++ )
    {
        op->record = records[op->index];
        if ( op->record.what == HEAP_TRACE_PAGES )
            op->record.in_use = count_in_use(&op->record);
        if ( is_wanted(&op->record, what) )
            return 0;
    }

    return -ENOENT;
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
    BUILD_BUG_ON(sizeof(*op) > sizeof(((struct xen_sysctl *)0)->u));

    switch ( op->cmd )
    {
    case HEAP_TRACE_START:
        attempts = nr_records = 0;
        fail_at = HEAP_TRACE_FAIL_NONE;
        unused = NULL;
        traced = current;
        return 0;

    case HEAP_TRACE_FAIL:
        fail_at = op->fail;
        op->attempts = attempts;
        attempts = 0;
        return 0;

    case HEAP_TRACE_STOP:
        traced = NULL;
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
