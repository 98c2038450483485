/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The domains that are there, and which of them goes next: a binary heap.
 */

#ifndef SIM_DEPARTURE_H
#define SIM_DEPARTURE_H

#include <stddef.h>
#include <stdint.h>

#include "tenant.h"

struct departures {
    size_t nr;
    size_t room;
    struct departure *heap;
    struct tenant *tenants;              /* by place, of which heap has all  */
};

void departures_begin(struct departures *departures);
void departures_dispose(struct departures *departures);

/* Note when a domain will go; it is copied.  0, or -1 with ENOMEM. */
int departures_add(struct departures *departures, uint64_t at_us,
                   const struct tenant *tenant);

/* When the next one goes; UINT64_MAX if there is none. */
uint64_t departures_next(const struct departures *departures);

/* Take it out; there must be one.  Valid until the next one is added. */
const struct tenant *departures_pop(struct departures *departures);

#endif /* SIM_DEPARTURE_H */
