/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Takes the place of xen.c where libxencall was not there to build with.
 */

#include <errno.h>

#include "private.h"

static int no_xen_open(xennuma_handle *handle,
                       struct xentoollog_logger *logger, const char *where)
{
    (void)handle;
    (void)logger;
    (void)where;
    errno = ENOTSUP;

    return -1;
}

static void no_xen_close(xennuma_handle *handle)
{
    (void)handle;
}

/* Nothing else is reached: no handle comes out of open. */
const struct backend xen_backend = {
    .open = no_xen_open,
    .close = no_xen_close,
};
