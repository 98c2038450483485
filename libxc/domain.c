/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The domains that there are: list them, destroy one.
 *
 * Xen destroys by id, and ids come back; so the unique id is looked at
 * first.  Between the two the domain may only have been destroyed by another
 * toolstack, whose new domain under that id would then be hit: ids are given
 * out in a circle, so that a whole turn would have to fit in between.
 */

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "private.h"

/*
 * The id goes as soon as nothing refers to the domain any more; longer than
 * this takes only one whose pages are still mapped by another one.
 */
#define LINGER_MS 1000

static void sleep_ms(long ms)
{
    struct timespec time = { .tv_nsec = ms * 1000000 };

    nanosleep(&time, NULL);
}

/* 1 if it is there, 0 if it is not (or another one), -1 with errno. */
static int is_there(xennuma_handle *handle, uint32_t domid,
                    uint64_t unique_id)
{
    struct xennuma_domain domain;

    if ( !xennuma_claims_get(handle, domid, &domain) )
        return domain.unique_id == unique_id;

    return errno == ESRCH ? 0 : -1;
}

int domain_destroy(xennuma_handle *handle, struct layout_domctl *op,
                   uint32_t domid)
{
    int rc;

    do {
        memset(op, 0, sizeof(*op));
        rc = call_domctl(handle, op, LAYOUT_DOMCTL_DESTROY, domid);
        if ( rc && errno == EAGAIN )
            sleep_ms(1);
    } while ( rc && (errno == EAGAIN || errno == EINTR) );

    return rc;
}

static int destroy(xennuma_handle *handle, uint32_t domid)
{
    struct layout_domctl *op = call_alloc(handle, sizeof(*op));
    int rc = op ? domain_destroy(handle, op, domid) : -1;

    call_free(handle, op);

    return rc;
}

int xennuma_domain_destroy(xennuma_handle *handle, uint32_t domid,
                           uint64_t unique_id)
{
    unsigned int waited;
    int there;

    if ( need(handle->abilities.claims) )
        return -1;

    if ( !unique_id )
    {
        errno = EINVAL;
        return -1;
    }

    there = is_there(handle, domid, unique_id);
    if ( there < 0 )
        return -1;

    if ( !there )
    {
        errno = ESRCH;
        return -1;
    }

    if ( destroy(handle, domid) )
        return -1;

    for ( waited = 0; waited < LINGER_MS; waited++ )
    {
        there = is_there(handle, domid, unique_id);
        if ( there <= 0 )
            return there;
        sleep_ms(1);
    }

    return 0;
}

static struct xennuma_listed listed(const struct layout_domain *domain)
{
    return (struct xennuma_listed){
        .domid = domain->domid,
        /* The highest id of a vCPU; ~0, and so none, without any. */
        .vcpus = domain->max_vcpu_id + 1,
    };
}

int xennuma_domain_list(xennuma_handle *handle, struct xennuma_listed *domains,
                        unsigned int *nr)
{
    enum { ROOM = 64 };
    struct {
        struct layout_sysctl op;
        struct layout_domain domains[ROOM];
    } *call = call_alloc(handle, sizeof(*call));
    unsigned int found = 0, i;
    uint32_t next = 0;
    int rc;

    if ( !call )
        return -1;

    /* In portions: what came between two of them may be missing. */
    do {
        memset(&call->op, 0, sizeof(call->op));
        call->op.u.domains.first = next;
        call->op.u.domains.max = ROOM;
        call->op.u.domains.buffer = LAYOUT_HANDLE(call->domains);

        rc = call_sysctl(handle, &call->op, LAYOUT_SYSCTL_DOMAINS);
        if ( rc )
            goto out;

        for ( i = 0; i < call->op.u.domains.nr; i++, found++ )
        {
            next = call->domains[i].domid + 1u;
            if ( found < *nr )
                domains[found] = listed(&call->domains[i]);
        }
    } while ( call->op.u.domains.nr == ROOM && next < LAYOUT_DOMID_RESERVED );

    if ( found > *nr )
    {
        errno = ENOBUFS;
        rc = -1;
    }
    *nr = found;

 out:
    call_free(handle, call);

    return rc;
}
