/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Reservations: places that are held for a toolstack until the domain that it
 * creates there carries its claims, and bound to that domain until it is
 * built.  One belongs to a client and ends with it; the domain stays, since it
 * is the toolstack's.  Nothing of a reservation is in Xen.
 *
 *   reserved -> bound -> gone: the domain was unpaused, or is not there
 *       |         |
 *       +---------+----> gone: released, or the client went away
 *
 * Between the creation of the domain and bind, claim and reservation are both
 * counted: for that moment it is refused what would fit.
 */

#ifndef PLACED_RESERVED_H
#define PLACED_RESERVED_H

#include <stdbool.h>
#include <stdint.h>

#include "lease.h"
#include "place/place.h"
#include "wire/reserve.h"

struct grant_domain;
struct placed;

/* So many at a time: those that are bound cost a look into Xen a decision. */
#define RESERVED_MAX LEASE_MAX

struct reserved {
    struct reserved *next;
    const void *client;          /* whose it is                              */
    uint64_t lease;              /* its number, never given twice            */
    uint64_t owner;              /* the cookie that its domain will have     */
    char name[RESERVE_NAME_MAX];
    char group[RESERVE_NAME_MAX];        /* may be empty                     */
    struct place_request request;
    struct place_plan plan;      /* bound: what of it is still held          */
    bool bound;
    uint32_t domid;
    uint64_t unique_id;
};

/* Whether there may be one more; and whether there is any. */
bool reserved_room(void);
bool reserved_any(void);

/*
 * Hold a plan for a client.  wanted: its name and group.  NULL with ENOMEM.
 */
struct reserved *reserved_add(struct placed *placed, const void *client,
                              const struct reserve *wanted,
                              const struct place_request *request,
                              const struct place_plan *plan);

/* That of a client with this number, or NULL. */
struct reserved *reserved_find(const void *client, uint64_t lease);

/*
 * The one that is not bound yet, of which a domain with that cookie is; or
 * NULL.
 */
struct reserved *reserved_owner(uint64_t owner);

/* The one that is bound to a domain, or NULL. */
const struct reserved *reserved_bound(uint64_t unique_id);

/*
 * Its domain is there, with its claims: what they hold is not held any more,
 * and the vCPUs are the domain's own.  What is held of the overhead is what
 * Xen has neither taken for the domain nor promised to it.
 */
void reserved_bind(struct placed *placed, struct reserved *reserved,
                   const struct grant_domain *domain);

/* It is not wanted any more. */
void reserved_release(struct placed *placed, struct reserved *reserved);

/* Their client is gone. */
void reserved_abandon(struct placed *placed, const void *client);

/*
 * Hold less for those that are bound, as their domains are built; and forget
 * those that are built.  To be called before the host is read: what Xen takes
 * meanwhile is then counted twice, and not never.
 */
void reserved_refresh(struct placed *placed);

/* All that is held for reservations. */
void reserved_held(struct place_held *held);

/* Add to each node how many of a group, not bound yet, will be there. */
void reserved_members(const char *group, uint16_t *members);

#endif /* PLACED_RESERVED_H */
