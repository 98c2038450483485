/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * From the library's structures to the engine's and back: see plan.h.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

/* A node has vCPUs of a domain with so much, in parts of the largest share. */
#define SMALL_SHARE 4

static uint64_t rest(uint64_t free, uint64_t claimed)
{
    return free > claimed ? free - claimed : 0;
}

static void copy_node(struct place_node *to,
                      const struct xennuma_node_heap *from)
{
    to->online = from->online;
    to->present_pages = from->present_pages;
    to->free_pages = rest(from->free_pages, from->claimed_guest_pages +
                                            from->claimed_overhead_pages);
    /* A claimed chunk of 1 GiB is 512 of 2 MiB that are not free. */
    to->chunks[1] = rest(from->free_1g_chunks, from->claimed_1g_chunks);
    to->chunks[0] = rest(from->free_2m_chunks,
                         from->claimed_2m_chunks +
                         512 * from->claimed_1g_chunks);
}

void plan_host(const struct xennuma_heap *heap,
               const struct xennuma_topology *topology,
               struct place_host *host)
{
    memset(host, 0, sizeof(*host));
    host->nr_nodes = heap->nr_nodes;
    host->host_claimed_pages = heap->host_claimed_pages;

    for ( unsigned int i = 0; i < heap->nr_nodes; i++ )
    {
        struct place_node *node = &host->nodes[i];

        copy_node(node, &heap->nodes[i]);
        node->cores = topology->nodes[i].cores;
        node->cpus = topology->nodes[i].cpus;
        for ( unsigned int j = 0; j < heap->nr_nodes; j++ )
        {
            const uint32_t distance = topology->nodes[i].distances[j];

            node->distances[j] = distance == XENNUMA_NO_DISTANCE
                                 ? PLACE_NO_DISTANCE : distance;
        }
    }
}

static void count_pages(const struct xennuma_domain *domain, uint64_t *pages)
{
    memset(pages, 0, PLACE_MAX_NODES * sizeof(*pages));
    for ( unsigned int i = 0; i < domain->nr_nodes; i++ )
        pages[i] = domain->nodes[i].guest_pages;
    for ( unsigned int i = 0; i < domain->nr_claims; i++ )
        if ( domain->claims[i].target < PLACE_MAX_NODES )
            pages[domain->claims[i].target] += domain->claims[i].pages;
}

int plan_home(const struct xennuma_domain *domain)
{
    uint64_t pages[PLACE_MAX_NODES];
    unsigned int home = 0;

    count_pages(domain, pages);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        if ( pages[i] > pages[home] )
            home = i;

    return pages[home] ? (int)home : -1;
}

uint64_t plan_lives(const struct xennuma_domain *domain)
{
    uint64_t pages[PLACE_MAX_NODES], most = 0, nodes = 0;

    count_pages(domain, pages);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        most = pages[i] > most ? pages[i] : most;
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        if ( pages[i] && pages[i] >= most / SMALL_SHARE )
            nodes |= UINT64_C(1) << i;

    return nodes;
}

void plan_load(const struct xennuma_domain *domain, uint32_t vcpus,
               struct place_host *host)
{
    const uint64_t nodes = plan_lives(domain);

    for ( unsigned int i = 0; nodes && i < host->nr_nodes; i++ )
        host->nodes[i].vcpus += place_vcpus_on(nodes, vcpus, i);
}

struct xennuma_listed *plan_list(xennuma_handle *handle, unsigned int *nr)
{
    struct xennuma_listed *domains = NULL;
    unsigned int room = 64;

    for ( ; ; )
    {
        struct xennuma_listed *more =
            realloc(domains, room * sizeof(*domains));

        if ( !more )
            break;
        domains = more;
        *nr = room;
        if ( !xennuma_domain_list(handle, domains, nr) )
            return domains;
        if ( errno != ENOBUFS )
            break;
        room = *nr > room ? *nr : 2 * room;
    }
    free(domains);

    return NULL;
}

int plan_load_all(xennuma_handle *handle, struct place_host *host)
{
    struct xennuma_domain domain;
    unsigned int nr;
    struct xennuma_listed *domains = plan_list(handle, &nr);
    int rc = 0;

    if ( !domains )
        return -1;

    for ( unsigned int i = 0; i < nr && !rc; i++ )
    {
        if ( !domains[i].domid || !domains[i].vcpus )
            continue;
        rc = xennuma_claims_get(handle, domains[i].domid, &domain);
        if ( !rc && !domain.dying )
            plan_load(&domain, domains[i].vcpus, host);
        if ( rc && errno == ESRCH )
            rc = 0;
    }
    free(domains);

    return rc;
}

unsigned int plan_claims(const struct place_plan *plan, uint64_t extra_pages,
                         struct xennuma_claim *claims)
{
    unsigned int nr = 0;

    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        uint64_t pages = plan->pages[i];

        if ( i == plan->home_node )
            pages += extra_pages;
        for ( unsigned int level = PLACE_LEVELS; level-- > 0; )
        {
            uint64_t part = plan->chunks[level][i] * PLACE_CHUNK_PAGES(level);

            pages -= part;
            if ( part )
                claims[nr++] = (struct xennuma_claim){
                    .pages = part, .target = i,
                    .order = PLACE_CHUNK_ORDER(level),
                };
        }
        if ( pages )
            claims[nr++] = (struct xennuma_claim){ .pages = pages,
                                                   .target = i };
    }

    return nr;
}
