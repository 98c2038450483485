/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The rules: a table of small hosts with the choice that has to come out.
 * Sizes are in MiB; nodes are on a line, the distance grows by 5 a hop.
 */

#include <errno.h>

#include "rule-host.h"
#include "unit.h"

#define NODES   4u

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
    { "ours", "a home, and the rest near", { 200, 100, 150, 150 }, 300, 1,
      ANY_CPUS, { 0 }, 0, 0x1, { 200, 100 } },
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
    { "xenopsd-documented", "the nearest pair that fits",
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

static void row_host(const struct row *row, struct sim_host *host)
{
    bool other_cpus = false;

    rule_host_make(host, NODES, row->free_mib);
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
    state = rule_begin(rule, &host, 1);
    rc = rule->choose(state, &host, &wanted, &choice);
    UNIT_EQUAL(row->fact, rc ? errno : 0, row->error);
    if ( !rc )
    {
        UNIT_EQUAL(row->fact, choice.nodes, row->nodes);
        for ( unsigned int i = 0; i < NODES; i++ )
            UNIT_EQUAL(row->fact, choice.claimed[i],
                       (uint64_t)row->claimed_mib[i] * MIB);
    }
    rule_end(rule, state);
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

static const struct unit_test tests[] = {
    { "every rule is found by its name", rules_are_found },
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
