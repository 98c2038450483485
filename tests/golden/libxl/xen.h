/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What libxl's placement asks the rest of libxl, and Xen, about the host:
 * answered from a state.
 */

#ifndef GOLDEN_XEN_H
#define GOLDEN_XEN_H

#include "libxl_osdeps.h"
#include "libxl_internal.h"

#include "state.h"

/* Begin to answer from that state; what libxl is to be called with. */
libxl__gc *xen_show(const struct state *state);

/* Free what libxl allocated since. */
void xen_hide(void);

#endif /* GOLDEN_XEN_H */
