/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: a table of requests with the plan that has to come out, and
 * what else goes into a decision.  Sizes in the table are in MiB.
 */

#include <errno.h>
#include <string.h>

#include "place-host.h"
#include "unit.h"

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
    { "the home node has most", { 100, 200, 200, 100 }, 256, 1, 0x6, 0,
      PLACE_PREFERRED, 0, 1, { 0, 200, 56 } },
    { "the rest is near", { 250, 130, 130, 250 }, 256, 1, 0,
      0, PLACE_PREFERRED, 0, 0, { 250, 6 } },
    { "nearer is better than fewer nodes",
      { 200, 80, 80, 200 }, 400, 1, 0, 0,
      PLACE_PREFERRED, 0, 0, { 200, 80, 80, 40 } },
    { "the home node is one that has more", { 100, 300, 0, 0 }, 360, 1, 0, 0,
      PLACE_PREFERRED, 0, 1, { 60, 300 } },
    { "overhead is not split", { 100, 100, 100, 0 }, 200, 1, 0, 60,
      PLACE_PREFERRED, 0, 1, { 100, 40, 60 } },
    { "overhead that no node holds", { 100, 100, 100, 100 }, 50, 1, 0, 150,
      PLACE_PREFERRED, ENOSPC, 0, { 0 } },
    { "four nodes when it takes four", { 100, 100, 100, 100 }, 400, 1, 0, 0,
      PLACE_PREFERRED, 0, 1, { 100, 100, 100, 100 } },
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
    { "CPUs of a full node do not count: one node after all",
      { 500, 0, 0, 0 }, 256, 3, 0, 0,
      PLACE_PREFERRED, 0, 0, { 256 } },
    { "CPUs of a full node do not count: two nodes after all",
      { 200, 0, 0, 200 }, 300, 6, 0, 0,
      PLACE_PREFERRED, 0, 0, { 150, 0, 0, 150 } },
    { "CPUs of a full node: strict refuses",
      { 500, 0, 0, 0 }, 256, 3, 0, 0, PLACE_STRICT, ENOSPC, 0, { 0 } },
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

static void nodes_without_cpus_lend_memory(void)
{
    static const unsigned int free_mib[] = { 100, 100, 1000 };
    const struct place_request wanted = request(600, 3, PLACE_PREFERRED);
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 3, free_mib, 2);
    host.nodes[2].cores = host.nodes[2].cpus = 0;
    UNIT_EQUAL("placed", place(&host, NULL, &wanted, &plan, NULL), 0);
    UNIT_EQUAL("memory", plan.nodes, 0x7);
    UNIT_EQUAL("vCPUs", plan.cpu_nodes, 0x3);
    UNIT_EQUAL("of 3 on node 0", place_vcpus_on(plan.cpu_nodes, 3, 0), 2);
    UNIT_EQUAL("of 3 on node 1", place_vcpus_on(plan.cpu_nodes, 3, 1), 1);
    UNIT_EQUAL("of 3 on node 2", place_vcpus_on(plan.cpu_nodes, 3, 2), 0);
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

static void overhead_estimate(void)
{
    /* As measured: a pool of 256 + 256 pages, 9 or 10 a vCPU, 23 a domain. */
    UNIT_TRUE("no less than real ones",
              place_request_overhead(256 * MIB, 1, true) >= 540 &&
              place_request_overhead(64 * MIB, 64, true) >= 17079 &&
              place_request_overhead(1024 * MIB, 64, true) >= 18039);
    UNIT_TRUE("and not much more",
              place_request_overhead(256 * MIB, 1, true) <= 570 &&
              place_request_overhead(1024 * MIB, 64, true) <= 18500);
    UNIT_EQUAL("a MiB more", place_request_overhead(257 * MIB, 1, false),
               place_request_overhead(256 * MIB, 1, false) + 2);
    UNIT_EQUAL("a started MiB counts", place_request_overhead(1, 1, true),
               place_request_overhead(MIB, 1, true));
    UNIT_EQUAL("4 PiB, 512 vCPUs",
               place_request_overhead(PLACE_MAX_PAGES, 512, true),
               32 + 512 * 272 + (UINT64_C(1) << 32));
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
    { "nodes without CPUs lend their memory only",
      nodes_without_cpus_lend_memory },
    { "unreachable nodes come last", unreachable_is_last },
    { "the overhead covers pool, vCPUs and domain", overhead_estimate },
    { "policies have names", policies_by_name },
    { "hosts that make no sense are refused", hosts_that_make_no_sense },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "decisions", NULL, NULL, decisions },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place", suites);
}
