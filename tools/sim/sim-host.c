/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The built-in hosts: those of the comparison, and odd ones.
 *
 * Where nothing else is said a node has 256 GiB and 32 cores, and dom0 has
 * 8 GiB of node 0 and no vCPU that counts.
 */

#include <errno.h>
#include <string.h>

#include "sim-host.h"

#define GIB         (UINT64_C(1) << 18)   /* in pages */
#define NODE_PAGES  (256 * GIB)
#define NODE_CPUS   32u
#define DOM0_PAGES  (8 * GIB)

void sim_host_node(struct sim_host *host, unsigned int node, uint64_t pages,
                   uint32_t cpus)
{
    struct place_node *made = &host->place.nodes[node];

    made->online = true;
    made->present_pages = made->free_pages = pages;
    made->cores = made->cpus = cpus;
    if ( host->place.nr_nodes <= node )
        host->place.nr_nodes = node + 1;
}

int sim_host_dom0(struct sim_host *host, uint64_t pages)
{
    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
        if ( host->place.nodes[i].free_pages >= pages )
        {
            host->place.nodes[i].free_pages -= pages;
            return 0;
        }
    errno = ENOSPC;

    return -1;
}

uint64_t sim_host_free(const struct sim_host *host)
{
    uint64_t pages = 0;

    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
        if ( host->place.nodes[i].online )
            pages += host->place.nodes[i].free_pages;

    return pages;
}

uint64_t sim_host_cpus(const struct sim_host *host)
{
    uint64_t cpus = 0;

    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
        if ( host->place.nodes[i].online )
            cpus += host->place.nodes[i].cpus;

    return cpus;
}

uint64_t sim_host_online(const struct sim_host *host)
{
    uint64_t nodes = 0;

    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
        if ( host->place.nodes[i].online )
            nodes |= UINT64_C(1) << i;

    return nodes;
}

typedef uint32_t distance(unsigned int a, unsigned int b);

static void connect(struct sim_host *host, distance *between)
{
    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
        for ( unsigned int j = 0; j < host->place.nr_nodes; j++ )
            host->place.nodes[i].distances[j] = i == j ? 10 : between(i, j);
}

static void make(struct sim_host *host, unsigned int nr, distance *between)
{
    memset(host, 0, sizeof(*host));
    for ( unsigned int i = 0; i < nr; i++ )
        sim_host_node(host, i, NODE_PAGES, NODE_CPUS);
    connect(host, between);
    sim_host_dom0(host, DOM0_PAGES);
}

/* Two sockets of so many nodes. */
static uint32_t sockets_of_1(unsigned int a, unsigned int b)
{
    return a == b ? 10 : 32;
}

static uint32_t sockets_of_2(unsigned int a, unsigned int b)
{
    return a / 2 == b / 2 ? 12 : 32;
}

static uint32_t sockets_of_4(unsigned int a, unsigned int b)
{
    return a / 4 == b / 4 ? 12 : 32;
}

/* Sockets of 4 nodes, boards of 2 sockets. */
static uint32_t boards_of_8(unsigned int a, unsigned int b)
{
    return a / 4 == b / 4 ? 12 : a / 8 == b / 8 ? 21 : 32;
}

/* Sockets of 4 nodes, boards of 4 sockets. */
static uint32_t boards_of_16(unsigned int a, unsigned int b)
{
    return a / 4 == b / 4 ? 12 : a / 16 == b / 16 ? 21 : 32;
}

static uint32_t ring_of_8(unsigned int a, unsigned int b)
{
    unsigned int hops = a < b ? b - a : a - b;

    return 10 + 6 * (hops > 4 ? 8 - hops : hops);
}

static uint32_t same_everywhere(unsigned int a, unsigned int b)
{
    return a == b ? 10 : 21;
}

static uint32_t last_of_4_unreachable(unsigned int a, unsigned int b)
{
    return a == 3 || b == 3 ? PLACE_NO_DISTANCE : same_everywhere(a, b);
}

static uint32_t last_of_5_far(unsigned int a, unsigned int b)
{
    return a == 4 || b == 4 ? 28 : sockets_of_2(a, b);
}

static void make_2(struct sim_host *host)
{
    make(host, 2, sockets_of_1);
}

static void make_4(struct sim_host *host)
{
    make(host, 4, sockets_of_2);
}

static void make_8(struct sim_host *host)
{
    make(host, 8, sockets_of_4);
}

static void make_8_ring(struct sim_host *host)
{
    make(host, 8, ring_of_8);
}

static void make_16(struct sim_host *host)
{
    make(host, 16, boards_of_8);
}

static void make_64(struct sim_host *host)
{
    make(host, 64, boards_of_16);
}

static void make_uneven(struct sim_host *host)
{
    static const unsigned int gib[] = { 512, 256, 128, 64 };

    memset(host, 0, sizeof(*host));
    for ( unsigned int i = 0; i < 4; i++ )
        sim_host_node(host, i, gib[i] * GIB, NODE_CPUS);
    connect(host, sockets_of_2);
    sim_host_dom0(host, DOM0_PAGES);
}

static void make_no_cpus(struct sim_host *host)
{
    make(host, 5, last_of_5_far);
    host->place.nodes[4].cores = host->place.nodes[4].cpus = 0;
}

static void make_unreachable(struct sim_host *host)
{
    make(host, 4, last_of_4_unreachable);
}

const struct sim_host_kind sim_host_kinds[] = {
    { "2", "2 sockets of a node", make_2 },
    { "4", "2 sockets of 2 nodes", make_4 },
    { "8", "2 sockets of 4 nodes", make_8 },
    { "8-ring", "a ring of 8 nodes, 1 to 4 hops apart", make_8_ring },
    { "16", "2 boards of 2 sockets of 4 nodes", make_16 },
    { "64", "4 boards of 4 sockets of 4 nodes", make_64 },
    { "uneven", "4 nodes with 512, 256, 128 and 64 GiB", make_uneven },
    { "no-cpus", "4 nodes, and a fifth with memory only", make_no_cpus },
    { "unreachable", "4 nodes, the last out of reach of the others",
      make_unreachable },
    { NULL, NULL, NULL }
};

int sim_host_find(const char *name, struct sim_host *host)
{
    for ( const struct sim_host_kind *kind = sim_host_kinds; kind->name;
          kind++ )
        if ( !strcmp(kind->name, name) )
        {
            kind->make(host);
            return 0;
        }
    errno = ENOENT;

    return -1;
}
