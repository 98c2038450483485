/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The reply to "capacity": how many more domains like the one that was asked
 * about fit, and where.
 */

#ifndef WIRE_CAPACITY_H
#define WIRE_CAPACITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shares.h"

struct json_object;

struct capacity {
    bool complete;               /* else at least as many                    */
    uint64_t domains;            /* all of them                              */
    uint64_t spanning;           /* of these: on several nodes               */
    struct shares alone;         /* the others, by node: domains, not pages  */
    struct shares spanning_pages;
};

/* NULL with ENOMEM. */
struct json_object *capacity_write(const struct capacity *capacity);

/* 0, or -1 with a message in why. */
int capacity_read(struct capacity *capacity, struct json_object *object,
                  char *why, size_t why_size);

#endif /* WIRE_CAPACITY_H */
