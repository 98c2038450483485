/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Leases, from the decision to the hand-over.
 *
 * All of them are in one list, in the order in which they came; nothing of
 * it is on disk.  A lease is advanced by lease_run only, which is never
 * entered twice, so whoever calls from an end of a builder or reaper needs
 * not think of the list.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"
#include "check.h"
#include "grant.h"
#include "lease.h"
#include "log.h"
#include "placed.h"
#include "reaper.h"

/* A decision that Xen did not follow is made anew this often. */
#define MAX_DECISIONS 3u

enum lease_state {
    LEASE_WANTED,                /* decided: to be created                   */
    LEASE_WAITING,
    LEASE_CLAIMED,               /* created; to be built if terms say so     */
    LEASE_BUILDING,
    LEASE_ENDED,                 /* the builder has                          */
    LEASE_BUILT,                 /* to be handed over                        */
    LEASE_REAPING,
    LEASE_DONE,                  /* to be told                               */
};

struct lease {
    struct lease *next;
    struct placed *placed;
    struct lease_terms terms;    /* without client: abandoned                */
    enum lease_state state;
    struct place_request request;
    struct place_plan plan;
    struct record record;
    struct builder *builder;
    bool holds;                  /* its overhead is held                     */
    bool told;
    struct outcome_domain outcome;
};

static struct lease *leases;
static unsigned int nr_leases, nr_building;
static bool running, again;

bool lease_room(unsigned int nr)
{
    return nr <= LEASE_MAX - nr_leases;
}

struct lease *lease_by_name(const char *name)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( !strcmp(lease->record.name, name) )
            return lease;

    return NULL;
}

struct lease *lease_by_domid(const void *client, uint32_t domid)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( lease->terms.client == client && !lease->terms.build &&
             lease->state == LEASE_CLAIMED && lease->record.domid == domid )
            return lease;

    return NULL;
}

const char *lease_wanted(const struct lease *lease)
{
    return lease->record.name;
}

const char *lease_name(uint64_t unique_id)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( lease->record.unique_id == unique_id )
            return lease->record.name;

    return NULL;
}

/* Whether somebody's overhead is held by what ends by itself. */
static bool holds_will_end(void)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( lease->holds && (lease->terms.build || !lease->terms.client) )
            return true;

    return false;
}

/* What Xen takes beside the claim; the claim itself Xen knows. */
static struct place_plan overhead_of(const struct lease *lease)
{
    struct place_plan plan = lease->plan;

    memset(plan.pages, 0, sizeof(plan.pages));

    return plan;
}

static void hold(struct lease *lease)
{
    struct place_plan plan = overhead_of(lease);

    place_hold(&lease->placed->held, &plan, lease->request.vcpus);
    lease->holds = true;
}

static void unhold(struct lease *lease)
{
    struct place_plan plan = overhead_of(lease);

    if ( lease->holds )
        place_unhold(&lease->placed->held, &plan, lease->request.vcpus);
    lease->holds = false;
    /* Others may have waited for it. */
    again = true;
}

static void refuse(struct lease *lease, const char *why)
{
    if ( !lease->outcome.failed )
        snprintf(lease->outcome.error, sizeof(lease->outcome.error), "%s",
                 why);
    lease->outcome.failed = true;
}

static void set_state(struct lease *lease, enum lease_state state)
{
    lease->state = state;
    again = true;
}

static void fail(struct lease *lease, const char *why)
{
    refuse(lease, why);
    set_state(lease, LEASE_DONE);
}

/* Decisions. */

static void set_shares(struct lease *lease)
{
    struct record *record = &lease->record;

    record->home_node = lease->plan.home_node;
    record->nr_shares = 0;
    for ( unsigned int i = 0; i < RECORD_MAX_NODES; i++ )
        if ( lease->plan.pages[i] )
            record->shares[record->nr_shares++] =
                (struct record_share){ i, lease->plan.pages[i] };
}

static void refuse_place(struct lease *lease, const struct place_host *host,
                         const struct place_reason *reason)
{
    char why[FAULT_TEXT_MAX];

    check_refusal_text(&lease->request, host, reason, why, sizeof(why));
    fail(lease, why);
}

/* Read the host and decide; whether there is a plan now. */
static bool decide(struct lease *lease)
{
    struct placed *placed = lease->placed;
    struct place_reason reason;
    struct place_host host;
    struct place_plan unheld;
    char why[128];

    if ( grant_host(placed->grant, &host) )
    {
        snprintf(why, sizeof(why), "host: cannot be read: %s",
                 strerror(errno));
        fail(lease, why);
        return false;
    }
    if ( !place(&host, &placed->held, &lease->request, &lease->plan,
                &reason) )
        return true;

    /* A builder's end gives back what was held too much. */
    if ( errno == ENOSPC && holds_will_end() &&
         !place(&host, NULL, &lease->request, &unheld, NULL) )
        lease->state = LEASE_WAITING;
    else
        refuse_place(lease, &host, &reason);

    return false;
}

static int create(struct lease *lease)
{
    struct record *record = &lease->record;

    set_shares(lease);

    return grant_create(lease->placed->grant, record->uuid, record->vcpus,
                        record->max_pages, &lease->plan, &record->domid,
                        &record->unique_id);
}

static void refuse_create(struct lease *lease, int error)
{
    char why[FAULT_TEXT_MAX];

    if ( error == ENOMEM )
        snprintf(why, sizeof(why), "memory: %" PRIu64 " MiB: Xen granted "
                 "them on none of %u decisions: others took them; try again",
                 lease->request.guest_pages / CHECK_PAGES_PER_MIB,
                 MAX_DECISIONS);
    else
        snprintf(why, sizeof(why), "domain: cannot be created: %s",
                 strerror(error));
    fail(lease, why);
}

static void grant_lease(struct lease *lease)
{
    int error = ENOMEM;

    for ( unsigned int n = 0; n < MAX_DECISIONS && error == ENOMEM; n++ )
    {
        /* The first decision came with the lease, unless it waited. */
        if ( (n > 0 || lease->state == LEASE_WAITING) && !decide(lease) )
            return;
        error = create(lease) ? errno : 0;
    }
    if ( error )
    {
        refuse_create(lease, error);
        return;
    }

    hold(lease);
    lease->outcome.has_domid = true;
    lease->outcome.domid = lease->record.domid;
    lease->record.cpus = grant_cpus(lease->placed->grant, lease->plan.nodes);
    log_say("domain %u: %s: created on home node %u", lease->record.domid,
            lease->record.name, lease->plan.home_node);
    set_state(lease, LEASE_CLAIMED);
}

/* Building. */

static void on_built(void *owner, const char *why)
{
    struct lease *lease = owner;

    lease->builder = NULL;
    nr_building--;
    if ( why )
    {
        refuse(lease, why);
        log_say("domain %u: %s: not built: %s", lease->record.domid,
                lease->record.name, why);
    }
    set_state(lease, LEASE_ENDED);
    lease_run(lease->placed);
}

static void start_building(struct lease *lease)
{
    struct placed *placed = lease->placed;
    char why[256];

    lease->record.paused = lease->terms.paused;
    lease->builder = builder_start(placed->base, &placed->builder,
                                   &lease->record, on_built, lease);
    if ( lease->builder )
    {
        nr_building++;
        set_state(lease, LEASE_BUILDING);
        return;
    }
    snprintf(why, sizeof(why), "builder: cannot be started: %s",
             strerror(errno));
    refuse(lease, why);
    set_state(lease, LEASE_ENDED);
}

static void on_reaped(void *owner, bool gone)
{
    struct lease *lease = owner;

    if ( gone )
        lease->outcome.has_domid = false;
    unhold(lease);
    set_state(lease, LEASE_DONE);
    lease_run(lease->placed);
}

static void reap(struct lease *lease)
{
    memset(&lease->outcome.shares, 0, sizeof(lease->outcome.shares));
    set_state(lease, LEASE_REAPING);
    reaper_start(lease->placed, &lease->record, on_reaped, lease);
}

/*
 * The builder is dead, so what Xen says of the domain stays true.  A domain
 * that ran is never taken away, whatever its builder said.
 */
static void settle(struct lease *lease)
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
        refuse(lease, why);
        reap(lease);
        return;
    }

    if ( !domain.finished && (lease->outcome.failed || !lease->terms.client) )
    {
        reap(lease);
        return;
    }
    if ( !domain.finished &&
         grant_release(placed->grant, record->domid, record->unique_id) )
    {
        snprintf(why, sizeof(why), "domain %u: claims cannot be released: %s",
                 record->domid, strerror(errno));
        refuse(lease, why);
        reap(lease);
        return;
    }
    lease->outcome.shares = domain.pages;
    unhold(lease);
    set_state(lease, LEASE_BUILT);
}

/* Ends. */

static void tell(struct lease *lease)
{
    if ( lease->terms.told && !lease->told )
        lease->terms.told(lease->terms.work, &lease->outcome);
    lease->told = true;
}

/* Nobody knows of a domain that was built, unless it runs already. */
static void take_back(struct lease *lease)
{
    struct grant_domain domain;

    if ( grant_read(lease->placed->grant, lease->record.domid, &domain) ||
         domain.unique_id != lease->record.unique_id || domain.finished )
        set_state(lease, LEASE_DONE);
    else
        reap(lease);
}

void lease_hand_over(const void *work)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
    {
        if ( lease->terms.work != work )
            continue;
        if ( lease->state == LEASE_BUILT )
            set_state(lease, LEASE_DONE);
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
            grant_lease(lease);
        else
            set_state(lease, LEASE_DONE);
        break;

    case LEASE_CLAIMED:
        if ( !lease->terms.client )
            reap(lease);
        else if ( !lease->terms.build )
            tell_claimed(lease);
        else if ( nr_building < lease->placed->max_builders )
            start_building(lease);
        break;

    case LEASE_BUILDING:
        if ( !lease->terms.client )
            builder_kill(lease->builder, "its client went away");
        break;

    case LEASE_ENDED:
        settle(lease);
        break;

    case LEASE_BUILT:
        if ( lease->terms.client )
            tell(lease);
        else
            take_back(lease);
        break;

    case LEASE_REAPING:
    case LEASE_DONE:
        break;
    }
}

static void collect(void)
{
    struct lease **link = &leases;

    while ( *link )
    {
        struct lease *lease = *link;

        if ( lease->state != LEASE_DONE )
        {
            link = &lease->next;
            continue;
        }
        *link = lease->next;
        nr_leases--;
        tell(lease);
        record_dispose(&lease->record);
        free(lease);
    }
}

void lease_run(struct placed *placed)
{
    (void)placed;
    if ( running )
    {
        again = true;
        return;
    }

    running = true;
    do {
        again = false;
        for ( struct lease *lease = leases; lease; lease = lease->next )
            step(lease);
        collect();
    } while ( again );
    running = false;
}

void lease_abandon(struct placed *placed, const void *client)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( lease->terms.client == client )
            lease->terms = (struct lease_terms){ .client = NULL };
    lease_run(placed);
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

static void append(struct lease *lease)
{
    struct lease **link = &leases;

    while ( *link )
        link = &(*link)->next;
    *link = lease;
    nr_leases++;
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
    append(lease);

    return 0;
}

void lease_build(struct lease *lease, const struct lease_terms *terms)
{
    lease->terms = *terms;
    lease->terms.build = true;
    lease->told = false;
    set_state(lease, LEASE_CLAIMED);
}
