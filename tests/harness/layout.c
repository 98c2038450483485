/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Random hosts: 1 to 64 nodes, even and uneven, some without memory, with
 * holes in and between them, which start on the boundary of a chunk or
 * anywhere.
 */

#include <string.h>

#include "layout.h"

static unsigned int random_nodes(struct random *r)
{
    static const unsigned int few[] = { 1, 2, 2, 3, 4 };

    switch ( random_below(r, 10) )
    {
    case 0:
        return 64;

    case 1: case 2: case 3: case 4:
        return 1 + random_below(r, 16);

    default:
        return few[random_below(r, 5)];
    }
}

static unsigned long round_up(unsigned long mfn, unsigned int order)
{
    return (mfn + (1UL << order) - 1) >> order << order;
}

static void add_range(struct heap_layout *layout, unsigned long start,
                      unsigned long pages, unsigned int node)
{
    layout->range[layout->nr_ranges++] = (struct heap_range){
        .start = start, .end = start + pages, .node = node,
    };
}

void layout_random(struct heap_layout *layout, struct random *r)
{
    /* So that each node has some of the largest chunks, or just none. */
    const unsigned int large = heap_level_order(2);
    const bool small = large < 9;
    unsigned long mfn = 1 + random_below(r, 1UL << large), pages;
    unsigned int node;

    memset(layout, 0, sizeof(*layout));
    layout->nr_nodes = random_nodes(r);
    if ( !small && layout->nr_nodes > 8 )
        layout->nr_nodes = 1 + layout->nr_nodes % 8;
    if ( layout->nr_nodes > 1 )
        layout->cpu_less = random_next(r) & random_next(r) &
                           ~1UL & (~0UL >> (64 - layout->nr_nodes));

    for ( node = 0; node < layout->nr_nodes; node++ )
    {
        /* One without memory, perhaps; never the first. */
        if ( node && random_one_in(r, 8) )
            continue;

        if ( random_one_in(r, 3) )
            mfn = round_up(mfn, large);
        else if ( random_one_in(r, 2) )
            mfn = round_up(mfn, heap_level_order(1));
        else if ( random_one_in(r, 2) )
            mfn += random_below(r, 1UL << large);

        pages = (1UL << large) * (small ? 1 + random_below(r, 12) : 1) +
                random_below(r, 1UL << large);
        if ( random_one_in(r, 3) && layout->nr_ranges < 3 * HEAP_NODES )
        {
            add_range(layout, mfn, pages / 2, node);
            mfn += pages / 2 + 1 + random_below(r, 1UL << large);
            pages -= pages / 2;
        }
        add_range(layout, mfn, pages, node);
        mfn += pages;
    }

    /* The low zones: none of node 0, some of it, or more than it has. */
    layout->dma_bits = 12 + large - 2 + random_below(r, 6);
}
