/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * From a wish to a domain with claims: the decision where it goes, made anew
 * while Xen does not follow it, and what is held of the host meanwhile.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "grant.h"
#include "lease-private.h"
#include "log.h"
#include "placed.h"
#include "planned.h"
#include "reserved.h"
#include "seen.h"
#include "verdict.h"

/* A decision that Xen did not follow is made anew this often. */
#define MAX_DECISIONS 3u

/*
 * What Xen takes beside the claim.  The claim itself Xen knows, and the vCPUs
 * are known by the plan.
 */
static struct place_plan overhead_of(const struct lease *lease)
{
    struct place_plan plan = lease->plan;

    memset(plan.pages, 0, sizeof(plan.pages));
    memset(plan.chunks, 0, sizeof(plan.chunks));

    return plan;
}

static void hold(struct lease *lease)
{
    struct place_plan plan = overhead_of(lease);

    place_hold(&lease->placed->held, &plan, 0);
    lease->holds = true;
}

void lease_unhold(struct lease *lease)
{
    struct place_plan plan = overhead_of(lease);

    if ( lease->holds )
        place_unhold(&lease->placed->held, &plan, 0);
    lease->holds = false;
}

static void fail(struct lease *lease, const char *why)
{
    lease_refuse(lease, why);
    lease_set_state(lease, LEASE_DONE);
}

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

    lease->outcome.why =
        verdict_explain(host, &lease->placed->held, &lease->request,
                        grant_has_hap(lease->placed->grant), NULL, reason);
    verdict_refusal(host, &lease->request, reason, lease->outcome.why, why,
                    sizeof(why));
    fail(lease, why);
}

/* Read the host and decide; whether there is a plan now. */
static bool decide(struct lease *lease)
{
    struct placed *placed = lease->placed;
    struct place_reason reason;
    struct place_host host;
    struct place_plan unheld;
    struct place_held reserved;
    char why[128];

    if ( seen_host(placed, &host) )
    {
        snprintf(why, sizeof(why), "host: cannot be read: %s",
                 strerror(errno));
        fail(lease, why);
        return false;
    }
    if ( !place(&host, &placed->held, &lease->request, &lease->plan,
                &reason) )
        return true;

    /*
     * A builder's end gives back what was held too much.  Toolstacks build by
     * themselves, and nobody waits for them.
     */
    reserved_held(&reserved);
    if ( errno == ENOSPC && lease_holds_will_end() &&
         !place(&host, &reserved, &lease->request, &unheld, NULL) )
        lease->state = LEASE_WAITING;
    else
        refuse_place(lease, &host, &reason);

    return false;
}

static int create(struct lease *lease, bool *own_memory)
{
    struct record *record = &lease->record;

    set_shares(lease);

    return grant_create(lease->placed->grant, record->uuid, record->vcpus,
                        record->max_pages, &lease->plan, &record->domid,
                        &record->unique_id, own_memory);
}

static void refuse_create(struct lease *lease, int error, bool own_memory)
{
    char why[FAULT_TEXT_MAX];

    if ( own_memory )
        snprintf(why, sizeof(why), "domain: cannot be created: Xen has no "
                 "memory for its own structures, with home node %u",
                 lease->plan.home_node);
    else if ( error == ENOMEM )
        snprintf(why, sizeof(why), "memory: %" PRIu64 " MiB: Xen granted "
                 "them on none of %u decisions: others took them; try again",
                 lease->request.guest_pages / CHECK_PAGES_PER_MIB,
                 MAX_DECISIONS);
    else if ( error == EXDEV )
        snprintf(why, sizeof(why), "domain: cannot be created: of its nodes, "
                 "home node %u first, one has CPUs but none in cpupool 0",
                 lease->plan.home_node);
    else
        snprintf(why, sizeof(why), "domain: cannot be created: %s",
                 strerror(error));
    fail(lease, why);
}

void lease_claim(struct lease *lease)
{
    bool own_memory = false;
    int error = ENOMEM;

    for ( unsigned int n = 0;
          n < MAX_DECISIONS && error == ENOMEM && !own_memory; n++ )
    {
        /* The first decision came with the lease, unless it waited. */
        if ( (n > 0 || lease->state == LEASE_WAITING) && !decide(lease) )
            return;
        seen_begin(lease->placed, &lease->build);
        error = create(lease, &own_memory) ? errno : 0;
    }
    if ( error )
    {
        refuse_create(lease, error, own_memory);
        return;
    }

    hold(lease);
    planned_keep(lease->record.domid, lease->record.unique_id, &lease->plan,
                 lease->request.vcpus, true);
    lease->outcome.has_domid = true;
    lease->outcome.domid = lease->record.domid;
    lease->record.cpus = grant_cpus(lease->placed->grant,
                                   lease->plan.cpu_nodes);
    log_say("domain %u: %s: created on home node %u", lease->record.domid,
            lease->record.name, lease->plan.home_node);
    lease_set_state(lease, LEASE_CLAIMED);
}
