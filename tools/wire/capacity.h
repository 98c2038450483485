/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The reply to "capacity": how many more domains like the one that was asked
 * about fit, and where; or of several, how many rounds.
 */

#ifndef WIRE_CAPACITY_H
#define WIRE_CAPACITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch.h"
#include "fault.h"
#include "shares.h"

struct json_object;

/* Domains, all or those of one size. */
struct capacity_count {
    uint64_t domains;
    uint64_t spanning;           /* of these: on several nodes               */
    struct shares alone;         /* the others, by node: domains, not pages  */
    struct shares spanning_pages;
};

/* In the order of the request. */
struct capacity_domain {
    char name[RECORD_NAME_MAX];
    struct capacity_count count;
};

struct capacity {
    bool complete;               /* else at least as many                    */
    struct capacity_count count; /* of all                                   */
    /* Of several only: */
    unsigned int nr;             /* 0: it was one                            */
    struct capacity_domain *domains;    /* owned                             */
    uint64_t rounds;             /* whole ones                               */
    unsigned int last;           /* of one more; domains[last] is refused    */
    char error[FAULT_TEXT_MAX];  /* why; empty unless complete               */
};

/* Room for so many; none of them fits yet.  0, or -1 with ENOMEM. */
int capacity_make(struct capacity *capacity, unsigned int nr);
void capacity_dispose(struct capacity *capacity);

/* NULL with ENOMEM. */
struct json_object *capacity_write(const struct capacity *capacity);

/* 0, or -1 with a message in why; it then holds nothing. */
int capacity_read(struct capacity *capacity, struct json_object *object,
                  char *why, size_t why_size);

#endif /* WIRE_CAPACITY_H */
