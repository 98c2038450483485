/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where tests interfere with a build: after a named step it stops, dies or
 * fails.  The environment says so: XENGUEST_TEST_STOP, XENGUEST_TEST_KILL and
 * XENGUEST_TEST_FAIL each name a step (build.c has them).  Heeded on a model,
 * and elsewhere only if built with --enable-test-hooks.
 */

#ifndef XENGUEST_HOOK_H
#define XENGUEST_HOOK_H

#include <stdbool.h>

/* Once, before the build. */
void hook_enable(bool model);

/* Returns whether the build is to fail here. */
bool hook_after(const char *step);

#endif /* XENGUEST_HOOK_H */
