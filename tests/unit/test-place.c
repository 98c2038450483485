/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: tables of hosts and requests with the plan that has to come
 * out, and properties over made-up hosts.  Sizes in the tables are in MiB;
 * overhead is left out where it is not what a row is about.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place/place.h"
#include "place/view.h"
#include "unit.h"

#define MIB 256u

/* Nodes on a line: the distance grows by 5 a hop. */
static void make_host(struct place_host *host, unsigned int nr,
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

static struct place_request request(unsigned int mib, unsigned int vcpus,
                                    enum place_policy policy)
{
    return (struct place_request){
        .guest_pages = (uint64_t)mib * MIB,
        .vcpus = vcpus,
        .policy = policy,
    };
}

struct row {
    const char *fact;
    unsigned int free_mib[4];
    unsigned int mib;
    unsigned int vcpus;
    uint64_t allowed;
    unsigned int overhead_mib;
    enum place_policy policy;
    int error;
    unsigned int home;
    unsigned int plan_mib[4];
};

static const struct row rows[] = {
    { "least left over wins", { 1000, 300, 700, 400 }, 256, 1, 0, 0,
      PLACE_STRICT, 0, 1, { 0, 256 } },
    { "an exact fit is a fit", { 1000, 255, 256, 257 }, 256, 1, 0, 0,
      PLACE_STRICT, 0, 2, { 0, 0, 256 } },
    { "the lower id on ties", { 100, 500, 500, 500 }, 256, 1, 0, 0,
      PLACE_STRICT, 0, 1, { 0, 256 } },
    { "overhead has to fit too", { 259, 400, 0, 0 }, 256, 1, 0, 4,
      PLACE_STRICT, 0, 1, { 0, 256 } },
    { "only nodes that are asked for", { 300, 300, 400, 500 }, 256, 1, 0xc,
      0, PLACE_STRICT, 0, 2, { 0, 0, 256 } },
    { "strict refuses rather than split", { 200, 200, 200, 200 }, 256, 1, 0,
      0, PLACE_STRICT, ENOSPC, 0, { 0 } },
    { "a split is even", { 100, 200, 200, 100 }, 256, 1, 0x6, 0,
      PLACE_PREFERRED, 0, 1, { 0, 128, 128 } },
    { "nearest pair, not roomiest pair", { 250, 130, 130, 250 }, 256, 1, 0,
      0, PLACE_PREFERRED, 0, 0, { 128, 128 } },
    { "a pair though three would be nearer together",
      { 200, 80, 80, 200 }, 400, 1, 0, 0,
      PLACE_PREFERRED, 0, 0, { 200, 0, 0, 200 } },
    { "more from the node that has more", { 100, 300, 0, 0 }, 360, 1, 0, 0,
      PLACE_PREFERRED, 0, 1, { 100, 260 } },
    { "overhead is not split", { 100, 100, 100, 0 }, 200, 1, 0, 60,
      PLACE_PREFERRED, 0, 0, { 40, 80, 80 } },
    { "overhead that no node holds", { 100, 100, 100, 100 }, 50, 1, 0, 150,
      PLACE_PREFERRED, ENOSPC, 0, { 0 } },
    { "four nodes when it takes four", { 100, 100, 100, 100 }, 400, 1, 0, 0,
      PLACE_PREFERRED, 0, 0, { 100, 100, 100, 100 } },
    { "more than the host has", { 100, 100, 100, 100 }, 401, 1, 0, 0,
      PLACE_PREFERRED, ENOSPC, 0, { 0 } },
    { "more vCPUs than a node has CPUs: two nodes",
      { 500, 500, 500, 500 }, 256, 3, 0, 0,
      PLACE_PREFERRED, 0, 0, { 128, 128 } },
    { "more vCPUs than a node has CPUs: strict refuses",
      { 500, 500, 500, 500 }, 256, 3, 0, 0, PLACE_STRICT, ENOSPC, 0, { 0 } },
    { "more vCPUs than the host has CPUs: all nodes",
      { 500, 500, 500, 500 }, 400, 20, 0, 0,
      PLACE_PREFERRED, 0, 0, { 100, 100, 100, 100 } },
    { "a node that the host has not", { 500, 500, 500, 500 }, 256, 1, 0x10,
      0, PLACE_PREFERRED, EINVAL, 0, { 0 } },
    { "no memory", { 500, 500, 500, 500 }, 0, 1, 0, 0, PLACE_PREFERRED,
      EINVAL, 0, { 0 } },
    { "no vCPU", { 500, 500, 500, 500 }, 256, 0, 0, 0, PLACE_PREFERRED,
      EINVAL, 0, { 0 } },
};

static void single_decisions(void)
{
    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        const struct row *row = &rows[i];
        struct place_request wanted = request(row->mib, row->vcpus,
                                              row->policy);
        struct place_reason reason;
        struct place_host host;
        struct place_plan plan;
        int rc;

        make_host(&host, 4, row->free_mib, 2);
        wanted.nodes = row->allowed;
        wanted.overhead_pages = (uint64_t)row->overhead_mib * MIB;
        rc = place(&host, NULL, &wanted, &plan, &reason);
        UNIT_EQUAL(row->fact, rc ? errno : 0, row->error);
        if ( rc )
            continue;
        UNIT_EQUAL(row->fact, plan.home_node, row->home);
        UNIT_EQUAL(row->fact, plan.overhead_pages, wanted.overhead_pages);
        for ( unsigned int n = 0; n < 4; n++ )
        {
            UNIT_EQUAL(row->fact, plan.pages[n] / MIB, row->plan_mib[n]);
            UNIT_EQUAL(row->fact, !!(plan.nodes & (1u << n)),
                       row->plan_mib[n] > 0);
            UNIT_EQUAL(row->fact, reason.verdict[n] == PLACE_CHOSEN,
                       row->plan_mib[n] > 0);
        }
    }
}

static void held_pages_are_gone(void)
{
    static const unsigned int free_mib[] = { 300, 500 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_held held = { 0 };
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 2, free_mib, 2);
    UNIT_EQUAL("nothing held", place(&host, &held, &wanted, &plan, NULL), 0);
    UNIT_EQUAL("nothing held", plan.home_node, 0);
    place_hold(&held, &plan, 1);
    UNIT_EQUAL("held", place(&host, &held, &wanted, &plan, NULL), 0);
    UNIT_EQUAL("held", plan.home_node, 1);
    held.pages[1] = UINT64_MAX;
    UNIT_EQUAL("more held than there is",
               place(&host, &held, &wanted, &plan, NULL), -1);
    held.pages[1] = 0;
    place_unhold(&held, &plan, 5);
    UNIT_EQUAL("unhold never wraps", held.pages[1], 0);
    UNIT_EQUAL("unhold never wraps", held.vcpus[1], 0);
}

static void overhead_is_held_and_given_back(void)
{
    static const unsigned int free_mib[] = { 540, 600 };
    const struct place_held nothing = { 0 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_held held = { 0 };
    struct place_host host;
    struct place_plan plan, second;

    /* Twice the memory would fit on node 0, but for the overhead. */
    make_host(&host, 2, free_mib, 2);
    wanted.overhead_pages = 20 * MIB;
    UNIT_EQUAL("first", place(&host, &held, &wanted, &plan, NULL), 0);
    UNIT_EQUAL("first", plan.home_node, 0);
    place_hold(&held, &plan, 1);
    UNIT_EQUAL("second", place(&host, &held, &wanted, &second, NULL), 0);
    UNIT_EQUAL("second", second.home_node, 1);
    place_unhold(&held, &plan, 1);
    UNIT_EQUAL("all given back", memcmp(&held, &nothing, sizeof(held)), 0);
}

static void reserve_is_left_alone(void)
{
    static const unsigned int free_mib[] = { 300, 500 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 2, free_mib, 2);
    host.nodes[0].reserve_pages = 100 * MIB;
    UNIT_EQUAL("reserve", place(&host, NULL, &wanted, &plan, NULL), 0);
    UNIT_EQUAL("reserve", plan.home_node, 1);
}

static void fewer_vcpus_win_a_tie(void)
{
    static const unsigned int free_mib[] = { 500, 500, 500 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 3, free_mib, 2);
    host.nodes[0].vcpus = 3;
    host.nodes[1].vcpus = 2;
    host.nodes[2].vcpus = 4;
    UNIT_EQUAL("tie", place(&host, NULL, &wanted, &plan, NULL), 0);
    UNIT_EQUAL("tie", plan.home_node, 1);
}

static void odd_nodes(void)
{
    static const unsigned int free_mib[] = { 300, 400, 500 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;
    char text[256];

    make_host(&host, 3, free_mib, 2);
    host.nodes[0].online = false;
    host.nodes[1].cores = host.nodes[1].cpus = 0;
    UNIT_EQUAL("offline, no CPU", place(&host, NULL, &wanted, &plan, &reason),
               0);
    UNIT_EQUAL("offline, no CPU", plan.home_node, 2);
    UNIT_EQUAL("offline", reason.verdict[0], PLACE_OFFLINE);
    UNIT_EQUAL("no CPU", reason.verdict[1], PLACE_NO_CORES);
    place_reason_text(&reason, &host, text, sizeof(text));
    UNIT_TEXT("text", text, "node 0: offline, node 1: only 0 CPUs, "
              "node 2: chosen");

    host.nodes[2].cores = host.nodes[2].cpus = 0;
    UNIT_EQUAL("no CPU known at all",
               place(&host, NULL, &wanted, &plan, &reason), 0);
    UNIT_EQUAL("no CPU known at all", plan.home_node, 1);
}

static void unreachable_is_last(void)
{
    static const unsigned int free_mib[] = { 200, 200, 200 };
    struct place_request wanted = request(256, 1, PLACE_PREFERRED);
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 3, free_mib, 2);
    host.nodes[0].distances[1] = PLACE_NO_DISTANCE;
    UNIT_EQUAL("unreachable", place(&host, NULL, &wanted, &plan, NULL), 0);
    UNIT_EQUAL("unreachable", plan.nodes, 0x6);
    wanted.nodes = 0x3;
    UNIT_EQUAL("nothing else left",
               place(&host, NULL, &wanted, &plan, NULL), 0);
    UNIT_EQUAL("nothing else left", plan.nodes, 0x3);
}

static void refusal_says_what_is_missing(void)
{
    static const unsigned int free_mib[] = { 100, 120 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;
    char text[128], tiny[8];

    make_host(&host, 2, free_mib, 2);
    UNIT_EQUAL("too much", place(&host, NULL, &wanted, &plan, &reason), -1);
    UNIT_EQUAL("too much", reason.missing_pages[0], 156 * MIB);
    UNIT_EQUAL("too much", reason.missing_pages[1], 136 * MIB);
    UNIT_EQUAL("too much", reason.host_missing_pages, 36 * MIB);
    place_reason_text(&reason, &host, text, sizeof(text));
    UNIT_TEXT("text", text, "node 0: 156 MiB short, node 1: 136 MiB short, "
              "all together: 36 MiB short");
    place_reason_text(&reason, &host, tiny, sizeof(tiny));
    UNIT_TEXT("cut off", tiny, "node 0:");
}

static void a_stated_blocker_removed_means_accepted(void)
{
    static const unsigned int free_mib[] = { 100, 120 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 2, free_mib, 2);
    place(&host, NULL, &wanted, &plan, &reason);
    host.nodes[1].free_pages += reason.missing_pages[1] - 1;
    UNIT_EQUAL("a page less", place(&host, NULL, &wanted, &plan, NULL), -1);
    host.nodes[1].free_pages += 1;
    UNIT_EQUAL("removed", place(&host, NULL, &wanted, &plan, NULL), 0);
}

static void overhead_estimate(void)
{
    /* Pool of 256 + 2 * 256 pages, 32 a vCPU, 128 a domain. */
    UNIT_EQUAL("256 MiB, 1 vCPU", place_request_overhead(256 * MIB, 1), 928);
    UNIT_EQUAL("a started MiB counts", place_request_overhead(1, 1), 418);
    UNIT_EQUAL("4 PiB, 512 vCPUs",
               place_request_overhead(PLACE_MAX_PAGES, 512),
               128 + 512 * 288 + (UINT64_C(1) << 33));
}

static void policies_by_name(void)
{
    enum place_policy policy;

    UNIT_EQUAL("strict", place_policy_parse("strict", &policy), 0);
    UNIT_EQUAL("strict", policy, PLACE_STRICT);
    UNIT_EQUAL("preferred", place_policy_parse("preferred", &policy), 0);
    UNIT_TEXT("preferred", place_policy_name(policy), "preferred");
    UNIT_EQUAL("unknown", place_policy_parse("Strict", &policy), -1);
    UNIT_TEXT("unknown", place_policy_name(7), NULL);
}

/* The demo's storms: 260 MiB with overhead, so 5 + 5 + 5 + 3 of the first. */
struct storm {
    const char *fact;
    unsigned int free_mib[4];
    unsigned int counts[5];      /* of 128, 256, 384, 512, 768 MiB           */
};

static const struct storm storms[] = {
    { "uniform, dom0 on node 3", { 1490, 1500, 1500, 790 },
      { 0, 18 } },
    { "uniform, dom0 mostly on node 1", { 1380, 850, 1500, 1500 },
      { 0, 18 } },
    { "mixed, dom0 on node 3", { 1480, 1500, 1500, 720 },
      { 4, 4, 2, 2, 2 } },
    { "mixed, dom0 on nodes 0 and 1", { 980, 1200, 1500, 1500 },
      { 4, 4, 2, 2, 2 } },
};

static size_t make_storm(const struct storm *storm,
                         struct place_request *requests)
{
    static const unsigned int sizes[] = { 128, 256, 384, 512, 768 };
    size_t nr = 0;

    for ( unsigned int i = 0; i < 5; i++ )
        for ( unsigned int n = 0; n < storm->counts[i]; n++ )
        {
            requests[nr] = request(sizes[i], 1, PLACE_PREFERRED);
            requests[nr].overhead_pages =
                place_request_overhead(requests[nr].guest_pages, 1);
            nr++;
        }

    return nr;
}

static void storms_are_not_split(void)
{
    for ( size_t i = 0; i < sizeof(storms) / sizeof(storms[0]); i++ )
    {
        struct place_request requests[32];
        struct place_plan plans[32];
        struct place_host host;
        size_t nr = make_storm(&storms[i], requests), placed;
        int rc[32];

        make_host(&host, 4, storms[i].free_mib, 2);
        placed = place_batch(&host, NULL, requests, nr, plans, NULL, rc);
        UNIT_EQUAL(storms[i].fact, placed, nr);
        for ( size_t n = 0; n < nr; n++ )
            UNIT_EQUAL(storms[i].fact, __builtin_popcountll(plans[n].nodes),
                       1);
    }
}

static uint64_t seed;

static uint32_t random_below(uint32_t bound)
{
    seed = seed * UINT64_C(6364136223846793005) +
           UINT64_C(1442695040888963407);

    return (seed >> 33) % bound;
}

static void random_host(struct place_host *host)
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

static void random_request(struct place_request *wanted)
{
    *wanted = request(1 + random_below(random_below(4) ? 1024 : 8192),
                      1 + random_below(4), random_below(3) != 0);
    wanted->overhead_pages = place_request_overhead(wanted->guest_pages,
                                                    wanted->vcpus);
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

    seed = 1;
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
    seed = 2;
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

    seed = 3;
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

    seed = 5;
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

static void batches_do_not_depend_on_order(void)
{
    seed = 4;
    for ( unsigned int n = 0; n < 300; n++ )
    {
        struct place_request requests[12], turned[12];
        struct place_plan plans[12], turned_plans[12];
        uint64_t taken[PLACE_MAX_NODES] = { 0 }, turned_taken[PLACE_MAX_NODES];
        struct place_host host;
        int rc[12], turned_rc[12];

        random_host(&host);
        for ( unsigned int i = 0; i < 12; i++ )
            random_request(&requests[i]);
        for ( unsigned int i = 0; i < 12; i++ )
            turned[i] = requests[(i + n) % 12];
        UNIT_EQUAL("number", place_batch(&host, NULL, requests, 12, plans,
                                         NULL, rc),
                   place_batch(&host, NULL, turned, 12, turned_plans, NULL,
                               turned_rc));
        memset(turned_taken, 0, sizeof(turned_taken));
        for ( unsigned int i = 0; i < 12; i++ )
            for ( unsigned int node = 0; node < PLACE_MAX_NODES; node++ )
            {
                taken[node] += rc[i] ? 0 : plans[i].pages[node];
                turned_taken[node] +=
                    turned_rc[i] ? 0 : turned_plans[i].pages[node];
            }
        UNIT_EQUAL("pages by node", memcmp(taken, turned_taken,
                                           sizeof(taken)), 0);
        for ( unsigned int node = 0; node < host.nr_nodes; node++ )
            UNIT_TRUE("no node overcommitted",
                      taken[node] <= host.nodes[node].free_pages);
    }
}

static void other_rules_rescue_a_batch(void)
{
    static const unsigned int free_mib[] = { 900, 1000 };
    static const unsigned int mib[] = { 700, 600, 300, 300 };
    struct place_request requests[4];
    struct place_plan plans[4];
    struct place_host host;
    int rc[4];

    /* Best and first fit put 700 on node 0, where 200 then are left over. */
    make_host(&host, 2, free_mib, 2);
    for ( unsigned int i = 0; i < 4; i++ )
        requests[i] = request(mib[i], 1, PLACE_STRICT);
    UNIT_EQUAL("packs", place_batch(&host, NULL, requests, 4, plans, NULL,
                                    rc), 4);
    UNIT_EQUAL("700 MiB", plans[0].home_node, 1);
}

static void more_domains_win_on_equal_memory(void)
{
    static const unsigned int free_mib[] = { 740, 700 };
    static const unsigned int mib[] = { 600, 500, 250, 250 };
    struct place_request requests[4];
    struct place_plan plans[4];
    struct place_host host;
    int rc[4];

    /* Either the one with 4 vCPUs, or both small ones instead of it. */
    make_host(&host, 2, free_mib, 2);
    host.nodes[0].cores = host.nodes[0].cpus = 4;
    for ( unsigned int i = 0; i < 4; i++ )
        requests[i] = request(mib[i], i == 1 ? 4 : 1, PLACE_STRICT);
    UNIT_EQUAL("placed", place_batch(&host, NULL, requests, 4, plans, NULL,
                                     rc), 3);
    UNIT_EQUAL("4 vCPUs", rc[1], ENOSPC);
    UNIT_EQUAL("first small one", rc[2], 0);
}

static void the_best_try_is_the_one_that_is_told(void)
{
    static const unsigned int free_mib[] = { 400, 600 };
    static const unsigned int mib[] = { 350, 900 };
    struct place_request requests[2];
    struct place_plan plans[2];
    struct place_host host;
    int rc[2];

    /* All rules are tried for what fits nowhere; none is better. */
    make_host(&host, 2, free_mib, 2);
    for ( unsigned int i = 0; i < 2; i++ )
        requests[i] = request(mib[i], 1, PLACE_STRICT);
    UNIT_EQUAL("placed", place_batch(&host, NULL, requests, 2, plans, NULL,
                                     rc), 1);
    UNIT_EQUAL("350 MiB", rc[0], 0);
    UNIT_EQUAL("350 MiB, least left over", plans[0].home_node, 0);
    UNIT_EQUAL("900 MiB", rc[1], ENOSPC);
}

static void hosts_that_make_no_sense(void)
{
    static const unsigned int free_mib[] = { 300 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 1, free_mib, 2);
    host.nr_nodes = 0;
    UNIT_EQUAL("no node", place(&host, NULL, &wanted, &plan, NULL), -1);
    UNIT_EQUAL("no node", errno, EINVAL);
    host.nr_nodes = PLACE_MAX_NODES + 1;
    UNIT_EQUAL("65 nodes", place(&host, NULL, &wanted, &plan, NULL), -1);
    host.nr_nodes = 1;
    host.nodes[0].present_pages = host.nodes[0].free_pages - 1;
    UNIT_EQUAL("more free than present",
               place(&host, NULL, &wanted, &plan, NULL), -1);
}

static const struct unit_test decisions[] = {
    { "one request, one answer", single_decisions },
    { "what is held is gone", held_pages_are_gone },
    { "overhead is held, and given back with the vCPUs",
      overhead_is_held_and_given_back },
    { "the reserve is left alone", reserve_is_left_alone },
    { "fewer vCPUs win a tie", fewer_vcpus_win_a_tie },
    { "offline nodes and nodes without CPUs", odd_nodes },
    { "unreachable nodes come last", unreachable_is_last },
    { "a refusal says what is missing", refusal_says_what_is_missing },
    { "a stated blocker removed means accepted",
      a_stated_blocker_removed_means_accepted },
    { "the overhead covers pool, vCPUs and domain", overhead_estimate },
    { "policies have names", policies_by_name },
    { "hosts that make no sense are refused", hosts_that_make_no_sense },
    { NULL, NULL }
};

static const struct unit_test batches[] = {
    { "storms that fit are not split", storms_are_not_split },
    { "other rules rescue a batch", other_rules_rescue_a_batch },
    { "more domains win on equal memory", more_domains_win_on_equal_memory },
    { "the best try is the one that is told",
      the_best_try_is_the_one_that_is_told },
    { "a batch does not depend on its order",
      batches_do_not_depend_on_order },
    { NULL, NULL }
};

static const struct unit_test properties[] = {
    { "every plan is feasible, and the same again", plans_are_feasible },
    { "more free memory never turns accept into reject",
      more_memory_never_refuses },
    { "sets are the nearest of the smallest size", sets_are_the_nearest },
    { "large hosts take no longer", large_hosts_take_no_longer },
    { "large hosts have near sets, too", large_hosts_have_near_sets_too },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "decisions", NULL, NULL, decisions },
        { "batches", NULL, NULL, batches },
        { "properties", NULL, NULL, properties },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place", suites);
}
