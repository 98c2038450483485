/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Recovery.  There is no state on disk: all is read back from Xen.
 *
 * A domain with our cookie that never ran and holds claims was under
 * construction, and its builder died with the daemon, or it was built and
 * nobody was told; so was one that is dying half way.  They are destroyed.  A
 * domain that somebody was told of has no claims left, even if it was left
 * paused: it is not touched, and neither is any domain of somebody else.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "grant.h"
#include "log.h"
#include "placed.h"
#include "reaper.h"
#include "recover.h"

static void on_reaped(void *owner, bool gone)
{
    (void)owner;
    (void)gone;
}

static bool is_left_over(const struct grant_domain *domain)
{
    return domain->own && !domain->finished &&
           (domain->dying || shares_total(&domain->claimed) ||
            domain->host_claimed_pages);
}

/* Which uuid it has in xenstore, Xen does not know. */
static void reap(struct placed *placed, const struct grant_domain *domain)
{
    log_say("domain %" PRIu32 ": left unfinished by a daemon before",
            domain->domid);
    reaper_start(placed, domain->domid, domain->unique_id, REAPER_ANY_UUID,
                 on_reaped, NULL);
}

int recover_start(struct placed *placed)
{
    struct grant_listed *domains;
    uint32_t abi;
    unsigned int nr;
    int error = 0;

    if ( !grant_has_claims(placed->grant, &abi) )
        return 0;
    if ( grant_list(placed->grant, &domains, &nr) )
        return -1;

    for ( unsigned int i = 0; i < nr; i++ )
    {
        struct grant_domain domain;

        if ( grant_read(placed->grant, domains[i].domid, &domain) )
        {
            error = errno != ESRCH ? errno : 0;
            if ( error )
                break;
        }
        else if ( is_left_over(&domain) )
            reap(placed, &domain);
    }
    free(domains);
    errno = error;

    return error ? -1 : 0;
}
