/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The backend for the Xen that we run on: hypercalls through libxencall.
 *
 * Xen's error numbers are already errno when they arrive here.
 */

#include <errno.h>

#include <xencall.h>

#include "private.h"

static int xen_open(xennuma_handle *handle, struct xentoollog_logger *logger,
                    const char *where)
{
    (void)where;

    /* A handle belongs to one thread at a time: no locks needed. */
    handle->host = xencall_open(logger, XENCALL_OPENFLAG_NON_REENTRANT);

    return handle->host ? 0 : -1;
}

static void xen_close(xennuma_handle *handle)
{
    xencall_close(handle->host);
}

static void *xen_alloc(xennuma_handle *handle, size_t size)
{
    return xencall_alloc_buffer(handle->host, size);
}

static void xen_free(xennuma_handle *handle, void *buffer)
{
    xencall_free_buffer(handle->host, buffer);
}

static int xen_domctl(xennuma_handle *handle, struct layout_domctl *op)
{
    return xencall1(handle->host, LAYOUT_HYPERCALL_DOMCTL, LAYOUT_HANDLE(op));
}

static int xen_sysctl(xennuma_handle *handle, struct layout_sysctl *op)
{
    return xencall1(handle->host, LAYOUT_HYPERCALL_SYSCTL, LAYOUT_HANDLE(op));
}

const struct backend xen_backend = {
    .open = xen_open,
    .close = xen_close,
    .alloc = xen_alloc,
    .free = xen_free,
    .domctl = xen_domctl,
    .sysctl = xen_sysctl,
};
