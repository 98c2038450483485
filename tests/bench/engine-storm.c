/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How much of a storm the engine places, and how long that takes it.
 *
 * usage: engine-storm SIZES NODES DOMAINS NR
 * SIZES is families (of memory a vCPU) or any.  For each of NR storms, made up
 * at random, a line: nanoseconds, guest pages placed, and at most possible.
 * Up to 12 domains on 4 nodes that is exact, and there are up to so many;
 * larger storms have as many domains as that, and the nodes are taken for one.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "place-optimum.h"
#include "place-storm.h"

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);

    return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

static void measure(const struct storm_case *storm, bool exact)
{
    static struct place_reason reasons[STORM_MAX];
    static struct place_plan plans[STORM_MAX];
    static int rc[STORM_MAX];
    const uint64_t start = now();
    uint64_t time, pages = 0;

    place_batch(&storm->host, &storm->held, storm->requests, storm->nr, plans,
                reasons, rc);
    time = now() - start;
    for ( size_t i = 0; i < storm->nr; i++ )
        pages += rc[i] ? 0 : storm->requests[i].guest_pages;
    printf("%llu %llu %llu\n", (unsigned long long)time,
           (unsigned long long)pages,
           (unsigned long long)(exact ? optimum_pages : optimum_at_most)(
               &storm->host, &storm->held, storm->requests, storm->nr));
}

int main(int argc, char **argv)
{
    static struct storm_case storm;
    const bool any = argc > 1 && !strcmp(argv[1], "any");
    const unsigned long nodes = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    const unsigned long domains = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    const unsigned long nr = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    const bool exact = nodes <= OPTIMUM_MAX_NODES &&
                       domains <= OPTIMUM_MAX_DOMAINS;

    if ( argc != 5 || (!any && strcmp(argv[1], "families")) || nodes < 1 ||
         nodes > PLACE_MAX_NODES || domains < 2 || domains > STORM_MAX ||
         nr < 1 )
    {
        fprintf(stderr, "usage: engine-storm families|any NODES DOMAINS "
                "NR\n");
        return 2;
    }

    random_seed(1000 + nodes);
    for ( unsigned long n = 0; n < nr; n++ )
    {
        if ( exact )
            random_storm(&storm, any ? STORM_ANY : STORM_FAMILIES, nodes,
                         domains);
        else
            large_storm(&storm, any ? STORM_ANY : STORM_FAMILIES, nodes,
                        domains);
        measure(&storm, exact);
    }

    return 0;
}
