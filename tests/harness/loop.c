/* SPDX-License-Identifier: LGPL-2.1-only */
/* See loop.h.  Compiled with Xen's headers and the hypervisor's own flags. */

#include <xen/mm.h>
#include <xen/sched.h>

#if __has_include(<xen/node-claim.h>)
#include <xen/domain-nodes.h>
#define HAVE_CLAIMS 1
#endif

#include "loop.h"
#include "platform.h"

static struct page_info *blocks[LOOP_BLOCKS];

void loop_alloc(int slot, unsigned int order, unsigned int nr)
{
    struct domain *d = harness_domain(slot);
    unsigned int i;

    for ( i = 0; i < nr; i++ )
    {
        blocks[i] = alloc_domheap_pages(d, order, 0);
        BUG_ON(!blocks[i]);
    }
}

void loop_free(unsigned int order, unsigned int nr)
{
    unsigned int i;

    for ( i = 0; i < nr; i++ )
        free_domheap_pages(blocks[i], order);
}

#ifdef HAVE_CLAIMS

static xen_node_claim_t entries[XEN_NODE_CLAIM_MAX_ENTRIES];
static unsigned int nr_entries;

void loop_prepare(const struct heap_claim *claims, unsigned int nr_claims)
{
    unsigned int i;

    BUG_ON(nr_claims > ARRAY_SIZE(entries));
    nr_entries = nr_claims;
    for ( i = 0; i < nr_claims; i++ )
        entries[i] = (xen_node_claim_t){
            .pages = claims[i].pages, .target = claims[i].target,
            .order = claims[i].order, .kind = claims[i].kind,
        };
}

void loop_claim(int slot, unsigned int nr)
{
    static struct node_claim_request request;
    struct node_claim_shortage shortage;

    while ( nr-- )
    {
        BUG_ON(node_claim_parse(&request, entries, nr_entries,
                                node_online_map.bits[0]));
        BUG_ON(domain_set_claims(harness_domain(slot), 0, &request,
                                 &shortage));
    }
}

#else

void loop_prepare(const struct heap_claim *claims, unsigned int nr_claims)
{
}

void loop_claim(int slot, unsigned int nr)
{
}

#endif
