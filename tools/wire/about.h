/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The reply to "version": what daemon this is, and what its host has.
 */

#ifndef WIRE_ABOUT_H
#define WIRE_ABOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

/* Changes when a message changes in a way that old readers refuse. */
#define ABOUT_PROTOCOL 6u

struct about {
    char version[32];            /* of the daemon                            */
    uint64_t protocol;
    char host[256];              /* "xen", or "model:FILE"                   */
    char default_policy[16];     /* of domains that ask for none, or "off"   */
    bool claims;                 /* the host has node claims                 */
    bool create_on_nodes;        /* it has that operation                    */
    uint64_t abi;                /* of its interface; 0 without              */
};

/* NULL with ENOMEM. */
struct json_object *about_write(const struct about *about);

/* 0, or -1 with a message in why. */
int about_read(struct about *about, struct json_object *object, char *why,
               size_t why_size);

#endif /* WIRE_ABOUT_H */
