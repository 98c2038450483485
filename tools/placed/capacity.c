/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The method "capacity": how many more domains of a size fit.  Nothing is
 * created, held or learnt.
 */

#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "call.h"
#include "check.h"
#include "dispatch.h"
#include "place/capacity.h"
#include "placed.h"
#include "seen.h"
#include "wire/batch.h"
#include "wire/capacity.h"
#include "wire/fault.h"

static int count(struct placed *placed, const struct batch *batch,
                 struct place_capacity *room, struct fault *fault)
{
    struct place_request request;
    struct place_host host;

    if ( batch->nr != 1 )
    {
        fault_set(fault, FAULT_PARAMS, "domains: %u: must be one", batch->nr);
        return -1;
    }
    if ( seen_host(placed, &host) )
    {
        fault_set(fault, FAULT_INTERNAL, "host: cannot be read: %s",
                  strerror(errno));
        return -1;
    }
    /* Its name may be that of one which is being created. */
    if ( check_size(&batch->domains[0], placed->grant, &host, &request, fault) )
        return -1;
    if ( place_capacity(&host, &placed->held, &request, room) )
    {
        fault_set(fault, FAULT_INTERNAL, "host: makes no sense");
        return -1;
    }

    return 0;
}

void handle_capacity(struct placed *placed, struct call *call,
                     struct json_object *params)
{
    struct batch batch = { 0 };
    struct place_capacity room;
    struct capacity capacity;
    char why[FAULT_TEXT_MAX];
    struct fault fault;

    if ( batch_read(&batch, params, why, sizeof(why)) )
        fault_set(&fault, FAULT_PARAMS, "%s", why);
    else if ( !count(placed, &batch, &room, &fault) )
    {
        capacity.complete = room.complete;
        capacity.domains = room.domains;
        capacity.spanning = room.spanning;
        memcpy(capacity.alone.pages, room.alone,
               sizeof(capacity.alone.pages));
        memcpy(capacity.spanning_pages.pages, room.spanning_pages,
               sizeof(capacity.spanning_pages.pages));
        call_reply(call, capacity_write(&capacity));
        goto out;
    }
    call_refuse(call, &fault);

 out:
    batch_dispose(&batch);
}
