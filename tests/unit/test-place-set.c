/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: sets of nodes, against all that there are.
 */

#include <string.h>
#include <unistd.h>

#include "place-host.h"
#include "place/view.h"
#include "unit.h"

/* All subsets, the dull way. */
static uint64_t nearest_by_force(const struct place_view *view)
{
    uint64_t best = 0, best_distance = 0;

    for ( uint64_t set = 1; set < UINT64_C(1) << view->host->nr_nodes; set++ )
    {
        uint64_t pages = 0, cpus = 0, largest = 0, distance = 0;
        int size = __builtin_popcountll(set);
        int best_size = __builtin_popcountll(best);

        for ( unsigned int a = 0; a < view->host->nr_nodes; a++ )
        {
            if ( !(set & (UINT64_C(1) << a)) )
                continue;
            pages += view->pages[a];
            cpus += view->cpus[a];
            if ( !view->pages[a] )
                size = 99;
            if ( view->pages[a] > largest )
                largest = view->pages[a];
            for ( unsigned int b = 0; b < a; b++ )
                if ( set & (UINT64_C(1) << b) )
                    distance += place_view_distance(view, a, b);
        }
        if ( size < 2 || size == 99 || pages < view->need_pages ||
             cpus < view->need_cpus ||
             largest < view->request->overhead_pages )
            continue;
        if ( !best || size < best_size ||
             (size == best_size && distance < best_distance) )
        {
            best = set;
            best_distance = distance;
        }
    }

    return best;
}

static uint64_t distance_of(const struct place_view *view, uint64_t set)
{
    uint64_t distance = 0;

    for ( unsigned int a = 0; a < view->host->nr_nodes; a++ )
        for ( unsigned int b = 0; b < a; b++ )
            if ( (set & (UINT64_C(1) << a)) && (set & (UINT64_C(1) << b)) )
                distance += place_view_distance(view, a, b);

    return distance;
}

static void sets_are_the_nearest(void)
{
    unsigned int found = 0;

    random_seed(3);
    for ( unsigned int n = 0; n < 5000; n++ )
    {
        struct place_request wanted;
        struct place_reason reason;
        struct place_view view;
        struct place_host host;
        uint64_t expected, got;

        random_host(&host);
        if ( host.nr_nodes > 8 )
            continue;
        random_request(&wanted);
        if ( place_view_make(&view, &host, NULL, &wanted, &reason) )
            continue;
        expected = nearest_by_force(&view);
        got = place_set_find(&view);
        UNIT_EQUAL("size", __builtin_popcountll(got),
                   __builtin_popcountll(expected));
        UNIT_EQUAL("distance", distance_of(&view, got),
                   distance_of(&view, expected));
        found += got != 0;
    }
    UNIT_TRUE("most were found", found > 2000);
}

/* So many sets that they cannot all be looked at. */
static void large_hosts_take_no_longer(void)
{
    struct place_request wanted = request(2000, 1, PLACE_PREFERRED);
    unsigned int free_mib[PLACE_MAX_NODES];
    struct place_host host;
    struct place_plan plan;

    random_seed(5);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        free_mib[i] = 100;
    make_host(&host, PLACE_MAX_NODES, free_mib, 2);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        for ( unsigned int j = 0; j < PLACE_MAX_NODES; j++ )
            host.nodes[i].distances[j] = 10 + random_below(5);
    /* Ends the test if it takes years. */
    alarm(30);
    UNIT_EQUAL("20 of 64 nodes", place(&host, NULL, &wanted, &plan, NULL), 0);
    alarm(0);
    UNIT_EQUAL("20 of 64 nodes", __builtin_popcountll(plan.nodes), 20);
}

static void large_hosts_have_near_sets_too(void)
{
    struct place_request wanted = request(300, 1, PLACE_PREFERRED);
    unsigned int free_mib[PLACE_MAX_NODES];
    struct place_host host;
    struct place_plan plan;

    /* The last four are near each other; one of them has little memory. */
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        free_mib[i] = i == 61 ? 10 : 100;
    make_host(&host, PLACE_MAX_NODES, free_mib, 2);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        for ( unsigned int j = 0; j < PLACE_MAX_NODES; j++ )
            host.nodes[i].distances[j] = i >= 60 && j >= 60 ? 10 : 50;
    UNIT_EQUAL("near", place(&host, NULL, &wanted, &plan, NULL), 0);
    UNIT_TRUE("near", plan.nodes == UINT64_C(0xd) << 60);
}

static const struct unit_test sets[] = {
    { "sets are the nearest of the smallest size", sets_are_the_nearest },
    { "large hosts take no longer", large_hosts_take_no_longer },
    { "large hosts have near sets, too", large_hosts_have_near_sets_too },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "sets", NULL, NULL, sets },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-set", suites);
}
