/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: memory on several nodes around one home, against all that there
 * is to choose from.
 */

#include <stdlib.h>

#include "place-host.h"
#include "place/rings.h"
#include "unit.h"

/* As many hosts of up to 12 nodes. */
#define HOSTS_VARIABLE "XENNUMA_SPAN_HOSTS"
#define HOSTS          3000u

/* What the engine takes for as near: mean distances of one 64th of a local. */
static uint64_t tolerance(const struct place_request *wanted)
{
    return wanted->guest_pages * 20 / 64 + 1;
}

/* Nothing is nearer than the home, whatever firmware says. */
static uint64_t distance_between(const struct place_view *view,
                                 unsigned int home, unsigned int node)
{
    uint64_t distance = place_view_distance(view, home, node);

    return node == home || distance < 20 ? 20 : distance;
}

static uint64_t room(const struct place_view *view, unsigned int home,
                     unsigned int node)
{
    return place_rest(view->pages[node],
                      node == home ? view->request->overhead_pages : 0);
}

/* The distance of all pages, with all that the nodes of a set have but one. */
static uint64_t distance_with(const struct place_view *view,
                              unsigned int home, uint64_t whole,
                              unsigned int last)
{
    uint64_t left = view->request->guest_pages, distance = 0;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( whole & (UINT64_C(1) << i) )
        {
            if ( room(view, home, i) > left )
                return UINT64_MAX;
            left -= room(view, home, i);
            distance += room(view, home, i) *
                        distance_between(view, home, i);
        }
    if ( left > room(view, home, last) )
        return UINT64_MAX;

    return distance + left * distance_between(view, home, last);
}

/*
 * The least there is.  Distances add up page by page, so the best shares take
 * whole nodes, but for one.
 */
static uint64_t least_by_force(const struct place_view *view)
{
    const unsigned int nr = view->host->nr_nodes;
    uint64_t least = UINT64_MAX;

    for ( unsigned int home = 0; home < nr; home++ )
    {
        if ( view->cpus[home] < view->need_cpus || !room(view, home, home) )
            continue;
        for ( uint64_t whole = 0; whole < UINT64_C(1) << nr; whole++ )
            for ( unsigned int last = 0; last < nr; last++ )
            {
                uint64_t distance;

                if ( whole & (UINT64_C(1) << last) )
                    continue;
                distance = distance_with(view, home, whole, last);
                least = distance < least ? distance : least;
            }
    }

    return least;
}

static uint64_t distance_of(const struct place_view *view,
                            const struct place_plan *plan)
{
    uint64_t distance = 0, pages = 0;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        UNIT_TRUE("room", plan->pages[i] <=
                          room(view, plan->home_node, i));
        pages += plan->pages[i];
        distance += plan->pages[i] *
                    distance_between(view, plan->home_node, i);
    }
    UNIT_EQUAL("all of it", pages, view->request->guest_pages);
    UNIT_TRUE("at home", plan->pages[plan->home_node]);
    UNIT_EQUAL("vCPUs", plan->cpu_nodes, UINT64_C(1) << plan->home_node);

    return distance;
}

/* At any distance from each other. */
static void make_large(struct place_host *host)
{
    static const unsigned int free_mib[12];

    make_host(host, 9 + random_below(4), free_mib, 2);
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        host->nodes[i].present_pages = 1000;
        for ( unsigned int j = 0; j < i; j++ )
            host->nodes[i].distances[j] = host->nodes[j].distances[i] =
                11 + random_below(200);
    }
}

/* Few pages, so that the sums of a set often just do. */
static void small_host(struct place_host *host, struct place_request *wanted,
                       bool large)
{
    do
        random_host(host);
    while ( host->nr_nodes > 8 );
    if ( large )
        make_large(host);
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
        host->nodes[i].free_pages = random_below(6) * 100;
    random_request(wanted);
    wanted->guest_pages = 100 + random_below(1000);
    wanted->overhead_pages = random_below(3) * 50;
    wanted->policy = PLACE_PREFERRED;
}

static unsigned int hosts(void)
{
    const char *text = getenv(HOSTS_VARIABLE);

    return text ? strtoul(text, NULL, 0) : HOSTS;
}

static void nearest_of_all(void)
{
    unsigned int found = 0;

    random_seed(17);
    for ( unsigned int n = 0; n < hosts(); n++ )
    {
        struct place_request wanted;
        struct place_reason reason;
        struct place_plan plan;
        struct place_view view;
        struct place_host host;
        struct place_rings rings = { .made = 0 };
        uint64_t least;

        small_host(&host, &wanted, n % 500 == 0);
        if ( place_view_make(&view, &host, NULL, &wanted, &reason) )
            continue;
        least = least_by_force(&view);
        UNIT_EQUAL("found", place_span(&view, &rings, &plan),
                   least != UINT64_MAX);
        if ( least == UINT64_MAX )
            continue;
        UNIT_TRUE("near", distance_of(&view, &plan) - least <
                          tolerance(&wanted));
        found++;
    }
    UNIT_TRUE("most were found", found > hosts() / 3);
}

static void shares_are_chunks(void)
{
    static const unsigned int free_mib[] = { 2501, 4303, 17000 };
    const struct place_request wanted = request(20000, 1, PLACE_PREFERRED);
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 3, free_mib, 2);
    UNIT_EQUAL("rc", place(&host, NULL, &wanted, &plan, NULL), 0);
    UNIT_EQUAL("home", plan.home_node, 2);
    UNIT_EQUAL("chunks of 1 GiB there", plan.pages[2] / MIB, 16384);
    UNIT_EQUAL("the rest on one node", plan.pages[1] / MIB, 3616);
}

static const struct unit_test spans[] = {
    { "no shares around a home are nearer", nearest_of_all },
    { "shares are chunks of 1 GiB where they fit", shares_are_chunks },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "spans", NULL, NULL, spans },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-span", suites);
}
