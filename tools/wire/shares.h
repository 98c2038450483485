/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Pages by node: on the wire an object with a member a node, {"0": 65536},
 * nodes without pages left out.
 */

#ifndef WIRE_SHARES_H
#define WIRE_SHARES_H

#include <stddef.h>
#include <stdint.h>

struct json_object;

#define SHARES_MAX_NODES 64u

struct shares {
    uint64_t pages[SHARES_MAX_NODES];
};

/* NULL with ENOMEM. */
struct json_object *shares_write(const struct shares *shares);

/* 0, or -1 with a message in why. */
int shares_read(struct shares *shares, struct json_object *object, char *why,
                size_t why_size);

/* The sum. */
uint64_t shares_total(const struct shares *shares);

#endif /* WIRE_SHARES_H */
