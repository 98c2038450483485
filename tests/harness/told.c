/* SPDX-License-Identifier: LGPL-2.1-only */
/* What Xen tells of its heap and of domains; compiled with Xen's headers. */

#include <xen/mm.h>
#include <xen/sched.h>

#if __has_include(<xen/node-claim.h>)

#include <xen/domain-nodes.h>

#include "heap.h"
#include "platform.h"

void heap_domain_report(int slot, struct heap_domain_report *report)
{
    static PER_THREAD struct domain_nodes_state state;
    unsigned int i;

    memset(&state, 0, sizeof(state));
    memset(report, 0, sizeof(*report));
    domain_get_nodes_state(harness_domain(slot), &state);

    BUG_ON(state.nr_claims > ARRAY_SIZE(state.claims) ||
           state.nr_claims > HEAP_CLAIMS);
    report->nr_claims = state.nr_claims;
    for ( i = 0; i < state.nr_claims; i++ )
        report->claim[i] = (struct heap_claim){
            .pages = state.claims[i].pages, .target = state.claims[i].target,
            .order = state.claims[i].order, .kind = state.claims[i].kind,
        };
    for ( i = 0; i < HEAP_NODES; i++ )
    {
        report->node[i].guest = state.usage[i].guest_pages;
        report->node[i].overhead = state.usage[i].overhead_pages;
        report->node[i].recalled = state.usage[i].recalled_pages;
    }
    report->outstanding = domain_outstanding_pages(harness_domain(slot));
    report->finished = !!(state.flags & XEN_NODE_CLAIM_DOM_FINISHED);
    report->dying = !!(state.flags & XEN_NODE_CLAIM_DOM_DYING);
    report->paused = !!(state.flags & XEN_NODE_CLAIM_DOM_PAUSED);
}

void heap_report(unsigned int nr_nodes, struct heap_report *report)
{
    static PER_THREAD xen_node_heap_t nodes[HEAP_NODES];
    struct xen_sysctl_node_heap op = {};
    uint64_t free_pages, outstanding;
    unsigned int i;

    memset(nodes, 0, sizeof(nodes));
    get_node_heap(&op, nodes, HEAP_NODES);
    /* Of nodes that are not online nothing is told. */
    for ( i = nr_nodes; i < HEAP_NODES; i++ )
        BUG_ON(nodes[i].present_pages || nodes[i].free_pages);
    report->host = (struct heap_figures){
        .free = op.free_pages, .claimed = op.claimed_pages,
        .host_claimed = op.host_claimed_pages, .generation = op.generation,
    };
    for ( i = 0; i < nr_nodes; i++ )
    {
        report->node[i].present = nodes[i].present_pages;
        report->node[i].free = nodes[i].free_pages;
        report->node[i].dirty = nodes[i].dirty_pages;
        report->node[i].guest = nodes[i].claimed_guest_pages;
        report->node[i].overhead = nodes[i].claimed_overhead_pages;
        report->node[i].chunks[0] = nodes[i].free_2m_chunks;
        report->node[i].chunks[1] = nodes[i].free_1g_chunks;
        BUG_ON(nodes[i].dma_pages > nodes[i].free_pages);
    }

    get_outstanding_claims(&free_pages, &outstanding);
    report->outstanding = outstanding;
    report->free_outside_xenheap = free_pages;
}

#endif
