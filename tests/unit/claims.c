/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A host for the tests of the accounting core, and claims on it.
 */

#include <string.h>

#include "claims.h"
#include "unit.h"

struct node_claim_heap heap;

void give(unsigned int node, unsigned int order, unsigned int nr)
{
    while ( nr-- )
        node_claim_give(&heap, node, order, order);
}

void start(void)
{
    memset(&heap, 0, sizeof(heap));
    give(0, 0, 100);
    give(1, 0, 100);
}

uint64_t take_pages(struct node_claim_set *set, unsigned int node,
                    uint64_t want)
{
    uint64_t got = 0;

    while ( got < want &&
            node_claim_limit(&heap, set, NODE_CLAIM_FOR_GUEST, node, 0) >= 0 )
    {
        node_claim_take(&heap, set, NODE_CLAIM_FOR_GUEST, node, 0, 0);
        got++;
    }

    return got;
}

int install_entries(struct node_claim_set *set,
                    const struct xen_node_claim *entries, uint32_t nr,
                    struct node_claim_shortage *shortage)
{
    struct node_claim_request request;

    return node_claim_parse(&request, entries, nr, ONLINE) ?:
           node_claim_install(&heap, set, &request, 0, UINT64_MAX, shortage);
}

int install(struct node_claim_set *set, uint64_t node0, uint64_t node1,
            uint64_t host, struct node_claim_shortage *shortage)
{
    struct xen_node_claim entries[3];
    uint32_t nr = 0;

    memset(entries, 0, sizeof(entries));
    if ( node0 )
        entries[nr++].pages = node0;
    if ( node1 )
    {
        entries[nr].target = 1;
        entries[nr++].pages = node1;
    }
    if ( host )
    {
        entries[nr].target = HOST;
        entries[nr++].pages = host;
    }

    return install_entries(set, entries, nr, shortage);
}

void expect(const char *row, struct counters want)
{
    UNIT_EQUAL(row, heap.free_pages, want.free);
    UNIT_EQUAL(row, heap.claimed_pages, want.claimed);
    UNIT_EQUAL(row, heap.host_claimed_pages, want.host);
    UNIT_EQUAL(row, heap.node[0].free[0], want.free0);
    UNIT_EQUAL(row, heap.node[0].claimed[0], want.claimed0);
    UNIT_EQUAL(row, heap.node[1].free[0], want.free1);
    UNIT_EQUAL(row, heap.node[1].claimed[0], want.claimed1);
}
