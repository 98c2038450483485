/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How many more domains of several sizes a host takes, when they are created
 * in turn, and where.
 */

#ifndef PLACE_MIX_H
#define PLACE_MIX_H

#include <stddef.h>

#include "capacity.h"

/* At most so many, and PLACE_CAPACITY_MOST on several nodes: a second. */
#define PLACE_MIX_MOST 10000u

struct place_mix {
    bool complete;               /* else none was refused, but no more were
                                    counted                                  */
    uint64_t domains;            /* all of them                              */
    uint64_t spanning;           /* of these: on several nodes               */
    uint64_t rounds;             /* whole ones                               */
    size_t last;                 /* domains of one more: samples[last] is the
                                    first that was not placed                */
    struct place_reason reason;  /* why it was refused                       */
};

/*
 * Place nr > 0 samples one after the other, round after round, until one is
 * refused, and count each in its capacity.  Unlike place_capacity this is
 * exact with claims without a node, too, since each is placed by itself.  held
 * and sizes as there.  Returns 0, or -1 with EINVAL.
 */
int place_mix(const struct place_host *host, const struct place_held *held,
              const struct place_sample *samples, size_t nr,
              struct place_sizes *sizes, struct place_mix *mix,
              struct place_capacity *capacities);

#endif /* PLACE_MIX_H */
