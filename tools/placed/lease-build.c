/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * From a domain with claims to one that is built, or gone: its builder, what
 * Xen says of it afterwards, and its reaper.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "builder.h"
#include "grant.h"
#include "lease-private.h"
#include "log.h"
#include "placed.h"
#include "reaper.h"

static unsigned int nr_building;

bool lease_may_build(const struct lease *lease)
{
    return nr_building < lease->placed->max_builders;
}

static void on_built(void *owner, const char *why)
{
    struct lease *lease = owner;

    lease->builder = NULL;
    nr_building--;
    if ( why )
    {
        lease_refuse(lease, why);
        log_say("domain %u: %s: not built: %s", lease->record.domid,
                lease->record.name, why);
    }
    lease_set_state(lease, LEASE_ENDED);
    lease_run(lease->placed);
}

void lease_start_builder(struct lease *lease)
{
    struct placed *placed = lease->placed;
    char why[256];

    lease->record.paused = lease->terms.paused;
    lease->builder = builder_start(placed->base, &placed->builder,
                                   &lease->record, on_built, lease);
    if ( lease->builder )
    {
        nr_building++;
        lease_set_state(lease, LEASE_BUILDING);
        return;
    }
    snprintf(why, sizeof(why), "builder: cannot be started: %s",
             strerror(errno));
    lease_refuse(lease, why);
    lease_set_state(lease, LEASE_ENDED);
}

static void on_reaped(void *owner, bool gone)
{
    struct lease *lease = owner;

    if ( gone )
        lease->outcome.has_domid = false;
    lease_unhold(lease);
    lease_set_state(lease, LEASE_DONE);
    lease_run(lease->placed);
}

void lease_reap(struct lease *lease)
{
    memset(&lease->outcome.shares, 0, sizeof(lease->outcome.shares));
    lease_set_state(lease, LEASE_REAPING);
    reaper_start(lease->placed, &lease->record, on_reaped, lease);
}

void lease_settle(struct lease *lease)
{
    struct record *record = &lease->record;
    struct placed *placed = lease->placed;
    struct grant_domain domain;
    char why[160];

    if ( grant_read(placed->grant, record->domid, &domain) ||
         domain.unique_id != record->unique_id || domain.dying )
    {
        snprintf(why, sizeof(why), "domain %u: was destroyed by another one",
                 record->domid);
        lease_refuse(lease, why);
        lease_reap(lease);
        return;
    }

    if ( !domain.finished && (lease->outcome.failed || !lease->terms.client) )
    {
        lease_reap(lease);
        return;
    }
    if ( !domain.finished &&
         grant_release(placed->grant, record->domid, record->unique_id) )
    {
        snprintf(why, sizeof(why), "domain %u: claims cannot be released: %s",
                 record->domid, strerror(errno));
        lease_refuse(lease, why);
        lease_reap(lease);
        return;
    }
    lease->outcome.shares = domain.pages;
    lease_unhold(lease);
    lease_set_state(lease, LEASE_BUILT);
}

void lease_take_back(struct lease *lease)
{
    struct grant_domain domain;

    if ( grant_read(lease->placed->grant, lease->record.domid, &domain) ||
         domain.unique_id != lease->record.unique_id || domain.finished )
        lease_set_state(lease, LEASE_DONE);
    else
        lease_reap(lease);
}
