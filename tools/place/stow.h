/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Whole domains into nodes, so that as much memory as possible is placed.
 * Internal to the engine; knows sizes only, not why a node would do.
 */

#ifndef PLACE_STOW_H
#define PLACE_STOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host.h"

/* 16 KiB, on the stack; a message of the daemon has at most half as many. */
#define PLACE_STOW_MOST 512u

/* Where a domain is that has no node. */
#define PLACE_STOW_OUT  PLACE_MAX_NODES

struct place_stowed {
    uint64_t pages;              /* that it takes of its node                */
    uint64_t guest_pages;        /* of these, what counts                    */
    uint64_t nodes;              /* mask of those that would do              */
    unsigned int node;
};

struct place_stowage {
    unsigned int nr_nodes;
    uint64_t room[PLACE_MAX_NODES];      /* that the domains leave           */
    uint64_t host_room;          /* of all nodes together: maybe less        */
    size_t nr;
    struct place_stowed domains[PLACE_STOW_MOST];        /* largest first    */
};

/*
 * Move, put in and take out domains so that more guest pages have a node, or
 * as many in more domains.  Never fewer.  Returns whether anything changed.
 */
bool place_stow(struct place_stowage *stowage);

#endif /* PLACE_STOW_H */
