/* SPDX-License-Identifier: LGPL-2.1-only */
/* Creating a domain on nodes: see check-private.h. */

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "check-private.h"

static long want_placement(const struct xen_node_placement *placement)
{
    const uint64_t online = (1UL << expect.nr_nodes) - 1;

    if ( placement->pad || placement->domid || placement->unique_id ||
         placement->short_entry || placement->short_pages ||
         placement->flags > XEN_NODE_PLACEMENT_STRICT ||
         placement->max_pages > ~0U ||
         (!placement->nodes && placement->home_node) )
        return -EINVAL;

    return placement->nodes &&
           ((placement->nodes & ~online) ||
            placement->home_node >= expect.nr_nodes ||
            !(placement->nodes >> placement->home_node & 1)) ? -ENOENT : 0;
}

static long want_domid(uint16_t wanted, unsigned int *slot)
{
    if ( wanted )
    {
        *slot = wanted - 1;
        return wanted > FUZZ_DOMAINS || expect.domain[*slot].exists
               ? -EEXIST : 0;
    }

    for ( *slot = 0; *slot < FUZZ_DOMAINS; (*slot)++ )
        if ( !expect.domain[*slot].exists )
            return 0;

    return -ENOMEM;
}

/* What of an id has arrived was taken back. */
static void check_taken_back(uint64_t at)
{
    const uint64_t domid = at - GUEST_START +
                           offsetof(struct xen_node_placement, domid);
    unsigned int i;

    /* The unique id follows it. */
    for ( i = domid; i < domid + 4 + 8; i++ )
        if ( guest.written[i] && guest.memory[i] )
            check_wrong("there is no domain, but an id of one");
}

static long want_domain(const struct fuzz_domctl *op, uint64_t at,
                        const struct heap_claim *claims)
{
    const struct xen_node_placement *placement = check_was(at);
    const struct xen_node_placement *after = check_is(at);
    unsigned int slot;
    struct expect_domain *d;
    long want = want_domid(op->domain, &slot);

    if ( want )
        return want;
    if ( check_fault == FAULT_EARLY )
        return -ENOMEM;

    d = &expect.domain[slot];
    memset(d, 0, sizeof(*d));
    d->max_pages = placement->max_pages;
    want = expect_install(&expect, slot, claims, placement->nr_claims);
    if ( want )
    {
        if ( want == -ENOMEM )
        {
            want = check_copied_back(want, at, sizeof(*placement));
            if ( want == -ENOMEM && !after->short_pages )
                check_wrong("short of nothing");
        }
        return want;
    }

    if ( check_fault == FAULT_LATE )
        want = -ENOMEM;
    else
        want = check_copied_back(check_fault == FAULT_LAST ? -EINVAL : 0, at,
                           sizeof(*placement));
    if ( want )
    {
        expect_release(&expect, slot);
        return want;
    }

    d->exists = true;
    if ( after->domid != slot + 1 || !fuzz_exists(slot) ||
         after->unique_id != fuzz_unique_id(slot) ||
         fuzz_owner(slot) != placement->owner )
        check_wrong("domain %u is not the one", after->domid);

    return 0;
}

long check_create(const struct fuzz_domctl *op)
{
    static struct heap_claim claims[XEN_NODE_CLAIM_MAX_ENTRIES];
    const struct xen_domctl_create_on_nodes *create = &op->u.create;
    const struct xen_node_placement *placement = check_was(create->placement);
    long want;

    if ( create->pad ||
         create->createdomain_size != fuzz_createdomain_size() )
        return -EINVAL;
    if ( !guest_readable(create->createdomain, fuzz_createdomain_size()) )
        return -EFAULT;
    if ( check_fault == FAULT_ACCESS )
        return -EPERM;
    if ( !guest_readable(create->placement, sizeof(*placement)) )
        return -EFAULT;
    want = want_placement(placement);
    if ( !want )
        want = check_entries(placement->claims, placement->nr_claims, claims);
    if ( want || fuzz_again )
        return want;

    want = want_domain(op, create->placement, claims);
    if ( want && !guest.may_share )
        check_taken_back(create->placement);

    return want;
}
