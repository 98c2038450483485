/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Runs of the simulator: where a choice's memory comes to lie, what that does
 * to the host, how far it is, and that nothing is left of it in the end.
 * Sizes in the tables are in MiB.
 */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/departure.h"
#include "sim/sim-host.h"
#include "sim/sim.h"
#include "unit.h"

#define MIB 256u                 /* in pages */
#define GIB (UINT64_C(1) << 18)

static struct sim_host host;

/* 4 nodes, 2 a socket, with 4 CPUs each. */
static void make_host(const unsigned int *free_mib)
{
    sim_host_find("4", &host);
    for ( unsigned int i = 0; i < 4; i++ )
    {
        host.place.nodes[i].free_pages = (uint64_t)free_mib[i] * MIB;
        host.place.nodes[i].cpus = host.place.nodes[i].cores = 4;
    }
}

static const struct {
    const char *fact;
    unsigned int free_mib[4];
    unsigned int mib;
    uint64_t nodes;
    unsigned int claimed_mib[4];
    enum sim_mode mode;
    int error;
    unsigned int taken_mib[4];
    unsigned int outside_mib;
} rows[] = {
    { "without nodes evenly from all", { 500, 500, 500, 500 }, 400, 0, { 0 },
      SIM_PREFERRED, 0, { 100, 100, 100, 100 }, 0 },
    { "evenly from the nodes of the choice", { 500, 500, 500, 500 }, 400,
      0x6, { 0 }, SIM_STRICT, 0, { 0, 200, 200 }, 0 },
    { "a full node of them leaves the rest to the others",
      { 500, 50, 500, 500 }, 400, 0x7, { 0 }, SIM_STRICT, 0,
      { 175, 50, 175 }, 0 },
    { "one after the other gets full", { 500, 50, 90, 500 }, 400, 0xf,
      { 0 }, SIM_STRICT, 0, { 130, 50, 90, 130 }, 0 },
    { "claims are where they are", { 500, 500, 500, 500 }, 400, 0x3,
      { 300, 100 }, SIM_STRICT, 0, { 300, 100 }, 0 },
    { "what is not claimed is even", { 500, 500, 500, 500 }, 400, 0x3,
      { 300 }, SIM_STRICT, 0, { 350, 50 }, 0 },
    { "it spills evenly to the others", { 100, 500, 500, 500 }, 400, 0x1,
      { 0 }, SIM_PREFERRED, 0, { 100, 100, 100, 100 }, 300 },
    { "it spills as far as they have it", { 100, 20, 500, 500 }, 400, 0x1,
      { 0 }, SIM_PREFERRED, 0, { 100, 20, 140, 140 }, 300 },
    { "strict does not spill", { 100, 500, 500, 500 }, 400, 0x1, { 0 },
      SIM_STRICT, ENOSPC, { 0 }, 0 },
    { "one-node does not spill either", { 100, 500, 500, 500 }, 400, 0x1,
      { 0 }, SIM_ONE_NODE, ENOSPC, { 0 }, 0 },
    { "an exact fit fits", { 100, 100, 100, 100 }, 400, 0, { 0 },
      SIM_PREFERRED, 0, { 100, 100, 100, 100 }, 0 },
    { "more than the host has", { 100, 100, 100, 100 }, 401, 0, { 0 },
      SIM_PREFERRED, ENOSPC, { 0 }, 0 },
    { "claims off the nodes are where they should be",
      { 500, 500, 500, 500 }, 400, 0x1,
      { 300, 100 }, SIM_PREFERRED, 0, { 300, 100 }, 0 },
    { "strict takes them, too", { 500, 500, 500, 500 }, 400, 0x1,
      { 300, 100 }, SIM_STRICT, 0, { 300, 100 }, 0 },
    { "beside claims it spills as well", { 200, 500, 500, 500 }, 400, 0x1,
      { 100, 100 }, SIM_PREFERRED, 0, { 200, 133, 33, 33 }, 100 },
    { "claims of more than is there", { 100, 500, 500, 500 }, 400, 0x1,
      { 101 }, SIM_PREFERRED, EPROTO, { 0 }, 0 },
    { "claims of more than is asked for", { 500, 500, 500, 500 }, 400, 0x3,
      { 201, 200 }, SIM_PREFERRED, EPROTO, { 0 }, 0 },
    { "a node that is not there", { 500, 500, 500, 500 }, 400, 0x10, { 0 },
      SIM_PREFERRED, EPROTO, { 0 }, 0 },
};

static const char *row_fact(unsigned int row)
{
    return row < sizeof(rows) / sizeof(rows[0]) ? rows[row].fact : NULL;
}

static void settle_row(unsigned int row)
{
    const char *fact = rows[row].fact;
    struct place_request request = {
        .guest_pages = (uint64_t)rows[row].mib * MIB, .vcpus = 4,
    };
    struct sim_choice choice = { .nodes = rows[row].nodes };
    static struct sim_host before;
    struct tenant tenant;
    int rc;

    make_host(rows[row].free_mib);
    for ( unsigned int i = 0; i < 4; i++ )
        choice.claimed[i] = (uint64_t)rows[row].claimed_mib[i] * MIB;
    rc = tenant_settle(&tenant, &host, &request, &choice, rows[row].mode);
    UNIT_EQUAL(fact, rc ? errno : 0, rows[row].error);
    if ( rc )
        return;

    UNIT_EQUAL(fact, tenant.outside_pages / MIB, rows[row].outside_mib);
    before = host;
    tenant_enter(&tenant, &host);
    for ( unsigned int i = 0; i < 4; i++ )
        UNIT_EQUAL(fact, (before.place.nodes[i].free_pages -
                          host.place.nodes[i].free_pages) / MIB,
                   rows[row].taken_mib[i]);
    tenant_leave(&tenant, &host);
    UNIT_EQUAL(fact, memcmp(&host, &before, sizeof(host)), 0);
}

static struct tenant settled(uint64_t pages, uint32_t vcpus, uint64_t nodes,
                             uint64_t on_first)
{
    struct place_request request = { .guest_pages = pages, .vcpus = vcpus };
    struct sim_choice choice = { .nodes = nodes };
    struct tenant tenant;

    choice.claimed[0] = on_first;
    UNIT_EQUAL("settles", tenant_settle(&tenant, &host, &request, &choice,
                                        SIM_PREFERRED), 0);

    return tenant;
}

static void vcpus_by_share(void)
{
    static const unsigned int free_mib[] = { 500, 500, 500, 500 };
    struct tenant one, two;

    make_host(free_mib);
    host.place.nodes[1].cpus = 12;
    one = settled(MIB, 6, 0x3, 0);
    two = settled(MIB, 3, 0x2, 0);
    tenant_enter(&one, &host);
    /* 6 vCPUs on 4 and 12 CPUs: 1.5 and 4.5. */
    UNIT_EQUAL("load", host.load[0], 1536);
    UNIT_EQUAL("load", host.load[1], 4608);
    UNIT_EQUAL("rounded", host.place.nodes[0].vcpus, 2);
    UNIT_EQUAL("rounded", host.place.nodes[1].vcpus, 5);
    tenant_enter(&two, &host);
    UNIT_EQUAL("sums are rounded, not shares", host.place.nodes[1].vcpus,
               8);
    UNIT_EQUAL("runnable", host.runnable[0], 6);
    UNIT_EQUAL("runnable", host.runnable[1], 9);
    UNIT_EQUAL("domains", host.domains[1], 2);
    tenant_leave(&one, &host);
    UNIT_EQUAL("the other one stays", host.load[0], 0);
    UNIT_EQUAL("the other one stays", host.load[1], 3072);
    UNIT_EQUAL("the other one stays", host.domains[0], 0);
}

static void nodes_without_cpus_are_all_nodes(void)
{
    struct tenant tenant;

    sim_host_find("no-cpus", &host);
    tenant = settled(4 * GIB, 8, 0x10, 0);
    UNIT_EQUAL("vCPUs", tenant.nodes, 0x1f);
    UNIT_EQUAL("memory", tenant.held, 0x10);
    UNIT_EQUAL("none outside", tenant.outside_pages, 0);
    tenant_enter(&tenant, &host);
    UNIT_EQUAL("a quarter of the vCPUs each", host.load[3], 2048);
    UNIT_EQUAL("but none where no CPU is", host.load[4], 0);
}

static bool about(double got, double expected)
{
    if ( fabs(got - expected) < 1e-12 )
        return true;
    fprintf(stderr, "got %.15g, expected %.15g\n", got, expected);

    return false;
}

static void excess_distance(void)
{
    static const unsigned int free_mib[] = { 500, 500, 500, 500 };
    struct tenant tenant;

    make_host(free_mib);
    tenant = settled(100 * MIB, 4, 0x1, 0);
    UNIT_TRUE("one node", about(tenant_excess(&tenant, &host), 0));
    tenant = settled(100 * MIB, 4, 0x3, 50 * MIB);
    /* Half of it 10 away, half of it 12. */
    UNIT_TRUE("two near ones", about(tenant_excess(&tenant, &host), 0.1));
    tenant = settled(100 * MIB, 4, 0xf, 0);
    /* (10 + 12 + 32 + 32) / 4 = 21.5 */
    UNIT_TRUE("all", about(tenant_excess(&tenant, &host), 1.15));
    tenant = settled(100 * MIB, 4, 0x2, 100 * MIB);
    UNIT_TRUE("beside its CPUs", about(tenant_excess(&tenant, &host), 0.2));

    /* 3/4 of the memory on node 0, 3/4 of the CPUs on node 2:
     * 1/4 (3/4 10 + 1/4 32) + 3/4 (3/4 32 + 1/4 10) = 23.75 */
    host.place.nodes[2].cpus = 12;
    tenant = settled(100 * MIB, 4, 0x5, 50 * MIB);
    UNIT_EQUAL("half of the rest", tenant.pages[2], 25 * MIB);
    UNIT_TRUE("by CPUs and pages",
              about(tenant_excess(&tenant, &host), 1.375));

    sim_host_find("unreachable", &host);
    tenant = settled(100 * MIB, 4, 0x8, 100 * MIB);
    UNIT_TRUE("out of reach counts 255",
              about(tenant_excess(&tenant, &host), 24.5));
    host.place.nodes[3].distances[3] = 20;
    tenant = settled(100 * MIB, 4, 0x8, 0);
    UNIT_TRUE("its own distance is 0, whatever it is",
              about(tenant_excess(&tenant, &host), 0));
}

static void departures_in_order(void)
{
    struct departures departures;
    uint64_t last = 0, x = 12345;
    struct tenant tenant = { 0 };

    departures_begin(&departures);
    UNIT_TRUE("none", departures_next(&departures) == UINT64_MAX);
    for ( unsigned int i = 0; i < 1000; i++ )
    {
        x = (x * 1103515245 + 12345) % (1 << 30);
        tenant.vcpus = x;
        UNIT_EQUAL("add", departures_add(&departures, x, &tenant), 0);
        if ( i % 3 == 2 )
            departures_pop(&departures);
    }
    while ( departures.nr )
    {
        uint64_t at_us = departures_next(&departures);

        UNIT_TRUE("ascending", at_us >= last);
        UNIT_EQUAL("its own", departures_pop(&departures)->vcpus, at_us);
        last = at_us;
    }
    departures_dispose(&departures);
}

/* A rule for tests: the nodes that are asked for, as often as it is told. */
static uint64_t next_nodes;
static int next_errno;
static struct sim_host seen;

static int choose_next(void *state, const struct sim_host *looked_at,
                       const struct place_request *request,
                       struct sim_choice *choice)
{
    (void)state;
    (void)request;
    seen = *looked_at;
    choice->nodes = next_nodes;
    errno = next_errno;

    return next_errno ? -1 : 0;
}

static const struct sim_rule next_rule = {
    "next", "what the test says", NULL, choose_next, NULL
};

static char why[512];

static int run(const struct sim_rule *rule, struct load *load,
               enum sim_mode mode, struct sim_record *records,
               struct sim_host *at_last)
{
    const struct sim_setup setup = {
        .empty = &host, .load = load, .rule = rule, .mode = mode, .seed = 1,
    };
    struct meter meter;
    struct sim_outcome outcome = { .records = records, .meter = &meter };
    int rc, saved_errno;

    UNIT_EQUAL("meter", meter_begin(&meter, &host, load), 0);
    rc = sim_run_out(&setup, &outcome, at_last, why, sizeof(why));
    saved_errno = errno;
    meter_dispose(&meter);
    errno = saved_errno;

    return rc;
}

static void departures_come_before_arrivals(void)
{
    struct load_arrival arrivals[] = {
        { 0, 10, 200 * GIB, 4 }, { 9, 10, 200 * GIB, 4 },
        { 10, 10, 200 * GIB, 4 },
    };
    struct load load = { .nr = 3, .arrivals = arrivals };
    struct sim_record records[3];
    static struct sim_host at_last;

    sim_host_find("4", &host);
    next_nodes = 0x2;
    UNIT_EQUAL("runs", run(&next_rule, &load, SIM_STRICT, records,
                           &at_last), 0);
    UNIT_TRUE("first", records[0].accepted);
    UNIT_TRUE("no room", !records[1].accepted);
    UNIT_TRUE("room again", records[2].accepted);
    UNIT_EQUAL("what the rule saw then", seen.place.nodes[1].free_pages,
               256 * GIB);
}

static void modes(void)
{
    static const struct {
        const char *fact;
        uint64_t nodes;
        unsigned int gib;
        enum sim_mode mode;
        int error;
        bool accepted, planned, single;
        unsigned int outside_gib;
    } table[] = {
        { "a node", 0x2, 100, SIM_PREFERRED, 0, true, true, true, 0 },
        { "a set", 0x3, 100, SIM_STRICT, 0, true, true, false, 0 },
        { "a set where a node would do", 0x3, 100, SIM_ONE_NODE, 0, false,
          true, false, 0 },
        { "a node where a node would do", 0x1, 100, SIM_ONE_NODE, 0, true,
          true, true, 0 },
        { "a set where no node would do", 0x3, 300, SIM_ONE_NODE, 0, true,
          true, false, 0 },
        { "no nodes are found: preferred", 0, 100, SIM_PREFERRED, ENOSPC,
          true, false, false, 100 },
        { "no nodes are found: strict", 0, 100, SIM_STRICT, ENOSPC, false,
          false, false, 0 },
        { "no nodes are wanted", 0, 100, SIM_STRICT, 0, true, true, false,
          0 },
        { "spilled", 0x1, 300, SIM_PREFERRED, 0, true, true, false, 52 },
        { "the first of a mix", 0, 100, SIM_MIXED, ENOSPC, true, false,
          false, 100 },
    };

    sim_host_find("4", &host);
    for ( size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++ )
    {
        struct load_arrival arrival = { 0, 1, table[i].gib * GIB, 4 };
        struct load load = { .nr = 1, .arrivals = &arrival };
        static struct sim_host at_last;
        struct sim_record record;

        next_nodes = table[i].nodes;
        next_errno = table[i].error;
        UNIT_EQUAL(table[i].fact, run(&next_rule, &load, table[i].mode,
                                      &record, &at_last), 0);
        UNIT_EQUAL(table[i].fact, record.accepted, table[i].accepted);
        UNIT_EQUAL(table[i].fact, record.planned, table[i].planned);
        UNIT_EQUAL(table[i].fact, record.single, table[i].single);
        UNIT_EQUAL(table[i].fact, record.outside_pages / GIB,
                   table[i].outside_gib);
    }
    next_errno = 0;
}

static void every_second_one_of_a_mix_is_strict(void)
{
    static const struct load_arrival one = { 0, 1, 100 * GIB, 4 };
    struct load_arrival arrivals[4] = { one, one, one, one };
    struct load load = { .nr = 4, .arrivals = arrivals };
    static struct sim_host at_last;
    struct sim_record records[4];

    sim_host_find("4", &host);
    next_nodes = 0x3;
    next_errno = 0;
    UNIT_EQUAL("run", run(&next_rule, &load, SIM_MIXED, records, &at_last),
               0);
    for ( unsigned int i = 0; i < 4; i++ )
        UNIT_EQUAL("a set where a node would do", records[i].accepted,
                   i % 2 == 0);
}

static void failing_rules_are_told_of(void)
{
    struct load_arrival arrival = { 0, 1, GIB, 4 };
    struct load load = { .nr = 1, .arrivals = &arrival };
    static struct sim_host at_last;
    struct sim_record record;

    sim_host_find("4", &host);
    next_errno = EINVAL;
    UNIT_EQUAL("EINVAL", run(&next_rule, &load, SIM_PREFERRED, &record,
                             &at_last), -1);
    UNIT_EQUAL("EINVAL", errno, EPROTO);
    UNIT_TEXT("EINVAL", why, "rule next: arrival 0 of 1024 MiB and 4 vCPUs: "
              "cannot choose: Invalid argument");
    next_errno = 0;
    next_nodes = 0x10;
    UNIT_EQUAL("nodes", run(&next_rule, &load, SIM_PREFERRED, &record,
                            &at_last), -1);
    UNIT_HOLDS("nodes", why, "chose what is not there");
}

/* Every rule, on hosts of every kind. */
static void nothing_is_left_and_it_is_the_same_again(void)
{
    static const char *const names[] = { "2", "8-ring", "uneven", "no-cpus",
                                         "unreachable" };
    const size_t nr = 1500;
    struct sim_record *records = calloc(2 * nr, sizeof(*records));
    static struct sim_host at_last;

    for ( size_t h = 0; h < sizeof(names) / sizeof(names[0]); h++ )
        for ( const struct sim_rule *rule = sim_rules; rule->name; rule++ )
            for ( enum sim_mode mode = 0; mode < NR_SIM_MODES; mode++ )
            {
                const struct load_wanted wanted = {
                    .seed = h, .nr = nr, .permille = 900, .burst = mode,
                };
                struct load load;

                sim_host_find(names[h], &host);
                UNIT_EQUAL(names[h], load_make(&load, &host, &wanted), 0);
                UNIT_TEXT(rule->name, run(rule, &load, mode, records,
                                          &at_last) ? why : "", "");
                UNIT_EQUAL(rule->name,
                           memcmp(&host, &at_last, sizeof(host)), 0);
                UNIT_EQUAL(rule->name, run(rule, &load, mode, records + nr,
                                           &at_last), 0);
                UNIT_EQUAL(rule->name, memcmp(records, records + nr,
                                              nr * sizeof(*records)), 0);
                load_dispose(&load);
            }
    free(records);
}

static void threads_are_cpus(void)
{
    const struct load_arrival fits = { 0, 1, GIB, 64 };
    const struct load_arrival more = { 0, 1, GIB, 65 };
    struct sim_host threads;

    sim_host_find("4", &threads);
    for ( unsigned int i = 0; i < 4; i++ )
        threads.place.nodes[i].cpus = 64;
    UNIT_TRUE("two threads a core", sim_fits_a_node(&threads, &fits));
    UNIT_TRUE("no more", !sim_fits_a_node(&threads, &more));
}

static const struct unit_test tenants[] = {
    { "vCPUs count by their share of CPUs", vcpus_by_share },
    { "nodes without CPUs stand for all", nodes_without_cpus_are_all_nodes },
    { "excess distance, worked by hand", excess_distance },
    { "a node has a vCPU for each of its CPUs", threads_are_cpus },
    { NULL, NULL }
};

static const struct unit_test runs[] = {
    { "departures come in order", departures_in_order },
    { "departures come before arrivals", departures_come_before_arrivals },
    { "what is accepted in which mode", modes },
    { "every second one of a mix is strict",
      every_second_one_of_a_mix_is_strict },
    { "a rule that fails is told of", failing_rules_are_told_of },
    { "nothing is left in the end, and it is the same again",
      nothing_is_left_and_it_is_the_same_again },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "tenants", NULL, NULL, tenants, row_fact, settle_row },
        { "runs", NULL, NULL, runs, NULL, NULL },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };

    return unit_main("sim-run", suites);
}
