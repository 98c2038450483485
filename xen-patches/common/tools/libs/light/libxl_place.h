/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Placing a domain on NUMA nodes by numa_policy: what libxl_place.c, which
 * decides by itself, and libxl_placed.c, which has xenplaced(8) decide, have
 * in common.
 */

#ifndef LIBXL_PLACE_H
#define LIBXL_PLACE_H

#include "libxl_internal.h"
#include "plan/plan.h"

/* What is wanted for a domain. */
typedef struct {
    const char *name;
    struct place_request request; /* members are filled in for us only */
    const char *group;            /* NULL: in none */
    uint32_t *members;            /* of the group, by domid */
    unsigned int num_members;
} libxl__place_wanted;

/* A connection to the daemon; with it goes whatever was reserved on it. */
typedef struct libxl__placed libxl__placed;

/* NULL if no daemon runs. */
libxl__placed *libxl__placed_open(libxl__gc *gc);
/* NULL is allowed. */
void libxl__placed_close(libxl__gc *gc, libxl__placed *placed);

/*
 * Have a plan made, and what it takes reserved.  ERROR_NOMEM: it does not fit,
 * for the reason in *why.  ERROR_NI: this daemon is of no use, for the reason
 * in *why.
 */
int libxl__placed_reserve(libxl__gc *gc, libxl__placed *placed,
                          const libxl__place_wanted *wanted,
                          struct place_plan *plan, const char **why);

/* There is a domain that holds the claims of what was reserved last. */
int libxl__placed_bind(libxl__gc *gc, libxl__placed *placed, uint32_t domid);

/* What was reserved last is not wanted. */
int libxl__placed_release(libxl__gc *gc, libxl__placed *placed);

#endif /* LIBXL_PLACE_H */

/*
 * Local variables:
 * mode: C
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
