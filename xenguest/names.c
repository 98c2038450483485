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

/* Domain ids are below it. */
#define MAX_DOMIDS DOMID_FIRST_RESERVED

struct names {
    struct build *build;
    bool seen[MAX_DOMIDS];
};

/* A domain that died may have left its name behind. */
static bool exists(struct xen *xen, uint32_t domid)
{
    xc_domaininfo_t info;

    return !xc_domain_getinfo_single(xen->xc, domid, &info);
}

static int check_domain(struct names *names, xs_transaction_t transaction,
                        uint32_t domid)
{
    const struct record *record = names->build->record;
    struct xen *xen = names->build->state;
    char path[64], *name;
    bool taken;

    snprintf(path, sizeof(path), "/local/domain/%" PRIu32 "/name", domid);
    name = xs_read(xen->xs, transaction, path, NULL);
    taken = name && !strcmp(name, record->name) && exists(xen, domid);
    free(name);
    if ( !taken )
        return 0;

    return build_fail(names->build, "name: %s: domain %" PRIu32
                      " has it: choose another, or destroy that domain",
                      record->name, domid);
}

int names_check(struct names *names, xs_transaction_t transaction)
{
    struct xen *xen = names->build->state;
    unsigned int nr = 0;
    char **domids = xs_directory(xen->xs, transaction, "/local/domain", &nr);
    int rc = 0;

    if ( !domids )
        return build_fail(names->build, "xenstore: domains cannot be listed: "
                          "%s", strerror(errno));
    for ( unsigned int i = 0; !rc && i < nr; i++ )
    {
        unsigned long domid = strtoul(domids[i], NULL, 10);

        if ( domid >= MAX_DOMIDS || names->seen[domid] ||
             domid == names->build->record->domid )
            continue;
        rc = check_domain(names, transaction, domid);
        names->seen[domid] = true;
    }
    free(domids);

    return rc;
}

struct names *names_open(struct build *build)
{
    struct names *names = calloc(1, sizeof(*names));

    if ( !names )
    {
        build_fail(build, "xenguest: out of memory");
        return NULL;
    }
    names->build = build;
    if ( names_check(names, XBT_NULL) )
    {
        names_close(names);
        names = NULL;
    }

    return names;
}

void names_close(struct names *names)
{
    free(names);
}
