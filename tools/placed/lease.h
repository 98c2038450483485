/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A lease: one domain between the decision where it goes and the moment when
 * it is handed over, or gone.  It belongs to a client, and ends with it.
 *
 *   wanted -> waiting -> claimed -> building -> built -> done
 *               |           |          |          |
 *               +-----------+----------+----------+----> reaping -> done
 *
 * waiting: it would fit, but for the overhead that is held for others.
 * built: told, but not handed over yet, since the reply is not sent.
 */

#ifndef PLACED_LEASE_H
#define PLACED_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/batch.h"
#include "wire/outcome.h"

struct lease;
struct placed;
struct place_plan;
struct place_request;

/* So many at a time: memory for records, and work ahead of the builders. */
#define LEASE_MAX 1024u

/*
 * What became of it: built, only created if that was asked for, or failed and
 * nothing is left of it.  Called once.  It may take over the explanation, and
 * then leaves none.
 */
typedef void lease_told(void *work, struct outcome_domain *outcome);

struct lease_terms {
    const void *client;          /* whose it is                              */
    bool build;
    bool paused;
    lease_told *told;
    void *work;
};

/* Room for so many more? */
bool lease_room(unsigned int nr);

/* Of a domain under construction with that name; NULL if there is none. */
struct lease *lease_by_name(const char *name);

/* The same by its uuid, in lower case. */
struct lease *lease_by_uuid(const char *uuid);

/* Of a client's domain that is created and not being built, or NULL. */
struct lease *lease_by_domid(const void *client, uint32_t domid);

/* The name of a domain under construction, or NULL. */
const char *lease_name(uint64_t unique_id);

/*
 * Begin, with a plan that was made together with others, or NULL: then it is
 * decided by itself.  What becomes of it is told from lease_run, never from
 * here.  0, or -1 with ENOMEM.
 */
int lease_begin(struct placed *placed, const struct batch_domain *wanted,
                const struct place_request *request,
                const struct lease_terms *terms,
                const struct place_plan *plan);

/* Its name. */
const char *lease_wanted(const struct lease *lease);

/* Build a domain that was only created. */
void lease_build(struct lease *lease, const struct lease_terms *terms);

/*
 * The client is told of all domains of a work: those that were built are its
 * own now and lose what is left of their claims, those that were only created
 * stay leases.
 */
void lease_hand_over(const void *work);

/* Go on with whatever can go on; call after begin, build and ends. */
void lease_run(void);

/* Their client is gone: nothing is told any more, nothing unfinished stays. */
void lease_abandon(const void *client);

#endif /* PLACED_LEASE_H */
