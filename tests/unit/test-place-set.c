/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: sets of nodes, against all that there are.
 */

#include <string.h>
#include <unistd.h>

#include "place-host.h"
#include "place/view.h"
#include "unit.h"

#define MOST_CPUS 128u

static bool has(uint64_t set, unsigned int node)
{
    return set & (UINT64_C(1) << node);
}

static uint64_t distance_of(const struct place_view *view, uint64_t set)
{
    uint64_t distance = 0;

    for ( unsigned int a = 0; a < view->host->nr_nodes; a++ )
        for ( unsigned int b = 0; b < a; b++ )
            if ( has(set, a) && has(set, b) )
                distance += place_view_distance(view, a, b);

    return distance;
}

static bool holds(const struct place_view *view, uint64_t set)
{
    uint64_t pages = 0, cpus = 0, largest = 0;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        if ( !has(set, i) )
            continue;
        if ( !view->pages[i] )
            return false;
        pages += view->pages[i];
        cpus += view->cpus[i];
        if ( view->pages[i] > largest )
            largest = view->pages[i];
    }

    return pages >= view->need_pages && cpus >= view->need_cpus &&
           largest >= view->request->overhead_pages;
}

/* Which of two sets that differ has the first node that only one has? */
static bool is_first(const struct place_view *view, uint64_t a, uint64_t b)
{
    unsigned int nodes[PLACE_MAX_NODES], nr = 0;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( view->pages[i] )
            nodes[nr++] = i;
    place_set_order(view, __builtin_popcountll(a), nodes, nr);
    for ( unsigned int i = 0; i < nr; i++ )
        if ( has(a, nodes[i]) != has(b, nodes[i]) )
            return has(a, nodes[i]);

    return false;
}

/* Fewer nodes, then nearer ones, then the first in order. */
static bool is_better(const struct place_view *view, uint64_t a, uint64_t b)
{
    int a_size = __builtin_popcountll(a), b_size = __builtin_popcountll(b);
    uint64_t a_distance, b_distance;

    if ( a_size != b_size )
        return a_size < b_size;
    a_distance = distance_of(view, a);
    b_distance = distance_of(view, b);
    if ( a_distance != b_distance )
        return a_distance < b_distance;

    return is_first(view, a, b);
}

/* All subsets, the dull way. */
static uint64_t nearest_by_force(const struct place_view *view)
{
    uint64_t best = 0;

    for ( uint64_t set = 1; set < UINT64_C(1) << view->host->nr_nodes; set++ )
        if ( (set & (set - 1)) && holds(view, set) &&
             (!best || is_better(view, set, best)) )
            best = set;

    return best;
}

/* Whatever random_request leaves out. */
static void odd_request(struct place_request *wanted)
{
    random_request(wanted);
    if ( !random_below(4) )
        wanted->vcpus = 1 + random_below(20);
    if ( !random_below(4) )
        wanted->overhead_pages = random_below(2000) * MIB;
    if ( !random_below(16) )
        wanted->guest_pages = 1 + random_below(4);
}

static void sets_are_the_nearest(void)
{
    unsigned int sets = 0;

    random_seed(3);
    for ( unsigned int n = 0; n < 20000; n++ )
    {
        struct place_request wanted;
        struct place_reason reason;
        struct place_view view;
        struct place_host host;
        struct place_found found;
        uint64_t expected;

        random_host(&host);
        if ( host.nr_nodes > 8 )
            continue;
        odd_request(&wanted);
        wanted.max_nodes = PLACE_MAX_NODES;
        if ( place_view_make(&view, &host, NULL, &wanted, &reason) )
            continue;
        expected = nearest_by_force(&view);
        /* Every node of a plan has pages. */
        if ( __builtin_popcountll(expected) > (int)wanted.guest_pages )
            expected = 0;
        place_set_find(&view, 2, &found);
        UNIT_EQUAL("set", found.set, expected);
        UNIT_EQUAL("certain", found.gap, 0);
        sets += expected != 0;
    }
    UNIT_TRUE("most were found", sets > 10000);
}

/* Most pages of n nodes with so many CPUs, one of which holds the overhead. */
struct table {
    uint64_t pages[2][PLACE_MAX_NODES + 1][MOST_CPUS + 1];
};

static void count_node(struct table *table, const struct place_view *view,
                       unsigned int node)
{
    bool large = view->pages[node] >= view->request->overhead_pages;

    for ( unsigned int n = node + 1; n-- > 0; )
        for ( unsigned int flag = 0; flag < 2; flag++ )
            for ( unsigned int cpus = 0; cpus <= view->need_cpus; cpus++ )
            {
                uint64_t pages = table->pages[flag][n][cpus];
                unsigned int sum = cpus + view->cpus[node];
                uint64_t *most;

                if ( sum > view->need_cpus )
                    sum = view->need_cpus;
                most = &table->pages[flag || large][n + 1][sum];
                if ( (pages || (n == 0 && flag == 0 && cpus == 0)) &&
                     pages + view->pages[node] > *most )
                    *most = pages + view->pages[node];
            }
}

/* The least size of a set that holds, by what sets of each size can have. */
static unsigned int least_by_table(const struct place_view *view)
{
    static struct table table;
    unsigned int nr = view->host->nr_nodes;

    memset(&table, 0, sizeof(table));
    for ( unsigned int i = 0; i < nr; i++ )
        count_node(&table, view, i);
    for ( unsigned int n = 2; n <= nr; n++ )
        if ( table.pages[1][n][view->need_cpus] >= view->need_pages )
            return n;

    return 0;
}

static void large_hosts_need_no_more_nodes(void)
{
    unsigned int sets = 0;

    random_seed(6);
    for ( unsigned int n = 0; n < 1000; n++ )
    {
        unsigned int free_mib[PLACE_MAX_NODES], kinds = 1 + random_below(8);
        struct place_request wanted;
        struct place_reason reason;
        struct place_view view;
        struct place_host host;
        unsigned int expected;
        struct place_found found;

        for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
            free_mib[i] = 1 + random_below(1000);
        make_host(&host, PLACE_MAX_NODES, free_mib, 0);
        for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
            host.nodes[i].cpus = random_below(kinds);
        wanted = request(1 + random_below(36000), 1 + random_below(MOST_CPUS),
                         PLACE_PREFERRED);
        wanted.overhead_pages = random_below(1000) * MIB;
        if ( place_view_make(&view, &host, NULL, &wanted, &reason) )
            continue;
        expected = least_by_table(&view);
        place_set_find(&view, 2, &found);
        UNIT_EQUAL("size", __builtin_popcountll(found.set), expected);
        UNIT_TRUE("looks", found.looks <= PLACE_SET_LOOKS);
        sets += expected != 0;
    }
    UNIT_TRUE("most were found", sets > 800);
}

/* 16 to 22 GiB a node, and one with 256 GiB; distances of no order. */
static void make_large_host(struct place_host *host)
{
    unsigned int free_mib[PLACE_MAX_NODES];

    random_seed(5);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        free_mib[i] = i == 37 ? 262144 : 16384 + random_below(6144);
    make_host(host, PLACE_MAX_NODES, free_mib, 16);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        host->nodes[i].present_pages = 300000u * MIB;
        for ( unsigned int j = 0; j < PLACE_MAX_NODES; j++ )
            host->nodes[i].distances[j] = 10 + random_below(20);
    }
}

static const struct cost {
    const char *fact;
    unsigned int gib;
    unsigned int overhead_gib;
    unsigned int vcpus;
    uint32_t looks;
    bool fits;
} costs[] = {
    { "far too much", 4000, 1, 4, PLACE_MAX_NODES, false },
    { "a little too much", 1480, 1, 4, PLACE_MAX_NODES, false },
    { "overhead that no node holds", 300, 257, 4, PLACE_MAX_NODES, false },
    { "nearly all", 1400, 1, 4, PLACE_SET_LOOKS, true },
    { "half of the nodes", 900, 1, 4, PLACE_SET_LOOKS, true },
    { "a few", 320, 1, 4, PLACE_SET_LOOKS, true },
    { "half of the CPUs", 30, 1, 512, PLACE_SET_LOOKS, true },
    { "all CPUs", 30, 1, 1024, PLACE_SET_LOOKS, true },
};

/* What is counted, rather than time: that would depend on the machine. */
static void large_hosts_have_bounded_costs(void)
{
    struct place_host host;

    make_large_host(&host);
    /* Ends the test if it takes years. */
    alarm(30);
    for ( size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++ )
    {
        const struct cost *cost = &costs[i];
        struct place_request wanted = request(cost->gib * 1024, cost->vcpus,
                                              PLACE_PREFERRED);
        struct place_reason reason;
        struct place_view view;
        struct place_found found;

        wanted.overhead_pages = (uint64_t)cost->overhead_gib * 1024 * MIB;
        UNIT_EQUAL(cost->fact,
                   place_view_make(&view, &host, NULL, &wanted, &reason), 0);
        place_set_find(&view, 2, &found);
        UNIT_EQUAL(cost->fact, found.set != 0, cost->fits);
        UNIT_EQUAL(cost->fact, !found.set || holds(&view, found.set), 1);
        if ( found.looks > cost->looks )
            UNIT_EQUAL(cost->fact, found.looks, cost->looks);
    }
    alarm(0);
}

/* Each node has the more memory the fewer CPUs: hardly one is better. */
static void many_kinds_of_nodes_have_bounded_costs(void)
{
    unsigned int free_mib[PLACE_MAX_NODES], mib = 0, cpus = 0, gaps = 0;
    struct place_host host;

    random_seed(7);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        free_mib[i] = 10000 - 101 * i + random_below(75);
        mib += free_mib[i];
        cpus += i + 1;
    }
    make_host(&host, PLACE_MAX_NODES, free_mib, 0);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        host.nodes[i].cpus = i + 1;

    alarm(30);
    for ( unsigned int size = 2; size < PLACE_MAX_NODES; size++ )
    {
        /* About what so many of them have. */
        struct place_request wanted =
            request(mib / PLACE_MAX_NODES * size + random_below(200),
                    cpus / PLACE_MAX_NODES * size + random_below(4),
                    PLACE_PREFERRED);
        struct place_reason reason;
        struct place_view view;
        struct place_found found;

        UNIT_EQUAL("view",
                   place_view_make(&view, &host, NULL, &wanted, &reason), 0);
        place_set_find(&view, 2, &found);
        UNIT_TRUE("found", found.set && holds(&view, found.set));
        UNIT_TRUE("looks", found.looks <= PLACE_SET_LOOKS);
        /* On a line sets of few nodes are found, of many not for certain. */
        UNIT_TRUE("certain", size > 4 || !found.gap);
        gaps += found.gap > 0;
    }
    UNIT_TRUE("some are not certain", gaps > 0);
    alarm(0);
}

/* What four made-up nodes hold, and only just; of many fours, the most. */
static void ask_for_four(const struct place_host *host,
                         struct place_request *wanted)
{
    for ( unsigned int tries = 0; tries < 2000; tries++ )
    {
        uint64_t set = 0, pages = 0;
        uint32_t cpus = 0;

        while ( __builtin_popcountll(set) < 4 )
            set |= UINT64_C(1) << random_below(host->nr_nodes);
        for ( unsigned int i = 0; i < host->nr_nodes; i++ )
            if ( set & (UINT64_C(1) << i) )
            {
                cpus += host->nodes[i].cpus;
                pages += host->nodes[i].free_pages;
            }
        if ( pages + cpus * 10000 <=
             wanted->guest_pages + wanted->vcpus * 10000 )
            continue;
        wanted->guest_pages = pages;
        wanted->vcpus = cpus;
    }
}

/* Each node has the more memory the fewer CPUs, so many have to be tried. */
static void a_limit_on_nodes_refuses_nothing_that_fits(void)
{
    static const unsigned int free_mib[PLACE_MAX_NODES];
    struct place_host host;

    random_seed(9);
    for ( unsigned int n = 0; n < 100; n++ )
    {
        struct place_request wanted = request(0, 0, PLACE_PREFERRED);
        const unsigned int nr = 20 + random_below(30);
        struct place_plan plan;

        make_host(&host, nr, free_mib, 0);
        for ( unsigned int i = 0; i < nr; i++ )
        {
            host.nodes[i].cpus = 1 + random_below(63);
            host.nodes[i].free_pages = (64 - host.nodes[i].cpus) * 10000 +
                                       random_below(3000);
        }
        ask_for_four(&host, &wanted);
        wanted.max_nodes = 4;
        UNIT_EQUAL("placed", place(&host, NULL, &wanted, &plan, NULL), 0);
        UNIT_TRUE("on four", __builtin_popcountll(plan.nodes) <= 4);
    }
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
    { "large hosts need no more nodes than others",
      large_hosts_need_no_more_nodes },
    { "what a decision costs is bounded on large hosts",
      large_hosts_have_bounded_costs },
    { "likewise with as many kinds of nodes as nodes",
      many_kinds_of_nodes_have_bounded_costs },
    { "a limit on nodes refuses nothing that fits",
      a_limit_on_nodes_refuses_nothing_that_fits },
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
