/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Hosts and requests for the tests of the engine.
 */

#include <string.h>

#include "place-host.h"

void make_host(struct place_host *host, unsigned int nr,
               const unsigned int *free_mib, unsigned int cpus)
{
    memset(host, 0, sizeof(*host));
    host->nr_nodes = nr;
    for ( unsigned int i = 0; i < nr; i++ )
    {
        host->nodes[i].online = true;
        host->nodes[i].present_pages = 65536u * MIB;
        host->nodes[i].free_pages = (uint64_t)free_mib[i] * MIB;
        host->nodes[i].cores = host->nodes[i].cpus = cpus;
        for ( unsigned int j = 0; j < nr; j++ )
            host->nodes[i].distances[j] = 10 + 5 * (i > j ? i - j : j - i);
    }
}

struct place_request request(unsigned int mib, unsigned int vcpus,
                             enum place_policy policy)
{
    return (struct place_request){
        .guest_pages = (uint64_t)mib * MIB,
        .vcpus = vcpus,
        .policy = policy,
    };
}

static uint64_t seed;

void random_seed(uint64_t value)
{
    seed = value;
}

uint32_t random_below(uint32_t bound)
{
    seed = seed * UINT64_C(6364136223846793005) +
           UINT64_C(1442695040888963407);

    return (seed >> 33) % bound;
}

void random_host(struct place_host *host)
{
    unsigned int free_mib[PLACE_MAX_NODES];
    unsigned int nr = 1 + random_below(random_below(8) ? 8 : 64);

    for ( unsigned int i = 0; i < nr; i++ )
        free_mib[i] = random_below(2048);
    make_host(host, nr, free_mib, 2);
    for ( unsigned int i = 0; i < nr; i++ )
    {
        host->nodes[i].online = random_below(16) != 0;
        host->nodes[i].cpus = random_below(5);
        for ( unsigned int j = 0; j < nr; j++ )
            host->nodes[i].distances[j] = 10 + random_below(5);
    }
}

void random_request(struct place_request *wanted)
{
    *wanted = request(1 + random_below(random_below(4) ? 1024 : 8192),
                      1 + random_below(4), random_below(3) != 0);
    wanted->overhead_pages = place_request_overhead(wanted->guest_pages,
                                                    wanted->vcpus, false);
}
