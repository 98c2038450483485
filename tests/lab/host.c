/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The host as a test found it, and as it leaves it.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host.h"

#include <xenctrl.h>

#include "domain.h"
#include "unit.h"

/* What a test began with; whether the one before left just that. */
static struct heap before;
static bool before_holds;

struct heap host_heap(void)
{
    struct heap heap;
    int rc = heap_get(&heap);

    if ( rc )
    {
        fprintf(stderr, "node_heap: %s\n", strerror(-rc));
        exit(1);
    }

    return heap;
}

static bool same(const struct heap *a, const struct heap *b)
{
    unsigned int node;

    if ( a->op.claimed_pages != b->op.claimed_pages ||
         a->op.host_claimed_pages != b->op.host_claimed_pages )
        return false;

    for ( node = 0; node < a->op.nr_nodes; node++ )
        if ( a->nodes[node].free_pages != b->nodes[node].free_pages ||
             a->nodes[node].claimed_guest_pages !=
             b->nodes[node].claimed_guest_pages ||
             a->nodes[node].claimed_overhead_pages !=
             b->nodes[node].claimed_overhead_pages )
            return false;

    return true;
}

/*
 * What a dead domain had is freed when every CPU has taken notice, and a CPU
 * that idles under QEMU does so once a second.  Reading its time wakes it.
 */
static void wake_cpus(void)
{
    static unsigned int last;
    xc_physinfo_t info = { 0 };
    unsigned int cpu;

    if ( !last && !xc_physinfo(domain_xc(), &info) )
        last = info.max_cpu_id;

    for ( cpu = 0; cpu <= last; cpu++ )
    {
        xc_resource_entry_t tsc = {
            .u.cmd = XEN_RESOURCE_OP_MSR_READ, .idx = 0x10,
        };
        xc_resource_op_t op = { .cpu = cpu, .nr_entries = 1, .entries = &tsc };

        xc_resource_op(domain_xc(), 1, &op);
    }
}

static void nap(void)
{
    const struct timespec hundredth = { .tv_nsec = 10000000 };

    wake_cpus();
    nanosleep(&hundredth, NULL);
}

/*
 * Still, for a moment: what died before is gone.  The structures of vCPUs go
 * last, when every CPU has been idle once.
 */
void host_begin(void)
{
    unsigned int tries, calm = 0;
    struct heap now = host_heap();

    if ( before_holds && same(&now, &before) )
        return;

    before = now;
    for ( tries = 0; tries < 1000 && calm < 100; tries++ )
    {
        nap();
        now = host_heap();
        calm = same(&now, &before) ? calm + 1 : 0;
        before = now;
    }
}

struct heap host_settle(void)
{
    struct heap now = host_heap();
    unsigned int tries;

    for ( tries = 0; tries < 500 && !same(&now, &before); tries++ )
    {
        nap();
        now = host_heap();
    }

    return now;
}

void host_unchanged(const char *row)
{
    struct heap now = host_settle();
    unsigned int node;

    before_holds = same(&now, &before);

    for ( node = 0; node < now.op.nr_nodes; node++ )
    {
        UNIT_EQUAL(row, now.nodes[node].free_pages,
                   before.nodes[node].free_pages);
        UNIT_EQUAL(row, now.nodes[node].claimed_guest_pages,
                   before.nodes[node].claimed_guest_pages);
        UNIT_EQUAL(row, now.nodes[node].claimed_overhead_pages,
                   before.nodes[node].claimed_overhead_pages);
    }
    UNIT_EQUAL(row, now.op.claimed_pages, before.op.claimed_pages);
    UNIT_EQUAL(row, now.op.host_claimed_pages, before.op.host_claimed_pages);
}

static uint64_t difference(const struct heap *a, const struct heap *b)
{
    uint64_t pages = 0;
    unsigned int node;

    for ( node = 0; node < a->op.nr_nodes; node++ )
        pages += a->nodes[node].free_pages > b->nodes[node].free_pages
                 ? a->nodes[node].free_pages - b->nodes[node].free_pages
                 : b->nodes[node].free_pages - a->nodes[node].free_pages;

    return pages;
}

void host_unchanged_but(const char *row, uint64_t pages)
{
    struct heap now = host_heap();
    unsigned int tries;

    for ( tries = 0; tries < 500 && difference(&now, &before) > pages; tries++ )
    {
        nap();
        now = host_heap();
    }
    if ( difference(&now, &before) > pages )
        host_unchanged(row);
    UNIT_EQUAL(row, now.op.claimed_pages, before.op.claimed_pages);
}

uint64_t host_available(unsigned int node)
{
    struct heap heap = host_heap();

    return heap.nodes[node].free_pages -
           heap.nodes[node].claimed_guest_pages -
           heap.nodes[node].claimed_overhead_pages;
}

unsigned int host_nodes(void)
{
    struct heap heap = host_heap();
    unsigned int node, nr = 0;

    for ( node = 0; node < heap.op.nr_nodes; node++ )
        nr += heap.nodes[node].free_pages >= HOST_NODE_PAGES;

    return nr;
}

unsigned int host_node(unsigned int i)
{
    unsigned int node, nr = host_nodes();
    struct heap heap = host_heap();

    i = nr ? i % nr : 0;
    for ( node = 0; node < heap.op.nr_nodes; node++ )
        if ( heap.nodes[node].free_pages >= HOST_NODE_PAGES && !i-- )
            return node;

    fprintf(stderr, "no node has %u pages free\n", HOST_NODE_PAGES);
    exit(1);
}

unsigned int host_best_node(void)
{
    struct heap heap = host_heap();
    unsigned int node, best = 0;

    for ( node = 1; node < heap.op.nr_nodes; node++ )
        if ( heap.nodes[node].free_pages > heap.nodes[best].free_pages )
            best = node;

    return best;
}

uint32_t host_giant_node(void)
{
    struct heap heap = host_heap();
    unsigned int node;

    for ( node = 0; node < heap.op.nr_nodes; node++ )
        if ( heap.nodes[node].free_1g_chunks )
            return node;

    return XEN_NODE_CLAIM_HOST;
}
