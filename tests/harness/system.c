/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain of Xen's own: it has no memory that is counted by node, and no
 * claims.  Compiled with Xen's headers.
 */

#include <xen/mm.h>
#include <xen/sched.h>

#if __has_include(<xen/node-claim.h>)

#include <xen/domain-nodes.h>

#include "heap.h"

static struct domain *system_domain(void)
{
    static struct domain system = { .domain_id = DOMID_XEN };

    rspin_lock_init(&system.page_alloc_lock);
    system.max_pages = ~0U;
    system.creation_finished = false;

    return &system;
}

/* A page that Xen takes for it comes out of what nobody claimed. */
static void take_page(const struct domain *d)
{
    struct page_info *pg = alloc_overhead_pages(d, 0, 0);

    if ( pg )
        free_domheap_pages(pg, 0);
}

const char *heap_system_domain(void)
{
    static const struct node_claim_request none;
    struct node_claim_shortage shortage;
    struct domain *d = system_domain();

    if ( domain_set_outstanding_pages(d, 1) != -EINVAL )
        return "a domain without claims claims";
    if ( domain_set_claims(d, 0, &none, &shortage) != -ESRCH )
        return "a domain without claims has a set";
    if ( domain_outstanding_pages(d) )
        return "a domain without claims has some";

    domain_finish_creation(d);
    if ( !d->creation_finished )
        return "a domain without claims does not start";
    domain_release_claims(d);
    take_page(d);

    return NULL;
}

#endif
