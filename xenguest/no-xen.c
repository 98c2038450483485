/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Built without libxenguest: there is no running Xen to build on.
 */

#include <stddef.h>

#include "build.h"

const struct build_host *const build_xen = NULL;
