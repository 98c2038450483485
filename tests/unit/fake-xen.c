/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A Xen that is a table of answers.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake-xen.h"
#include "unit.h"

struct fake_xen xen;

static int fake_open(xennuma_handle *handle, struct xentoollog_logger *logger,
                     const char *where)
{
    (void)handle;
    (void)logger;
    UNIT_TRUE("where", !where);
    xen.nr_open++;

    return 0;
}

static void fake_close(xennuma_handle *handle)
{
    (void)handle;
    xen.nr_open--;
}

/* Not cleared, as memory of libxencall need not be. */
static void *fake_alloc(xennuma_handle *handle, size_t size)
{
    void *buffer = xen.no_memory ? NULL : malloc(size);

    (void)handle;
    if ( !buffer )
    {
        errno = ENOMEM;
        return NULL;
    }

    xen.nr_buffers++;
    return memset(buffer, 0xa5, size);
}

static void fake_free(xennuma_handle *handle, void *buffer)
{
    (void)handle;
    xen.nr_buffers--;
    free(buffer);
    errno = EXDEV;
}

static int answer(uint32_t cmd, uint32_t version, int rc)
{
    if ( xen.nr_calls < FAKE_MAX_CALLS )
        xen.calls[xen.nr_calls++] = cmd;
    xen.version = version;
    errno = rc < 0 ? -rc : 0;

    return rc < 0 ? -1 : rc;
}

static int fake_domctl(xennuma_handle *handle, struct layout_domctl *op)
{
    uint16_t none[3] = { 0 };

    (void)handle;
    UNIT_TRUE("padding", !memcmp(op->pad, none, sizeof(none)));
    xen.domid = op->domid;

    return answer(op->cmd, op->version, xen.domctl(op));
}

static int fake_sysctl(xennuma_handle *handle, struct layout_sysctl *op)
{
    (void)handle;

    return answer(op->cmd, op->version, xen.sysctl(op));
}

const struct backend xen_backend = {
    .open = fake_open,
    .close = fake_close,
    .alloc = fake_alloc,
    .free = fake_free,
    .domctl = fake_domctl,
    .sysctl = fake_sysctl,
};

void *fake_guest(uint64_t handle)
{
    return (void *)(uintptr_t)handle;
}

int fake_good_sysctl(struct layout_sysctl *op)
{
    if ( op->cmd == XEN_SYSCTL_node_heap )
    {
        op->u.node_heap.abi = xen.abi;
        op->u.node_heap.features = xen.features;
        return xen.probe_rc;
    }

    if ( op->cmd == LAYOUT_SYSCTL_PHYSINFO )
    {
        op->u.physinfo.capabilities = xen.capabilities;
        return 0;
    }

    return -ENOSYS;
}

int fake_no_domctl(struct layout_domctl *op)
{
    (void)op;

    return -ENOSYS;
}

xennuma_handle *fake_start(void)
{
    memset(&xen, 0, sizeof(xen));
    xen.sysctl = fake_good_sysctl;
    xen.domctl = fake_no_domctl;
    xen.abi = 1;
    xen.features = XEN_NODE_CLAIM_F_CLAIMS | XEN_NODE_CLAIM_F_CREATE;
    xen.capabilities = LAYOUT_PHYSCAP_HAP | LAYOUT_PHYSCAP_GRANT_V1 |
                       LAYOUT_PHYSCAP_GRANT_V2;

    return xennuma_open(NULL, 0, NULL);
}

void fake_finish(xennuma_handle *handle)
{
    xennuma_close(handle);
    UNIT_EQUAL("buffers left", xen.nr_buffers, 0);
    UNIT_EQUAL("left open", xen.nr_open, 0);
}

unsigned int fake_count(uint32_t cmd)
{
    unsigned int nr = 0;

    for ( unsigned int i = 0; i < xen.nr_calls; i++ )
        nr += xen.calls[i] == cmd;

    return nr;
}
