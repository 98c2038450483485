/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Laying out a domain's memory: see layout.h.  Pure arithmetic.
 *
 * Both parts of the memory start at a multiple of 1 GiB and are filled by
 * falling chunk size, so each chunk is aligned to its own size.
 */

#include <stdbool.h>
#include <string.h>

#include "layout.h"

/* One of the two parts, and how far it is filled. */
struct part {
    uint64_t next;
    uint64_t end;
    struct layout_range *last;   /* the range that ends at next, or NULL     */
};

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void add_range(struct layout *layout, struct part *part,
                      unsigned int share, uint64_t pages)
{
    if ( !part->last || part->last->share != share )
    {
        part->last = &layout->ranges[layout->nr_ranges++];
        *part->last = (struct layout_range){ .first = part->next,
                                             .share = share };
    }
    part->last->pages += pages;
    part->next += pages;
}

static unsigned int find_share(const struct record_share *shares,
                               unsigned int nr_shares, unsigned int node)
{
    for ( unsigned int i = 0; i < nr_shares; i++ )
        if ( shares[i].node == node )
            return i;

    return 0;
}

void layout_make(struct layout *layout, const struct record_share *shares,
                 unsigned int nr_shares, unsigned int home_node)
{
    static const unsigned int orders[] = { 18, 9, 0 };
    unsigned int home = find_share(shares, nr_shares, home_node);
    uint64_t left[RECORD_MAX_NODES], total = 0;
    struct part parts[2];

    memset(layout, 0, sizeof(*layout));
    for ( unsigned int i = 0; i < nr_shares; i++ )
    {
        left[i] = shares[i].pages;
        total += left[i];
    }
    layout->low_pages = lesser(total, LAYOUT_HOLE_FIRST);
    layout->high_pages = total - layout->low_pages;
    parts[0] = (struct part){ .next = 0, .end = layout->low_pages };
    parts[1] = (struct part){ .next = LAYOUT_HOLE_END,
                              .end = LAYOUT_HOLE_END + layout->high_pages };

    for ( unsigned int o = 0; o < 3; o++ )
        for ( unsigned int p = 0; p < 2; p++ )
            for ( unsigned int n = 0; n < nr_shares; n++ )
            {
                unsigned int i = (home + n) % nr_shares;
                uint64_t room = parts[p].end - parts[p].next;
                uint64_t pages = lesser(left[i], room) >> orders[o]
                                                       << orders[o];

                if ( !pages )
                    continue;
                add_range(layout, &parts[p], i, pages);
                left[i] -= pages;
            }
}
