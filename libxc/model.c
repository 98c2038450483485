/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The backend for a host that exists in memory only.
 *
 * Hypercalls are answered from the state that model-state.c holds, in the
 * hypervisor's own structures; so what is above runs unchanged.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model-private.h"

static int model_open(xennuma_handle *handle,
                      struct xentoollog_logger *logger, const char *where)
{
    char why[256];

    /* The caller gets the message from xennuma_model_check. */
    (void)logger;
    handle->host = model_state_open(where, why, sizeof(why));

    return handle->host ? 0 : -1;
}

static void model_close(xennuma_handle *handle)
{
    model_state_close(handle->host);
}

static void *model_alloc(xennuma_handle *handle, size_t size)
{
    (void)handle;

    return malloc(size);
}

static void model_free(xennuma_handle *handle, void *buffer)
{
    (void)handle;
    free(buffer);
}

/* A hypervisor's return value, as a hypercall gives it to a program. */
static int answer(int rc)
{
    if ( rc >= 0 )
        return rc;

    errno = -rc;
    return -1;
}

static int model_do_domctl(xennuma_handle *handle, struct layout_domctl *op)
{
    struct model *model = handle->host;
    int rc;

    if ( model_lock(model) )
        return -1;
    rc = op->version == LAYOUT_DOMCTL_VERSION ? model_domctl(model, op)
                                              : -EACCES;
    model_unlock(model);

    return answer(rc);
}

static int model_do_sysctl(xennuma_handle *handle, struct layout_sysctl *op)
{
    struct model *model = handle->host;
    int rc;

    if ( model_lock(model) )
        return -1;
    rc = op->version == LAYOUT_SYSCTL_VERSION ? model_sysctl(model, op)
                                              : -EACCES;
    model_unlock(model);

    return answer(rc);
}

const struct backend model_backend = {
    .open = model_open,
    .close = model_close,
    .alloc = model_alloc,
    .free = model_free,
    .domctl = model_do_domctl,
    .sysctl = model_do_sysctl,
};
