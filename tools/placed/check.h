/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * From what a client wants to what the engine is asked: everything that can
 * be refused before anything is created.
 */

#ifndef PLACED_CHECK_H
#define PLACED_CHECK_H

#include <stddef.h>

#include "place/place.h"
#include "wire/batch.h"
#include "wire/fault.h"
#include "wire/reserve.h"

struct grant;

#define CHECK_PAGES_PER_MIB 256u

/*
 * Check all domains of a batch, and fill in a request for each, for the host
 * that the grant has last read.  0, or -1 with the first fault: then nothing
 * of the batch is to be done.
 */
int check_batch(const struct batch *batch, const struct grant *grant,
                const struct place_host *host, struct place_request *requests,
                struct fault *fault);

/* The same for one, whose name and uuid may be another's. */
int check_size(const struct batch_domain *domain,
               const struct grant *grant, const struct place_host *host,
               struct place_request *request, struct fault *fault);

/* The same for a reservation, but for its group. */
int check_reserve(const struct reserve *reserve, const struct grant *grant,
                  const struct place_host *host,
                  struct place_request *request, struct fault *fault);

/* Copy a uuid, or make one if it is empty.  0, or -1 with errno. */
int check_uuid(const char *wanted, char *uuid);

#endif /* PLACED_CHECK_H */
