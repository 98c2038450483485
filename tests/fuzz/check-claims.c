/* SPDX-License-Identifier: LGPL-2.1-only */
/* Setting and getting claims: see check-private.h. */

#include <errno.h>

#include "check-private.h"

static bool sound(const struct xen_node_claim *claim)
{
    const unsigned int level = expect_level(claim->order);

    if ( !claim->pages || claim->pages > 1UL << 52 || claim->kind > 1 ||
         claim->order != heap_level_order(level) ||
         claim->pages % (1UL << claim->order) )
        return false;
    if ( claim->target == XEN_NODE_CLAIM_HOST )
        return !claim->order && !claim->kind;

    return claim->target < expect.nr_nodes && (!claim->kind || !claim->order);
}

long check_entries(uint64_t at, uint32_t nr, struct heap_claim *claims)
{
    const xen_node_claim_t *entries = check_was(at);
    uint32_t i, j;

    if ( nr > XEN_NODE_CLAIM_MAX_ENTRIES )
        return -E2BIG;
    if ( !guest_readable(at, nr * sizeof(*entries)) )
        return -EFAULT;

    for ( i = 0; i < nr; i++ )
    {
        if ( !sound(&entries[i]) )
            return BAD_ENTRY;
        for ( j = 0; j < i; j++ )
            if ( entries[i].target == entries[j].target &&
                 entries[i].order == entries[j].order &&
                 entries[i].kind == entries[j].kind )
                return BAD_ENTRY;
        claims[i] = (struct heap_claim){
            .pages = entries[i].pages, .target = entries[i].target,
            .order = entries[i].order, .kind = entries[i].kind,
        };
    }

    return 0;
}

long check_set(const struct fuzz_domctl *op, unsigned int slot)
{
    static struct heap_claim claims[XEN_NODE_CLAIM_MAX_ENTRIES];
    const struct xen_domctl_set_node_claims *set = &op->u.set, *after;
    long want;

    if ( set->short_entry || set->short_pages )
        return -EINVAL;
    want = check_entries(set->claims, set->nr_claims, claims);
    if ( want )
        return want;
    if ( set->unique_id && set->unique_id != fuzz_unique_id(slot) )
        return -ESRCH;

    want = expect_install(&expect, slot, claims, set->nr_claims);
    if ( want != -ENOMEM )
        return want;

    want = check_copied_back(want, check_address, sizeof(*op));
    after = &((struct fuzz_domctl *)check_is(check_address))->u.set;
    if ( want == -ENOMEM && (!after->short_pages ||
                             after->short_entry > set->nr_claims) )
        check_wrong("entry %u short of %lu", after->short_entry,
                    (unsigned long)after->short_pages);

    return want;
}

/* How many entries a domain's claims are. */
static uint32_t count_claims(const struct expect_domain *d)
{
    uint32_t nr = !!d->host;
    unsigned int node, level;

    for ( node = 0; node < expect.nr_nodes; node++ )
    {
        for ( level = 0; level < HEAP_LEVELS; level++ )
            nr += !!d->node[node].chunks[level];
        nr += !!d->node[node].overhead;
    }

    return nr;
}

static unsigned long pages_of(const struct expect_domain *d,
                              const xen_node_claim_t *claim)
{
    unsigned int level = expect_level(claim->order);

    if ( claim->target == XEN_NODE_CLAIM_HOST )
        return d->host;
    if ( claim->target >= expect.nr_nodes )
        return 0;

    return claim->kind ? d->node[claim->target].overhead
           : d->node[claim->target].chunks[level] << claim->order;
}

static void compare_told(const struct xen_domctl_get_node_claims *get,
                       unsigned int slot)
{
    const struct expect_domain *d = &expect.domain[slot];
    const xen_node_claim_t *claims = check_is(get->claims);
    const xen_node_usage_t *nodes = check_is(get->nodes);
    unsigned long total = 0;
    uint32_t i;

    for ( i = 0; i < get->nr_claims; i++ )
    {
        if ( !claims[i].pages || claims[i].pages != pages_of(d, &claims[i]) )
            check_wrong("entry %u is of %lu pages", i,
                        (unsigned long)claims[i].pages);
        total += claims[i].pages;
    }
    if ( total != expect_claims(&expect, slot) )
        check_wrong("entries are of %lu pages together", total);
    for ( i = 0; i < get->nr_nodes; i++ )
        if ( nodes[i].guest_pages != d->node[i].guest_pages ||
             nodes[i].overhead_pages != d->node[i].overhead_pages )
            check_wrong("pages of node %u", i);
    if ( get->unique_id != fuzz_unique_id(slot) ||
         get->owner != fuzz_owner(slot) ||
         !(get->flags & XEN_NODE_CLAIM_DOM_DYING) != !d->dying ||
         !(get->flags & XEN_NODE_CLAIM_DOM_FINISHED) != !d->finished )
        check_wrong("what the domain is");
}

long check_get(const struct fuzz_domctl *op, unsigned int slot)
{
    const struct xen_domctl_get_node_claims *get = &op->u.get, *after;
    const uint32_t nr = count_claims(&expect.domain[slot]);
    const uint64_t claims = nr * sizeof(xen_node_claim_t);
    const uint64_t nodes = expect.nr_nodes * sizeof(xen_node_usage_t);
    long want = 0;

    if ( get->pad )
        return -EINVAL;
    if ( get->nr_claims < nr || get->nr_nodes < expect.nr_nodes )
        want = -ENOBUFS;
    else
    {
        check_may_write(get->claims, claims);
        check_may_write(get->nodes, nodes);
        if ( !guest_writable(get->claims, claims) ||
             !guest_writable(get->nodes, nodes) )
            return -EFAULT;
    }

    want = check_copied_back(want, check_address, sizeof(*op));
    after = &((struct fuzz_domctl *)check_is(check_address))->u.get;
    if ( want == -EFAULT || guest.may_share )
        return want;
    if ( after->nr_claims != nr || after->nr_nodes != expect.nr_nodes )
        check_wrong("%u claims on %u nodes", after->nr_claims,
                    after->nr_nodes);
    if ( !want )
        compare_told(after, slot);

    return want;
}
