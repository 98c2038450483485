/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * From a domain with claims to one that is built, or gone: its builder, what
 * Xen says of it afterwards, and its reaper.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <event2/event.h>

#include "builder.h"
#include "grant.h"
#include "lease-private.h"
#include "log.h"
#include "placed.h"
#include "reaper.h"

/* Until Xen is asked again what it could not say. */
#define RETRY_SECONDS 1

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
    lease_run();
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
    lease_run();
}

void lease_reap(struct lease *lease)
{
    const struct record *record = &lease->record;

    memset(&lease->outcome.shares, 0, sizeof(lease->outcome.shares));
    lease_set_state(lease, LEASE_REAPING);
    reaper_start(lease->placed, record->domid, record->unique_id,
                 record->uuid, on_reaped, lease);
}

static void on_retry(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    (void)argument;
    lease_run();
}

/*
 * What Xen says of the domain: 1, 0 if it is not there any more, or -1 if Xen
 * cannot say now, and will be asked again.
 */
static int ask(struct lease *lease, struct grant_domain *domain)
{
    const struct timeval pause = { .tv_sec = RETRY_SECONDS };
    const struct record *record = &lease->record;
    struct placed *placed = lease->placed;

    if ( !grant_read(placed->grant, record->domid, domain) )
        return domain->unique_id == record->unique_id && !domain->dying;
    if ( errno == ESRCH )
        return 0;

    log_say("domain %u: %s: cannot be looked up: %s: asked again in %d s",
            record->domid, record->name, strerror(errno), RETRY_SECONDS);
    event_base_once(placed->base, -1, EV_TIMEOUT, on_retry, NULL, &pause);

    return -1;
}

void lease_settle(struct lease *lease)
{
    struct grant_domain domain;
    char why[160];
    int there = ask(lease, &domain);

    if ( there < 0 )
        return;
    if ( !there )
    {
        snprintf(why, sizeof(why), "domain %u: was destroyed by another one",
                 lease->record.domid);
        lease_refuse(lease, why);
        lease_reap(lease);
        return;
    }
    if ( !domain.finished && (lease->outcome.failed || !lease->terms.client) )
    {
        lease_reap(lease);
        return;
    }

    lease->keeps_claims = !domain.finished;
    lease->outcome.shares = domain.pages;
    seen_built(lease->placed, &lease->request, &lease->build, &domain);
    lease_unhold(lease);
    lease_set_state(lease, LEASE_BUILT);
}

void lease_release(struct lease *lease)
{
    const struct record *record = &lease->record;

    if ( lease->keeps_claims &&
         grant_release(lease->placed->grant, record->domid,
                       record->unique_id) )
        log_say("domain %u: %s: its claims cannot be released: %s",
                record->domid, record->name, strerror(errno));
    lease->keeps_claims = false;
}

void lease_take_back(struct lease *lease)
{
    struct grant_domain domain;
    int there = ask(lease, &domain);

    if ( there < 0 )
        return;
    if ( !there || domain.finished )
        lease_set_state(lease, LEASE_DONE);
    else
        lease_reap(lease);
}
