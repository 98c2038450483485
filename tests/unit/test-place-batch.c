/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: several requests at once.
 */

#include <errno.h>
#include <string.h>

#include "place-host.h"
#include "unit.h"

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
                place_request_overhead(requests[nr].guest_pages, 1, false);
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

static void batches_do_not_depend_on_order(void)
{
    random_seed(4);
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

static void two_small_ones_go_before_a_large_one(void)
{
    static const unsigned int free_mib[] = { 1000 };
    static const unsigned int mib[] = { 600, 500, 500 };
    struct place_request requests[3];
    struct place_reason reasons[3];
    struct place_plan plans[3];
    struct place_host host;
    int rc[3];

    make_host(&host, 1, free_mib, 2);
    for ( unsigned int i = 0; i < 3; i++ )
        requests[i] = request(mib[i], 1, PLACE_STRICT);
    UNIT_EQUAL("placed", place_batch(&host, NULL, requests, 3, plans, reasons,
                                     rc), 2);
    UNIT_EQUAL("600 MiB", rc[0], ENOSPC);
    UNIT_EQUAL("next to both others", reasons[0].missing_pages[0], 600 * MIB);
    UNIT_EQUAL("reason of one placed", reasons[1].verdict[0], PLACE_CHOSEN);
}

static void claims_without_a_node_count_for_all(void)
{
    static const unsigned int free_mib[] = { 600, 600 };
    static const unsigned int mib[] = { 600, 500, 500 };
    struct place_request requests[3];
    struct place_plan plans[3];
    struct place_host host;
    int rc[3];

    /* Both nodes could be filled, but for the claims. */
    make_host(&host, 2, free_mib, 2);
    host.host_claimed_pages = 200 * MIB;
    for ( unsigned int i = 0; i < 3; i++ )
        requests[i] = request(mib[i], 1, PLACE_STRICT);
    UNIT_EQUAL("placed", place_batch(&host, NULL, requests, 3, plans, NULL,
                                     rc), 2);
    UNIT_EQUAL("600 MiB", rc[0], ENOSPC);
}

static void nobody_is_split_whom_moves_can_save(void)
{
    static const unsigned int free_mib[] = { 700, 1100 };
    static const unsigned int mib[] = { 600, 500, 400, 300 };
    struct place_request requests[4];
    struct place_plan plans[4];
    struct place_host host;
    int rc[4];

    /* No rule does it, the largest first. */
    make_host(&host, 2, free_mib, 2);
    for ( unsigned int i = 0; i < 4; i++ )
        requests[i] = request(mib[i], 1, PLACE_PREFERRED);
    UNIT_EQUAL("placed", place_batch(&host, NULL, requests, 4, plans, NULL,
                                     rc), 4);
    for ( unsigned int i = 0; i < 4; i++ )
        UNIT_EQUAL("node", plans[i].nodes, i < 2 ? 2 : 1);
}

static void wishes_are_not_moved(void)
{
    static const unsigned int free_mib[] = { 600, 1000 };
    static const unsigned int mib[] = { 600, 500, 500 };
    struct place_request requests[3];
    struct place_plan plans[3];
    struct place_host host;
    int rc[3];

    make_host(&host, 2, free_mib, 2);
    for ( unsigned int i = 0; i < 3; i++ )
        requests[i] = request(mib[i], 1, PLACE_STRICT);
    UNIT_EQUAL("without", place_batch(&host, NULL, requests, 3, plans, NULL,
                                      rc), 3);
    requests[0].near = 1u << 1;
    UNIT_EQUAL("with", place_batch(&host, NULL, requests, 3, plans, NULL,
                                   rc), 2);
    UNIT_EQUAL("near", plans[0].home_node, 1);
}

static void nothing_is_a_batch(void)
{
    static const unsigned int free_mib[] = { 600 };
    struct place_host host;

    make_host(&host, 1, free_mib, 2);
    UNIT_EQUAL("placed", place_batch(&host, NULL, NULL, 0, NULL, NULL, NULL),
               0);
}

static void more_than_can_be_moved_are_placed(void)
{
    static const unsigned int free_mib[] = { 1000, 1000 };
    static struct place_request requests[600];
    static struct place_plan plans[600];
    struct place_host host;
    static int rc[600];

    make_host(&host, 2, free_mib, 2);
    for ( unsigned int i = 0; i < 600; i++ )
        requests[i] = request(7, 1, PLACE_STRICT);
    UNIT_EQUAL("placed", place_batch(&host, NULL, requests, 600, plans, NULL,
                                     rc), 2 * (1000 / 7));
}

static const struct unit_test batches[] = {
    { "storms that fit are not split", storms_are_not_split },
    { "other rules rescue a batch", other_rules_rescue_a_batch },
    { "more domains win on equal memory", more_domains_win_on_equal_memory },
    { "the best try is the one that is told",
      the_best_try_is_the_one_that_is_told },
    { "two small ones go before a large one",
      two_small_ones_go_before_a_large_one },
    { "claims without a node count for all",
      claims_without_a_node_count_for_all },
    { "nobody is split whom moves can save",
      nobody_is_split_whom_moves_can_save },
    { "wishes are not moved", wishes_are_not_moved },
    { "nothing is a batch", nothing_is_a_batch },
    { "more than can be moved are placed",
      more_than_can_be_moved_are_placed },
    { "a batch does not depend on its order",
      batches_do_not_depend_on_order },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "batches", NULL, NULL, batches },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-batch", suites);
}
