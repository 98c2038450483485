/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The rest of Xen, as far as page_alloc.c calls it: pages without contents,
 * CPUs that do nothing.  Compiled with Xen's headers, so that a function that
 * changes there does not compile here.  Locks are in lock.c.
 */

#include <xen/domain_page.h>
#include <xen/event.h>
#include <xen/irq_cpustat.h>
#include <xen/keyhandler.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <xen/param.h>
#include <xen/rcupdate.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/time.h>
#include <xen/xmalloc.h>

#include <asm/flushtlb.h>
#include <asm/p2m.h>
#include <asm/setup.h>

#include "heap.h"
#include "platform.h"

/* CPUs. */
PER_THREAD struct cpu_info harness_cpu_info;
unsigned long __per_cpu_offset[NR_CPUS];
unsigned int nr_cpu_ids = NR_CPUS;
cpumask_t cpu_online_map;
irq_cpustat_t irq_stat[NR_CPUS];
enum system_state system_state = SYS_STATE_early_boot;

DEFINE_PER_CPU(unsigned int, __preempt_count);
DEFINE_PER_CPU(cpumask_var_t, cpu_sibling_mask);
DEFINE_PER_CPU(unsigned int, rcu_lock_cnt);
DEFINE_PER_CPU(u32, tlbflush_time);

/* Never flushed: a page was used after the last flush, always. */
u32 tlbflush_clock = 1;
bool tlb_clk_enabled = true;

void flush_area_mask(const cpumask_t *mask, const void *va,
                     unsigned int flags)
{
}

void on_selected_cpus(const cpumask_t *selected, void (*func)(void *info),
                      void *info, int wait)
{
}

/* Nodes; filled in by heap_create(). */
unsigned int memnode_shift;
unsigned long memnodemapsize;
nodeid_t *memnodemap;
struct node_data node_data[MAX_NUMNODES];
nodemask_t node_online_map;
nodeid_t cpu_to_node[NR_CPUS];
cpumask_t node_to_cpumask[MAX_NUMNODES];
unsigned int harness_dma_bits;

u8 __node_distance(nodeid_t a, nodeid_t b)
{
    return a == b ? 10 : 20 + (a ^ b) % 8;
}

unsigned int arch_get_dma_bitsize(void)
{
    return harness_dma_bits;
}

/* Memory. */
unsigned long xen_phys_start;
#ifndef highmem_start
unsigned long highmem_start;
#endif
struct domain *dom_io, *dom_xen;
PER_THREAD unsigned long harness_scrubbed;

unsigned char *harness_hole;

bool __mfn_valid(unsigned long mfn)
{
#ifdef HARNESS_BENCH
    return mfn < max_page;
#else
    return mfn < max_page && !harness_hole[mfn];
#endif
}

int page_is_ram_type(unsigned long mfn, unsigned long mem_type)
{
    return 1;
}

const struct platform_bad_page *get_platform_badpages(unsigned int *array_size)
{
    return NULL;
}

void set_gpfn_from_mfn(unsigned long mfn, unsigned long pfn)
{
}

unsigned int domain_clamp_alloc_bitsize(struct domain *d, unsigned int bits)
{
    return bits;
}

void clear_domain_page(mfn_t mfn)
{
    harness_scrubbed++;
}

/* All pages have the same contents: none that anybody looks at. */
void *map_domain_page(mfn_t mfn)
{
    static PER_THREAD char page[PAGE_SIZE];

    harness_scrubbed++;

    return page;
}

void unmap_domain_page(const void *ptr)
{
}

int p2m_pod_offline_or_broken_hit(struct page_info *p)
{
    return 0;
}

void p2m_pod_offline_or_broken_replace(struct page_info *p)
{
    BUG();
}

struct domain *page_get_owner_and_reference(struct page_info *page)
{
    unsigned long seen = ACCESS_ONCE(page->count_info), was;

    do {
        if ( !(seen & PGC_count_mask) )
            return NULL;
        was = seen;
        seen = cmpxchg(&page->count_info, was, was + 1);
    } while ( seen != was );

    return page_get_owner(page);
}

void put_page(struct page_info *page)
{
    unsigned long seen = ACCESS_ONCE(page->count_info), was;

    do {
        BUG_ON(!(seen & PGC_count_mask));
        was = seen;
        seen = cmpxchg(&page->count_info, was, was - 1);
    } while ( seen != was );

    if ( !((was - 1) & PGC_count_mask) )
        free_domheap_pages(page, 0);
}

static bool no_memory;

void heap_fail_alloc(int fail)
{
    no_memory = fail;
}

void *_xzalloc(size_t size, size_t align)
{
    harness_check_unlocked();

    return no_memory ? NULL : host_zalloc(size);
}

void *_xmalloc(size_t size, size_t align)
{
    harness_check_unlocked();

    return host_zalloc(size);
}

void xfree(void *p)
{
    harness_check_unlocked();
    host_free(p);
}

/* Domains. */
void domain_destroy(struct domain *d)
{
    BUG_ON(!d->is_dying);
}

void __domain_crash(struct domain *d)
{
}

struct domain *rcu_lock_domain_by_any_id(domid_t dom)
{
    return NULL;
}

void send_global_virq(uint32_t virq)
{
}

/* The console is not looked at: what matters fails. */
void printk(const char *fmt, ...)
{
    harness_check_unlocked();
}

void register_keyhandler(unsigned char key, keyhandler_fn_t *fn,
                         const char *desc, bool diagnostic)
{
}

s_time_t get_s_time(void)
{
    return 0;
}

void process_pending_softirqs(void)
{
}

int parse_bool(const char *s, const char *e)
{
    return -1;
}

unsigned long simple_strtoul(const char *cp, const char **endp,
                             unsigned int base)
{
    BUG();
}

/* What a hypervisor without the extra flags of a build's harness calls. */
#define THUNK(reg)                                                     \
    asm ( ".globl __x86_indirect_thunk_" #reg "\n"                      \
          "__x86_indirect_thunk_" #reg ": jmp *%" #reg "\n" )
asm ( ".text; .globl __x86_return_thunk; __x86_return_thunk: ret\n" );
THUNK(rax); THUNK(rbx); THUNK(rcx); THUNK(rdx); THUNK(rsi); THUNK(rdi);
THUNK(rbp); THUNK(r8); THUNK(r9); THUNK(r10); THUNK(r11); THUNK(r12);
THUNK(r13); THUNK(r14); THUNK(r15);
