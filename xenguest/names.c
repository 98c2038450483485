/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Looking for name and uuid among those of other domains: see names.h.
 *
 * The domains are those that Xen has: xenstore may keep the name of one that
 * is gone.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "uuid.h"
#include "xen.h"

static unsigned int ask(struct batch *store, uint32_t domid)
{
    char path[64];

    snprintf(path, sizeof(path), "/local/domain/%" PRIu32 "/name", domid);

    return batch_read(store, path);
}

/*
 * One that is dying has no entries any more, and may be the same domain before
 * it was started again.
 */
static int check_uuids(struct build *build, const xc_domaininfo_t *domains,
                       unsigned int nr)
{
    const struct record *record = build->record;
    char uuid[RECORD_UUID_MAX];

    for ( unsigned int i = 0; i < nr; i++ )
    {
        uuid_text(uuid, domains[i].handle);
        if ( !strcasecmp(uuid, record->uuid) &&
             domains[i].domain != record->domid &&
             !(domains[i].flags & XEN_DOMINF_dying) )
            return build_fail(build, "uuid: %s: domain %u has it: choose "
                              "another, or destroy that domain",
                              record->uuid, domains[i].domain);
    }

    return 0;
}

/* Some of the domains, in one batch. */
static int check_names(struct build *build, const xc_domaininfo_t *domains,
                       unsigned int nr)
{
    const struct record *record = build->record;
    struct xen *xen = build->state;
    unsigned int requests[BATCH_MAX];

    for ( unsigned int i = 0; i < nr; i++ )
        requests[i] = ask(xen->store, domains[i].domain);
    if ( batch_run(xen->store) )
        return build_fail(build, "xenstore: names cannot be read: %s",
                          strerror(errno));
    for ( unsigned int i = 0; i < nr; i++ )
    {
        const char *name = batch_answer(xen->store, requests[i]);

        if ( name && !strcmp(name, record->name) &&
             domains[i].domain != record->domid )
            return build_fail(build, "name: %s: domain %u has it: choose "
                              "another, or destroy that domain",
                              record->name, domains[i].domain);
    }

    return 0;
}

int names_check(struct build *build)
{
    struct xen *xen = build->state;
    xc_domaininfo_t domains[BATCH_MAX];
    uint32_t first = 0;
    int nr;

    do {
        nr = xc_domain_getinfolist(xen->xc, first, BATCH_MAX, domains);
        if ( nr < 0 )
            return build_fail(build, "xen: domains cannot be listed: %s",
                              strerror(errno));
        if ( !nr )
            break;
        if ( check_uuids(build, domains, nr) ||
             check_names(build, domains, nr) )
            return -1;
        first = domains[nr - 1].domain + 1;
    } while ( nr == BATCH_MAX );

    return 0;
}
