/* SPDX-License-Identifier: LGPL-2.1-only */
/* Random hosts. */

#ifndef HARNESS_LAYOUT_H
#define HARNESS_LAYOUT_H

#include "heap.h"
#include "random.h"

/* Node sizes follow the size of the chunks that claims may ask for. */
void layout_random(struct heap_layout *layout, struct random *r);

#endif /* HARNESS_LAYOUT_H */
