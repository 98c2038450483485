/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Changes and what makes them necessary, in words.
 */

#include <inttypes.h>
#include <stdio.h>

#include "change.h"

#define PAGES_PER_MIB 256u

void place_change_text(const struct place_change *change, char *text,
                       size_t size)
{
    switch ( change->kind )
    {
    case PLACE_CHANGE_CLAIMS:
        snprintf(text, size, "claims: when %" PRIu64 " MiB that others "
                 "claimed, on whatever node, are released",
                 place_mib(change->pages));
        break;

    case PLACE_CHANGE_NODES:
        if ( change->node == PLACE_MAX_NODES )
            snprintf(text, size, "nodes: on any, several of them together");
        else
            snprintf(text, size, "nodes: on any, such as %u", change->node);
        break;

    case PLACE_CHANGE_POLICY:
        snprintf(text, size, "policy: %s", place_policy_name(change->policy));
        break;

    case PLACE_CHANGE_MAX_NODES:
        snprintf(text, size, "max-nodes: %" PRIu32,
                 change->max_nodes);
        break;

    case PLACE_CHANGE_CHUNKS:
        snprintf(text, size, "superpages: preferred");
        break;

    case PLACE_CHANGE_MEMORY:
        snprintf(text, size, "memory: at most %" PRIu64 " MiB",
                 change->pages / PAGES_PER_MIB);
        break;

    case PLACE_CHANGE_VCPUS:
        snprintf(text, size, "vcpus: at most %" PRIu32, change->vcpus);
        break;

    case PLACE_CHANGE_NODE_MEMORY:
        snprintf(text, size, "node %u: with %" PRIu64 " MiB more free",
                 change->node, place_mib(change->pages));
        break;

    default:
        snprintf(text, size, "?");
        break;
    }
}

static const char *const bindings[] = {
    [PLACE_BINDING_NONE] = "none",
    [PLACE_BINDING_CLAIMS] = "claims",
    [PLACE_BINDING_NODES] = "nodes",
    [PLACE_BINDING_MAX_NODES] = "max-nodes",
    [PLACE_BINDING_CHUNKS] = "superpages",
    [PLACE_BINDING_NODE_CPUS] = "node-cpus",
    [PLACE_BINDING_POLICY] = "policy",
    [PLACE_BINDING_HOST_MEMORY] = "host-memory",
    [PLACE_BINDING_NODE_MEMORY] = "node-memory",
    [PLACE_BINDING_OVERHEAD] = "overhead",
};

const char *place_binding_name(enum place_binding binding)
{
    return (size_t)binding < sizeof(bindings) / sizeof(bindings[0])
           ? bindings[binding] : NULL;
}

static const char *const kinds[] = {
    [PLACE_CHANGE_CLAIMS] = "claims",
    [PLACE_CHANGE_NODES] = "nodes",
    [PLACE_CHANGE_POLICY] = "policy",
    [PLACE_CHANGE_MAX_NODES] = "max-nodes",
    [PLACE_CHANGE_CHUNKS] = "superpages",
    [PLACE_CHANGE_MEMORY] = "memory",
    [PLACE_CHANGE_VCPUS] = "vcpus",
    [PLACE_CHANGE_NODE_MEMORY] = "node-memory",
};

const char *place_change_name(enum place_change_kind kind)
{
    return (size_t)kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[kind]
                                                           : NULL;
}
