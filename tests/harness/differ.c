/* SPDX-License-Identifier: LGPL-2.1-only */
/* What is expected, against what claims are accounted: see expect.h. */

#include <stddef.h>

#include "expect.h"

const char *expect_differs(const struct expect *e)
{
    struct heap_figures heap;
    struct heap_node_figures figures;
    unsigned int node, level;

    heap_figures(&heap);
    if ( heap.free != e->total_free )
        return "free pages of the host";
    if ( heap.claimed != e->total || heap.host_claimed != e->host )
        return "claimed pages of the host";

    for ( node = 0; node < e->nr_nodes; node++ )
    {
        heap_node_figures(node, &figures);
        if ( figures.free[0] != e->free[node][0] )
            return "free pages of a node";
        if ( figures.overhead != e->overhead[node] )
            return "overhead claimed of a node";
        for ( level = 0; level < (heap_has_levels() ? HEAP_LEVELS : 1);
              level++ )
            if ( figures.claimed[level] != e->claimed[node][level] )
                return "claims of a node";
    }

    return NULL;
}

const char *expect_domain_differs(const struct expect *e, unsigned int slot)
{
    const struct expect_domain *d = &e->domain[slot];
    struct heap_domain_figures figures;
    struct heap_domain_node there;
    unsigned int node, level;

    heap_domain_figures(slot, &figures);
    if ( figures.host != d->host || figures.legacy != d->legacy ||
         figures.total != expect_claims(e, slot) )
        return "claims of a domain, or their kind";
    if ( heap_domain_pages(slot) != d->pages )
        return "pages of a domain";

    for ( node = 0; node < e->nr_nodes; node++ )
    {
        heap_domain_node(slot, node, &there);
        for ( level = 0; level < HEAP_LEVELS; level++ )
            if ( there.guest[level] != d->node[node].chunks[level]
                                      << heap_level_order(level) )
                return "claims of a domain on a node";
        if ( there.overhead != d->node[node].overhead )
            return "overhead claims of a domain on a node";
        if ( heap_has_levels() && there.recalled != d->node[node].recalled )
            return "recalled pages of a domain on a node";
        if ( !(figures.nodes >> node & 1) != !expect_guest(d, node) )
            return "mask of the nodes that a domain claims";
    }

    return NULL;
}
