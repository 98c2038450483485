/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One hypercall: memory for it, number and version, the call itself.
 *
 * Every function of the library has the same shape: alloc (cleared), fill,
 * call, translate on success, free; errno of the call survives the free.
 */

#include <errno.h>
#include <string.h>

#include "private.h"

void *call_alloc(xennuma_handle *handle, size_t size)
{
    void *buffer = handle->backend->alloc(handle, size);

    if ( buffer )
        memset(buffer, 0, size);

    return buffer;
}

void call_free(xennuma_handle *handle, void *buffer)
{
    int saved_errno = errno;

    if ( buffer )
        handle->backend->free(handle, buffer);
    errno = saved_errno;
}

int call_domctl(xennuma_handle *handle, struct layout_domctl *op,
                uint32_t cmd, uint32_t domid)
{
    /* The field has 16 bits; a larger id must not become another one. */
    if ( domid >= LAYOUT_DOMID_RESERVED )
    {
        errno = ESRCH;
        return -1;
    }

    op->cmd = cmd;
    op->version = LAYOUT_DOMCTL_VERSION;
    op->domid = domid;

    return handle->backend->domctl(handle, op) < 0 ? -1 : 0;
}

int call_sysctl(xennuma_handle *handle, struct layout_sysctl *op,
                uint32_t cmd)
{
    op->cmd = cmd;
    op->version = LAYOUT_SYSCTL_VERSION;

    return handle->backend->sysctl(handle, op) < 0 ? -1 : 0;
}

int call_capabilities(xennuma_handle *handle, uint32_t *capabilities)
{
    struct layout_sysctl *op = call_alloc(handle, sizeof(*op));
    int rc;

    if ( !op )
        return -1;

    rc = call_sysctl(handle, op, LAYOUT_SYSCTL_PHYSINFO);
    if ( !rc )
        *capabilities = op->u.physinfo.capabilities;
    call_free(handle, op);

    return rc;
}

int need(bool ability)
{
    if ( ability )
        return 0;

    errno = EOPNOTSUPP;
    return -1;
}
