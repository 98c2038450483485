/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Claims by way of the operations that a toolstack calls, on plain memory.
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

int heap_call_claims(int slot, unsigned long *pages)
{
    static PER_THREAD xen_node_claim_t entries[XEN_NODE_CLAIM_MAX_ENTRIES];
    static PER_THREAD xen_node_usage_t usage[HEAP_NODES];
    struct xen_domctl_get_node_claims op = {
        .nr_claims = ARRAY_SIZE(entries), .nr_nodes = ARRAY_SIZE(usage),
    };
    bool copyback = false;
    unsigned int i;
    int rc;

    op.claims.p = entries;
    op.nodes.p = usage;
    rc = get_node_claims(harness_domain(slot), &op, &copyback);
    for ( i = 0, *pages = 0; !rc && i < op.nr_claims; i++ )
        *pages += entries[i].pages;

    return rc;
}

int heap_call_report(struct heap_report *report)
{
    static PER_THREAD xen_node_heap_t nodes[HEAP_NODES];
    struct xen_sysctl_node_heap op = { .nr_nodes = ARRAY_SIZE(nodes) };
    unsigned int i;
    int rc;

    op.nodes.p = nodes;
    rc = node_heap(&op);
    memset(report, 0, sizeof(*report));
    report->host = (struct heap_figures){
        .free = op.free_pages, .claimed = op.claimed_pages,
        .host_claimed = op.host_claimed_pages, .generation = op.generation,
    };
    for ( i = 0; !rc && i < op.nr_nodes; i++ )
    {
        report->node[i].present = nodes[i].present_pages;
        report->node[i].free = nodes[i].free_pages;
        report->node[i].guest = nodes[i].claimed_guest_pages;
        report->node[i].overhead = nodes[i].claimed_overhead_pages;
        report->node[i].chunks[0] = nodes[i].free_2m_chunks;
        report->node[i].chunks[1] = nodes[i].free_1g_chunks;
    }

    return rc;
}
