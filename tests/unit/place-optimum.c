/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Branch and bound over which domain goes where: see place-optimum.h.
 *
 * The bound takes all nodes for one large one into which domains can be poured
 * as if they were water, those with least overhead for their memory first.
 */

#include <assert.h>
#include <stdlib.h>

#include "place-optimum.h"

/* In the order of the search. */
struct domain {
    uint64_t guest;
    uint64_t need;
    uint64_t nodes;              /* that have enough CPUs, and are allowed   */
};

struct storm {
    unsigned int nr_nodes;
    uint64_t room[PLACE_MAX_NODES];
    uint64_t host_room;          /* claims without a node taken off          */
    size_t nr;
    struct domain domains[512];
    size_t by_ratio[512];        /* least overhead for its memory first      */
    uint64_t best;
};

static uint64_t less(uint64_t have, uint64_t taken)
{
    return have > taken ? have - taken : 0;
}

static uint32_t cpus_of(const struct place_node *node)
{
    return node->cpus > node->cores ? node->cpus : node->cores;
}

static uint64_t nodes_for(const struct place_host *host,
                          const struct place_request *request)
{
    uint64_t asked = 0, nodes = 0, cpus = 0;

    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
        if ( host->nodes[i].online &&
             (!request->nodes || (request->nodes >> i & 1)) )
        {
            asked |= UINT64_C(1) << i;
            cpus += cpus_of(&host->nodes[i]);
        }
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
        if ( (asked >> i & 1) &&
             (cpus_of(&host->nodes[i]) >= request->vcpus ||
              cpus_of(&host->nodes[i]) >= cpus) )
            nodes |= UINT64_C(1) << i;

    return nodes;
}

static int larger_first(const void *a, const void *b)
{
    const struct domain *left = a, *right = b;

    return left->guest < right->guest ? 1 : left->guest > right->guest ? -1
                                                                       : 0;
}

static void make(struct storm *storm, const struct place_host *host,
                 const struct place_held *held,
                 const struct place_request *requests, size_t nr)
{
    assert(nr <= 512);
    storm->best = 0;
    storm->nr = nr;
    storm->nr_nodes = host->nr_nodes;
    storm->host_room = 0;
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        const struct place_node *node = &host->nodes[i];

        storm->room[i] = less(less(node->online ? node->free_pages : 0,
                                   node->reserve_pages),
                              held ? held->pages[i] : 0);
        storm->host_room += storm->room[i];
    }
    storm->host_room = less(storm->host_room, host->host_claimed_pages);

    for ( size_t i = 0; i < nr; i++ )
        storm->domains[i] = (struct domain){
            .guest = requests[i].guest_pages,
            .need = requests[i].guest_pages + requests[i].overhead_pages,
            .nodes = nodes_for(host, &requests[i]),
        };
    qsort(storm->domains, nr, sizeof(storm->domains[0]), larger_first);
    for ( size_t i = 0; i < nr; i++ )
    {
        const struct domain *domain = &storm->domains[i];
        size_t to = i;

        for ( ; to > 0; to-- )
        {
            const struct domain *before =
                &storm->domains[storm->by_ratio[to - 1]];

            if ( (double)before->guest / before->need >=
                 (double)domain->guest / domain->need )
                break;
            storm->by_ratio[to] = storm->by_ratio[to - 1];
        }
        storm->by_ratio[to] = i;
    }
}

/* Of the domains from the i-th on; a page is added for what is rounded. */
static uint64_t poured(const struct storm *storm, size_t i)
{
    uint64_t room = 0, guest = 0;

    for ( unsigned int node = 0; node < storm->nr_nodes; node++ )
        room += storm->room[node];
    room = room < storm->host_room ? room : storm->host_room;
    for ( size_t n = 0; n < storm->nr; n++ )
    {
        const struct domain *domain = &storm->domains[storm->by_ratio[n]];

        if ( storm->by_ratio[n] < i || !domain->nodes )
            continue;
        if ( domain->need > room )
            return guest + (uint64_t)((double)domain->guest * room /
                                      domain->need) + 1;
        guest += domain->guest;
        room -= domain->need;
    }

    return guest;
}

/* Every way from the i-th domain on; without a bound, each one there is. */
static void branch(struct storm *storm, size_t i, uint64_t guest, int bound)
{
    const struct domain *domain = &storm->domains[i];

    if ( guest > storm->best )
        storm->best = guest;
    if ( i == storm->nr || (bound && guest + poured(storm, i) <= storm->best) )
        return;

    for ( unsigned int node = 0; node < storm->nr_nodes; node++ )
    {
        if ( !(domain->nodes >> node & 1) ||
             domain->need > storm->room[node] ||
             domain->need > storm->host_room )
            continue;
        storm->room[node] -= domain->need;
        storm->host_room -= domain->need;
        branch(storm, i + 1, guest + domain->guest, bound);
        storm->room[node] += domain->need;
        storm->host_room += domain->need;
    }
    branch(storm, i + 1, guest, bound);
}

uint64_t optimum_pages(const struct place_host *host,
                       const struct place_held *held,
                       const struct place_request *requests, size_t nr)
{
    struct storm storm;

    assert(nr <= OPTIMUM_MAX_DOMAINS && host->nr_nodes <= OPTIMUM_MAX_NODES);
    make(&storm, host, held, requests, nr);
    branch(&storm, 0, 0, 1);

    return storm.best;
}

uint64_t optimum_by_force(const struct place_host *host,
                          const struct place_held *held,
                          const struct place_request *requests, size_t nr)
{
    struct storm storm;

    make(&storm, host, held, requests, nr);
    branch(&storm, 0, 0, 0);

    return storm.best;
}

uint64_t optimum_at_most(const struct place_host *host,
                         const struct place_held *held,
                         const struct place_request *requests, size_t nr)
{
    struct storm storm;

    make(&storm, host, held, requests, nr);

    return poured(&storm, 0);
}
