/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: how many fit is how many are then placed.
 */

#include <errno.h>
#include <string.h>

#include "place-host.h"
#include "place/capacity.h"
#include "unit.h"

/* More would take too long to place one by one. */
#define MOST 500u

/* Place until it is refused; what span nodes is summed up. */
static unsigned int place_all(const struct place_host *host,
                              const struct place_request *wanted,
                              unsigned int *alone, uint64_t *pages)
{
    struct place_held held = { 0 };
    struct place_plan plan;
    unsigned int nr;

    for ( nr = 0; nr <= MOST &&
                  place(host, &held, wanted, &plan, NULL) == 0; nr++ )
    {
        place_hold(&held, &plan, wanted->vcpus);
        if ( !(plan.nodes & (plan.nodes - 1)) )
            alone[plan.home_node]++;
        else
            for ( unsigned int i = 0; i < host->nr_nodes; i++ )
                *pages += plan.pages[i];
    }

    return nr;
}

static int count(const struct place_host *host, const struct place_held *held,
                 const struct place_request *wanted,
                 struct place_capacity *capacity)
{
    const struct place_sample sample = { .request = *wanted };

    return place_capacity(host, held, &sample, NULL, capacity);
}

static void as_many_are_placed(void)
{
    unsigned int some = 0, spanning = 0;

    random_seed(11);
    for ( unsigned int n = 0; n < 5000; n++ )
    {
        unsigned int alone[PLACE_MAX_NODES] = { 0 }, nr;
        uint64_t pages = 0, said = 0;
        struct place_capacity capacity;
        struct place_request wanted;
        struct place_host host;

        random_host(&host);
        random_request(&wanted);
        if ( count(&host, NULL, &wanted, &capacity) ||
             capacity.domains > MOST )
            continue;
        nr = place_all(&host, &wanted, alone, &pages);
        UNIT_EQUAL("as many", nr, capacity.domains);
        UNIT_TRUE("all of them", capacity.complete);
        for ( unsigned int i = 0; i < host.nr_nodes; i++ )
            said += capacity.spanning_pages[i];
        if ( wanted.vcpus <= 2 )
            UNIT_EQUAL("as much on several", said, pages);
        for ( unsigned int i = 0; i < host.nr_nodes && !capacity.spanning;
              i++ )
            UNIT_EQUAL("on the node", alone[i], capacity.alone[i]);
        some += nr > 0;
        spanning += capacity.spanning > 0;
    }
    UNIT_TRUE("some fit", some > 1000);
    UNIT_TRUE("some span nodes", spanning > 300);
}

static void host_claims_count(void)
{
    static const unsigned int free_mib[] = { 1000, 1000 };
    struct place_request wanted = request(300, 1, PLACE_STRICT);
    struct place_capacity capacity;
    struct place_host host;

    make_host(&host, 2, free_mib, 2);
    host.host_claimed_pages = 900 * MIB;
    UNIT_EQUAL("rc", count(&host, NULL, &wanted, &capacity), 0);
    UNIT_EQUAL("of 2,000 MiB, 1,100 are left", capacity.domains, 3);
    wanted.guest_pages = 0;
    UNIT_EQUAL("no memory", count(&host, NULL, &wanted, &capacity),
               -1);
    UNIT_EQUAL("no memory", errno, EINVAL);
}

static void held_is_not_there(void)
{
    static const unsigned int free_mib[] = { 1000, 1000 };
    const struct place_request wanted = request(300, 1, PLACE_PREFERRED);
    struct place_held held = { .pages = { 500 * MIB } };
    struct place_capacity capacity;
    struct place_host host;

    make_host(&host, 2, free_mib, 2);
    UNIT_EQUAL("rc", count(&host, &held, &wanted, &capacity), 0);
    UNIT_EQUAL("node 0", capacity.alone[0], 1);
    UNIT_EQUAL("node 1", capacity.alone[1], 3);
    UNIT_EQUAL("both", capacity.spanning, 1);
    UNIT_EQUAL("of node 0", capacity.spanning_pages[0] / MIB, 200);
}

static void counting_ends(void)
{
    static const unsigned int free_mib[] = { 8000, 8000 };
    const struct place_request wanted = request(8, 3, PLACE_PREFERRED);
    struct place_capacity capacity;
    struct place_host host;

    make_host(&host, 2, free_mib, 2);
    UNIT_EQUAL("rc", count(&host, NULL, &wanted, &capacity), 0);
    UNIT_EQUAL("so many", capacity.domains, PLACE_CAPACITY_MOST);
    UNIT_TRUE("and more", !capacity.complete);
}

static const struct unit_test capacities[] = {
    { "as many fit as are then placed", as_many_are_placed },
    { "claims without a node leave less", host_claims_count },
    { "what is held is not there", held_is_not_there },
    { "those with many vCPUs are counted up to a limit", counting_ends },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "capacity", NULL, NULL, capacities },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-capacity", suites);
}
