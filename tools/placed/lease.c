/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Leases, from the decision to the hand-over: who is told what, and what is
 * to be done next.  lease-claim.c and lease-build.c do it.
 *
 * A lease is advanced by lease_run only, which is never entered twice, so
 * whoever calls from an end of a builder or reaper needs not think of the
 * list.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"
#include "check.h"
#include "grant.h"
#include "lease-private.h"

static bool running, again;

void lease_refuse(struct lease *lease, const char *why)
{
    if ( !lease->outcome.failed )
        snprintf(lease->outcome.error, sizeof(lease->outcome.error), "%s",
                 why);
    lease->outcome.failed = true;
}

void lease_set_state(struct lease *lease, enum lease_state state)
{
    lease->state = state;
    again = true;
}

static void tell(struct lease *lease)
{
    if ( lease->terms.told && !lease->told )
        lease->terms.told(lease->terms.work, &lease->outcome);
    lease->told = true;
}

void lease_hand_over(const void *work)
{
    for ( struct lease *lease = lease_first(); lease; lease = lease->next )
    {
        if ( lease->terms.work != work )
            continue;
        if ( lease->state == LEASE_BUILT )
        {
            lease_release(lease);
            lease_set_state(lease, LEASE_DONE);
        }
        lease->terms.work = NULL;
        lease->terms.told = NULL;
    }
}

/* Only created: told, but the lease stays. */
static void tell_claimed(struct lease *lease)
{
    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        lease->outcome.shares.pages[i] = lease->plan.pages[i];
    tell(lease);
}

static void step(struct lease *lease)
{
    switch ( lease->state )
    {
    case LEASE_WANTED:
    case LEASE_WAITING:
        if ( lease->terms.client )
            lease_claim(lease);
        else
            lease_set_state(lease, LEASE_DONE);
        break;

    case LEASE_CLAIMED:
        if ( !lease->terms.client )
            lease_reap(lease);
        else if ( !lease->terms.build )
            tell_claimed(lease);
        else if ( lease_may_build(lease) )
            lease_start_builder(lease);
        break;

    case LEASE_BUILDING:
        if ( !lease->terms.client )
            builder_kill(lease->builder, "its client went away");
        break;

    case LEASE_ENDED:
        lease_settle(lease);
        break;

    case LEASE_BUILT:
        if ( lease->terms.client )
            tell(lease);
        else
            lease_take_back(lease);
        break;

    case LEASE_REAPING:
    case LEASE_DONE:
        break;
    }
}

void lease_run(void)
{
    if ( running )
    {
        again = true;
        return;
    }

    running = true;
    do {
        again = false;
        for ( struct lease *lease = lease_first(); lease; lease = lease->next )
            step(lease);
        lease_collect(tell);
    } while ( again );
    running = false;
}

void lease_abandon(const void *client)
{
    for ( struct lease *lease = lease_first(); lease; lease = lease->next )
        if ( lease->terms.client == client )
            lease->terms = (struct lease_terms){ .client = NULL };
    lease_run();
}

/* Beginnings. */

static int fill_record(struct lease *lease, const struct batch_domain *wanted)
{
    struct record *record = &lease->record;

    snprintf(record->name, sizeof(record->name), "%s", wanted->name);
    snprintf(record->type, sizeof(record->type), "%s", wanted->type);
    if ( check_uuid(wanted->uuid, record->uuid) )
        return -1;
    record->vcpus = wanted->vcpus;
    record->memory_pages = wanted->memory_pages;
    record->max_pages = wanted->memory_pages + GRANT_SLACK_PAGES;
    record->kernel = strdup(wanted->kernel);
    record->ramdisk = wanted->ramdisk ? strdup(wanted->ramdisk) : NULL;
    record->cmdline = wanted->cmdline ? strdup(wanted->cmdline) : NULL;

    return record->kernel && (record->ramdisk || !wanted->ramdisk) &&
           (record->cmdline || !wanted->cmdline) ? 0 : -1;
}

int lease_begin(struct placed *placed, const struct batch_domain *wanted,
                const struct place_request *request,
                const struct lease_terms *terms,
                const struct place_plan *plan)
{
    struct lease *lease = calloc(1, sizeof(*lease));

    if ( !lease || fill_record(lease, wanted) )
    {
        if ( lease )
            record_dispose(&lease->record);
        free(lease);
        errno = ENOMEM;
        return -1;
    }

    lease->placed = placed;
    lease->terms = *terms;
    lease->request = *request;
    snprintf(lease->outcome.name, sizeof(lease->outcome.name), "%s",
             wanted->name);
    lease->state = plan ? LEASE_WANTED : LEASE_WAITING;
    if ( plan )
        lease->plan = *plan;
    lease_append(lease);

    return 0;
}

void lease_build(struct lease *lease, const struct lease_terms *terms)
{
    lease->terms = *terms;
    lease->terms.build = true;
    lease->told = false;
    lease_set_state(lease, LEASE_CLAIMED);
}
