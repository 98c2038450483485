/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Domains to test claims with, through the target Xen's own libxenctrl.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Before libxenctrl, by which its types would be Xen's. */
#include "hypercall.h"

#include <xenctrl.h>
#include <xenforeignmemory.h>

#include "domain.h"
#include "unit.h"

#define BATCH     512u
#define MAX_TAKEN 8u
#define MAX_GUESTS 8u

/* The pages each domain took one by one, so that they can be given back. */
static struct taken {
    uint32_t domid;
    uint64_t nr;
    xen_pfn_t *frames;
} taken[MAX_TAKEN];

static struct taken *find_taken(uint32_t domid)
{
    unsigned int i;

    for ( i = 0; i < MAX_TAKEN; i++ )
        if ( taken[i].frames && taken[i].domid == domid )
            return &taken[i];

    return NULL;
}

/* Where a domain's next memory goes: no two pieces in one place. */
static uint64_t next_frame(uint32_t domid, uint64_t nr, unsigned int order)
{
    static struct {
        uint32_t domid;
        uint64_t next;
    } guests[MAX_GUESTS];
    static unsigned int oldest;
    unsigned int i;
    uint64_t first;

    for ( i = 0; i < MAX_GUESTS && guests[i].domid != domid; i++ )
        ;
    if ( i == MAX_GUESTS )
    {
        i = oldest++ % MAX_GUESTS;
        guests[i].domid = domid;
        guests[i].next = 0;
    }
    first = (guests[i].next + (1ULL << order) - 1) >> order << order;
    guests[i].next = first + (nr << order);

    return first;
}

xc_interface *domain_xc(void)
{
    static xc_interface *xch;

    if ( !xch )
        xch = xc_interface_open(NULL, NULL, 0);

    if ( !xch )
    {
        perror("xc_interface_open");
        exit(1);
    }

    return xch;
}

int domain_set_max(uint32_t domid, uint64_t max_pages)
{
    return xc_domain_setmaxmem(domain_xc(), domid, max_pages * 4) ? -errno : 0;
}

int domain_set_vcpus(uint32_t domid, unsigned int nr)
{
    return xc_domain_max_vcpus(domain_xc(), domid, nr) ? -errno : 0;
}

int domain_set_mempool(uint32_t domid, uint64_t size)
{
    return xc_set_paging_mempool_size(domain_xc(), domid, size) ? -errno : 0;
}

void domain_destroy(uint32_t domid)
{
    struct taken *own = find_taken(domid);

    if ( own )
    {
        free(own->frames);
        memset(own, 0, sizeof(*own));
    }

    if ( xc_domain_destroy(domain_xc(), domid) )
        perror("xc_domain_destroy");
}

int domain_unpause(uint32_t domid)
{
    return xc_domain_unpause(domain_xc(), domid) ? -errno : 0;
}

static void remember(uint32_t domid, const xen_pfn_t *frames, uint64_t nr)
{
    struct taken *own = find_taken(domid);
    xen_pfn_t *all;

    for ( own = own ? own : taken; own->frames && own->domid != domid; own++ )
        if ( own == &taken[MAX_TAKEN - 1] )
            return;

    all = realloc(own->frames, (own->nr + nr) * sizeof(*all));
    if ( !all )
    {
        perror("realloc");
        exit(1);
    }

    memcpy(all + own->nr, frames, nr * sizeof(*all));
    own->domid = domid;
    own->frames = all;
    own->nr += nr;
}

uint64_t domain_populate(uint32_t domid, uint64_t nr, unsigned int order,
                         uint32_t node)
{
    unsigned int flags = 0;
    xen_pfn_t frames[BATCH];
    uint64_t done = 0;

    if ( node != DOMAIN_ANY_NODE )
        flags = XENMEMF_exact_node(node);

    while ( done < nr )
    {
        uint64_t i, want = nr - done < BATCH ? nr - done : BATCH;
        uint64_t first = next_frame(domid, want, order);
        int got;

        for ( i = 0; i < want; i++ )
            frames[i] = first + (i << order);

        got = xc_domain_populate_physmap(domain_xc(), domid, want, order, flags,
                                         frames);
        if ( got <= 0 )
            break;

        if ( !order )
            remember(domid, frames, got);
        done += got;
        if ( (uint64_t)got < want )
            break;
    }

    return done;
}

uint64_t domain_reserve(uint32_t domid, uint64_t nr, uint32_t node)
{
    xen_pfn_t frames[BATCH];
    uint64_t done = 0;

    while ( done < nr )
    {
        uint64_t want = nr - done < BATCH ? nr - done : BATCH;
        int got = xc_domain_increase_reservation(domain_xc(), domid, want, 0,
                                                 XENMEMF_exact_node(node),
                                                 frames);

        if ( got <= 0 )
            break;

        remember(domid, frames, got);
        done += got;
        if ( (uint64_t)got < want )
            break;
    }

    return done;
}

int domain_give_back(uint32_t domid, uint64_t nr)
{
    struct taken *own = find_taken(domid);

    if ( !own || own->nr < nr )
        return -EINVAL;

    own->nr -= nr;

    return xc_domain_decrease_reservation_exact(domain_xc(), domid, nr, 0,
                                                own->frames + own->nr)
           ? -errno : 0;
}

int domain_exchange(uint32_t domid, uint64_t nr)
{
    struct taken *own = find_taken(domid);
    xen_pfn_t *in, *out;
    int rc;

    if ( !own || own->nr < nr )
        return -EINVAL;

    in = own->frames + own->nr - nr;
    out = calloc(nr, sizeof(*out));
    if ( !out )
        return -ENOMEM;

    rc = xc_domain_memory_exchange_pages(domain_xc(), domid, nr, 0, in, nr, 0,
                                         out);
    if ( !rc )
        memcpy(in, out, nr * sizeof(*out));
    free(out);

    return rc ? -errno : 0;
}

int domain_claim(uint32_t domid, uint64_t pages)
{
    return xc_domain_claim_pages(domain_xc(), domid, pages) ? -errno : 0;
}

uint64_t domain_outstanding(uint32_t domid)
{
    xc_domaininfo_t info;

    return xc_domain_getinfo_single(domain_xc(), domid, &info)
           ? 0 : info.outstanding_pages;
}

uint64_t host_outstanding(void)
{
    xc_physinfo_t info = {};

    return xc_physinfo(domain_xc(), &info) ? 0 : info.outstanding_pages;
}

uint64_t domain_affinity(uint32_t domid)
{
    xc_nodemap_t map = xc_nodemap_alloc(domain_xc());
    int size = xc_get_nodemap_size(domain_xc());
    uint64_t mask = 0;

    if ( map && !xc_domain_node_getaffinity(domain_xc(), domid, map) )
        memcpy(&mask, map, size < (int)sizeof(mask) ? size
                                                    : (int)sizeof(mask));

    free(map);

    return mask;
}

static xenforeignmemory_handle *get_foreign(void)
{
    static xenforeignmemory_handle *handle;

    if ( !handle )
        handle = xenforeignmemory_open(NULL, 0);

    if ( !handle )
    {
        perror("xenforeignmemory_open");
        exit(1);
    }

    return handle;
}

void *domain_map_page(uint32_t domid)
{
    struct taken *own = find_taken(domid);
    xen_pfn_t frame;

    if ( !own )
        return NULL;

    frame = own->frames[0];

    return xenforeignmemory_map(get_foreign(), domid, 1, 1, &frame, NULL);
}

void domain_unmap_page(void *page)
{
    xenforeignmemory_unmap(get_foreign(), page, 1);
}
