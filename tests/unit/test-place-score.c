/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: what sizes are to be expected, and what a choice costs them.
 */

#include "place-host.h"
#include "place/view.h"
#include "unit.h"

#define GIB (1024 * MIB)

static uint64_t weight_of(const struct place_sizes *sizes, uint64_t pages)
{
    for ( unsigned int i = 0; i < sizes->nr; i++ )
        if ( sizes->size[i].pages == pages )
            return sizes->size[i].weight;

    return 0;
}

static uint64_t all_weights(const struct place_sizes *sizes)
{
    uint64_t sum = 0;

    for ( unsigned int i = 0; i < sizes->nr; i++ )
        sum += sizes->size[i].weight;

    return sum;
}

static void the_guess_is_by_the_host(void)
{
    static const unsigned int free_mib[] = { 1024, 256 * 1024 };
    struct place_sizes sizes;
    struct place_host host;

    make_host(&host, 2, free_mib, 32);
    for ( unsigned int i = 0; i < 2; i++ )
        host.nodes[i].present_pages = (uint64_t)free_mib[i] * MIB;
    place_sizes_begin(&sizes, &host);
    UNIT_EQUAL("4 GiB to 1 TiB, doubled each time", sizes.nr, 9);
    UNIT_TRUE("the smallest", weight_of(&sizes, 4 * GIB));
    UNIT_TRUE("the largest", weight_of(&sizes, 1024 * GIB));
    UNIT_EQUAL("68 of 100", weight_of(&sizes, 8 * GIB) * 100 /
                            weight_of(&sizes, 4 * GIB), 167);
    UNIT_TRUE("about all", all_weights(&sizes) > 60000 &&
                           all_weights(&sizes) < 66000);
}

static void what_is_asked_for_counts(void)
{
    static const unsigned int free_mib[] = { 256 * 1024 };
    struct place_request wanted = request(3000, 2, PLACE_STRICT);
    struct place_sizes sizes;
    struct place_host host;

    make_host(&host, 1, free_mib, 32);
    host.nodes[0].present_pages = 256 * GIB;
    place_sizes_begin(&sizes, &host);
    place_sizes_learn(&sizes, &wanted);
    UNIT_EQUAL("a 64th", weight_of(&sizes, 3000 * MIB), 1024);
    for ( unsigned int i = 0; i < 400; i++ )
        place_sizes_learn(&sizes, &wanted);
    UNIT_TRUE("nearly all", weight_of(&sizes, 3000 * MIB) * 100 >
                            all_weights(&sizes) * 95);
    wanted.overhead_pages = GIB;
    wanted.guest_pages = 4 * GIB - 1;
    place_sizes_learn(&sizes, &wanted);
    UNIT_EQUAL("its overhead does not count", weight_of(&sizes, 4 * GIB), 0);
    UNIT_TRUE("but its size", weight_of(&sizes, 4 * GIB - 1));
    /* More sizes than there is room for. */
    for ( unsigned int i = 0; i < 40; i++ )
    {
        wanted.guest_pages = UINT64_C(1) << i;
        place_sizes_learn(&sizes, &wanted);
    }
    UNIT_EQUAL("the rarest go", sizes.nr, PLACE_MAX_SIZES);
    UNIT_TRUE("the latest stays", weight_of(&sizes, UINT64_C(1) << 39));
    UNIT_TRUE("of the usual the latest", weight_of(&sizes, 2 * GIB) >
                                         all_weights(&sizes) / 3);
}

struct row {
    const char *fact;
    unsigned int free_gib[3];
    uint32_t vcpus[3];           /* that are there                           */
    unsigned int gib;
    uint32_t wanted_vcpus;
    enum place_policy policy;
    unsigned int home;
};

/* Nodes of 256 GiB and 32 cores. */
static const struct row rows[] = {
    { "a remainder of no use to others is taken first",
      { 256, 40, 100 }, { 0, 0, 0 }, 8, 2, PLACE_STRICT, 1 },
    { "a hole that fits is better than one that is broken up",
      { 64, 128, 72 }, { 0, 0, 0 }, 8, 2, PLACE_STRICT, 2 },
    { "on an empty host domains run apart",
      { 256, 256, 256 }, { 8, 4, 6 }, 8, 2, PLACE_PREFERRED, 1 },
    { "on a full one they do not take apart what is large",
      { 64, 32, 34 }, { 10, 20, 31 }, 2, 2, PLACE_PREFERRED, 2 },
    { "strict keeps nodes whole while cores do",
      { 256, 200, 256 }, { 0, 8, 0 }, 8, 2, PLACE_STRICT, 1 },
    { "strict does not run far more vCPUs than cores while others are idle",
      { 256, 200, 256 }, { 0, 64, 0 }, 8, 16, PLACE_STRICT, 0 },
};

static const char *row_fact(unsigned int row)
{
    return row < sizeof(rows) / sizeof(rows[0]) ? rows[row].fact : NULL;
}

static void row_run(unsigned int row)
{
    const struct row *from = &rows[row];
    const struct place_request wanted = request(from->gib * 1024,
                                                from->wanted_vcpus,
                                                from->policy);
    unsigned int free_mib[3];
    struct place_host host;
    struct place_plan plan;

    for ( unsigned int i = 0; i < 3; i++ )
        free_mib[i] = from->free_gib[i] * 1024;
    make_host(&host, 3, free_mib, 32);
    for ( unsigned int i = 0; i < 3; i++ )
    {
        host.nodes[i].present_pages = 256 * GIB;
        host.nodes[i].vcpus = from->vcpus[i];
    }
    UNIT_EQUAL(from->fact, place(&host, NULL, &wanted, &plan, NULL), 0);
    UNIT_EQUAL(from->fact, plan.home_node, from->home);
}

static const struct unit_test tests[] = {
    { "the first guess is by what the host has", the_guess_is_by_the_host },
    { "what is asked for counts more and more", what_is_asked_for_counts },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "score", NULL, NULL, tests, row_fact, row_run },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };

    return unit_main("place-score", suites);
}
