/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: what holds for any plan, over made-up hosts.
 */

#include <string.h>

#include "place-host.h"
#include "unit.h"

/* What every plan has to be, whatever the host. */
static void check_plan(const struct place_host *host,
                       const struct place_request *wanted,
                       const struct place_plan *plan)
{
    uint64_t sum = 0;

    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        uint64_t used = plan->pages[i];

        if ( i == plan->home_node )
            used += plan->overhead_pages;
        UNIT_TRUE("mask", !!(plan->nodes & (UINT64_C(1) << i)) ==
                  (plan->pages[i] > 0));
        if ( used == 0 )
            continue;
        UNIT_TRUE("node exists", i < host->nr_nodes);
        UNIT_TRUE("node online", host->nodes[i].online);
        UNIT_TRUE("node has it", used <= host->nodes[i].free_pages);
        sum += plan->pages[i];
    }
    UNIT_EQUAL("conservation", sum, wanted->guest_pages);
    if ( wanted->policy == PLACE_STRICT )
        UNIT_EQUAL("strict", __builtin_popcountll(plan->nodes), 1);
}

static void plans_are_feasible(void)
{
    unsigned int placed = 0;

    random_seed(1);
    for ( unsigned int n = 0; n < 20000; n++ )
    {
        struct place_request wanted;
        struct place_plan plan, again;
        struct place_host host;

        random_host(&host);
        random_request(&wanted);
        if ( place(&host, NULL, &wanted, &plan, NULL) )
            continue;
        placed++;
        check_plan(&host, &wanted, &plan);
        place(&host, NULL, &wanted, &again, NULL);
        UNIT_EQUAL("replay", memcmp(&plan, &again, sizeof(plan)), 0);
    }
    UNIT_TRUE("most were placed", placed > 10000);
}

static void more_memory_never_refuses(void)
{
    random_seed(2);
    for ( unsigned int n = 0; n < 20000; n++ )
    {
        struct place_request wanted;
        struct place_plan plan;
        struct place_host host;

        random_host(&host);
        random_request(&wanted);
        if ( place(&host, NULL, &wanted, &plan, NULL) )
            continue;
        host.nodes[random_below(host.nr_nodes)].free_pages +=
            random_below(512) * MIB;
        UNIT_EQUAL("more memory", place(&host, NULL, &wanted, &plan, NULL),
                   0);
    }
}

static bool has_memory(const struct place_host *host,
                       const struct place_request *wanted)
{
    uint64_t sum = 0, largest = 0;

    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        if ( !host->nodes[i].online )
            continue;
        sum += host->nodes[i].free_pages;
        if ( host->nodes[i].free_pages > largest )
            largest = host->nodes[i].free_pages;
    }

    return sum >= wanted->guest_pages + wanted->overhead_pages &&
           largest >= wanted->overhead_pages;
}

static void preferred_is_about_memory_only(void)
{
    unsigned int refused = 0;

    random_seed(8);
    for ( unsigned int n = 0; n < 20000; n++ )
    {
        struct place_request wanted;
        struct place_plan plan;
        struct place_host host;
        int rc;

        random_host(&host);
        for ( unsigned int i = 0; i < host.nr_nodes; i++ )
            if ( !random_below(4) )
                host.nodes[i].free_pages = 0;
        random_request(&wanted);
        wanted.vcpus = 1 + random_below(20);
        wanted.policy = PLACE_PREFERRED;
        rc = place(&host, NULL, &wanted, &plan, NULL);
        UNIT_EQUAL("placed", rc == 0, has_memory(&host, &wanted));
        if ( rc == 0 )
            check_plan(&host, &wanted, &plan);
        refused += rc != 0;
    }
    UNIT_TRUE("some were refused", refused > 1000 && refused < 10000);
}

static const struct unit_test properties[] = {
    { "every plan is feasible, and the same again", plans_are_feasible },
    { "more free memory never turns accept into reject",
      more_memory_never_refuses },
    { "preferred refuses for want of memory only",
      preferred_is_about_memory_only },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "properties", NULL, NULL, properties },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-random", suites);
}
