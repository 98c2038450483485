/* SPDX-License-Identifier: LGPL-2.1-only */
/* Is what Xen tells a toolstack what it should be?  NULL, or what is not. */

#ifndef HARNESS_REPORT_H
#define HARNESS_REPORT_H

#include "expect.h"

const char *report_differs(const struct expect *e);
const char *report_domain_differs(const struct expect *e, unsigned int slot);

#endif /* HARNESS_REPORT_H */
