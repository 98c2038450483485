/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Xen's libacpi, compiled from the built Xen tree that configure was given by
 * --with-xen-source.  It is no installed library: every user compiles it.
 */

#include "libacpi/build.c"
#include "libacpi/static_tables.c"
#include "libs/light/dsdt_pvh.c"
