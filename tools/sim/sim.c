/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The loop of a run: departures up to the next arrival, the rule's choice for
 * it, and what becomes of that.  At the same time, departures come first.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "departure.h"
#include "sim.h"

struct run {
    const struct sim_setup *setup;
    struct sim_outcome *outcome;
    struct sim_host host;
    struct departures departures;
    void *state;                 /* the rule's                               */
    uint64_t now_us;
    char *why;
    size_t size;
};

size_t sim_warm_up(const struct load *load)
{
    return load->nr / 5;
}

bool sim_fits_a_node(const struct sim_host *empty,
                     const struct load_arrival *arrival)
{
    for ( unsigned int i = 0; i < empty->place.nr_nodes; i++ )
    {
        const struct place_node *node = &empty->place.nodes[i];

        if ( node->online && node->free_pages >= arrival->pages &&
             node->cpus >= arrival->vcpus )
            return true;
    }

    return false;
}

static void pass(struct run *run, uint64_t until_us)
{
    meter_spend(run->outcome->meter, &run->host, until_us - run->now_us);
    run->now_us = until_us;
}

static void depart(struct run *run, uint64_t until_us)
{
    while ( run->departures.nr &&
            departures_next(&run->departures) <= until_us )
    {
        pass(run, departures_next(&run->departures));
        tenant_leave(departures_pop(&run->departures), &run->host);
    }
}

static uint64_t clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);

    return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

static int choose(struct run *run, size_t i,
                  const struct place_request *request,
                  struct sim_choice *choice)
{
    uint32_t *choose_ns = run->outcome->choose_ns;
    uint64_t begin = choose_ns ? clock_ns() : 0, ns;
    int rc = run->setup->rule->choose(run->state, &run->host, request,
                                      choice);

    if ( choose_ns )
    {
        ns = clock_ns() - begin;
        choose_ns[i] = ns < UINT32_MAX ? ns : UINT32_MAX;
    }

    return rc;
}

static int fail(const struct run *run, size_t i, const char *what)
{
    const struct load_arrival *arrival = &run->setup->load->arrivals[i];
    int saved_errno = errno;

    snprintf(run->why, run->size, "rule %s: arrival %zu of %" PRIu64
             " MiB and %" PRIu32 " vCPUs: %s: %s", run->setup->rule->name, i,
             arrival->pages / 256, arrival->vcpus, what,
             strerror(saved_errno));
    errno = saved_errno == ENOMEM ? ENOMEM : EPROTO;

    return -1;
}

static int admit(struct run *run, size_t i, const struct tenant *tenant)
{
    const struct load_arrival *arrival = &run->setup->load->arrivals[i];
    struct sim_record *record = &run->outcome->records[i];

    record->accepted = true;
    record->single = tenant_is_single(tenant);
    record->excess = tenant_excess(tenant, &run->host);
    record->outside_pages = record->planned ? tenant->outside_pages
                                            : arrival->pages;
    tenant_enter(tenant, &run->host);

    return departures_add(&run->departures,
                          run->now_us + arrival->lifetime_us, tenant);
}

/* What one of them asks for. */
static enum sim_mode mode_of(const struct sim_setup *setup, size_t i)
{
    if ( setup->mode != SIM_MIXED )
        return setup->mode;

    return i % 2 ? SIM_ONE_NODE : SIM_PREFERRED;
}

static int arrive(struct run *run, size_t i)
{
    const enum sim_mode mode = mode_of(run->setup, i);
    const struct load_arrival *arrival = &run->setup->load->arrivals[i];
    struct sim_record *record = &run->outcome->records[i];
    const struct place_request request = {
        .guest_pages = arrival->pages,
        .vcpus = arrival->vcpus,
        .policy = mode == SIM_PREFERRED ? PLACE_PREFERRED : PLACE_STRICT,
    };
    struct sim_choice choice = { 0 };
    struct tenant tenant;

    memset(record, 0, sizeof(*record));
    record->planned = !choose(run, i, &request, &choice);
    if ( !record->planned )
    {
        if ( errno != ENOSPC )
            return fail(run, i, "cannot choose");
        if ( mode != SIM_PREFERRED )
            return 0;
        memset(&choice, 0, sizeof(choice));
    }

    if ( tenant_settle(&tenant, &run->host, &request, &choice, mode) )
        return errno == ENOSPC ? 0 : fail(run, i, "chose what is not there");
    if ( mode == SIM_ONE_NODE && !tenant_is_single(&tenant) &&
         sim_fits_a_node(run->setup->empty, arrival) )
        return 0;
    if ( admit(run, i, &tenant) )
        return fail(run, i, "cannot be admitted");

    return 0;
}

static int run_all(struct run *run)
{
    const struct sim_setup *setup = run->setup;
    size_t measured = sim_warm_up(setup->load);

    run->host = *setup->empty;
    departures_begin(&run->departures);
    errno = 0;
    run->state = setup->rule->begin
                 ? setup->rule->begin(&run->host, setup->seed) : NULL;
    if ( !run->state && errno == ENOMEM )
    {
        snprintf(run->why, run->size, "rule %s: out of memory",
                 setup->rule->name);
        return -1;
    }

    for ( size_t i = 0; i < setup->load->nr; i++ )
    {
        depart(run, setup->load->arrivals[i].at_us);
        pass(run, setup->load->arrivals[i].at_us);
        if ( i == measured )
            meter_reset(run->outcome->meter);
        if ( arrive(run, i) )
            return -1;
    }

    return 0;
}

static void dispose(struct run *run)
{
    int saved_errno = errno;

    if ( run->setup->rule->end )
        run->setup->rule->end(run->state);
    departures_dispose(&run->departures);
    errno = saved_errno;
}

int sim_run(const struct sim_setup *setup, struct sim_outcome *outcome,
            char *why, size_t size)
{
    struct run run = { .setup = setup, .outcome = outcome, .why = why,
                       .size = size };
    int rc = run_all(&run);

    dispose(&run);

    return rc;
}

int sim_run_out(const struct sim_setup *setup, struct sim_outcome *outcome,
                struct sim_host *host, char *why, size_t size)
{
    struct run run = { .setup = setup, .outcome = outcome, .why = why,
                       .size = size };
    int rc = run_all(&run);

    if ( !rc )
        depart(&run, UINT64_MAX);
    *host = run.host;
    dispose(&run);

    return rc;
}
