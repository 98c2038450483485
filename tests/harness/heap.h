/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Xen's own heap in user space, as the driver and the benchmark see it.
 *
 * The implementation is compiled with Xen's headers, its callers with the C
 * library's; so nothing but plain C types is here.  One heap a process.  Pages
 * are named by their frame number (mfn), domains by a slot.
 */

#ifndef HARNESS_HEAP_H
#define HARNESS_HEAP_H

#define HEAP_NODES 64
#define HEAP_DOMAINS 1024
#define HEAP_LEVELS 3
#define HEAP_NO_NODE 255U
#define HEAP_HOST 0xffffffffU

/* Memory of a node.  Ranges are sorted and do not overlap. */
struct heap_range {
    unsigned long start, end;
    unsigned int node;
};

struct heap_layout {
    unsigned int nr_nodes, nr_ranges;
    unsigned int dma_bits;       /* address width of the low zones          */
    unsigned long cpu_less;      /* mask of nodes without a CPU             */
    struct heap_range range[4 * HEAP_NODES];
};

/* Requests, in the order of Xen's MEMF_ flags where there is one. */
#define HEAP_NO_REFCOUNT (1U << 0)
#define HEAP_NO_DMA      (1U << 1)
#define HEAP_EXACT_NODE  (1U << 2)
#define HEAP_NO_OWNER    (1U << 3)
#define HEAP_NO_SCRUB    (1U << 4)
#define HEAP_OVERHEAD    (1U << 5)
#define HEAP_XENHEAP     (1U << 6)
/* A page of Xen's own for the domain, on the domain's home node. */
#define HEAP_OWN         (1U << 7)

#define HEAP_NO_DOMAIN (-1)
#define HEAP_NO_PAGE (~0UL)

struct heap_request {
    int domain;                  /* slot, or HEAP_NO_DOMAIN                 */
    unsigned int order, flags, node, bits;
};

/* An entry of a claim set. */
struct heap_claim {
    unsigned long pages;
    unsigned int target, order, kind;
};

struct heap_shortage {
    unsigned int entry;
    unsigned long pages;
};

/* Build a heap by Xen's own means. */
void heap_create(const struct heap_layout *layout);
unsigned int heap_max_order(void);
unsigned int heap_level_order(unsigned int level);

unsigned long heap_alloc(const struct heap_request *request);
void heap_free(unsigned long mfn, unsigned int order);
void heap_free_xenheap(unsigned long mfn, unsigned int order);
/* The last reference to a domain's page is given up. */
void heap_put(unsigned long mfn);
int heap_offline(unsigned long mfn, int broken, unsigned int *status);
int heap_online(unsigned long mfn, unsigned int *status);
/* The idle CPU of that number works; steps tells when it is interrupted. */
int heap_scrub(unsigned int cpu, unsigned int steps);
void heap_set_cpu(unsigned int cpu);
unsigned long heap_scrubbed(void);

/* Domains. */
void heap_domain_create(int slot, unsigned long affinity, unsigned int max,
                        unsigned int home);
void heap_domain_destroy(int slot);
void heap_domain_kill(int slot);
void heap_domain_pause(int slot);
void heap_domain_finish(int slot);
unsigned int heap_domain_pages(int slot);
unsigned long heap_domain_page(int slot);    /* any of them                 */

/* Claims; 0 or -errno. */
int heap_claim(int slot, const struct heap_claim *claims, unsigned int nr,
               struct heap_shortage *shortage);
int heap_claim_legacy(int slot, unsigned long pages);
/* The same, for a domain with just that id: its own, or another one. */
int heap_claim_by_id(int slot, int own, const struct heap_claim *claims,
                     unsigned int nr, struct heap_shortage *shortage);
/* Whether Xen's memory allocations fail from now on. */
void heap_fail_alloc(int fail);

/* Contiguous pages become memory of a domain, or no longer are; counted. */
void heap_domain_count(int slot, unsigned long mfn, unsigned int nr,
                       int added);

/* Pages of Xen's own are shared with a domain, and no longer. */
const char *heap_share(int slot, unsigned int order);

/* A domain of Xen's own has no claims: NULL, or what is wrong with that. */
const char *heap_system_domain(void);

/*
 * What the accounting says.  By node and level: what is free in blocks, and
 * claimed in chunks, of at least that level's size.
 */
struct heap_node_figures {
    unsigned long free[HEAP_LEVELS], claimed[HEAP_LEVELS], overhead;
};
struct heap_figures {
    unsigned long free, claimed, host_claimed, generation;
};
int heap_has_claims(void);
int heap_has_levels(void);
void heap_figures(struct heap_figures *figures);
void heap_node_figures(unsigned int node, struct heap_node_figures *figures);

/* And of one domain: guest in chunks of just that level. */
struct heap_domain_node {
    unsigned long guest[HEAP_LEVELS], overhead, recalled;
};
struct heap_domain_figures {
    unsigned long total, host, nodes, overhead;
    int legacy;
};
void heap_domain_figures(int slot, struct heap_domain_figures *figures);
void heap_domain_node(int slot, unsigned int node,
                      struct heap_domain_node *figures);
/* Pages of a node that it has, and that Xen took for it so far. */
unsigned long heap_domain_counted(int slot, unsigned int node);
unsigned long heap_domain_overhead(int slot, unsigned int node);

/* The same as Xen tells it to a toolstack. */
#define HEAP_CLAIMS 257
struct heap_domain_report {
    unsigned int nr_claims;
    struct heap_claim claim[HEAP_CLAIMS];
    struct {
        unsigned long guest, overhead, recalled;
    } node[HEAP_NODES];
    unsigned long outstanding;
    int finished, dying, paused;
};
struct heap_report {
    struct heap_figures host;
    unsigned long outstanding, free_outside_xenheap;
    struct {
        unsigned long present, free, dirty, guest, overhead, chunks[2];
    } node[HEAP_NODES];
};
void heap_domain_report(int slot, struct heap_domain_report *report);
void heap_report(unsigned int nr_nodes, struct heap_report *report);

/* What the free lists say, gathered by walking them; NULL or what is wrong. */
struct heap_walk {
    unsigned long pages, dirty;
    /* Counted as dirty and not free: Xen counts on when such a page leaves. */
    unsigned long gone_dirty;
    unsigned long free[HEAP_NODES][HEAP_LEVELS];
};
const char *heap_walk(struct heap_walk *walk,
                      int (*claimed_by_driver)(unsigned long mfn));

/*
 * Several threads at once share a domain's pages: one of them is given up, if
 * there is any; it died and all are gone; all of them, 0 if one is wrong.
 */
int heap_domain_give_up(int slot);
int heap_domain_unused(int slot);
int heap_domain_walk(int slot,
                     void (*found)(int slot, unsigned long mfn, int extra));
unsigned long heap_domain_extra(int slot);
int heap_is_offline(unsigned long mfn);
/* Where every struct page_info is. */
void *heap_frames(unsigned long *size);
/*
 * From the hypercall's operations on: heap_claim(), how many pages a domain
 * claims, and the figures of claims and chunks in heap_report().
 */
int heap_call_claim(int slot, const struct heap_claim *claims,
                    unsigned int nr, struct heap_shortage *shortage);
int heap_call_claims(int slot, unsigned long *pages);
int heap_call_report(struct heap_report *report);

/* What the harness needs of the C library, for Xen's side. */
void *host_zalloc(unsigned long size);
void host_free(void *p);
void host_map(unsigned long address, unsigned long size);
void __attribute__((__noreturn__))
host_bug(const char *what, const char *file, int line);

#endif /* HARNESS_HEAP_H */
