/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: the changes that it names for what it refused.
 */

#include <errno.h>
#include <string.h>

#include "place-host.h"
#include "place/change.h"
#include "unit.h"

/* Two nodes of 1024 MiB. */
static const struct row {
    const char *fact;
    unsigned int free_mib[2];
    unsigned int cpus[2];
    unsigned int mib;
    unsigned int overhead_mib;
    unsigned int vcpus;
    enum place_policy policy;
    uint64_t nodes;
    unsigned int claimed_mib;
    enum place_binding binding;
    const char *texts;           /* joined by "; "                           */
} rows[] = {
    { "memory of one node", { 100, 120 }, { 4, 4 }, 200, 10, 1, PLACE_STRICT,
      0, 0, PLACE_BINDING_NODE_MEMORY,
      "policy: preferred; memory: at most 110 MiB; "
      "node 1: with 90 MiB more free" },
    { "memory of all nodes", { 100, 120 }, { 4, 4 }, 256, 10, 1, PLACE_STRICT,
      0, 0, PLACE_BINDING_HOST_MEMORY,
      "memory: at most 110 MiB; node 1: with 146 MiB more free" },
    { "the same where nodes add up", { 100, 120 }, { 4, 4 }, 256, 10, 1,
      PLACE_PREFERRED, 0, 0, PLACE_BINDING_HOST_MEMORY,
      "memory: at most 210 MiB; node 0: with 46 MiB more free" },
    { "a node that is too small to ever have it", { 100, 1000 }, { 4, 4 },
      1200, 0, 1, PLACE_PREFERRED, 0, 0, PLACE_BINDING_HOST_MEMORY,
      "memory: at most 1100 MiB; node 0: with 100 MiB more free" },
    { "no node is large enough", { 100, 1000 }, { 4, 4 }, 1040, 0, 1,
      PLACE_STRICT, 0, 0, PLACE_BINDING_NODE_MEMORY,
      "policy: preferred; memory: at most 1000 MiB" },
    { "CPUs", { 900, 900 }, { 4, 4 }, 256, 1, 6, PLACE_STRICT, 0, 0,
      PLACE_BINDING_NODE_CPUS, "policy: preferred; vcpus: at most 4" },
    { "memory here, CPUs there", { 900, 100 }, { 4, 8 }, 256, 2, 6,
      PLACE_STRICT, 0, 0, PLACE_BINDING_POLICY,
      "policy: preferred; memory: at most 98 MiB; vcpus: at most 4; "
      "node 1: with 158 MiB more free" },
    { "another node has it", { 900, 100 }, { 4, 4 }, 256, 0, 1, PLACE_STRICT,
      2, 0, PLACE_BINDING_NODES,
      "nodes: on any, such as 0; memory: at most 100 MiB; "
      "node 1: with 156 MiB more free" },
    { "others are needed, too", { 200, 100 }, { 4, 4 }, 256, 0, 1,
      PLACE_PREFERRED, 2, 0, PLACE_BINDING_NODES,
      "nodes: on any, several of them together; memory: at most 100 MiB; "
      "node 1: with 156 MiB more free" },
    { "claims without a node", { 200, 300 }, { 4, 4 }, 150, 0, 1,
      PLACE_PREFERRED, 0, 400, PLACE_BINDING_CLAIMS,
      "claims: when 50 MiB that others claimed, on whatever node, are "
      "released; memory: at most 100 MiB; node 0: with 50 MiB more free" },
    { "claims for more than is there", { 200, 300 }, { 4, 4 }, 150, 0, 1,
      PLACE_STRICT, 0, 600, PLACE_BINDING_CLAIMS,
      "claims: when 250 MiB that others claimed, on whatever node, are "
      "released; node 0: with 250 MiB more free" },
    { "overhead, which is not split", { 200, 190 }, { 4, 4 }, 100, 250, 1,
      PLACE_PREFERRED, 0, 0, PLACE_BINDING_OVERHEAD,
      "node 0: with 50 MiB more free" },
    { "a host that is full", { 0, 0 }, { 4, 4 }, 2000, 0, 1, PLACE_STRICT, 0,
      0, PLACE_BINDING_HOST_MEMORY, "" },
    { "what fits needs no change", { 500, 0 }, { 4, 4 }, 400, 50, 1,
      PLACE_STRICT, 0, 0, PLACE_BINDING_NONE, "" },
};

static void make_row(const struct row *row, struct place_host *host,
                     struct place_request *wanted)
{
    make_host(host, 2, row->free_mib, 0);
    for ( unsigned int i = 0; i < 2; i++ )
    {
        host->nodes[i].present_pages = 1024 * MIB;
        host->nodes[i].cpus = row->cpus[i];
    }
    host->host_claimed_pages = (uint64_t)row->claimed_mib * MIB;
    *wanted = request(row->mib, row->vcpus, row->policy);
    wanted->overhead_pages = (uint64_t)row->overhead_mib * MIB;
    wanted->nodes = row->nodes;
}

static void changes_are_told(void)
{
    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        struct place_changes changes;
        struct place_request wanted;
        struct place_host host;
        char text[512] = "";

        make_row(&rows[i], &host, &wanted);
        UNIT_EQUAL(rows[i].fact, place_changes_find(&host, NULL, &wanted,
                                                    true, &changes), 0);
        UNIT_TEXT(rows[i].fact, place_binding_name(changes.binding),
                  place_binding_name(rows[i].binding));
        for ( unsigned int n = 0; n < changes.nr; n++ )
        {
            char one[128];

            place_change_text(&changes.change[n], one, sizeof(one));
            strcat(strcat(text, n ? "; " : ""), one);
        }
        UNIT_TEXT(rows[i].fact, text, rows[i].texts);
    }
}

static void of_other_nodes_the_tightest_is_named(void)
{
    static const unsigned int free_mib[] = { 100, 900, 500, 200 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_changes changes;
    struct place_host host;

    make_host(&host, 4, free_mib, 2);
    wanted.nodes = 1;
    place_changes_find(&host, NULL, &wanted, true, &changes);
    UNIT_EQUAL("told", changes.change[0].kind, PLACE_CHANGE_NODES);
    UNIT_EQUAL("node", changes.change[0].node, 2);
}

static void nonsense_is_refused(void)
{
    static const unsigned int free_mib[] = { 100 };
    struct place_request wanted = request(0, 1, PLACE_STRICT);
    struct place_changes changes;
    struct place_host host;

    make_host(&host, 1, free_mib, 2);
    UNIT_EQUAL("no memory", place_changes_find(&host, NULL, &wanted,
                                               true, &changes), -1);
    UNIT_EQUAL("no memory", errno, EINVAL);
}

static void names_are_there(void)
{
    for ( unsigned int i = 0; i <= PLACE_BINDING_OVERHEAD; i++ )
        UNIT_TRUE("binding", place_binding_name(i));
    UNIT_TRUE("no binding", !place_binding_name(PLACE_BINDING_OVERHEAD + 1));
    for ( unsigned int i = 0; i < PLACE_CHANGE_KINDS; i++ )
        UNIT_TRUE("change", place_change_name(i));
    UNIT_TRUE("no change", !place_change_name(PLACE_CHANGE_KINDS));
}

static const struct unit_test changes[] = {
    { "changes, and what makes them necessary, are told", changes_are_told },
    { "of other nodes the tightest is named",
      of_other_nodes_the_tightest_is_named },
    { "nonsense is refused", nonsense_is_refused },
    { "each has a name", names_are_there },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "changes", NULL, NULL, changes },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-change", suites);
}
