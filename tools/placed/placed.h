/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The daemon as a whole: what its parts share.  One thread, one event loop;
 * that loop is what makes decisions one at a time.
 */

#ifndef PLACED_PLACED_H
#define PLACED_PLACED_H

#include "builder.h"
#include "place/place.h"
#include "place/sizes.h"

/* Of HVM and PVH domains, in Xen. */
#define PLACED_MAX_VCPUS 128u

struct event_base;
struct grant;

struct placed {
    struct event_base *base;
    struct grant *grant;
    const char *where;           /* NULL: the Xen we run on                  */
    const char *default_policy;  /* a word, or "off": only told              */
    struct builder_settings builder;
    unsigned int max_builders;   /* at a time                                */
    /*
     * Overhead of domains under construction, whose memory is claimed; and
     * all of those that are reserved for.
     */
    struct place_held held;
    struct place_sizes sizes;    /* that were asked for                      */
    /* What domains ask for and do not take, by vCPUs: see seen.h. */
    struct {
        uint64_t pages[PLACED_MAX_VCPUS + 1];
        uint64_t free_pages;     /* of the host, unclaimed, when last seen   */
        unsigned int nr_builds;  /* that were begun                          */
    } unused;
};

#endif /* PLACED_PLACED_H */
