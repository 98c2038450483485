/* SPDX-License-Identifier: LGPL-2.1-only */
/* See check.h. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check-private.h"

#define ALL_BAD(rc) ((rc) == -EINVAL || (rc) == -ENOENT || (rc) == -ERANGE)

struct expect expect;

unsigned long check_address;
enum fuzz_fault check_fault;

static bool is_sysctl;
static unsigned long generation;
static bool allowed[GUEST_SIZE];

void __attribute__((__noreturn__, __format__(__printf__, 1, 2)))
check_wrong(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

static void learn(void)
{
    struct heap_node_figures figures;
    unsigned int node, level;

    for ( node = 0; node < expect.nr_nodes; node++ )
    {
        heap_node_figures(node, &figures);
        for ( level = 1; level < HEAP_LEVELS; level++ )
            expect.free[node][level] = figures.free[level];
    }
}

void check_state(void)
{
    const char *error;
    unsigned int slot;

    learn();
    error = expect_differs(&expect);
    if ( !error )
        error = expect_broken(&expect);
    for ( slot = 0; !error && slot < FUZZ_DOMAINS; slot++ )
    {
        if ( fuzz_exists(slot) != expect.domain[slot].exists )
            check_wrong("domain %u: is there, or is not", slot);
        if ( expect.domain[slot].exists )
            error = expect_domain_differs(&expect, slot);
    }
    if ( error )
        check_wrong("differs: %s", error);
}

void check_may_write(uint64_t at, uint64_t len)
{
    for ( ; len; at++, len-- )
        if ( at >= GUEST_START && at - GUEST_START < GUEST_SIZE )
            allowed[at - GUEST_START] = true;
}

long check_copied_back(long rc, uint64_t at, uint64_t len)
{
    check_may_write(at, len);

    return guest_writable(at, len) ? rc : -EFAULT;
}

static bool overlap(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
    return a < b + b_len && b < a + a_len;
}

/* Does the caller say that two things are in the same place? */
static bool shares(void)
{
    const struct fuzz_domctl *op = check_was(GUEST_START);
    const struct xen_node_placement *placement;
    uint64_t at[4] = { check_address }, len[4] = { sizeof(*op) };
    unsigned int nr = 1, i, j;

    /* That one reads nothing but its structure. */
    if ( is_sysctl )
        return false;
    if ( op->cmd == XEN_DOMCTL_set_node_claims )
    {
        at[nr] = op->u.set.claims;
        len[nr++] = op->u.set.nr_claims * sizeof(xen_node_claim_t);
    }
    else if ( op->cmd == XEN_DOMCTL_get_node_claims )
    {
        at[nr] = op->u.get.claims;
        len[nr++] = XEN_NODE_CLAIM_MAX_ENTRIES * sizeof(xen_node_claim_t);
        at[nr] = op->u.get.nodes;
        len[nr++] = expect.nr_nodes * sizeof(xen_node_usage_t);
    }
    else
    {
        at[nr] = op->u.create.createdomain;
        len[nr++] = fuzz_createdomain_size();
        at[nr] = op->u.create.placement;
        len[nr++] = sizeof(*placement);
        if ( guest_readable(op->u.create.placement, sizeof(*placement)) )
        {
            placement = check_was(op->u.create.placement);
            at[nr] = placement->claims;
            len[nr++] = placement->nr_claims * sizeof(xen_node_claim_t);
        }
    }

    for ( i = 0; i < nr; i++ )
        for ( j = 0; j < i; j++ )
            if ( overlap(at[i], len[i], at[j], len[j]) )
                return true;

    return false;
}

void check_begin(unsigned long at, int sysctl, enum fuzz_fault what)
{
    struct heap_figures figures;

    check_address = at;
    is_sysctl = sysctl;
    check_fault = what;
    guest_begin();
    guest.may_share = shares();
    memset(allowed, 0, sizeof(allowed));
    heap_figures(&figures);
    generation = figures.generation;
}

static long want_domctl(void)
{
    const struct fuzz_domctl *op = check_was(check_address);
    unsigned int slot;

    if ( !guest_readable(check_address, sizeof(*op)) )
        return -EFAULT;
    if ( op->version != fuzz_domctl_version() )
        return -EACCES;
    if ( op->cmd == XEN_DOMCTL_create_on_nodes )
        return check_create(op);
    if ( op->cmd != XEN_DOMCTL_set_node_claims &&
         op->cmd != XEN_DOMCTL_get_node_claims )
        return -ENOSYS;

    slot = op->domain - 1;
    if ( slot >= FUZZ_DOMAINS || !expect.domain[slot].exists )
        return -ESRCH;
    if ( check_fault == FAULT_ACCESS )
        return -EPERM;

    return op->cmd == XEN_DOMCTL_set_node_claims ? check_set(op, slot)
                                                 : check_get(op, slot);
}

static void check_heap(const struct xen_sysctl_node_heap *heap)
{
    const xen_node_heap_t *nodes = check_is(heap->nodes);
    uint32_t i;

    if ( heap->abi != XEN_NODE_CLAIM_ABI || heap->generation != generation ||
         heap->free_pages != expect.total_free ||
         heap->claimed_pages != expect.total ||
         heap->host_claimed_pages != expect.host )
        check_wrong("the heap as it is told");
    for ( i = 0; i < heap->nr_nodes; i++ )
        if ( nodes[i].free_pages != expect.free[i][0] ||
             nodes[i].claimed_overhead_pages != expect.overhead[i] ||
             nodes[i].claimed_guest_pages != expect.claimed[i][0] -
                                             expect.overhead[i] )
            check_wrong("node %u as it is told", i);
}

static long want_sysctl(void)
{
    const struct fuzz_sysctl *op = check_was(check_address);
    const struct fuzz_sysctl *after = check_is(check_address);
    const struct xen_sysctl_node_heap *heap = &op->u.heap;
    const uint64_t len = expect.nr_nodes * sizeof(xen_node_heap_t);
    bool nodes = heap->nr_nodes;
    long want = 0;

    if ( !guest_readable(check_address, sizeof(*op)) )
        return -EFAULT;
    if ( op->version != fuzz_sysctl_version() )
        return -EACCES;
    if ( check_fault == FAULT_ACCESS )
        return -EPERM;
    if ( op->cmd != XEN_SYSCTL_node_heap )
        return -ENOSYS;
    if ( heap->pad )
        return -EINVAL;

    if ( nodes && heap->nr_nodes < expect.nr_nodes )
        want = -ENOBUFS;
    else if ( nodes )
    {
        check_may_write(heap->nodes, len);
        if ( !guest_writable(heap->nodes, len) )
            return -EFAULT;
    }

    want = check_copied_back(want, check_address, sizeof(*op));
    if ( want != -EFAULT && after->u.heap.nr_nodes != expect.nr_nodes )
        check_wrong("%u nodes", after->u.heap.nr_nodes);
    if ( !want && nodes &&
         !overlap(heap->nodes, len, check_address, sizeof(*op)) )
        check_heap(&after->u.heap);

    return want;
}

void check_end(long rc)
{
    const long want = is_sysctl ? want_sysctl() : want_domctl();
    struct heap_figures figures;
    unsigned long i;

    if ( want == BAD_ENTRY ? !ALL_BAD(rc) : rc != want )
        check_wrong("%ld, not %ld", rc, want);
    for ( i = guest.first; i < guest.end; i++ )
        if ( guest.written[i] && !allowed[i] )
            check_wrong("byte %#lx of the caller is written, rc %ld", i, rc);

    /* A domain that could not be created may have had claims for a moment. */
    heap_figures(&figures);
    if ( rc && check_fault != FAULT_LATE && check_fault != FAULT_LAST &&
         !guest.faulted && figures.generation != generation )
        check_wrong("%ld, but claims have changed", rc);
    check_state();
}
