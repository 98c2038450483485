/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The reply to "create", "plan" and "build": what became of each domain, in
 * the order of the request.
 */

#ifndef WIRE_OUTCOME_H
#define WIRE_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch.h"
#include "explain.h"
#include "fault.h"
#include "shares.h"

struct json_object;

struct outcome_domain {
    char name[RECORD_NAME_MAX];
    bool has_domid;              /* there is a domain                        */
    uint32_t domid;
    struct shares shares;        /* as Xen has it; of a plan: as planned     */
    bool failed;
    char error[FAULT_TEXT_MAX];
    struct explain *why;         /* owned; NULL: not told                    */
};

struct outcome {
    unsigned int nr;
    struct outcome_domain *domains;
};

/* Room for so many domains; there are none yet.  0, or -1 with ENOMEM. */
int outcome_make(struct outcome *outcome, unsigned int room);
/* Leaves an empty one. */
void outcome_dispose(struct outcome *outcome);

/*
 * Nodes are not explained where those of all domains are more than
 * EXPLAIN_MAX_ROWS.  NULL with ENOMEM.
 */
struct json_object *outcome_write(const struct outcome *outcome);

/* 0, or -1 with a message in why; the outcome then holds nothing. */
int outcome_read(struct outcome *outcome, struct json_object *object,
                 char *why, size_t why_size);

#endif /* WIRE_OUTCOME_H */
