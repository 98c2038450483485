/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Memory in fragments, and out of use.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <xenctrl.h>
#include <xenguest.h>

#include "domain.h"

/* Chunks of 2 MiB of a node, by their first frames; returns how many. */
static uint64_t take_chunks(uint32_t domid, uint32_t node, xen_pfn_t *frames,
                            uint64_t room)
{
    uint64_t nr = 0;

    while ( nr < room )
    {
        frames[nr] = nr << 9;
        if ( xc_domain_populate_physmap(domain_xc(), domid, 1, 9,
                                        XENMEMF_exact_node(node),
                                        &frames[nr]) != 1 )
            break;
        nr++;
    }

    return nr;
}

uint64_t domain_take_chunk(uint32_t domid, uint32_t node)
{
    xen_pfn_t frame;

    if ( take_chunks(domid, node, &frame, 1) != 1 )
    {
        fprintf(stderr, "node %u: no chunk of 2 MiB\n", node);
        exit(1);
    }

    return frame;
}

uint64_t domain_fragment(uint32_t domid, uint32_t node, uint64_t whole)
{
    static xen_pfn_t chunks[1 << 14];
    uint64_t nr = take_chunks(domid, node, chunks, 1 << 14), i;

    domain_populate(domid, 1 << 20, 0, node);
    if ( whole > nr )
        whole = nr;

    for ( i = 0; i < nr; i++ )
    {
        xen_pfn_t frames[512];
        unsigned int first = i < whole ? 0 : 1, j;

        for ( j = first; j < 512; j++ )
            frames[j] = chunks[i] + j;
        if ( xc_domain_decrease_reservation_exact(domain_xc(), domid,
                                                  512 - first, 0,
                                                  frames + first) )
        {
            perror("decrease_reservation");
            exit(1);
        }
    }

    return whole;
}

typedef int mark_fn(xc_interface *xch, unsigned long first,
                    unsigned long last, uint32_t *status);

/* Have Xen mark frames; each has to come out with those bits. */
static int mark(mark_fn *fn, uint64_t first, uint64_t nr, uint32_t want)
{
    uint32_t status[512];

    if ( nr > 512 )
        return -E2BIG;

    if ( fn(domain_xc(), first, first + nr - 1, status) )
        return -errno;

    while ( nr-- )
        if ( (status[nr] & want) != want )
            return -EBUSY;

    return 0;
}

int frames_offline(uint64_t first, uint64_t nr)
{
    return mark(xc_mark_page_offline, first, nr, PG_OFFLINE_OFFLINED);
}

int frames_online(uint64_t first, uint64_t nr)
{
    return mark(xc_mark_page_online, first, nr, PG_ONLINE_ONLINED);
}
