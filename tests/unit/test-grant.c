/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the daemon says when the running Xen cannot be opened, or cannot be
 * spoken to: what to do, and not the same for different reasons.
 *
 * The backend for the running Xen is replaced by one that fails.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "placed/grant.h"
#include "private.h"
#include "unit.h"

static int open_error, call_error;

static int fake_open(xennuma_handle *handle, struct xentoollog_logger *logger,
                     const char *where)
{
    (void)handle;
    (void)logger;
    (void)where;
    errno = open_error;

    return open_error ? -1 : 0;
}

static void fake_close(xennuma_handle *handle)
{
    (void)handle;
}

static void *fake_alloc(xennuma_handle *handle, size_t size)
{
    (void)handle;

    return malloc(size);
}

static void fake_free(xennuma_handle *handle, void *buffer)
{
    (void)handle;
    free(buffer);
}

static int fake_sysctl(xennuma_handle *handle, struct layout_sysctl *op)
{
    (void)handle;
    (void)op;
    errno = call_error;

    return -1;
}

const struct backend xen_backend = {
    .open = fake_open,
    .close = fake_close,
    .alloc = fake_alloc,
    .free = fake_free,
    .sysctl = fake_sysctl,
};

static const struct {
    const char *fact;
    int open_error, call_error;
    const char *why;             /* NULL: it is opened                       */
} rows[] = {
    { "no device", ENOENT, 0,
      "Xen: there is no Xen here: boot the host under Xen" },
    { "no Xen behind it", ENODEV, 0,
      "Xen: there is no Xen here: boot the host under Xen" },
    { "a device for root only", EACCES, 0,
      "Xen: not permitted: run it as root in the control domain" },
    { "not the control domain", 0, EPERM,
      "Xen: not permitted: run it as root in the control domain" },
    { "another release", 0, EACCES,
      "Xen: another release than 4.20, which this xenplaced speaks, or its "
      "security policy forbids to ask: boot the host under Xen 4.20" },
    { "built without", ENOTSUP, 0,
      "Xen: this xenplaced was built without support for a running Xen: "
      "configure it with libxencall" },
    { "no memory", 0, ENOMEM, "Xen: Cannot allocate memory" },
    { "no claims", 0, ENOSYS, NULL },
};

static void each_reason_is_told(void)
{
    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        struct grant *grant;
        char why[256] = "";
        uint32_t abi;

        open_error = rows[i].open_error;
        call_error = rows[i].call_error;
        grant = grant_open(NULL, why, sizeof(why));
        UNIT_TRUE(rows[i].fact, !grant == !!rows[i].why);
        UNIT_TEXT(rows[i].fact, why, rows[i].why ? rows[i].why : "");
        if ( grant )
            UNIT_TRUE(rows[i].fact, !grant_has_claims(grant, &abi));
        grant_close(grant);
    }
}

static const struct unit_test tests[] = {
    { "each reason is told", each_reason_is_told },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "opening Xen", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("grant", suites);
}
