/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Claims by way of the operation that a toolstack calls, on plain memory.
 * Compiled with Xen's headers.
 */

#include <xen/domain-nodes.h>
#include <xen/guest_access.h>
#include <xen/sched.h>

#include "heap.h"
#include "platform.h"

unsigned long harness_copy_from_guest(void *to, const void *from,
                                      unsigned long len)
{
    harness_check_unlocked();
    memcpy(to, from, len);

    return 0;
}

unsigned long harness_copy_to_guest(void *to, const void *from,
                                    unsigned long len)
{
    return harness_copy_from_guest(to, from, len);
}

int heap_call_claim(int slot, const struct heap_claim *claims,
                    unsigned int nr, struct heap_shortage *shortage)
{
    static PER_THREAD xen_node_claim_t entries[XEN_NODE_CLAIM_MAX_ENTRIES];
    struct xen_domctl_set_node_claims op = { .nr_claims = nr };
    bool copyback = false;
    unsigned int i;
    int rc;

    BUG_ON(nr > ARRAY_SIZE(entries));
    for ( i = 0; i < nr; i++ )
        entries[i] = (xen_node_claim_t){
            .pages = claims[i].pages, .target = claims[i].target,
            .order = claims[i].order, .kind = claims[i].kind,
        };

    op.claims.p = entries;
    rc = set_node_claims(harness_domain(slot), &op, &copyback);
    BUG_ON(copyback != (rc == -ENOMEM));
    shortage->entry = op.short_entry;
    shortage->pages = op.short_pages;

    return rc;
}
