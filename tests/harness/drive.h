/* SPDX-License-Identifier: LGPL-2.1-only */
/* Random operations on Xen's heap, each compared with what it should do. */

#ifndef HARNESS_DRIVE_H
#define HARNESS_DRIVE_H

#include <stdint.h>

struct drive_options {
    uint64_t seed;
    unsigned long operations;
    unsigned int every;          /* operations between two walks            */
};

/* What was done, for whoever wants to know whether it was worth anything. */
struct drive_counts {
    unsigned long operations, allocated, refused, freed, claimed, short_of,
                  recalled, offlined, onlined, scrubbed, steered, walks;
};

/* One host, from its creation on.  Ends the process if something is wrong. */
void drive(const struct drive_options *options, struct drive_counts *counts);

#endif /* HARNESS_DRIVE_H */
