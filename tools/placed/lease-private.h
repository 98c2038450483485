/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A lease from inside, for lease*.c only.  lease.h says what it is.
 */

#ifndef PLACED_LEASE_PRIVATE_H
#define PLACED_LEASE_PRIVATE_H

#include <stdbool.h>

#include "lease.h"
#include "place/place.h"
#include "seen.h"
#include "wire/outcome.h"
#include "wire/record.h"

enum lease_state {
    LEASE_WANTED,                /* decided: to be created                   */
    LEASE_WAITING,
    LEASE_CLAIMED,               /* created; to be built if terms say so     */
    LEASE_BUILDING,
    LEASE_ENDED,                 /* the builder has                          */
    LEASE_BUILT,                 /* to be handed over                        */
    LEASE_REAPING,
    LEASE_DONE,                  /* to be told                               */
};

struct lease {
    struct lease *next;
    struct placed *placed;
    struct lease_terms terms;    /* without client: abandoned                */
    enum lease_state state;
    struct place_request request;
    struct place_plan plan;
    struct record record;
    struct seen_build build;
    struct builder *builder;
    bool holds;                  /* its overhead is held                     */
    bool keeps_claims;           /* built, and paused until it is told       */
    bool told;
    struct outcome_domain outcome;
};

/* lease.c */

/* Go over to a state; lease_run then looks at all leases once more. */
void lease_set_state(struct lease *lease, enum lease_state state);

/* It failed, for this reason; of several the first is told. */
void lease_refuse(struct lease *lease, const char *why);

/* lease-list.c */

/* The oldest, the others by next; NULL if there is none. */
struct lease *lease_first(void);

/* Put it last. */
void lease_append(struct lease *lease);

/* Take out and free those that are done; last is called with each before. */
void lease_collect(void (*last)(struct lease *lease));

/* Whether somebody's overhead is held by what ends by itself. */
bool lease_holds_will_end(void);

/* lease-claim.c */

/*
 * Create it with its claims: by the plan it came with, or if it waits by a
 * decision of now.  Then it is claimed, waiting, or done with a refusal.
 */
void lease_claim(struct lease *lease);

/*
 * Give back its overhead, if it is held.  Others may have waited for it, so
 * the state of this one is to be set next.
 */
void lease_unhold(struct lease *lease);

/* lease-build.c */

/* Whether there may be one more builder. */
bool lease_may_build(const struct lease *lease);

/* Have it built; it is building, or ended with a refusal. */
void lease_start_builder(struct lease *lease);

/*
 * Its builder is dead, so what Xen says of the domain stays true: one that was
 * built is to be told of, any other is taken away.  A domain that ran is never
 * taken away, whatever its builder said.  The state stays if Xen cannot say.
 */
void lease_settle(struct lease *lease);

/*
 * The domain is about to be told of: what is left of its claims is released,
 * and no daemon will take it away any more.
 */
void lease_release(struct lease *lease);

/* Destroy the domain; it is reaping, and done when that ended. */
void lease_reap(struct lease *lease);

/*
 * Nobody knows of a domain that was built: away with it, unless it runs.  The
 * state stays if Xen cannot say.
 */
void lease_take_back(struct lease *lease);

#endif /* PLACED_LEASE_PRIVATE_H */
