/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A set of nodes: on the wire an array of their ids, [0,63], in any order;
 * as a mask bit 0 is node 0.
 */

#ifndef WIRE_MASK_H
#define WIRE_MASK_H

#include <stddef.h>
#include <stdint.h>

struct json_object;

#define MASK_MAX_NODES 64u

/* Ascending.  NULL with ENOMEM. */
struct json_object *mask_write(uint64_t mask);

/*
 * Read the array of the member that is called name; NULL is an empty one.
 * 0, or -1 with a message in why.
 */
int mask_read(uint64_t *mask, struct json_object *array, const char *name,
              char *why, size_t why_size);

#endif /* WIRE_MASK_H */
