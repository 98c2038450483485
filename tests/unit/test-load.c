/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where vCPUs are reckoned to be, and how often Xen is asked for it: domains
 * are made up, and grant_read is the test's.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "placed/load.h"
#include "placed/planned.h"
#include "unit.h"

static struct grant_domain domains[8];   /* by id; unique_id 0: none         */
static unsigned int nr_reads;

int grant_read(struct grant *grant, uint32_t domid,
               struct grant_domain *domain)
{
    (void)grant;
    nr_reads++;
    errno = ESRCH;
    if ( domid >= 8 || !domains[domid].unique_id )
        return -1;
    *domain = domains[domid];

    return 0;
}

static struct grant_domain living_on(uint64_t unique_id, uint64_t nodes,
                                     bool finished)
{
    return (struct grant_domain){ .unique_id = unique_id, .lives = nodes,
                                  .finished = finished };
}

/* What node 0, 1, 2 has, as digits, and how often Xen was asked. */
static void sees(const char *row, uint32_t domid, uint32_t vcpus, time_t now,
                 unsigned int loads, unsigned int reads)
{
    const struct grant_listed listed = { domid, vcpus };
    struct place_host host = { .nr_nodes = 3 };

    nr_reads = 0;
    load_add(NULL, &listed, 1, now, &host);
    UNIT_EQUAL(row, host.nodes[0].vcpus * 100 + host.nodes[1].vcpus * 10 +
               host.nodes[2].vcpus, loads);
    UNIT_EQUAL(row, nr_reads, reads);
}

static void others_are_where_their_memory_is(void)
{
    domains[1] = living_on(10, 3, true);
    sees("two nodes", 1, 4, 100, 220, 1);
    domains[1].lives = 4;
    sees("it is remembered", 1, 4, 109, 220, 0);
    sees("for a while", 1, 4, 110, 4, 1);
    domains[1] = living_on(11, 1, true);
    sees("another one, seen by its vCPUs", 1, 5, 111, 500, 1);
    domains[1].unique_id = 0;
    sees("none that can be read", 1, 6, 112, 0, 1);
    sees("nor is that remembered", 1, 6, 112, 0, 1);
    sees("without vCPUs", 1, 0, 112, 0, 0);
}

static void what_is_built_is_read_each_time(void)
{
    domains[2] = living_on(20, 1, false);
    sees("claims", 2, 2, 100, 200, 1);
    domains[2].lives = 2;
    sees("memory", 2, 2, 100, 20, 1);
    domains[2].finished = true;
    sees("the last time", 2, 2, 100, 20, 1);
    sees("no more", 2, 2, 100, 20, 0);
    domains[2].dying = true;
    sees("it dies", 2, 2, 110, 0, 1);
}

static void a_plan_comes_first(void)
{
    const struct place_plan plan = { .cpu_nodes = 4 };

    domains[3] = living_on(30, 1, false);
    planned_keep(3, 30, &plan, 7, true);
    sees("planned, without vCPUs yet", 3, 0, 100, 7, 1);
    sees("it is remembered, though it is built", 3, 7, 109, 7, 0);
    domains[3].finished = true;
    sees("looked at again", 3, 7, 110, 7, 1);
    domains[3] = living_on(31, 2, true);
    sees("another one, for a while", 3, 5, 111, 7, 0);
    sees("another one", 3, 5, 120, 50, 1);
    UNIT_EQUAL("its plan is gone", planned_unique_id(3), 0);
    sees("remembered as such", 3, 5, 121, 50, 0);
    planned_keep(3, 32, &plan, 1, false);
    domains[3] = living_on(32, 2, true);
    sees("and planned again", 3, 5, 121, 1, 1);
    domains[3].unique_id = 0;
    sees("gone", 3, 5, 140, 0, 1);
    UNIT_EQUAL("though its plan is not", planned_unique_id(3), 32);
}

static void some_do_not_count(void)
{
    domains[0] = living_on(1, 1, true);
    sees("domain 0", 0, 4, 100, 0, 0);
    sees("an id that there is not", UINT32_MAX, 4, 100, 0, 0);
}

static const struct unit_test tests[] = {
    { "domains of others are where their memory is",
      others_are_where_their_memory_is },
    { "what is being built is read each time",
      what_is_built_is_read_each_time },
    { "a plan comes first, for its own domain", a_plan_comes_first },
    { "some do not count", some_do_not_count },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "load", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("load", suites);
}
