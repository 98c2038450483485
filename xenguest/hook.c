/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Test hooks: see hook.h.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "hook.h"

#ifdef XENGUEST_TEST_HOOKS
static bool enabled = true;
#else
static bool enabled;
#endif

void hook_enable(bool model)
{
    enabled |= model;
}

static bool asked(const char *variable, const char *step)
{
    const char *value = getenv(variable);

    return value && !strcmp(value, step);
}

bool hook_after(const char *step)
{
    if ( !enabled )
        return false;
    if ( asked("XENGUEST_TEST_STOP", step) )
        raise(SIGSTOP);
    if ( asked("XENGUEST_TEST_KILL", step) )
        raise(SIGKILL);

    return asked("XENGUEST_TEST_FAIL", step);
}
