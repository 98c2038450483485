/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Names and uuids, by which xenstore knows a domain: no two have the same.
 */

#ifndef XENGUEST_NAMES_H
#define XENGUEST_NAMES_H

#include "build.h"

/*
 * 0, or -1 with the reason in the build: another domain has the name or the
 * uuid.  As with xl, two that take a name at the same time do not see each
 * other: the daemon does not let its own builders do that.
 */
int names_check(struct build *build);

#endif /* XENGUEST_NAMES_H */
