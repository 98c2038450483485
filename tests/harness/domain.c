/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Domains that have memory and claims, and nothing else.  Compiled with Xen's
 * headers; whether this Xen has claims by node is seen from those.
 */

#include <xen/domain.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <xen/pfn.h>
#include <xen/sched.h>

#if __has_include(<xen/node-claim.h>)
#include <xen/domain-nodes.h>
#define HAVE_CLAIMS 1
#endif

#include "heap.h"
#include "platform.h"

static struct domain *domains[HEAP_DOMAINS];

struct domain *harness_domain(int slot)
{
    return slot == HEAP_NO_DOMAIN ? NULL : domains[slot];
}

/* The owner of a page is known by its place in the direct map. */
static struct domain *place(int slot)
{
    return (void *)DIRECTMAP_VIRT_START +
           (max_page + slot * harness_domain_frames()) * PAGE_SIZE;
}

unsigned long harness_domain_frames(void)
{
    return PFN_UP(sizeof(struct domain));
}

void heap_domain_create(int slot, unsigned long affinity, unsigned int max,
                        unsigned int home)
{
    static uint64_t unique_id;
    struct domain *d = place(slot);

    BUG_ON(domains[slot]);
    memset(d, 0, sizeof(*d));
    d->domain_id = slot + 1;
    d->unique_id = ++unique_id;
    d->max_pages = max;
    atomic_set(&d->refcnt, 1);
    rspin_lock_init(&d->page_alloc_lock);
    INIT_PAGE_LIST_HEAD(&d->page_list);
    INIT_PAGE_LIST_HEAD(&d->extra_page_list);
    INIT_PAGE_LIST_HEAD(&d->xenpage_list);
    INIT_PAGE_LIST_HEAD(&d->arch.relmem_list);
    d->node_affinity.bits[0] = affinity;
    d->last_alloc_node = NUMA_NO_NODE;
#ifdef HAVE_CLAIMS
    d->nodes = host_zalloc(sizeof(*d->nodes));
    d->nodes->home_node = home;
#ifdef NODE_CLAIM_LEVELS
    d->nodes->claims.id = d->domain_id;
    INIT_LIST_HEAD(&d->nodes->holders);
#endif
#endif
    domains[slot] = d;
}

void heap_domain_pause(int slot)
{
    domains[slot]->controller_pause_count++;
}

/* Xen does so without a lock, and others read it without. */
static void noinline set_dying(struct domain *d)
{
    d->is_dying = DOMDYING_dying;
}

/* As domain_kill() does before it takes the memory away. */
void heap_domain_kill(int slot)
{
    struct domain *d = domains[slot];

    set_dying(d);
#ifdef HAVE_CLAIMS
    domain_release_claims(d);
#else
    domain_set_outstanding_pages(d, 0);
#endif
}

void heap_domain_destroy(int slot)
{
    struct domain *d = domains[slot];

    BUG_ON(!d->is_dying || domain_tot_pages(d) || d->extra_pages);
    BUG_ON(atomic_read(&d->refcnt) != 1);
#ifdef HAVE_CLAIMS
    host_free(d->nodes);
#endif
    domains[slot] = NULL;
}

void heap_domain_finish(int slot)
{
#ifdef HAVE_CLAIMS
    domain_finish_creation(domains[slot]);
#else
    domains[slot]->creation_finished = true;
    domain_set_outstanding_pages(domains[slot], 0);
#endif
}

unsigned int heap_domain_pages(int slot)
{
    return domain_tot_pages(domains[slot]);
}

unsigned long heap_domain_page(int slot)
{
    struct domain *d = domains[slot];
    struct page_info *pg = page_list_first(&d->page_list);

    if ( !pg )
        pg = page_list_first(&d->extra_page_list);

    return pg ? mfn_x(page_to_mfn(pg)) : HEAP_NO_PAGE;
}

/* As share_xen_page_with_guest(), and as it ends when the guest lets go. */
const char *heap_share(int slot, unsigned int order)
{
    struct domain *d = domains[slot];
    const unsigned int before = d->xenheap_pages;
    void *v = alloc_xenheap_pages(order, 0);
    struct page_info *pg = v ? virt_to_page(v) : NULL;
    unsigned int i;

    if ( !v )
        return NULL;

    nrspin_lock(&d->page_alloc_lock);
    for ( i = 0; i < 1U << order; i++ )
    {
        page_set_owner(&pg[i], d);
        page_list_add_tail(&pg[i], &d->xenpage_list);
        if ( !d->xenheap_pages++ )
            atomic_inc(&d->refcnt);
    }
    nrspin_unlock(&d->page_alloc_lock);

    free_domheap_pages(pg, order);
    free_xenheap_pages(v, order);

    if ( d->xenheap_pages != before || !page_list_empty(&d->xenpage_list) )
        return "a page is still shared";

    return atomic_read(&d->refcnt) == 1 + !!d->tot_pages
           ? NULL : "a domain is held by no page";
}

int heap_claim_legacy(int slot, unsigned long pages)
{
    return domain_set_outstanding_pages(domains[slot], pages);
}

#ifdef HAVE_CLAIMS
static int set_claims(int slot, uint64_t unique_id,
                      const struct heap_claim *claims, unsigned int nr,
                      struct heap_shortage *shortage)
{
    static PER_THREAD struct node_claim_request request;
    static PER_THREAD xen_node_claim_t entries[XEN_NODE_CLAIM_MAX_ENTRIES];
    struct node_claim_shortage missing = {};
    unsigned int i;
    int rc;

    BUG_ON(nr > ARRAY_SIZE(entries));
    for ( i = 0; i < nr; i++ )
        entries[i] = (xen_node_claim_t){
            .pages = claims[i].pages, .target = claims[i].target,
            .order = claims[i].order, .kind = claims[i].kind,
        };

    rc = node_claim_parse(&request, entries, nr, node_online_map.bits[0]);
    if ( !rc )
        rc = domain_set_claims(domains[slot], unique_id, &request, &missing);

    if ( rc == -ENOMEM && shortage )
    {
        shortage->entry = missing.entry;
        shortage->pages = missing.pages;
    }

    return rc;
}

int heap_claim(int slot, const struct heap_claim *claims, unsigned int nr,
               struct heap_shortage *shortage)
{
    return set_claims(slot, 0, claims, nr, shortage);
}

int heap_claim_by_id(int slot, int own, const struct heap_claim *claims,
                     unsigned int nr, struct heap_shortage *shortage)
{
    return set_claims(slot, domains[slot]->unique_id + !own, claims, nr,
                      shortage);
}

void heap_domain_count(int slot, unsigned long mfn, unsigned int nr,
                       int added)
{
    struct domain *d = domains[slot];

    nrspin_lock(&d->page_alloc_lock);
    domain_count_pages(d, mfn_to_page(_mfn(mfn)), nr, added);
    nrspin_unlock(&d->page_alloc_lock);
}

#ifdef MEMF_overhead
/* What common/domain.c knows; no home is strict, and no limit matters. */
unsigned int domain_home_memflags(const struct domain *d)
{
    return !d->nodes || d->nodes->home_node == NUMA_NO_NODE
           ? 0 : MEMF_node(d->nodes->home_node);
}

unsigned int memflags_limit(unsigned int memflags, unsigned int bits)
{
    return memflags | MEMF_bits(bits);
}
#endif
#else
int heap_claim(int slot, const struct heap_claim *claims, unsigned int nr,
               struct heap_shortage *shortage)
{
    return -EOPNOTSUPP;
}
#endif
