/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The rules: what they remember from one choice to the next, hosts beyond
 * what they are made for, and any host.
 */

#include <errno.h>
#include <string.h>

#include "rule-host.h"
#include "unit.h"

#define NODES   4u

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

        rule_host_make(&host, sizes[i], free_mib);
        UNIT_EQUAL("rc", rule->choose(NULL, &host, &wanted, &choice),
                   placed ? 0 : -1);
        UNIT_EQUAL("nodes", choice.nodes, placed ? 1 : 0);
    }
}

static void xenopsd_takes_turns(void)
{
    static const unsigned int free_mib[] = { 400, 400, 400, 400 };
    const struct sim_rule *rule = sim_rule_find("xenopsd");
    struct sim_host host;
    void *state;

    rule_host_make(&host, NODES, free_mib);
    state = rule_begin(rule, &host, 1);
    UNIT_EQUAL("first", rule_next(rule, state, &host, 256), 0x1);
    UNIT_EQUAL("second", rule_next(rule, state, &host, 256), 0x2);
    UNIT_EQUAL("dropped", rule_next(rule, state, &host, 500), 0);
    UNIT_EQUAL("after nodes 2 and 3 were counted",
               rule_next(rule, state, &host, 256), 0x1);
    UNIT_EQUAL("then", rule_next(rule, state, &host, 256), 0x2);
    rule_end(rule, state);
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
    rule_host_make(&host, nr, free_mib);
    host.place.nodes[from].distances[to] = distance;
    state = rule_begin(rule, &host, 1);
    nodes = rule_next(rule, state, &host, nr > 16 ? 200 : 400);
    rule_end(rule, state);

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

    rule_host_make(&host, NODES, free_mib);
    UNIT_EQUAL("numad: one like the first",
               rule_next(sim_rule_find("numad"), NULL, &host, 600), 0x2);
    UNIT_EQUAL("nova-spread: one cell",
               rule_next(sim_rule_find("nova-spread"), NULL, &host, 600), 0x2);
    for ( unsigned int i = 0; i < NODES; i++ )
        host.place.nodes[i].present_pages = (i == 1 ? 4096 : 512) * MIB;
    UNIT_EQUAL("numad: two like the first",
               rule_next(sim_rule_find("numad"), NULL, &host, 600), 0x6);
    host.place.nodes[1].present_pages = 512 * MIB;
    host.place.nodes[1].free_pages = 400 * MIB;
    UNIT_EQUAL("nova-spread: two cells",
               rule_next(sim_rule_find("nova-spread"), NULL, &host, 600), 0xc);
    UNIT_EQUAL("nova-pack: two cells",
               rule_next(sim_rule_find("nova-pack"), NULL, &host, 600), 0x3);
}

static void random_is_random(void)
{
    static const unsigned int free_mib[] = { 300, 200, 300, 300 };
    const struct sim_rule *rule = sim_rule_find("random");
    unsigned int chosen[9] = { 0 }, same = 0;
    struct sim_host host;
    void *a, *again, *b;

    rule_host_make(&host, NODES, free_mib);
    a = rule_begin(rule, &host, 1);
    again = rule_begin(rule, &host, 1);
    b = rule_begin(rule, &host, 2);
    for ( unsigned int i = 0; i < 3000; i++ )
    {
        uint64_t nodes = rule_next(rule, a, &host, 256);

        UNIT_EQUAL("the same seed", rule_next(rule, again, &host, 256), nodes);
        same += rule_next(rule, b, &host, 256) == nodes;
        chosen[nodes < 9 ? nodes : 0]++;
    }
    rule_end(rule, a);
    rule_end(rule, again);
    rule_end(rule, b);

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
    rule_host_make(&host, 64, free_mib);
    for ( unsigned int i = 0; i < 4; i++ )
    {
        const struct sim_rule *rule = sim_rule_find(names[i]);
        void *state = rule_begin(rule, &host, 1);

        UNIT_EQUAL(names[i], rule_next(rule, state, &host, 200), 0x300000);
        UNIT_EQUAL(names[i], rule_next(rule, state, &host, 240), 0x100001);
        UNIT_EQUAL(names[i], rule_next(rule, state, &host, 610),
                   0xfffff08000700001);
        UNIT_EQUAL(names[i], rule_next(rule, state, &host, 611), 0);
        rule_end(rule, state);
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

        if ( (choice->nodes >> i & 1) || choice->claimed[i] )
            UNIT_TRUE(name, i < host->place.nr_nodes && node->online &&
                            (!wanted->nodes || wanted->nodes >> i & 1));
        UNIT_TRUE(name, choice->claimed[i] <= node->free_pages);
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
            void *state = rule_begin(rule, &host, i);
            struct sim_choice choice;

            if ( rule->choose(state, &host, &wanted, &choice) == 0 )
            {
                check_choice(rule->name, &host, &wanted, &choice);
                chosen += choice.nodes != 0;
            }
            else
                UNIT_EQUAL(rule->name, errno, ENOSPC);
            rule_end(rule, state);
        }
    }
    UNIT_TRUE("many were placed", chosen > 10000);
}

static const struct unit_test tests[] = {
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
        { "choices", NULL, NULL, tests, NULL, NULL },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };

    return unit_main("sim-choices", suites);
}
