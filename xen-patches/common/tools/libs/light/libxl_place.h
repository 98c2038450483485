/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Placing a domain on NUMA nodes by its numa_policy, among the files of it:
 * libxl_place_wanted.c reads the configuration, libxl_place.c decides and
 * creates, libxl_placed*.c have xenplaced(8) decide, libxl_place_plan.c only
 * tells, and libxl_place_default.c has xenplaced's policy for who has none.
 */

#ifndef LIBXL_PLACE_H
#define LIBXL_PLACE_H

#include "libxl_internal.h"
#include "plan/plan.h"

/*
 * Beyond its memory a domain has some special pages, counted as such: fewer
 * than these, which are below what libxl allows beyond max_memkb.
 */
#define LIBXL__PLACE_EXTRA_PAGES 64

/* The host at a moment. */
typedef struct {
    struct xennuma_heap heap;
    struct xennuma_topology topology;
    struct place_host host; /* the same for the engine */
} libxl__place_host;

_hidden int libxl__place_snapshot(libxl__gc *gc, xennuma_handle *numa,
                                  libxl__place_host *now);

/* ERROR_NOMEM, not logged, with the reason in *why if it does not fit. */
_hidden int libxl__place_decide(libxl__gc *gc, const libxl__place_host *now,
                                const struct place_request *request,
                                struct place_plan *plan,
                                struct place_reason *reason,
                                const char **why);

/* What is wanted for a domain. */
typedef struct {
    const char *name;
    struct place_request request; /* members are filled in for us only */
    const char *group;            /* NULL: in none */
    uint32_t *members;            /* of the group, by domid */
    unsigned int num_members;
} libxl__place_wanted;

_hidden int libxl__place_wanted_fill(libxl__gc *gc, xennuma_handle *numa,
                                     const libxl_domain_config *d_config,
                                     const libxl__place_host *now,
                                     libxl__place_wanted *wanted);

_hidden uint64_t libxl__place_pages(uint64_t kb);
_hidden uint64_t libxl__place_kb(uint64_t pages);
/* One that is not set is not true. */
_hidden bool libxl__place_is_true(libxl_defbool value);

/* A connection to the daemon; with it goes whatever was reserved on it. */
typedef struct libxl__placed libxl__placed;

/* NULL if no daemon runs. */
_hidden libxl__placed *libxl__placed_open(libxl__gc *gc);
/* NULL is allowed. */
_hidden void libxl__placed_close(libxl__gc *gc, libxl__placed *placed);

/*
 * The policy that it has for domains without one, LIBXL_NUMA_POLICY_DEFAULT if
 * it does not tell, as before its protocol 6.
 */
_hidden libxl_numa_policy libxl__placed_default(libxl__gc *gc,
                                                libxl__placed *placed);

/*
 * Have a plan made, and what it takes reserved.  ERROR_NOMEM: it does not fit,
 * for the reason in *why.  ERROR_NI: this daemon is of no use, for the reason
 * in *why.
 */
_hidden int libxl__placed_reserve(libxl__gc *gc, libxl__placed *placed,
                                  const libxl__place_wanted *wanted,
                                  struct place_plan *plan, const char **why);

/* The cookie that the domain is to be created with; 0 for NULL. */
_hidden uint64_t libxl__placed_owner(const libxl__placed *placed);

/* There is a domain that holds the claims of what was reserved last. */
_hidden int libxl__placed_bind(libxl__gc *gc, libxl__placed *placed,
                               uint32_t domid);

/* What was reserved last is not wanted. */
_hidden int libxl__placed_release(libxl__gc *gc, libxl__placed *placed);

#endif /* LIBXL_PLACE_H */

/*
 * Local variables:
 * mode: C
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
