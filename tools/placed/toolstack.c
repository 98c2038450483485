/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The methods for a toolstack that creates its domains itself: reserve, bind,
 * release.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "call.h"
#include "check.h"
#include "dispatch.h"
#include "grant.h"
#include "group.h"
#include "lease.h"
#include "log.h"
#include "placed.h"
#include "reserved.h"
#include "seen.h"
#include "verdict.h"
#include "wire/explain.h"
#include "wire/reserve.h"

static void refuse_place(struct placed *placed, struct call *call,
                         const struct place_host *host,
                         const struct place_request *request,
                         const struct place_reason *reason)
{
    struct explain *why = verdict_explain(host, &placed->held, request,
                                          grant_has_hap(placed->grant), NULL,
                                          reason);
    char text[FAULT_TEXT_MAX];
    struct fault fault;

    verdict_refusal(host, request, reason, why, text, sizeof(text));
    fault_set(&fault, FAULT_NO_SPACE, "%s", text);
    call_refuse_why(call, &fault, why ? explain_write(why, true) : NULL);
    free(why);
}

static void reply_plan(struct call *call, const struct reserved *reserved,
                       const struct place_plan *plan)
{
    struct reserve_reply reply = {
        .lease = reserved->lease,
        .owner = reserved->owner,
        .home_node = plan->home_node,
        .cpu_nodes = plan->cpu_nodes,
        .overhead_pages = plan->overhead_pages,
    };

    memcpy(reply.pages.pages, plan->pages, sizeof(reply.pages.pages));
    memcpy(reply.chunks_2m.pages, plan->chunks[0],
           sizeof(reply.chunks_2m.pages));
    memcpy(reply.chunks_1g.pages, plan->chunks[1],
           sizeof(reply.chunks_1g.pages));
    call_reply(call, reserve_write_reply(&reply));
}

/* All that is to be known before the decision. */
static int prepare(struct placed *placed, const struct reserve *wanted,
                   struct place_host *host, struct place_request *request,
                   struct fault *fault)
{
    if ( seen_host(placed, host) )
        return fault_set(fault, FAULT_INTERNAL, "host: cannot be read: %s",
                         strerror(errno));
    if ( check_reserve(wanted, placed->grant, host, request, fault) )
        return -1;
    if ( !reserved_room() )
        return fault_set(fault, FAULT_TOO_BUSY, "%s: at most %u domains are "
                         "reserved for, or bound and not built, at a time: "
                         "try again later", wanted->name, RESERVED_MAX);
    group_fill(placed->grant, wanted, request);

    return 0;
}

static void decide(struct placed *placed, struct call *call,
                   const struct reserve *wanted)
{
    struct place_request request = { .guest_pages = 0 };
    const struct reserved *reserved;
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;
    struct fault fault;

    if ( prepare(placed, wanted, &host, &request, &fault) )
        call_refuse(call, &fault);
    else if ( place(&host, &placed->held, &request, &plan, &reason) )
    {
        if ( errno == ENOSPC )
            refuse_place(placed, call, &host, &request, &reason);
        else
        {
            fault_set(&fault, FAULT_PARAMS, "%s: memory or overhead: makes "
                      "no sense on this host", wanted->name);
            call_refuse(call, &fault);
        }
    }
    else
    {
        reserved = reserved_add(placed, call_client(call), wanted, &request,
                                &plan);
        if ( reserved )
            reply_plan(call, reserved, &plan);
        else
            call_reply(call, NULL);
    }
}

void handle_reserve(struct placed *placed, struct call *call,
                    struct json_object *params)
{
    char why[FAULT_TEXT_MAX];
    struct reserve wanted;
    struct fault fault;

    if ( reserve_read(&wanted, params, why, sizeof(why)) )
    {
        fault_set(&fault, FAULT_PARAMS, "%s", why);
        call_refuse(call, &fault);
        return;
    }
    decide(placed, call, &wanted);
    reserve_dispose(&wanted);
}

static int no_lease(uint64_t lease, struct fault *fault)
{
    return fault_set(fault, FAULT_PARAMS, "lease: %" PRIu64 ": none of this "
                     "connection, or it has ended", lease);
}

/* Whether a lease may be bound to a domain that Xen knows. */
static int check_domain(const struct reserved *reserved,
                        const struct grant_domain *domain,
                        struct fault *fault)
{
    const struct reserved *other = reserved_bound(domain->unique_id);

    if ( other && other != reserved )
        return fault_set(fault, FAULT_PARAMS, "domid: %" PRIu32 ": is bound "
                         "to lease %" PRIu64, domain->domid, other->lease);
    if ( reserved->bound && !other )
        return fault_set(fault, FAULT_PARAMS, "lease: %" PRIu64 ": is bound "
                         "to domain %" PRIu32, reserved->lease,
                         reserved->domid);
    /* It would take it away one day. */
    if ( domain->own )
        return fault_set(fault, FAULT_PARAMS, "domid: %" PRIu32 ": has the "
                         "owner of domains that xenplaced creates",
                         domain->domid);

    return 0;
}

static int bind_lease(struct placed *placed, const void *client,
                      uint64_t lease, uint32_t domid, struct fault *fault)
{
    struct reserved *reserved = reserved_find(client, lease);
    struct grant_domain domain;

    if ( !reserved )
        return no_lease(lease, fault);
    if ( grant_read(placed->grant, domid, &domain) && errno != ESRCH )
        return fault_set(fault, FAULT_INTERNAL, "domain %" PRIu32 ": cannot "
                         "be read: %s", domid, strerror(errno));
    if ( !domain.unique_id || domain.dying )
        return fault_set(fault, FAULT_NO_DOMAIN, "domain %" PRIu32 ": no "
                         "such domain: see xl list", domid);
    if ( check_domain(reserved, &domain, fault) )
        return -1;
    /* Who did not get the reply asks again. */
    if ( reserved->bound )
        return 0;

    seen_bind(placed, reserved, &domain);

    return 0;
}

void handle_bind(struct placed *placed, struct call *call,
                 struct json_object *params)
{
    char why[FAULT_TEXT_MAX];
    struct fault fault;
    uint64_t lease;
    uint32_t domid;

    if ( reserve_read_bind(&lease, &domid, params, why, sizeof(why)) )
        fault_set(&fault, FAULT_PARAMS, "%s", why);
    else if ( !bind_lease(placed, call_client(call), lease, domid, &fault) )
    {
        call_reply(call, reserve_write_bind(lease, domid));
        return;
    }
    call_refuse(call, &fault);
}

void handle_release(struct placed *placed, struct call *call,
                    struct json_object *params)
{
    struct reserved *reserved;
    char why[FAULT_TEXT_MAX];
    struct fault fault;
    uint64_t lease;

    if ( reserve_read_release(&lease, params, why, sizeof(why)) )
    {
        fault_set(&fault, FAULT_PARAMS, "%s", why);
        call_refuse(call, &fault);
        return;
    }
    reserved = reserved_find(call_client(call), lease);
    if ( !reserved )
    {
        no_lease(lease, &fault);
        call_refuse(call, &fault);
        return;
    }
    reserved_release(placed, reserved);
    call_reply(call, reserve_write_release(lease));
    /* Somebody may have waited for room. */
    lease_run();
}
