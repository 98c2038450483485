/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The reply to "list" and "show": domains as Xen has them.
 */

#ifndef WIRE_LISTING_H
#define WIRE_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"
#include "shares.h"

struct json_object;

/* Where a domain was to be; the daemon that created it knows. */
struct listing_plan {
    bool known;
    uint32_t home_node;
    struct shares pages;         /* memory                                   */
    uint64_t structures_pages;   /* Xen's own, on the home node              */
};

/* A domain's structures that Xen may have put anywhere, in words. */
#define LISTING_LEFT_MAX 256u

struct listing_domain {
    uint32_t domid;
    uint64_t unique_id;          /* on the wire as text: 16 hex digits       */
    char name[RECORD_NAME_MAX];  /* empty: not known to the daemon           */
    bool own;                    /* made by this daemon, or, where Xen
                                  * creates on nodes, one before it          */
    char state[16];              /* building, paused, running, dying, other  */
    struct listing_plan plan;
    struct shares pages;         /* memory                                   */
    struct shares structures;    /* taken by Xen for it since its creation   */
    struct shares claimed;       /* claims on nodes                          */
    uint64_t host_claimed_pages;
    char left[LISTING_LEFT_MAX]; /* empty: none                              */
};

struct listing {
    /* With plan, structures and left, which are not written otherwise. */
    bool details;
    unsigned int nr;
    struct listing_domain *domains;      /* owned */
};

/* Dispose leaves it empty; NULL is allowed. */
void listing_dispose(struct listing *listing);

/* NULL with ENOMEM. */
struct json_object *listing_write(const struct listing *listing);

/* 0, or -1 with a message in why; the listing then is empty. */
int listing_read(struct listing *listing, struct json_object *object,
                 char *why, size_t why_size);

#endif /* WIRE_LISTING_H */
