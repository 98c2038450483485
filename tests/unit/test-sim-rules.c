/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The rules: a table of small hosts with the choice that has to come out, and
 * what they remember.  Sizes are in MiB; nodes are on a line, 5 more a hop.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "place-host.h"
#include "sim/rule.h"
#include "unit.h"

#define NODES   4u
#define TIB     (1u << 20)

struct row {
    const char *rule;
    const char *fact;
    unsigned int free_mib[NODES];
    unsigned int mib;
    unsigned int vcpus;
    unsigned int cpus[NODES];    /* all 0: 4 on each                         */
    unsigned int cores;          /* of each; 0: as many as CPUs              */
    unsigned int busy[NODES];    /* runnable vCPUs, domains and load         */
    int error;
    uint64_t nodes;
    unsigned int claimed_mib[NODES];
};

/* What a row that has no other CPUs does without. */
#define ANY_CPUS { 0 }, 0

static const struct row rows[] = {
    { "ours", "one node", { 300, 500, 400, 200 }, 256, 1, ANY_CPUS, { 0 },
      0, 0x1, { 256 } },
    { "ours", "nearest pair", { 200, 100, 150, 150 }, 300, 1, ANY_CPUS,
      { 0 }, 0, 0x3, { 200, 100 } },
    { "ours", "the lower node on ties", { 200, 300, 300, 300 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x2, { 0, 256 } },
    { "ours", "more than there is", { 200, 300, 300, 300 }, 1101, 1,
      ANY_CPUS, { 0 }, ENOSPC, 0, { 0 } },

    { "xl", "fewest vCPUs before most memory", { 900, 300, 500, 700 }, 256, 1,
      ANY_CPUS, { 3, 1, 1, 2 }, 0, 0x4, { 0 } },
    { "xl", "the lowest node on ties", { 300, 300, 300, 300 }, 256, 1,
      ANY_CPUS, { 1, 0, 0, 0 }, 0, 0x2, { 0 } },
    { "xl", "distances do not count", { 200, 200, 200, 200 }, 400, 1,
      ANY_CPUS, { 0, 1, 1, 0 }, 0, 0x9, { 0 } },
    { "xl", "vCPUs need as many CPUs", { 300, 400, 500, 600 }, 256, 5,
      ANY_CPUS, { 0 }, 0, 0xc, { 0 } },
    { "xl", "nodes without CPUs are not looked at", { 100, 100, 900, 100 },
      300, 1, { 4, 4, 0, 4 }, 0, { 0 }, 0, 0xb, { 0 } },
    { "xl", "fits nowhere", { 100, 100, 100, 100 }, 401, 1, ANY_CPUS, { 0 },
      ENOSPC, 0, { 0 } },
    { "xl", "too many vCPUs", { 100, 100, 100, 100 }, 40, 17, ANY_CPUS, { 0 },
      ENOSPC, 0, { 0 } },
    { "xl", "4 TiB are nothing", { 4 * TIB, 100, 100, 100 }, 256, 1, ANY_CPUS,
      { 0 }, 0, 0xe, { 0 } },
    { "xl", "who is ahead by 2 TiB is behind",
      { 2 * TIB + 200, 100, 90, 80 }, 64, 1, ANY_CPUS, { 0 }, 0, 0x2,
      { 0 } },
    { "xl", "a sum of two nodes wraps",
      { 2 * TIB, 2 * TIB, 2 * TIB, TIB }, 2 * TIB + 1, 1, ANY_CPUS, { 0 },
      0, 0x9, { 0 } },

    { "xl-repaired", "4 TiB are 4 TiB", { 4 * TIB, 100, 100, 100 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x1, { 0 } },
    { "xl-repaired", "who is ahead is ahead", { 2 * TIB + 200, 100, 90, 80 },
      64, 1, ANY_CPUS, { 0 }, 0, 0x1, { 0 } },
    { "xl-repaired", "a sum of two nodes",
      { 2 * TIB, 2 * TIB, 2 * TIB, TIB }, 2 * TIB + 1, 1, ANY_CPUS, { 0 },
      0, 0x3, { 0 } },
    { "xl-repaired", "fits nowhere", { 100, 100, 100, 100 }, 401, 1, ANY_CPUS,
      { 0 }, ENOSPC, 0, { 0 } },

    { "xenopsd", "one node is claimed", { 300, 900, 300, 300 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x1, { 256 } },
    { "xenopsd", "the lowest that fits", { 200, 255, 256, 900 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x4, { 0, 0, 256 } },
    { "xenopsd", "several nodes are dropped", { 200, 200, 200, 200 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0, { 0 } },
    { "xenopsd", "none is no error", { 200, 200, 200, 200 }, 801, 1,
      ANY_CPUS, { 0 }, 0, 0, { 0 } },
    { "xenopsd", "as many cores as vCPUs", { 300, 300, 300, 300 }, 256, 3,
      { 0 }, 2, { 0 }, 0, 0, { 0 } },

    { "xenopsd-documented", "one node", { 200, 255, 256, 900 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x4, { 0, 0, 256 } },
    { "xenopsd-documented", "as many cores as vCPUs",
      { 300, 300, 300, 300 }, 256, 3, { 0 }, 2, { 0 }, 0, 0x3,
      { 128, 128 } },
    { "xenopsd-documented", "all that one has, the rest from the other",
      { 250, 100, 0, 0 }, 300, 1, ANY_CPUS, { 0 }, 0, 0x3, { 200, 100 } },
    { "xenopsd-documented", "nearest before least nodes",
      { 150, 150, 150, 400 }, 450, 1, ANY_CPUS, { 0 }, 0, 0xc,
      { 0, 0, 150, 300 } },
    { "xenopsd-documented", "three near ones before two far ones",
      { 280, 100, 100, 280 }, 480, 1, ANY_CPUS, { 0 }, 0, 0x7,
      { 280, 100, 100 } },
    { "xenopsd-documented", "all that there is", { 200, 200, 200, 200 }, 800,
      1, ANY_CPUS, { 0 }, 0, 0xf, { 200, 200, 200, 200 } },
    { "xenopsd-documented", "none", { 200, 200, 200, 200 }, 801, 1, ANY_CPUS,
      { 0 }, ENOSPC, 0, { 0 } },

    { "numad", "most memory", { 1000, 2000, 1000, 1000 }, 256, 1, ANY_CPUS,
      { 0 }, 0, 0x2, { 0 } },
    { "numad", "most CPUs", { 1000, 1000, 1000, 1000 }, 256, 1,
      { 4, 4, 8, 4 }, 0, { 0 }, 0, 0x4, { 0 } },
    { "numad", "busy CPUs are none", { 1000, 1000, 1000, 1000 }, 256, 1,
      ANY_CPUS, { 4, 3, 4, 4 }, 0, 0x2, { 0 } },
    { "numad", "the lowest node on ties", { 1000, 1000, 1000, 1000 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x1, { 0 } },
    { "numad", "100 MiB of a node are to stay", { 300, 355, 340, 300 }, 256,
      1, ANY_CPUS, { 0 }, 0, 0x6, { 0 } },
    { "numad", "a node has just enough", { 300, 356, 340, 300 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x2, { 0 } },
    { "numad", "as many nodes as vCPUs need of the first",
      { 1000, 1000, 1000, 1000 }, 256, 5, ANY_CPUS, { 0 }, 0, 0x3, { 0 } },
    /* 3000 and a hundredth of 100 before 2000 twice, one of them farther. */
    { "numad", "a far node counts less", { 3000, 100, 2000, 2000 }, 256, 5,
      ANY_CPUS, { 0 }, 0, 0x3, { 0 } },
    { "numad", "memory that is needed counts more", { 1000, 356, 356, 356 },
      256, 1, { 4, 16, 4, 4 }, 0, { 0 }, 0, 0x2, { 0 } },
    { "numad", "CPUs that are needed count more", { 2000, 1500, 0, 0 }, 256,
      4, { 4, 8, 4, 4 }, 0, { 0 }, 0, 0x1, { 0 } },
    { "numad", "as many nodes as have free CPUs enough",
      { 1000, 1000, 1000, 1000 }, 256, 2, ANY_CPUS, { 3, 3, 3, 3 }, 0, 0x3,
      { 0 } },
    { "numad", "advice, though nothing fits", { 0, 0, 0, 0 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0xf, { 0 } },
    { "numad", "a first node without CPUs is not divided by",
      { 1000, 1000, 1000, 1000 }, 256, 1, { 0, 4, 4, 4 }, 0, { 0 }, 0, 0x2,
      { 0 } },

    { "nova-pack", "most used that fits", { 200, 500, 300, 400 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x4, { 0, 0, 256 } },
    { "nova-pack", "the lowest cell on ties", { 500, 300, 300, 300 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x2, { 0, 256 } },
    { "nova-pack", "one cell is not split", { 200, 200, 200, 200 }, 256, 1,
      ANY_CPUS, { 0 }, ENOSPC, 0, { 0 } },
    { "nova-pack", "too many vCPUs for a cell: two",
      { 500, 400, 600, 300 }, 512, 6, ANY_CPUS, { 0 }, 0, 0xa,
      { 0, 256, 0, 256 } },
    { "nova-pack", "one of two cells fits", { 500, 200, 200, 200 }, 512, 6,
      ANY_CPUS, { 0 }, ENOSPC, 0, { 0 } },

    { "nova-spread", "least used", { 200, 500, 300, 400 }, 256, 1, ANY_CPUS,
      { 0 }, 0, 0x2, { 0, 256 } },
    { "nova-spread", "the lowest cell on ties", { 300, 500, 500, 500 }, 256,
      1, ANY_CPUS, { 0 }, 0, 0x2, { 0, 256 } },
    { "nova-spread", "its CPUs have to do", { 900, 300, 300, 300 }, 256, 3,
      { 2, 4, 4, 4 }, 0, { 0 }, 0, 0x2, { 0, 256 } },
    { "nova-spread", "two cells, wherever they are",
      { 500, 400, 300, 600 }, 512, 6, ANY_CPUS, { 0 }, 0, 0x9,
      { 256, 0, 0, 256 } },
    { "nova-spread", "an exact fit is a fit", { 200, 256, 255, 200 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x2, { 0, 256 } },
    { "nova-spread", "fits nowhere", { 200, 200, 200, 200 }, 256, 1, ANY_CPUS,
      { 0 }, ENOSPC, 0, { 0 } },

    { "incus", "fewest instances", { 300, 300, 300, 300 }, 256, 1, ANY_CPUS,
      { 3, 2, 1, 2 }, 0, 0x4, { 0 } },
    { "incus", "the lowest node on ties", { 300, 300, 300, 300 }, 256, 1,
      ANY_CPUS, { 3, 2, 2, 2 }, 0, 0x2, { 0 } },
    { "incus", "memory does not count", { 300, 10, 300, 300 }, 256, 9,
      ANY_CPUS, { 3, 1, 2, 2 }, 0, 0x2, { 0 } },
    { "incus", "nodes have CPUs", { 300, 300, 300, 300 }, 256, 1,
      { 4, 0, 4, 4 }, 0, { 3, 0, 1, 2 }, 0, 0x4, { 0 } },

    { "first-fit", "the lowest that fits", { 200, 900, 256, 300 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x2, { 0, 256 } },
    { "first-fit", "CPUs have to do", { 900, 900, 900, 300 }, 256, 3,
      { 2, 2, 4, 4 }, 0, { 0 }, 0, 0x4, { 0, 0, 256 } },
    { "first-fit", "the nearest pair, the lowest", { 200, 200, 200, 200 },
      300, 1, ANY_CPUS, { 0 }, 0, 0x3, { 150, 150 } },
    { "first-fit", "least nodes before nearest", { 200, 90, 90, 200 }, 300, 1,
      ANY_CPUS, { 0 }, 0, 0x9, { 150, 0, 0, 150 } },
    { "first-fit", "fits nowhere", { 200, 200, 200, 200 }, 801, 1, ANY_CPUS,
      { 0 }, ENOSPC, 0, { 0 } },

    { "best-fit", "least free", { 900, 300, 256, 200 }, 256, 1, ANY_CPUS,
      { 0 }, 0, 0x4, { 0, 0, 256 } },
    { "best-fit", "the lowest on ties", { 900, 300, 300, 200 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x2, { 0, 256 } },
    { "best-fit", "the nearest pair, with the node that has least",
      { 200, 200, 200, 150 }, 300, 1, ANY_CPUS, { 0 }, 0, 0xc,
      { 0, 0, 150, 150 } },
    { "best-fit", "fits nowhere", { 200, 200, 200, 200 }, 801, 1, ANY_CPUS,
      { 0 }, ENOSPC, 0, { 0 } },

    { "worst-fit", "most free", { 256, 300, 900, 200 }, 256, 1, ANY_CPUS,
      { 0 }, 0, 0x4, { 0, 0, 256 } },
    { "worst-fit", "the lowest on ties", { 256, 900, 300, 900 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x2, { 0, 256 } },
    { "worst-fit", "the nearest pair, with the node that has most",
      { 200, 200, 200, 250 }, 300, 1, ANY_CPUS, { 0 }, 0, 0xc,
      { 0, 0, 150, 150 } },
    { "worst-fit", "fits nowhere", { 200, 200, 200, 200 }, 801, 1, ANY_CPUS,
      { 0 }, ENOSPC, 0, { 0 } },

    { "random", "the only one that fits", { 200, 200, 300, 200 }, 256, 1,
      ANY_CPUS, { 0 }, 0, 0x4, { 0, 0, 256 } },
    { "random", "the only pair that fits", { 200, 100, 100, 200 }, 400, 1,
      ANY_CPUS, { 0 }, 0, 0x9, { 200, 0, 0, 200 } },
    { "random", "all of them", { 200, 100, 100, 200 }, 600, 1, ANY_CPUS,
      { 0 }, 0, 0xf, { 200, 100, 100, 200 } },
    { "random", "fits nowhere", { 200, 200, 200, 200 }, 801, 1, ANY_CPUS,
      { 0 }, ENOSPC, 0, { 0 } },
};

/* As place-host has it; a node may have more than 4 TiB. */
static void sim_host_make(struct sim_host *host, unsigned int nr,
                          const unsigned int *free_mib)
{
    memset(host, 0, sizeof(*host));
    make_host(&host->place, nr, free_mib, 4);
    for ( unsigned int i = 0; i < nr; i++ )
        host->place.nodes[i].present_pages = (uint64_t)8 * TIB * MIB;
}

static void row_host(const struct row *row, struct sim_host *host)
{
    bool other_cpus = false;

    sim_host_make(host, NODES, row->free_mib);
    for ( unsigned int i = 0; i < NODES; i++ )
        other_cpus = other_cpus || row->cpus[i];
    for ( unsigned int i = 0; i < NODES; i++ )
    {
        if ( other_cpus )
            host->place.nodes[i].cores = host->place.nodes[i].cpus =
                row->cpus[i];
        if ( row->cores )
            host->place.nodes[i].cores = row->cores;
        host->runnable[i] = host->domains[i] = row->busy[i];
        host->load[i] = row->busy[i] * 1024;
    }
}

static void *begin(const struct sim_rule *rule, const struct sim_host *host,
                   uint64_t seed)
{
    return rule->begin ? rule->begin(host, seed) : NULL;
}

static void end(const struct sim_rule *rule, void *state)
{
    if ( rule->end )
        rule->end(state);
}

static const char *row_fact(unsigned int number)
{
    static char fact[128];
    const struct row *row = &rows[number];

    if ( number >= sizeof(rows) / sizeof(rows[0]) )
        return NULL;
    snprintf(fact, sizeof(fact), "%s: %s", row->rule, row->fact);

    return fact;
}

static void row_run(unsigned int number)
{
    const struct row *row = &rows[number];
    const struct sim_rule *rule = sim_rule_find(row->rule);
    struct place_request wanted = request(row->mib, row->vcpus,
                                          PLACE_STRICT);
    struct sim_choice choice;
    struct sim_host host;
    void *state;
    int rc;

    row_host(row, &host);
    state = begin(rule, &host, 1);
    rc = rule->choose(state, &host, &wanted, &choice);
    UNIT_EQUAL(row->fact, rc ? errno : 0, row->error);
    if ( !rc )
    {
        UNIT_EQUAL(row->fact, choice.nodes, row->nodes);
        for ( unsigned int i = 0; i < NODES; i++ )
            UNIT_EQUAL(row->fact, choice.claimed[i],
                       (uint64_t)row->claimed_mib[i] * MIB);
    }
    end(rule, state);
}

static void rules_are_found(void)
{
    static const char *const names[] = {
        "ours", "xl", "xl-repaired", "xenopsd", "xenopsd-documented",
        "numad", "nova-pack", "nova-spread", "incus", "first-fit",
        "best-fit", "worst-fit", "random",
    };

    for ( size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++ )
        UNIT_TEXT(names[i], sim_rule_find(names[i])->name, names[i]);
    UNIT_TRUE("no such rule", !sim_rule_find("none"));
}

static void xl_places_on_2_to_16_nodes(void)
{
    static const unsigned int sizes[] = { 1, 2, 16, 17 };
    const struct sim_rule *rule = sim_rule_find("xl");
    struct place_request wanted = request(256, 1, PLACE_PREFERRED);
    unsigned int free_mib[17];
    struct sim_choice choice;
    struct sim_host host;

    for ( unsigned int i = 0; i < 17; i++ )
        free_mib[i] = 300;
    for ( unsigned int i = 0; i < 4; i++ )
    {
        bool placed = sizes[i] >= 2 && sizes[i] <= 16;

        sim_host_make(&host, sizes[i], free_mib);
        UNIT_EQUAL("rc", rule->choose(NULL, &host, &wanted, &choice),
                   placed ? 0 : -1);
        UNIT_EQUAL("nodes", choice.nodes, placed ? 1 : 0);
    }
}

/* The nodes of the next choice of a rule that has begun. */
static uint64_t next(const struct sim_rule *rule, void *state,
                     const struct sim_host *host, unsigned int mib)
{
    struct place_request wanted = request(mib, 1, PLACE_PREFERRED);
    struct sim_choice choice;

    return rule->choose(state, host, &wanted, &choice) ? 0 : choice.nodes;
}

static void xenopsd_takes_turns(void)
{
    static const unsigned int free_mib[] = { 400, 400, 400, 400 };
    const struct sim_rule *rule = sim_rule_find("xenopsd");
    struct sim_host host;
    void *state;

    sim_host_make(&host, NODES, free_mib);
    state = begin(rule, &host, 1);
    UNIT_EQUAL("first", next(rule, state, &host, 256), 0x1);
    UNIT_EQUAL("second", next(rule, state, &host, 256), 0x2);
    UNIT_EQUAL("dropped", next(rule, state, &host, 500), 0);
    UNIT_EQUAL("after nodes 2 and 3 were counted",
               next(rule, state, &host, 256), 0x1);
    UNIT_EQUAL("then", next(rule, state, &host, 256), 0x2);
    end(rule, state);
}

/* What a host with a matrix like that is placed on, by xenopsd. */
static uint64_t on_matrix(unsigned int nr, unsigned int from, unsigned int to,
                          uint32_t distance)
{
    const struct sim_rule *rule = sim_rule_find("xenopsd-documented");
    unsigned int free_mib[17];
    struct sim_host host;
    uint64_t nodes;
    void *state;

    for ( unsigned int i = 0; i < nr; i++ )
        free_mib[i] = 200;
    sim_host_make(&host, nr, free_mib);
    host.place.nodes[from].distances[to] = distance;
    state = begin(rule, &host, 1);
    nodes = next(rule, state, &host, nr > 16 ? 200 : 400);
    end(rule, state);

    return nodes;
}

static void xenopsd_and_odd_hosts(void)
{
    UNIT_EQUAL("as it should be", on_matrix(4, 0, 1, 15), 0x3);
    UNIT_EQUAL("self distance", on_matrix(4, 0, 0, 11), 0);
    UNIT_EQUAL("nearer than self", on_matrix(4, 0, 1, 9), 0);
    UNIT_EQUAL("cannot be reached from itself",
               on_matrix(4, 0, 0, PLACE_NO_DISTANCE), 0x6);
    UNIT_EQUAL("no way from one to the other", on_matrix(4, 0, 1, 256), 0x6);
    UNIT_EQUAL("single nodes of 17", on_matrix(17, 0, 1, 15), 0x1);
}

static void memory_of_a_node_counts(void)
{
    static const unsigned int free_mib[] = { 300, 2000, 500, 512 };
    struct sim_host host;

    sim_host_make(&host, NODES, free_mib);
    UNIT_EQUAL("numad: one like the first",
               next(sim_rule_find("numad"), NULL, &host, 600), 0x2);
    UNIT_EQUAL("nova-spread: one cell",
               next(sim_rule_find("nova-spread"), NULL, &host, 600), 0x2);
    for ( unsigned int i = 0; i < NODES; i++ )
        host.place.nodes[i].present_pages = (i == 1 ? 4096 : 512) * MIB;
    UNIT_EQUAL("numad: two like the first",
               next(sim_rule_find("numad"), NULL, &host, 600), 0x6);
    host.place.nodes[1].present_pages = 512 * MIB;
    host.place.nodes[1].free_pages = 400 * MIB;
    UNIT_EQUAL("nova-spread: two cells",
               next(sim_rule_find("nova-spread"), NULL, &host, 600), 0xc);
    UNIT_EQUAL("nova-pack: two cells",
               next(sim_rule_find("nova-pack"), NULL, &host, 600), 0x3);
}

static void random_is_random(void)
{
    static const unsigned int free_mib[] = { 300, 200, 300, 300 };
    const struct sim_rule *rule = sim_rule_find("random");
    unsigned int chosen[9] = { 0 }, same = 0;
    struct sim_host host;
    void *a, *again, *b;

    sim_host_make(&host, NODES, free_mib);
    a = begin(rule, &host, 1);
    again = begin(rule, &host, 1);
    b = begin(rule, &host, 2);
    for ( unsigned int i = 0; i < 3000; i++ )
    {
        uint64_t nodes = next(rule, a, &host, 256);

        UNIT_EQUAL("the same seed", next(rule, again, &host, 256), nodes);
        same += next(rule, b, &host, 256) == nodes;
        chosen[nodes < 9 ? nodes : 0]++;
    }
    end(rule, a);
    end(rule, again);
    end(rule, b);

    UNIT_TRUE("another seed", same > 900 && same < 1100);
    UNIT_TRUE("node 0", chosen[1] > 900 && chosen[1] < 1100);
    UNIT_TRUE("node 2", chosen[4] > 900 && chosen[4] < 1100);
    UNIT_TRUE("node 3", chosen[8] > 900 && chosen[8] < 1100);
}

static void fits_on_more_than_16_nodes(void)
{
    static const char *const names[] = { "first-fit", "best-fit",
                                         "worst-fit", "random" };
    unsigned int free_mib[64] = { 0 };
    struct sim_host host;

    /* Two far ones, three in a row, and a tail of nodes with hardly any. */
    free_mib[0] = free_mib[39] = 150;
    free_mib[20] = free_mib[21] = 100;
    free_mib[22] = 90;
    for ( unsigned int i = 44; i < 64; i++ )
        free_mib[i] = 1;
    sim_host_make(&host, 64, free_mib);
    for ( unsigned int i = 0; i < 4; i++ )
    {
        const struct sim_rule *rule = sim_rule_find(names[i]);
        void *state = begin(rule, &host, 1);

        UNIT_EQUAL(names[i], next(rule, state, &host, 200), 0x300000);
        UNIT_EQUAL(names[i], next(rule, state, &host, 240), 0x100001);
        UNIT_EQUAL(names[i], next(rule, state, &host, 610),
                   0xfffff08000700001);
        UNIT_EQUAL(names[i], next(rule, state, &host, 611), 0);
        end(rule, state);
    }
}

/* Nodes of the host that the request allows, and no more than they have. */
static void check_choice(const char *name, const struct sim_host *host,
                         const struct place_request *wanted,
                         const struct sim_choice *choice)
{
    uint64_t claimed = 0;

    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        const struct place_node *node = &host->place.nodes[i];
        bool chosen = choice->nodes >> i & 1;

        if ( chosen )
            UNIT_TRUE(name, i < host->place.nr_nodes && node->online &&
                            (!wanted->nodes || wanted->nodes >> i & 1));
        if ( choice->claimed[i] )
            UNIT_TRUE(name, chosen && choice->claimed[i] <= node->free_pages);
        claimed += choice->claimed[i];
    }

    UNIT_TRUE(name, claimed == 0 || claimed == wanted->guest_pages);
}

static void random_question(struct sim_host *host,
                            struct place_request *wanted)
{
    memset(host, 0, sizeof(*host));
    random_host(&host->place);
    random_request(wanted);
    wanted->overhead_pages = 0;
    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
    {
        host->place.nodes[i].cores = host->place.nodes[i].cpus;
        host->place.nodes[i].distances[i] = 10;
        host->runnable[i] = host->domains[i] = random_below(8);
        host->load[i] = random_below(8 * 1024);
        if ( random_below(4) == 0 )
            wanted->nodes |= UINT64_C(1) << i;
    }
    if ( random_below(4) )
        wanted->nodes = 0;
}

static void choices_are_feasible(void)
{
    unsigned int chosen = 0;

    random_seed(1);
    for ( unsigned int i = 0; i < 2000; i++ )
    {
        struct place_request wanted;
        struct sim_host host;

        random_question(&host, &wanted);
        for ( const struct sim_rule *rule = sim_rules; rule->name; rule++ )
        {
            void *state = begin(rule, &host, i);
            struct sim_choice choice;

            if ( rule->choose(state, &host, &wanted, &choice) == 0 )
            {
                check_choice(rule->name, &host, &wanted, &choice);
                chosen += choice.nodes != 0;
            }
            else
                UNIT_EQUAL(rule->name, errno, ENOSPC);
            end(rule, state);
        }
    }
    UNIT_TRUE("many were placed", chosen > 10000);
}

static const struct unit_test tests[] = {
    { "every rule is found by its name", rules_are_found },
    { "xl places on 2 to 16 nodes", xl_places_on_2_to_16_nodes },
    { "xenopsd takes turns, dropped plans counted", xenopsd_takes_turns },
    { "xenopsd and odd hosts", xenopsd_and_odd_hosts },
    { "the memory of an empty node says how many nodes",
      memory_of_a_node_counts },
    { "random is all alike, and by seed", random_is_random },
    { "fits on more than 16 nodes", fits_on_more_than_16_nodes },
    { "choices are feasible", choices_are_feasible },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "rules", NULL, NULL, tests, row_fact, row_run },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };

    return unit_main("sim-rules", suites);
}
