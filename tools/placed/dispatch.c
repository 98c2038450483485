/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The table of methods.
 *
 * Who may call at all was decided when the client connected: so far every
 * client that is served is root, and may do everything.
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <json-c/json.h>

#include "call.h"
#include "dispatch.h"
#include "grant.h"
#include "placed.h"
#include "wire/message.h"

static const struct {
    const char *name;
    handler *handle;
    bool needs_claims;           /* of no use on a Xen without               */
} methods[] = {
    { "bind", handle_bind, true },
    { "build", handle_build, true },
    { "capacity", handle_capacity, true },
    { "create", handle_create, true },
    { "list", handle_list, true },
    { "nodes", handle_nodes, true },
    { "plan", handle_plan, true },
    { "release", handle_release, true },
    { "reserve", handle_reserve, true },
    { "show", handle_show, true },
    { "version", handle_version, false },
};

static void dispatch_row(struct placed *placed, struct call *call,
                         const struct message_request *request, size_t i)
{
    struct json_object *params = request->params;
    struct fault fault;
    uint32_t abi;

    if ( methods[i].needs_claims && !grant_has_claims(placed->grant, &abi) )
    {
        fault_set(&fault, FAULT_NO_NODE_CLAIMS, "this Xen has no node "
                  "claims: boot this host with a Xen that has the node claim "
                  "patches");
        call_refuse(call, &fault);
        return;
    }

    params = params ? json_object_get(params) : json_object_new_object();
    methods[i].handle(placed, call, params);
    json_object_put(params);
}

void dispatch(struct placed *placed, struct call *call,
              const struct message_request *request)
{
    struct fault fault;

    for ( size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++ )
        if ( !strcmp(request->method, methods[i].name) )
        {
            dispatch_row(placed, call, request, i);
            return;
        }

    fault_set(&fault, FAULT_METHOD, "method: %s: unknown: see xenplaced(8)",
              request->method);
    call_refuse(call, &fault);
}
