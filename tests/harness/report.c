/* SPDX-License-Identifier: LGPL-2.1-only */
/* What Xen tells, against what is expected: see report.h. */

#include <string.h>

#include "report.h"

const char *report_differs(const struct expect *e)
{
    static struct heap_report report;
    unsigned int node, level;

    heap_report(e->nr_nodes, &report);
    if ( report.host.free != e->total_free ||
         report.free_outside_xenheap != e->total_free )
        return "free pages";
    if ( report.host.claimed != e->total ||
         report.outstanding != e->total ||
         report.host.host_claimed != e->host )
        return "claimed pages";

    for ( node = 0; node < e->nr_nodes; node++ )
    {
        if ( report.node[node].free != e->free[node][0] ||
             report.node[node].free > report.node[node].present )
            return "free pages of a node";
        if ( report.node[node].overhead != e->overhead[node] ||
             report.node[node].guest != e->claimed[node][0] -
                                        e->overhead[node] )
            return "claims of a node";
        for ( level = 1; heap_has_levels() && level < HEAP_LEVELS; level++ )
            if ( report.node[node].chunks[level - 1] !=
                 e->free[node][level] >> heap_level_order(level) )
                return "free chunks of a node";
    }

    return NULL;
}

/* What the domain should have there; an entry of no known place has none. */
static unsigned long expected_pages(const struct expect_domain *d,
                                    const struct heap_claim *claim)
{
    unsigned int level = expect_level(claim->order);

    if ( claim->target == HEAP_HOST )
        return claim->order || claim->kind ? 0 : d->host;
    if ( claim->target >= HEAP_NODES ||
         claim->order != heap_level_order(level) )
        return 0;

    return claim->kind ? d->node[claim->target].overhead
                       : d->node[claim->target].chunks[level] << claim->order;
}

const char *report_domain_differs(const struct expect *e, unsigned int slot)
{
    static struct heap_domain_report report;
    const struct expect_domain *d = &e->domain[slot];
    unsigned long total = 0;
    unsigned int i, j;

    heap_domain_report(slot, &report);
    if ( report.finished != d->finished || report.dying != d->dying ||
         report.paused != d->paused )
        return "what became of it";
    if ( report.outstanding != expect_claims(e, slot) )
        return "outstanding pages";

    for ( i = 0; i < report.nr_claims; i++ )
    {
        const struct heap_claim *claim = &report.claim[i];

        if ( !claim->pages || claim->pages != expected_pages(d, claim) )
            return "an entry";
        for ( j = 0; j < i; j++ )
            if ( report.claim[j].target == claim->target &&
                 report.claim[j].order == claim->order &&
                 report.claim[j].kind == claim->kind )
                return "an entry is there twice";
        total += claim->pages;
    }
    if ( total != expect_claims(e, slot) )
        return "an entry is not there";

    for ( i = 0; i < e->nr_nodes; i++ )
        if ( report.node[i].guest != d->node[i].guest_pages ||
             (heap_has_levels() &&
              (report.node[i].overhead != d->node[i].overhead_pages ||
               report.node[i].recalled != d->node[i].recalled)) )
            return "pages of a node";

    return NULL;
}
