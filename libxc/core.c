/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The life of a handle: open, probe, close.
 *
 * The probe comes first.  On a foreign Xen our numbers might mean something
 * else, so the first of them is the one that only reads, and no other is
 * issued before it succeeded.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define MODEL_PREFIX "model:"

/* Those errors mean "never heard of it"; everything else is passed on. */
static bool is_unknown(int error)
{
    return error == ENOSYS || error == EOPNOTSUPP || error == EINVAL;
}

static int probe(xennuma_handle *handle)
{
    struct xennuma_abilities *abilities = &handle->abilities;
    struct layout_sysctl *op = call_alloc(handle, sizeof(*op));
    uint32_t features;
    int rc;

    if ( !op )
        return -1;

    rc = call_sysctl(handle, op, XEN_SYSCTL_node_heap);
    if ( rc && is_unknown(errno) )
        rc = 0;
    /* Xen refuses our version like that, but open(2) a file by its mode. */
    else if ( rc && errno == EACCES )
        errno = EPROTO;
    else if ( !rc )
    {
        abilities->abi = op->u.node_heap.abi;
        features = abilities->abi == XEN_NODE_CLAIM_ABI
                   ? op->u.node_heap.features : 0;
        abilities->claims = features & XEN_NODE_CLAIM_F_CLAIMS;
        abilities->create = features & XEN_NODE_CLAIM_F_CREATE;
        abilities->superpages = features & XEN_NODE_CLAIM_F_SUPERPAGES;
        abilities->overhead = features & XEN_NODE_CLAIM_F_OVERHEAD;
    }

    call_free(handle, op);

    return rc;
}

xennuma_handle *xennuma_open(struct xentoollog_logger *logger,
                             unsigned int flags, const char *where)
{
    xennuma_handle *handle;
    int saved_errno;

    if ( flags )
    {
        errno = EINVAL;
        return NULL;
    }

    handle = calloc(1, sizeof(*handle));
    if ( !handle )
        return NULL;

    if ( !where )
        handle->backend = &xen_backend;
    else if ( !strncmp(where, MODEL_PREFIX, strlen(MODEL_PREFIX)) )
    {
        handle->backend = &model_backend;
        where += strlen(MODEL_PREFIX);
    }
    else
    {
        errno = EINVAL;
        goto err;
    }

    if ( handle->backend->open(handle, logger, where) || probe(handle) )
        goto err;

    return handle;

 err:
    saved_errno = errno;
    xennuma_close(handle);
    errno = saved_errno;
    return NULL;
}

int xennuma_close(xennuma_handle *handle)
{
    if ( !handle )
        return 0;

    if ( handle->backend )
        handle->backend->close(handle);
    free(handle);

    return 0;
}

int xennuma_probe(xennuma_handle *handle, struct xennuma_abilities *abilities)
{
    *abilities = handle->abilities;

    return 0;
}
