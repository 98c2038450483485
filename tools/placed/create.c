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
#include "wire/batch.h"
#include "wire/field.h"
#include "wire/outcome.h"

/* Large, and one at a time: a decision is never interrupted. */
struct decision {
    struct place_host host;
    struct place_request requests[BATCH_MAX_DOMAINS];
    struct place_plan plans[BATCH_MAX_DOMAINS];
    struct place_reason reasons[BATCH_MAX_DOMAINS];
    int rc[BATCH_MAX_DOMAINS];
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

/* Read, check and decide.  NULL: the call was refused. */
static struct decision *decide(struct placed *placed, struct call *call,
                               struct json_object *params,
                               struct batch *batch)
{
    struct decision *decision = calloc(1, sizeof(*decision));
    char why[FAULT_TEXT_MAX];
    struct fault fault;

    if ( !decision )
        fault_set(&fault, FAULT_INTERNAL, "out of memory");
    else if ( batch_read(batch, params, why, sizeof(why)) )
        fault_set(&fault, FAULT_PARAMS, "%s", why);
    else if ( grant_host(placed->grant, &decision->host) )
        fault_set(&fault, FAULT_INTERNAL, "host: cannot be read: %s",
                  strerror(errno));
    else if ( !check_batch(batch, &decision->host, decision->requests,
                           &fault) )
    {
        place_batch(&decision->host, &placed->held, decision->requests,
                    batch->nr, decision->plans, decision->reasons,
                    decision->rc);
        return decision;
    }
    call_refuse(call, &fault);
    free(decision);

    return NULL;
}

void handle_plan(struct placed *placed, struct call *call,
                 struct json_object *params)
{
    struct batch batch = { 0 };
    struct decision *decision = decide(placed, call, params, &batch);
    struct outcome *outcome;

    if ( !decision )
        goto out;
    outcome = calloc(1, sizeof(*outcome));
    if ( !outcome )
    {
        refuse_memory(call);
        goto out;
    }

    outcome->nr = batch.nr;
    for ( unsigned int i = 0; i < batch.nr; i++ )
    {
        struct outcome_domain *domain = &outcome->domains[i];

        snprintf(domain->name, sizeof(domain->name), "%s",
                 batch.domains[i].name);
        domain->failed = decision->rc[i] != 0;
        if ( domain->failed )
            place_refusal_text(&decision->requests[i], &decision->reasons[i],
                               &decision->host, domain->error,
                               sizeof(domain->error));
        else
            memcpy(domain->shares.pages, decision->plans[i].pages,
                   sizeof(domain->shares.pages));
    }
    call_reply(call, outcome_write(outcome));
    free(outcome);

 out:
    free(decision);
    batch_dispose(&batch);
}

/* Works. */

static void work_gone(void *owner)
{
    /* Its leases are abandoned, so nobody tells it anything any more. */
    free(owner);
}

static void work_put(struct work *work)
{
    if ( --work->pending )
        return;

    lease_hand_over(work);
    call_reply(work->call, outcome_write(&work->outcome));
    free(work);
}

static void work_told(void *owner, const struct outcome_domain *outcome)
{
    struct work *work = owner;

    for ( unsigned int i = 0; i < work->outcome.nr; i++ )
        if ( !strcmp(work->outcome.domains[i].name, outcome->name) )
            work->outcome.domains[i] = *outcome;
    work_put(work);
}

static struct work *work_new(struct call *call)
{
    struct work *work = calloc(1, sizeof(*work));

    if ( !work )
    {
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
    struct decision *decision = decide(placed, call, params, &batch);
    struct work *work = NULL;
    struct fault fault;

    if ( !decision )
        goto out;
    if ( !lease_room(batch.nr) )
    {
        fault_set(&fault, FAULT_TOO_BUSY, "domains: %u more: at most %u are "
                  "created at a time: try again later", batch.nr, LEASE_MAX);
        call_refuse(call, &fault);
        goto out;
    }
    work = work_new(call);
    if ( !work )
        goto out;

    for ( unsigned int i = 0; i < batch.nr; i++ )
        work_add(work, batch.domains[i].name);
    /* Those without a place wait behind those that have one. */
    begin(placed, work, &batch, decision, true);
    begin(placed, work, &batch, decision, false);
    work_start(work);

 out:
    free(decision);
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
    work = work_new(call);
    if ( !work )
        return;

    terms.told = work_told;
    terms.work = work;
    work_add(work, lease_wanted(lease));
    lease_build(lease, &terms);
    work_start(work);
}
