/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Calls: from a frame to the handler of its method, and back.
 */

#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "call.h"
#include "dispatch.h"
#include "peer.h"
#include "wire/message.h"

const void *call_client(const struct call *call)
{
    return call->peer;
}

void call_on_gone(struct call *call, void (*gone)(void *owner), void *owner)
{
    call->gone = gone;
    call->owner = owner;
}

static void call_end(struct call *call, char *text)
{
    struct peer *peer = call->peer;

    peer_send(peer, text);
    json_object_put(call->id);
    memset(call, 0, sizeof(*call));
    peer_answered(peer);
}

void call_reply(struct call *call, struct json_object *result)
{
    char *text = NULL;
    struct fault fault;

    if ( result )
        text = message_write_result(call->id, result);
    if ( !text )
    {
        fault_set(&fault, FAULT_INTERNAL, "reply: %s",
                  result && errno == E2BIG ? "too long" : "out of memory");
        text = message_write_fault(call->id, &fault);
    }
    call_end(call, text);
}

void call_refuse(struct call *call, const struct fault *fault)
{
    call_end(call, message_write_fault(call->id, fault));
}

void call_refuse_why(struct call *call, const struct fault *fault,
                     struct json_object *why)
{
    call_end(call, message_write_refusal(call->id, fault, why));
}

void call_begin(struct call *call, struct placed *placed, struct peer *peer,
                const char *text, size_t length)
{
    struct message_request request;
    struct fault fault;

    if ( message_read_request(&request, text, length, &fault) )
        peer_send(peer, message_write_fault(request.id, &fault));
    else
    {
        call->peer = peer;
        call->id = json_object_get(request.id);
        dispatch(placed, call, &request);
    }
    message_dispose_request(&request);
}

void call_abandon(struct call *call)
{
    if ( !call->peer )
        return;

    json_object_put(call->id);
    call->peer = NULL;
    if ( call->gone )
        call->gone(call->owner);
}
