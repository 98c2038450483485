/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The plans that a daemon remembers of the domains it created.
 */

#include <stdio.h>

#include "placed/planned.h"
#include "unit.h"

static struct place_plan plan_of(uint64_t pages)
{
    struct place_plan plan = {
        .home_node = 63, .overhead_pages = 7,
        .pages = { [2] = pages, [63] = pages + 1 },
    };

    return plan;
}

static void a_plan_is_found_by_both_ids(void)
{
    const struct place_plan plan = plan_of(100);
    struct listing_plan found;

    planned_keep(5, 50, &plan, 4, true);
    planned_find(5, 50, &found);
    UNIT_EQUAL("known", found.known, true);
    UNIT_EQUAL("home", found.home_node, 63);
    UNIT_EQUAL("structures", found.structures_pages, 7);
    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        UNIT_EQUAL("pages", found.pages.pages[i], plan.pages[i]);

    planned_find(5, 51, &found);
    UNIT_EQUAL("another domain of that id", found.known, false);
    UNIT_EQUAL("another domain of that id", found.pages.pages[2], 0);
    planned_find(6, 50, &found);
    UNIT_EQUAL("another id", found.known, false);
}

static void the_last_plan_of_an_id_stands(void)
{
    const struct place_plan first = plan_of(100), second = plan_of(200);
    struct listing_plan found;

    planned_keep(0x7fef, 1, &first, 4, true);
    planned_keep(0x7fef, 2, &second, 4, true);
    planned_find(0x7fef, 1, &found);
    UNIT_EQUAL("the first", found.known, false);
    planned_find(0x7fef, 2, &found);
    UNIT_EQUAL("the second", found.pages.pages[2], 200);
}

static void an_id_that_no_domain_has_is_never_known(void)
{
    const struct place_plan plan = plan_of(100);
    struct listing_plan found;

    planned_keep(0x7ff0, 1, &plan, 4, true);
    planned_find(0x7ff0, 1, &found);
    UNIT_EQUAL("reserved", found.known, false);
    planned_keep(UINT32_MAX, 1, &plan, 4, true);
    planned_find(UINT32_MAX, 1, &found);
    UNIT_EQUAL("largest", found.known, false);
}

static void vcpus_count_where_they_should_run(void)
{
    struct place_plan plan = plan_of(100);
    struct place_host host = { .nr_nodes = 64, .nodes[2].vcpus = 1 };

    plan.cpu_nodes = UINT64_C(1) << 2 | UINT64_C(1) << 63;
    planned_keep(5, 50, &plan, 5, true);
    planned_load(5, &host);
    UNIT_EQUAL("with what is there", host.nodes[2].vcpus, 4);
    UNIT_EQUAL("the rest", host.nodes[63].vcpus, 2);
    UNIT_EQUAL("elsewhere", host.nodes[0].vcpus, 0);
    planned_load(7, &host);
    planned_load(UINT32_MAX, &host);
    UNIT_EQUAL("no such domain", host.nodes[2].vcpus, 4);
}

static void who_created_it_is_known(void)
{
    const struct place_plan plan = plan_of(100);

    planned_keep(8, 80, &plan, 4, true);
    planned_keep(9, 90, &plan, 4, false);
    UNIT_TRUE("the daemon", planned_is_own(8, 80));
    UNIT_TRUE("a toolstack", !planned_is_own(9, 90));
    UNIT_TRUE("another one", !planned_is_own(8, 81));
    UNIT_TRUE("reserved", !planned_is_own(UINT32_MAX, 81));
    UNIT_EQUAL("which it is", planned_unique_id(9), 90);
    UNIT_EQUAL("none", planned_unique_id(10), 0);
    planned_drop(9);
    planned_drop(UINT32_MAX);
    UNIT_EQUAL("gone", planned_unique_id(9), 0);
}

static const struct unit_test tests[] = {
    { "a plan is found by both ids of its domain",
      a_plan_is_found_by_both_ids },
    { "the last plan of an id stands", the_last_plan_of_an_id_stands },
    { "an id that no domain has is never known",
      an_id_that_no_domain_has_is_never_known },
    { "vCPUs count where they should run",
      vcpus_count_where_they_should_run },
    { "who created a domain is known", who_created_it_is_known },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "planned", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-planned", suites);
}
