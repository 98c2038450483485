/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Pages of domains that several threads share: how they are given up, and
 * whose they are.  Compiled with Xen's headers.
 */

#include <xen/mm.h>
#include <xen/sched.h>

#include "heap.h"
#include "platform.h"

/* As when memory is decreased, or a dead domain's is taken away. */
int heap_domain_give_up(int slot)
{
    struct domain *d = harness_domain(slot);
    struct page_info *pg;

    nrspin_lock(&d->page_alloc_lock);
    pg = page_list_first(&d->page_list);
    if ( !pg )
        pg = page_list_first(&d->extra_page_list);
    /* One that somebody else is giving up stays there for a moment. */
    if ( pg && !page_get_owner_and_reference(pg) )
        pg = NULL;
    nrspin_unlock(&d->page_alloc_lock);

    if ( !pg )
        return 0;

    if ( test_and_clear_bit(_PGC_allocated, &pg->count_info) )
        put_page(pg);
    put_page(pg);

    return 1;
}

int heap_domain_unused(int slot)
{
    const struct domain *d = harness_domain(slot);

    return d->is_dying && !d->tot_pages && !d->extra_pages &&
           atomic_read(&d->refcnt) == 1;
}

static int walk_list(int slot, const struct page_list_head *list,
                     void (*found)(int slot, unsigned long mfn, int extra))
{
    const struct domain *d = harness_domain(slot);
    const struct page_info *pg;

    page_list_for_each ( pg, list )
    {
        const bool extra = pg->count_info & PGC_extra;

        if ( page_get_owner(pg) != d || !(pg->count_info & PGC_allocated) ||
             (pg->count_info & PGC_count_mask) != 1 ||
             (list == &d->extra_page_list) != extra )
            return 0;
        found(slot, mfn_x(page_to_mfn(pg)), extra);
    }

    return 1;
}

int heap_domain_walk(int slot,
                     void (*found)(int slot, unsigned long mfn, int extra))
{
    const struct domain *d = harness_domain(slot);

    return walk_list(slot, &d->page_list, found) &&
           walk_list(slot, &d->extra_page_list, found);
}

int heap_is_offline(unsigned long mfn)
{
    return page_state_is(mfn_to_page(_mfn(mfn)), offlined);
}

unsigned long heap_domain_extra(int slot)
{
    return harness_domain(slot)->extra_pages;
}

void *heap_frames(unsigned long *size)
{
    *size = max_page * sizeof(*frame_table);

    return frame_table;
}
