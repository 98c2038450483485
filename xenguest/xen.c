/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The running Xen as a host to build on: opening and closing it.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "xen.h"

static int xen_open(struct build *build)
{
    struct xen *xen = calloc(1, sizeof(*xen));

    if ( !xen )
        return build_fail(build, "xenguest: out of memory");
    build->state = xen;
    reason_init(&xen->reason);
    xen->xc = xc_interface_open(&xen->reason.logger, &xen->reason.logger,
                                XC_OPENFLAG_NON_REENTRANT);
    if ( !xen->xc )
        return build_fail(build, "xen: cannot be opened: %s",
                          reason_text(&xen->reason, errno));
    xen->store = batch_open();
    if ( !xen->store )
        return build_fail(build, "xenstore: cannot be opened: %s: is "
                          "xenstored running?", strerror(errno));

    return 0;
}

static void xen_close(struct build *build)
{
    struct xen *xen = build->state;

    if ( !xen )
        return;
    if ( xen->image )
        xc_dom_release(xen->image);
    batch_close(xen->store);
    if ( xen->xc )
        xc_interface_close(xen->xc);
    free(xen);
    build->state = NULL;
}

static int xen_unpause(struct build *build)
{
    struct xen *xen = build->state;

    if ( xc_domain_unpause(xen->xc, build->record->domid) )
        return build_fail(build, "domain %" PRIu32 ": cannot be unpaused: %s",
                          build->record->domid, strerror(errno));

    return 0;
}

static const struct build_host host = {
    .open = xen_open,
    .close = xen_close,
    .check = shell_check,
    .name = store_name,
    .image = boot_image,
    .shell = shell_make,
    .memory = boot_memory,
    .kernel = boot_kernel,
    .store = store_domain,
    .unpause = xen_unpause,
    .undo = store_undo,
};

const struct build_host *const build_xen = &host;
