/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The rule of libxl against what libxl's own code answered: one test for each
 * number of nodes.
 */

#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "sim/rule.h"
#include "unit.h"

#define MAX_STATES    10000u
#define MAX_NODES     16u
#define PAGES_PER_MIB 256u

struct recorded {
    unsigned int nr_nodes;
    uint64_t need_mib;
    uint64_t vcpus;
    uint64_t cpus[MAX_NODES];
    uint64_t runnable[MAX_NODES];
    uint64_t free_mib[MAX_NODES];
    uint64_t answer;
};

static struct recorded *states;
static unsigned int nr_states;

static void read_state(const char *text, struct recorded *recorded)
{
    uint64_t values[MAX_NODES] = { 0 };
    unsigned int nr;

    golden_numbers(&text, values, 2);
    recorded->need_mib = values[0];
    recorded->vcpus = values[1];
    recorded->nr_nodes = golden_numbers(&text, recorded->cpus, MAX_NODES);
    golden_numbers(&text, recorded->runnable, MAX_NODES);
    golden_numbers(&text, recorded->free_mib, MAX_NODES);
    nr = golden_numbers(&text, values, MAX_NODES);
    for ( unsigned int i = 0; i < nr; i++ )
        recorded->answer |= UINT64_C(1) << values[i];
}

static void read_all(FILE *file)
{
    char line[GOLDEN_LINE];

    while ( golden_line(file, line) && nr_states < MAX_STATES )
    {
        const char *text = line;

        if ( golden_word(&text, "req") )
            read_state(text, &states[nr_states++]);
    }
}

static uint64_t sum_mib(const struct recorded *recorded)
{
    uint64_t mib = 0;

    for ( unsigned int i = 0; i < recorded->nr_nodes; i++ )
        mib += recorded->free_mib[i];

    return mib;
}

/* Distances are the same: libxl does not look at them. */
static void make_host(const struct recorded *recorded, struct sim_host *host)
{
    memset(host, 0, sizeof(*host));
    host->place.nr_nodes = recorded->nr_nodes;
    for ( unsigned int i = 0; i < recorded->nr_nodes; i++ )
    {
        struct place_node *node = &host->place.nodes[i];

        node->online = true;
        node->present_pages = recorded->free_mib[i] * PAGES_PER_MIB;
        node->free_pages = node->present_pages;
        node->cpus = node->cores = recorded->cpus[i];
        host->runnable[i] = recorded->runnable[i];
    }
}

/* The set that a rule answers with, 0 if it finds none. */
static uint64_t answer(const char *rule, const struct recorded *recorded)
{
    const struct place_request request = {
        .guest_pages = recorded->need_mib * PAGES_PER_MIB,
        .vcpus = recorded->vcpus,
    };
    struct sim_choice choice;
    struct sim_host host;

    make_host(recorded, &host);

    return sim_rule_find(rule)->choose(NULL, &host, &request, &choice)
           ? 0 : choice.nodes;
}

static void all_were_read(void)
{
    unsigned int answers = 0, large = 0;

    for ( unsigned int i = 0; i < nr_states; i++ )
    {
        answers += states[i].answer != 0;
        large += sum_mib(&states[i]) >= 1u << 22;
    }

    UNIT_EQUAL("recorded", nr_states, MAX_STATES);
    UNIT_TRUE("recorded, with a set", answers > MAX_STATES / 2);
    UNIT_TRUE("recorded, on 4 TiB and more", large > MAX_STATES / 10);
}

/* Below 2 TiB, no sum wraps and no difference changes its sign. */
static void repaired_differs_from_2_tib_on(void)
{
    unsigned int small = 0, large = 0;

    for ( unsigned int i = 0; i < nr_states; i++ )
        if ( answer("xl-repaired", &states[i]) != states[i].answer )
            *(sum_mib(&states[i]) < 1u << 21 ? &small : &large) += 1;

    UNIT_EQUAL("below 2 TiB", small, 0);
    UNIT_TRUE("from 2 TiB on", large > 0);
}

static const char *nodes_fact(unsigned int row)
{
    static char fact[32];

    if ( row + 2 > MAX_NODES )
        return NULL;
    snprintf(fact, sizeof(fact), "hosts of %u nodes", row + 2);

    return fact;
}

static void nodes_answers(unsigned int row)
{
    unsigned int nr = 0;

    for ( unsigned int i = 0; i < nr_states; i++ )
        if ( states[i].nr_nodes == row + 2 )
        {
            char state[32];

            snprintf(state, sizeof(state), "state %u", i);
            UNIT_EQUAL(state, answer("xl", &states[i]), states[i].answer);
            nr++;
        }

    UNIT_TRUE("there are some", nr > 0);
}

static const struct unit_test reading[] = {
    { "10000 states were recorded", all_were_read },
    { "repaired, it differs from 2 TiB on", repaired_differs_from_2_tib_on },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "recorded answers", NULL, NULL, reading, nodes_fact,
          nodes_answers },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };
    const char *name = SIM_DATA "/libxl-golden.txt";
    FILE *file = fopen(name, "r");
    int rc;

    states = calloc(MAX_STATES, sizeof(*states));
    if ( !file || !states )
    {
        perror(name);
        return 1;
    }

    read_all(file);
    fclose(file);
    rc = unit_main("sim-xl", suites);
    free(states);

    return rc;
}
