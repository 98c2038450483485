/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The methods that place domains: create, plan, build.
 *
 * A work is one such call while its domains are under way.  Its reply is
 * sent when each of them is built, or refused and gone.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "call.h"
#include "check.h"
#include "dispatch.h"
#include "grant.h"
#include "lease.h"
#include "placed.h"
#include "seen.h"
#include "verdict.h"
#include "wire/batch.h"
#include "wire/field.h"
#include "wire/outcome.h"

/* Arrays have an element for each domain of the batch. */
struct decision {
    struct place_host host;
    bool hap;                    /* page tables are in hardware              */
    struct place_request *requests;
    struct place_plan *plans;
    struct place_reason *reasons;
    int *rc;
};

struct work {
    struct call *call;
    unsigned int pending;
    struct outcome outcome;
};

static void refuse_memory(struct call *call)
{
    struct fault fault;

    fault_set(&fault, FAULT_INTERNAL, "out of memory");
    call_refuse(call, &fault);
}

static void dispose(struct decision *decision)
{
    free(decision->requests);
    free(decision->plans);
    free(decision->reasons);
    free(decision->rc);
}

static bool make(struct decision *decision, unsigned int nr)
{
    decision->requests = calloc(nr, sizeof(*decision->requests));
    decision->plans = calloc(nr, sizeof(*decision->plans));
    decision->reasons = calloc(nr, sizeof(*decision->reasons));
    decision->rc = calloc(nr, sizeof(*decision->rc));

    return decision->requests && decision->plans && decision->reasons &&
           decision->rc;
}

/*
 * Read, check and decide.  -1: the call was refused.  What it fills in is to
 * be disposed of either way.
 */
static int decide(struct placed *placed, struct call *call,
                  struct json_object *params, struct batch *batch,
                  struct decision *decision)
{
    char why[FAULT_TEXT_MAX];
    struct fault fault;

    if ( batch_read(batch, params, why, sizeof(why)) )
        fault_set(&fault, FAULT_PARAMS, "%s", why);
    else if ( !make(decision, batch->nr) )
        fault_set(&fault, FAULT_INTERNAL, "out of memory");
    else if ( seen_host(placed, &decision->host) )
        fault_set(&fault, FAULT_INTERNAL, "host: cannot be read: %s",
                  strerror(errno));
    else if ( !check_batch(batch, placed->grant, &decision->host,
                           decision->requests, &fault) )
    {
        decision->hap = grant_has_hap(placed->grant);
        place_batch(&decision->host, &placed->held, decision->requests,
                    batch->nr, decision->plans, decision->reasons,
                    decision->rc);
        return 0;
    }
    call_refuse(call, &fault);

    return -1;
}

/* What a plan of the batch saw, when all that are larger had been placed. */
static struct place_reason reason_of(const struct decision *decision, size_t i,
                                     const struct place_held *taken)
{
    const struct place_plan *plan = &decision->plans[i];
    struct place_reason reason;
    struct place_plan other;

    if ( place(&decision->host, taken, &decision->requests[i], &other,
               &reason) )
        reason = decision->reasons[i];
    for ( unsigned int n = 0; n < decision->host.nr_nodes; n++ )
        if ( plan->nodes & (UINT64_C(1) << n) )
            reason.verdict[n] = PLACE_CHOSEN;
        else if ( reason.verdict[n] == PLACE_CHOSEN )
            reason.verdict[n] = PLACE_WORSE;

    return reason;
}

/*
 * Explain what was planned, each by what was there when it was its turn; and
 * add up what it takes.
 */
static void explain_planned(const struct decision *decision, unsigned int nr,
                            struct outcome *outcome, struct place_held *taken)
{
    size_t order[BATCH_MAX_DOMAINS];

    place_batch_order(decision->requests, nr, order);
    for ( unsigned int n = 0; n < nr; n++ )
    {
        const size_t i = order[n];
        struct place_reason reason;

        if ( decision->rc[i] )
            continue;
        reason = reason_of(decision, i, taken);
        outcome->domains[i].why =
            verdict_explain(&decision->host, taken, &decision->requests[i],
                            decision->hap, &decision->plans[i], &reason);
        place_hold(taken, &decision->plans[i], decision->requests[i].vcpus);
    }
}

/*
 * Explain a refusal as if all that were planned had come before, which is how
 * they are created; with less than it saw it is still refused.
 */
static void explain_refused(struct decision *decision, unsigned int i,
                            struct outcome_domain *domain,
                            const struct place_held *taken)
{
    const struct place_request *request = &decision->requests[i];
    struct place_reason *reason = &decision->reasons[i], now;
    struct place_plan unused;

    if ( place(&decision->host, taken, request, &unused, &now) )
    {
        *reason = now;
        domain->why = verdict_explain(&decision->host, taken, request,
                                      decision->hap, NULL, reason);
    }
    verdict_refusal(&decision->host, request, reason, domain->why,
                    domain->error, sizeof(domain->error));
}

void handle_plan(struct placed *placed, struct call *call,
                 struct json_object *params)
{
    struct batch batch = { 0 };
    struct decision decision = { .rc = NULL };
    struct outcome outcome = { 0 };
    struct place_held taken;

    if ( decide(placed, call, params, &batch, &decision) )
        goto out;
    /* What the decision saw: to read the host may have changed it. */
    taken = placed->held;
    if ( outcome_make(&outcome, batch.nr) )
    {
        refuse_memory(call);
        goto out;
    }

    outcome.nr = batch.nr;
    explain_planned(&decision, batch.nr, &outcome, &taken);
    for ( unsigned int i = 0; i < batch.nr; i++ )
    {
        struct outcome_domain *domain = &outcome.domains[i];

        snprintf(domain->name, sizeof(domain->name), "%s",
                 batch.domains[i].name);
        domain->failed = decision.rc[i] != 0;
        if ( domain->failed )
            explain_refused(&decision, i, domain, &taken);
        else
            memcpy(domain->shares.pages, decision.plans[i].pages,
                   sizeof(domain->shares.pages));
    }
    call_reply(call, outcome_write(&outcome));

 out:
    outcome_dispose(&outcome);
    dispose(&decision);
    batch_dispose(&batch);
}

/* Works. */

static void work_free(struct work *work)
{
    outcome_dispose(&work->outcome);
    free(work);
}

static void work_gone(void *owner)
{
    /* Its leases are abandoned, so nobody tells it anything any more. */
    work_free(owner);
}

static void work_put(struct work *work)
{
    if ( --work->pending )
        return;

    lease_hand_over(work);
    call_reply(work->call, outcome_write(&work->outcome));
    work_free(work);
}

static void work_told(void *owner, struct outcome_domain *outcome)
{
    struct work *work = owner;

    for ( unsigned int i = 0; i < work->outcome.nr; i++ )
        if ( !strcmp(work->outcome.domains[i].name, outcome->name) )
        {
            work->outcome.domains[i] = *outcome;
            outcome->why = NULL;
        }
    work_put(work);
}

static struct work *work_new(struct call *call, unsigned int nr)
{
    struct work *work = calloc(1, sizeof(*work));

    if ( !work || outcome_make(&work->outcome, nr) )
    {
        free(work);
        refuse_memory(call);
        return NULL;
    }
    work->call = call;
    /* One of its own, so that it does not end while it begins. */
    work->pending = 1;
    call_on_gone(call, work_gone, work);

    return work;
}

static void work_add(struct work *work, const char *name)
{
    struct outcome_domain *domain =
        &work->outcome.domains[work->outcome.nr++];

    snprintf(domain->name, sizeof(domain->name), "%s", name);
    snprintf(domain->error, sizeof(domain->error), "out of memory");
    domain->failed = true;
    work->pending++;
}

static void work_start(struct work *work)
{
    lease_run();
    work_put(work);
}

static void begin(struct placed *placed, struct work *work,
                  const struct batch *batch, const struct decision *decision,
                  bool planned)
{
    const struct lease_terms terms = {
        .client = call_client(work->call),
        .build = batch->build,
        .paused = batch->paused,
        .told = work_told,
        .work = work,
    };

    for ( unsigned int i = 0; i < batch->nr; i++ )
        if ( (decision->rc[i] == 0) == planned &&
             lease_begin(placed, &batch->domains[i], &decision->requests[i],
                         &terms, planned ? &decision->plans[i] : NULL) )
            work->pending--;
}

void handle_create(struct placed *placed, struct call *call,
                   struct json_object *params)
{
    struct batch batch = { 0 };
    struct decision decision = { .rc = NULL };
    struct work *work = NULL;
    struct fault fault;

    if ( decide(placed, call, params, &batch, &decision) )
        goto out;
    if ( !lease_room(batch.nr) )
    {
        fault_set(&fault, FAULT_TOO_BUSY, "domains: %u more: at most %u are "
                  "created at a time: try again later", batch.nr, LEASE_MAX);
        call_refuse(call, &fault);
        goto out;
    }
    work = work_new(call, batch.nr);
    if ( !work )
        goto out;

    for ( unsigned int i = 0; i < batch.nr; i++ )
    {
        work_add(work, batch.domains[i].name);
        /* Who is refused may ask again and again. */
        if ( !decision.rc[i] )
            seen_learn(placed, &decision.requests[i]);
    }
    /* Those without a place wait behind those that have one. */
    begin(placed, work, &batch, &decision, true);
    begin(placed, work, &batch, &decision, false);
    work_start(work);

 out:
    dispose(&decision);
    batch_dispose(&batch);
}

void handle_build(struct placed *placed, struct call *call,
                  struct json_object *params)
{
    struct lease_terms terms = { .client = call_client(call) };
    uint64_t domid = 0;
    const struct field fields[] = {
        { "domid", FIELD_NUMBER, true, 0, 0x7fff, &domid },
        { "paused", FIELD_BOOL, false, 0, 0, &terms.paused },
    };
    char why[FAULT_TEXT_MAX];
    struct lease *lease;
    struct work *work;
    struct fault fault;

    (void)placed;
    if ( field_read(params, "params", fields, 2, why, sizeof(why)) )
    {
        fault_set(&fault, FAULT_PARAMS, "%s", why);
        call_refuse(call, &fault);
        return;
    }
    lease = lease_by_domid(call_client(call), domid);
    if ( !lease )
    {
        fault_set(&fault, FAULT_NO_DOMAIN, "domain %u: was not created, "
                  "without being built, on this connection",
                  (unsigned int)domid);
        call_refuse(call, &fault);
        return;
    }
    work = work_new(call, 1);
    if ( !work )
        return;

    terms.told = work_told;
    terms.work = work;
    work_add(work, lease_wanted(lease));
    lease_build(lease, &terms);
    work_start(work);
}
