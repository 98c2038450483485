/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where in a PVH domain the memory of each node goes.
 *
 * Guest memory is [0, low) and, beyond the hole below 4 GiB that holds the
 * local APIC, ACPI tables and special pages, [4 GiB, ...).  The shares of the
 * nodes are cut so that every node gives exactly its pages, and so that as
 * much as possible can be mapped by chunks of 1 GiB, then of 2 MiB: all
 * 1 GiB chunks first, then all 2 MiB chunks, then what is left of each share.
 */

#ifndef XENGUEST_LAYOUT_H
#define XENGUEST_LAYOUT_H

#include <stdint.h>

#include "wire/record.h"

/* First page of the hole: the page of ACPI information, at 0xfc000000. */
#define LAYOUT_HOLE_FIRST  UINT64_C(0xfc000)
/* First page beyond the hole: 4 GiB. */
#define LAYOUT_HOLE_END    UINT64_C(0x100000)

/* Three sizes of chunks, below and above the hole, for each node. */
#define LAYOUT_MAX_RANGES  (3 * 2 * RECORD_MAX_NODES)

struct layout_range {
    uint64_t first;              /* guest page                               */
    uint64_t pages;
    unsigned int share;          /* index into the record's shares           */
};

struct layout {
    uint64_t low_pages;          /* below the hole, from page 0              */
    uint64_t high_pages;         /* from 4 GiB on                            */
    unsigned int nr_ranges;
    struct layout_range ranges[LAYOUT_MAX_RANGES];
};

/*
 * Lay out the shares; that of the home node goes first, so that the kernel
 * lies there.  Ranges do not overlap and cover low and high exactly.
 */
void layout_make(struct layout *layout, const struct record_share *shares,
                 unsigned int nr_shares, unsigned int home_node);

#endif /* XENGUEST_LAYOUT_H */
