/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Storms at random: see place-storm.h.
 */

#include <string.h>

#include "place-storm.h"

#define NODE_MIB (256u * 1024)
#define CPUS     32u

/* Of a thousand: numbers of vCPUs, each 0.68 times as often as half of it. */
static unsigned int random_vcpus(void)
{
    unsigned int vcpus = 2;

    while ( vcpus < CPUS && random_below(1000) < 680 )
        vcpus *= 2;

    return vcpus;
}

static void random_domain(struct place_request *wanted,
                          enum storm_sizes sizes)
{
    unsigned int vcpus, mib;

    do {
        vcpus = random_vcpus();
        mib = sizes == STORM_FAMILIES
              ? vcpus * (2048u << random_below(4))
              : 4096 + random_below(NODE_MIB / 2 - 4096);
    } while ( mib >= NODE_MIB );
    *wanted = request(mib, vcpus, PLACE_STRICT);
    wanted->overhead_pages = place_request_overhead(wanted->guest_pages,
                                                    vcpus, true);
}

static void partly_full_host(struct place_host *host, unsigned int nodes)
{
    unsigned int free_mib[PLACE_MAX_NODES] = { 0 };

    for ( unsigned int i = 0; i < nodes; i++ )
        free_mib[i] = NODE_MIB / 8 + random_below(NODE_MIB * 7 / 8);
    make_host(host, nodes, free_mib, CPUS);
    for ( unsigned int i = 0; i < nodes; i++ )
        host->nodes[i].present_pages = (uint64_t)NODE_MIB * MIB;
}

static bool try_storm(struct storm_case *storm, enum storm_sizes sizes,
                      unsigned int nodes, size_t most)
{
    uint64_t free_pages = 0, asked = 0, load;

    memset(&storm->held, 0, sizeof(storm->held));
    partly_full_host(&storm->host, nodes);
    for ( unsigned int i = 0; i < nodes; i++ )
        free_pages += storm->host.nodes[i].free_pages;
    load = free_pages / 1000 * (700 + random_below(800));

    for ( storm->nr = 0; storm->nr < most && asked < load; storm->nr++ )
    {
        random_domain(&storm->requests[storm->nr], sizes);
        asked += storm->requests[storm->nr].guest_pages;
    }

    return storm->nr >= 2 && asked >= load && asked <= free_pages / 2 * 3;
}

void random_storm(struct storm_case *storm, enum storm_sizes sizes,
                  unsigned int nodes, size_t most)
{
    while ( !try_storm(storm, sizes, nodes, most) )
        ;
}

void large_storm(struct storm_case *storm, enum storm_sizes sizes,
                 unsigned int nodes, size_t nr)
{
    uint64_t free_pages = 0, asked = 0, load = 700 + random_below(800);

    memset(&storm->held, 0, sizeof(storm->held));
    partly_full_host(&storm->host, nodes);
    for ( unsigned int i = 0; i < nodes; i++ )
        free_pages += storm->host.nodes[i].free_pages;
    for ( storm->nr = 0; storm->nr < nr; storm->nr++ )
    {
        random_domain(&storm->requests[storm->nr], sizes);
        asked += storm->requests[storm->nr].guest_pages;
    }
    for ( unsigned int i = 0; i < nodes; i++ )
    {
        struct place_node *node = &storm->host.nodes[i];

        node->free_pages = node->free_pages * 1000 / load *
                           (asked / 1024) / (free_pages / 1024);
        node->present_pages = 2 * node->free_pages;
    }
}

/* What does not change its size. */
static void odd_words(struct place_request *wanted, unsigned int nodes)
{
    const uint64_t all = (UINT64_C(2) << (nodes - 1)) - 1;

    if ( !random_below(8) )
        wanted->policy = PLACE_INTERLEAVE;
    if ( !random_below(4) )
        wanted->nodes = random_below(UINT32_MAX) & all;
    if ( !random_below(8) )
        wanted->max_nodes = 1 + random_below(3);
    if ( !random_below(8) )
        wanted->vnuma = true;
    if ( !random_below(8) )
        wanted->near = UINT64_C(1) << random_below(nodes);
    if ( !random_below(4) )
    {
        wanted->group = 1 + random_below(2);
        wanted->members[random_below(nodes)] = 1 + random_below(2);
    }
    if ( !random_below(8) )
        wanted->weights[random_below(nodes)] = 1 + random_below(2);
    if ( !random_below(4) )
    {
        wanted->chunks = 1 + random_below(2);
        wanted->chunk_order = PLACE_CHUNK_ORDER(random_below(2));
    }
}

static void odd_host(struct storm_case *storm, unsigned int nodes)
{
    do
        random_host(&storm->host);
    while ( storm->host.nr_nodes > nodes );
    memset(&storm->held, 0, sizeof(storm->held));
    if ( !random_below(4) )
        storm->host.host_claimed_pages = random_below(2048) * MIB;
    for ( unsigned int i = 0; i < storm->host.nr_nodes; i++ )
    {
        struct place_node *node = &storm->host.nodes[i];

        node->chunks[0] = node->free_pages / PLACE_CHUNK_PAGES(0);
        node->chunks[1] = random_below(3);
        if ( !random_below(4) )
            node->reserve_pages = random_below(256) * MIB;
        if ( !random_below(4) )
            storm->held.pages[i] = random_below(512) * MIB;
    }
}

void odd_storm(struct storm_case *storm, unsigned int nodes, size_t most)
{
    odd_host(storm, nodes);
    storm->nr = 1 + random_below(most);
    for ( size_t i = 0; i < storm->nr; i++ )
    {
        struct place_request *wanted = &storm->requests[i];

        if ( i > 0 && random_below(2) )
            *wanted = storm->requests[random_below(i)];
        else
            random_request(wanted);
        if ( !random_below(8) )
            wanted->overhead_pages = random_below(64) * MIB;
        if ( random_below(2) )
            odd_words(wanted, storm->host.nr_nodes);
    }
}

void make_strict(struct storm_case *storm)
{
    for ( size_t i = 0; i < storm->nr; i++ )
    {
        struct place_request *wanted = &storm->requests[i];

        wanted->policy = PLACE_STRICT;
        wanted->max_nodes = 0;
        wanted->chunks = PLACE_NO_CHUNKS;
        wanted->near = 0;
        wanted->group = PLACE_NO_GROUP;
    }
}

void shuffle_storm(const struct storm_case *storm,
                   struct storm_case *other, size_t *from)
{
    other->host = storm->host;
    other->held = storm->held;
    other->nr = storm->nr;
    for ( size_t i = 0; i < storm->nr; i++ )
    {
        const size_t to = random_below(i + 1);

        from[i] = from[to];
        from[to] = i;
    }
    for ( size_t i = 0; i < storm->nr; i++ )
        other->requests[i] = storm->requests[from[i]];
}
