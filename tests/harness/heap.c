/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Xen's page_alloc.c itself, a heap made with it, and what the driver asks of
 * it.  The file is included, so that heap_walk() can read its free lists; no
 * function in here calls a static one of it, which leaves the compiler's view
 * of it as it is in Xen.
 */

#include <xen/mm.h>

/* No page is Xen's own image. */
#undef is_xen_fixed_mfn
#define is_xen_fixed_mfn(mfn) ((void)(mfn), false)

#ifdef HARNESS_COVERAGE
/* What is inlined all the same is counted in a way that says nothing. */
#include <xen/sched.h>
#undef always_inline
#define always_inline inline
#endif

#include "common/page_alloc.c"

#include "heap.h"
#include "platform.h"
#include "state.h"

#if __has_include(<xen/node-claim.h>)
const struct node_claim_heap *harness_node_claims(void)
{
    return &node_claims;
}
#endif

const spinlock_t *harness_heap_lock(void)
{
    return &heap_lock;
}

unsigned int heap_max_order(void)
{
    return MAX_ORDER;
}

/* Frames, CPUs and nodes as the layout says. */
static void create_machine(const struct heap_layout *layout)
{
    unsigned int i;
    unsigned long domains;

    max_page = layout->range[layout->nr_ranges - 1].end;
    domains = HEAP_DOMAINS * harness_domain_frames();
    host_map(DIRECTMAP_VIRT_START, (max_page + domains) << PAGE_SHIFT);
    host_map((unsigned long)frame_table, max_page * sizeof(*frame_table));

    memnodemapsize = max_page;
    memnodemap = host_zalloc(memnodemapsize);
    harness_hole = host_zalloc(max_page);
    memset(harness_hole, 1, max_page);

    for ( i = 0; i < NR_CPUS; i++ )
    {
        cpu_to_node[i] = i % layout->nr_nodes;
        /* Something else is always to be done: scrubbing stops soon. */
        softirq_pending(i) = 1;
    }

    for ( i = 0; i < layout->nr_nodes; i++ )
    {
        node_set_online(i);
        node_data[i].node_spanned_pages = 0;
        if ( !(layout->cpu_less >> i & 1) )
        {
            cpumask_set_cpu(i, &cpu_online_map);
            cpumask_set_cpu(i, &node_to_cpumask[i]);
        }
    }
    cpumask_set_cpu(0, &cpu_online_map);
}

/* A hole belongs to the node before it, as it does on a machine. */
static void create_nodes(const struct heap_layout *layout)
{
    unsigned int i;
    unsigned long mfn = 0, end;

    for ( i = 0; i < layout->nr_ranges; i++ )
    {
        const struct heap_range *range = &layout->range[i];
        struct node_data *node = &node_data[range->node];

        end = i + 1 < layout->nr_ranges ? range[1].start : range->end;
        memset(memnodemap + mfn, range->node, end - mfn);
        memset(harness_hole + range->start, 0, range->end - range->start);
        mfn = end;

        if ( !node->node_spanned_pages )
            node->node_start_pfn = range->start;
        node->node_spanned_pages = range->end - node->node_start_pfn;
        node->node_present_pages += range->end - range->start;
        total_pages += range->end - range->start;
    }
}

void heap_create(const struct heap_layout *layout)
{
    unsigned int i;

    create_machine(layout);
    create_nodes(layout);
    harness_dma_bits = layout->dma_bits;

    for ( i = 0; i < layout->nr_ranges; i++ )
        init_boot_pages(layout->range[i].start << PAGE_SHIFT,
                        layout->range[i].end << PAGE_SHIFT);
    end_boot_allocator();
    system_state = SYS_STATE_active;
    heap_init_late();
}

static unsigned int memflags(const struct heap_request *request)
{
    static const unsigned int flags[] = {
        MEMF_no_refcount, MEMF_no_dma, MEMF_exact_node, MEMF_no_owner,
        MEMF_no_scrub,
#ifdef MEMF_overhead
        MEMF_overhead,
#endif
    };
    unsigned int i, result = MEMF_bits(request->bits);

    for ( i = 0; i < ARRAY_SIZE(flags); i++ )
        if ( request->flags & (1U << i) )
            result |= flags[i];

    return result | (request->node == HEAP_NO_NODE ? 0
                                                   : MEMF_node(request->node));
}

unsigned long heap_alloc(const struct heap_request *request)
{
    struct domain *d = harness_domain(request->domain);
    struct page_info *pg;
    void *v;

#ifdef MEMF_overhead
    if ( (request->flags & HEAP_OWN) && (request->flags & HEAP_XENHEAP) )
    {
        v = alloc_overhead_xenheap_pages(d, request->order,
                                         memflags(request));
        pg = v ? virt_to_page(v) : NULL;
    }
    else if ( request->flags & HEAP_OWN )
        pg = alloc_overhead_pages(d, request->order, memflags(request));
    else
#endif
    if ( request->flags & HEAP_XENHEAP )
    {
        v = alloc_xenheap_pages(request->order, memflags(request));
        pg = v ? virt_to_page(v) : NULL;
    }
    else
        pg = alloc_domheap_pages(d, request->order, memflags(request));

    return pg ? mfn_x(page_to_mfn(pg)) : HEAP_NO_PAGE;
}

void heap_free(unsigned long mfn, unsigned int order)
{
    free_domheap_pages(mfn_to_page(_mfn(mfn)), order);
}

void heap_free_xenheap(unsigned long mfn, unsigned int order)
{
    free_xenheap_pages(mfn_to_virt(mfn), order);
}

void heap_put(unsigned long mfn)
{
    struct page_info *pg = mfn_to_page(_mfn(mfn));

    BUG_ON(!test_and_clear_bit(_PGC_allocated, &pg->count_info));
    put_page(pg);
}

int heap_offline(unsigned long mfn, int broken, unsigned int *status)
{
    return offline_page(_mfn(mfn), broken, status);
}

int heap_online(unsigned long mfn, unsigned int *status)
{
    return online_page(_mfn(mfn), status);
}

int heap_scrub(unsigned int cpu, unsigned int steps)
{
    const unsigned int before = harness_cpu_info.processor_id;
    int more = 0;

    harness_cpu_info.processor_id = cpu;
    while ( steps-- && (more = scrub_free_pages()) )
        ;
    harness_cpu_info.processor_id = before;

    return more;
}

void heap_set_cpu(unsigned int cpu)
{
    harness_cpu_info.processor_id = cpu;
}

unsigned long heap_scrubbed(void)
{
    return harness_scrubbed;
}

#ifndef HARNESS_BENCH

/* One free block: its pages are free, and dirty only as it says. */
static const char *walk_block(const struct page_info *head, unsigned int node,
                              unsigned int zone, unsigned int order,
                              struct heap_walk *walk,
                              int (*claimed_by_driver)(unsigned long mfn))
{
    unsigned long mfn = mfn_x(page_to_mfn(head)), i;
    unsigned int level;

    if ( mfn & ((1UL << order) - 1) )
        return "a free block is not aligned";
    if ( PFN_ORDER(head) != order )
        return "a free block is on another order's list";
    if ( head->u.free.scrub_state != BUDDY_NOT_SCRUBBING )
        return "a free block is being scrubbed by nobody";

    for ( i = 0; i < 1UL << order; i++ )
    {
        const struct page_info *pg = head + i;

        if ( (pg->count_info & ~PGC_need_scrub) != PGC_state_free )
            return "a page of a free block is not free";
        if ( page_to_nid(pg) != node || page_to_zone(pg) != zone )
            return "a page of a free block is of another node or zone";
        if ( claimed_by_driver && claimed_by_driver(mfn + i) )
            return "a free page was given out, or is on two lists";
        if ( !(pg->count_info & PGC_need_scrub) )
            continue;
        walk->dirty++;
        if ( i < head->u.free.first_dirty )
            return "a page before the first dirty one is dirty";
    }

    walk->pages += 1UL << order;
    for ( level = 0; level < HEAP_LEVELS; level++ )
        if ( order >= heap_level_order(level) )
            walk->free[node][level] += 1UL << order;

    return NULL;
}

static const char *walk_zone(unsigned int node, unsigned int zone,
                             struct heap_walk *walk,
                             int (*claimed_by_driver)(unsigned long mfn))
{
    unsigned long before = walk->pages;
    unsigned int order;
    struct page_info *pg;
    const char *wrong;
    bool dirty;

    for ( order = 0; order <= MAX_ORDER; order++ )
    {
        dirty = false;
        page_list_for_each ( pg, &heap(node, zone, order) )
        {
            if ( dirty && pg->u.free.first_dirty == INVALID_DIRTY_IDX )
                return "a clean block is behind a dirty one";
            dirty = pg->u.free.first_dirty != INVALID_DIRTY_IDX;
            wrong = walk_block(pg, node, zone, order, walk,
                               claimed_by_driver);
            if ( wrong )
                return wrong;
        }
    }

    return walk->pages - before == avail[node][zone]
           ? NULL : "the pages of a zone are not those counted";
}

const char *heap_walk(struct heap_walk *walk,
                      int (*claimed_by_driver)(unsigned long mfn))
{
    unsigned int node, zone;
    unsigned long dirty;
    const char *wrong;

    memset(walk, 0, sizeof(*walk));

    for ( node = 0; node < MAX_NUMNODES; node++ )
    {
        if ( !avail[node] )
            continue;

        dirty = walk->dirty;
        for ( zone = 0; zone < NR_ZONES; zone++ )
        {
            wrong = walk_zone(node, zone, walk, claimed_by_driver);
            if ( wrong )
                return wrong;
        }
        if ( walk->dirty - dirty > node_need_scrub[node] )
            return "more pages of a node are dirty than are counted";
        walk->gone_dirty += node_need_scrub[node] - (walk->dirty - dirty);
    }

    return NULL;
}

#endif
