/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The backend for the Xen that we run on: hypercalls through libxencall.
 *
 * Xen's error numbers are already errno when they arrive here.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <xencall.h>

#include "private.h"

/*
 * To map memory for a hypercall takes longer than most hypercalls: the largest
 * buffer so far is kept for the next one.
 */
struct xen {
    xencall_handle *call;
    void *kept;
    size_t kept_size;
    bool in_use;
};

static int xen_open(xennuma_handle *handle, struct xentoollog_logger *logger,
                    const char *where)
{
    struct xen *xen = calloc(1, sizeof(*xen));

    (void)where;
    if ( !xen )
        return -1;
    handle->host = xen;
    /* A handle belongs to one thread at a time: no locks needed. */
    xen->call = xencall_open(logger, XENCALL_OPENFLAG_NON_REENTRANT);

    return xen->call ? 0 : -1;
}

static void xen_close(xennuma_handle *handle)
{
    struct xen *xen = handle->host;

    if ( !xen )
        return;
    if ( xen->kept )
        xencall_free_buffer(xen->call, xen->kept);
    xencall_close(xen->call);
    free(xen);
}

static void *xen_alloc(xennuma_handle *handle, size_t size)
{
    struct xen *xen = handle->host;

    if ( xen->in_use )
        return xencall_alloc_buffer(xen->call, size);
    if ( size > xen->kept_size )
    {
        void *buffer = xencall_alloc_buffer(xen->call, size);

        if ( !buffer )
            return NULL;
        if ( xen->kept )
            xencall_free_buffer(xen->call, xen->kept);
        xen->kept = buffer;
        xen->kept_size = size;
    }
    xen->in_use = true;

    return xen->kept;
}

static void xen_free(xennuma_handle *handle, void *buffer)
{
    struct xen *xen = handle->host;

    if ( buffer == xen->kept )
        xen->in_use = false;
    else
        xencall_free_buffer(xen->call, buffer);
}

static int xen_domctl(xennuma_handle *handle, struct layout_domctl *op)
{
    const struct xen *xen = handle->host;

    return xencall1(xen->call, LAYOUT_HYPERCALL_DOMCTL, LAYOUT_HANDLE(op));
}

static int xen_sysctl(xennuma_handle *handle, struct layout_sysctl *op)
{
    const struct xen *xen = handle->host;

    return xencall1(xen->call, LAYOUT_HYPERCALL_SYSCTL, LAYOUT_HANDLE(op));
}

const struct backend xen_backend = {
    .open = xen_open,
    .close = xen_close,
    .alloc = xen_alloc,
    .free = xen_free,
    .domctl = xen_domctl,
    .sysctl = xen_sysctl,
};
