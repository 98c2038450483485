/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Looking for a name among those of other domains: see names.h.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "xen.h"

/* A domain that died may have left its name behind. */
static bool exists(struct xen *xen, uint32_t domid)
{
    xc_domaininfo_t info;

    return !xc_domain_getinfo_single(xen->xc, domid, &info);
}

static int check_domain(struct build *build, uint32_t domid)
{
    const struct record *record = build->record;
    struct xen *xen = build->state;
    char path[64], *name;
    bool taken;

    snprintf(path, sizeof(path), "/local/domain/%" PRIu32 "/name", domid);
    name = xs_read(xen->xs, XBT_NULL, path, NULL);
    taken = name && !strcmp(name, record->name) && exists(xen, domid);
    free(name);
    if ( !taken )
        return 0;

    return build_fail(build, "name: %s: domain %" PRIu32 " has it: choose "
                      "another, or destroy that domain", record->name, domid);
}

int names_check(struct build *build)
{
    struct xen *xen = build->state;
    unsigned int nr = 0;
    char **domids = xs_directory(xen->xs, XBT_NULL, "/local/domain", &nr);
    int rc = 0;

    if ( !domids )
        return build_fail(build, "xenstore: domains cannot be listed: %s",
                          strerror(errno));
    for ( unsigned int i = 0; !rc && i < nr; i++ )
    {
        unsigned long domid = strtoul(domids[i], NULL, 10);

        if ( domid != build->record->domid )
            rc = check_domain(build, domid);
    }
    free(domids);

    return rc;
}
