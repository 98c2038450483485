/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: what holds for any plan, over made-up hosts.
 */

#include <stdlib.h>
#include <string.h>

#include "place-host.h"
#include "unit.h"

/* As many random states for each property. */
#define STATES_VARIABLE "XENNUMA_PLACE_STATES"
#define STATES          20000u

static unsigned int states(void)
{
    const char *text = getenv(STATES_VARIABLE);

    return text ? strtoul(text, NULL, 0) : STATES;
}

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
    for ( unsigned int n = 0; n < states(); n++ )
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
    UNIT_TRUE("most were placed", placed > states() / 2);
}

static void more_memory_never_refuses(void)
{
    random_seed(2);
    for ( unsigned int n = 0; n < states(); n++ )
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
    for ( unsigned int n = 0; n < states(); n++ )
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
    UNIT_TRUE("some were refused", refused > states() / 20 &&
                                   refused < states() / 2);
}

/* What the last node was is the first now, and so on. */
static void relabel(const struct place_host *host, struct place_host *other)
{
    const unsigned int last = host->nr_nodes - 1;

    *other = *host;
    for ( unsigned int i = 0; i <= last; i++ )
    {
        other->nodes[i] = host->nodes[last - i];
        for ( unsigned int j = 0; j <= last; j++ )
            other->nodes[i].distances[j] =
                host->nodes[last - i].distances[last - j];
    }
}

/* Of all pages, there and back, beyond that of a node from itself. */
static uint64_t distance_of(const struct place_host *host,
                            const struct place_plan *plan)
{
    const unsigned int home = plan->home_node;
    uint64_t distance = 0;

    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        uint64_t there = host->nodes[home].distances[i];
        uint64_t back = host->nodes[i].distances[home], both;

        there = there < 4096 ? there : 4096;
        back = back < 4096 ? back : 4096;
        both = there + back;
        if ( i != home && both > 20 )
            distance += plan->pages[i] * (both - 20);
    }

    return distance;
}

static void labels_change_nothing(void)
{
    unsigned int several = 0;

    random_seed(4);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        struct place_host host, other;
        struct place_plan plan, same;
        struct place_request wanted;
        int rc;

        random_host(&host);
        random_request(&wanted);
        wanted.nodes = 0;
        /* Sets for many vCPUs have a home of their own choice. */
        wanted.vcpus = 1;
        relabel(&host, &other);
        rc = place(&host, NULL, &wanted, &plan, NULL);
        UNIT_EQUAL("either or none", place(&other, NULL, &wanted, &same,
                                           NULL), rc);
        if ( rc )
            continue;
        UNIT_EQUAL("as near", distance_of(&other, &same),
                   distance_of(&host, &plan));
        several += !!(plan.nodes & (plan.nodes - 1));
    }
    UNIT_TRUE("some are on several", several > states() / 50);
}

static void what_is_missing_is_enough(void)
{
    unsigned int refused = 0;

    random_seed(5);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        struct place_request wanted;
        struct place_reason reason;
        struct place_plan plan;
        struct place_host host;
        unsigned int node;

        random_host(&host);
        random_request(&wanted);
        wanted.policy = PLACE_STRICT;
        if ( !place(&host, NULL, &wanted, &plan, &reason) ||
             reason.claimed_missing_pages )
            continue;
        node = random_below(host.nr_nodes);
        if ( reason.verdict[node] != PLACE_NO_MEMORY ||
             host.nodes[node].cpus < reason.need_cpus )
            continue;
        host.nodes[node].free_pages += reason.missing_pages[node] - 1;
        UNIT_EQUAL("a page less", place(&host, NULL, &wanted, &plan, NULL),
                   -1);
        host.nodes[node].free_pages++;
        UNIT_EQUAL("all of it", place(&host, NULL, &wanted, &plan, NULL), 0);
        UNIT_EQUAL("there", plan.home_node, node);
        refused++;
    }
    UNIT_TRUE("some were refused", refused > states() / 100);
}

static const struct unit_test properties[] = {
    { "every plan is feasible, and the same again", plans_are_feasible },
    { "more free memory never turns accept into reject",
      more_memory_never_refuses },
    { "preferred refuses for want of memory only",
      preferred_is_about_memory_only },
    { "labels of nodes change nothing", labels_change_nothing },
    { "what a node is said to lack is just enough",
      what_is_missing_is_enough },
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
