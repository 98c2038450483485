/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * All leases, in the order in which they came: a domain that came first is
 * built first.  Nothing of it is on disk.
 */

#include <stdlib.h>
#include <string.h>

#include "lease-private.h"

static struct lease *leases;
static unsigned int nr_leases;

bool lease_room(unsigned int nr)
{
    return nr <= LEASE_MAX - nr_leases;
}

struct lease *lease_by_name(const char *name)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( !strcmp(lease->record.name, name) )
            return lease;

    return NULL;
}

struct lease *lease_by_uuid(const char *uuid)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( !strcmp(lease->record.uuid, uuid) )
            return lease;

    return NULL;
}

struct lease *lease_by_domid(const void *client, uint32_t domid)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( lease->terms.client == client && !lease->terms.build &&
             lease->state == LEASE_CLAIMED && lease->record.domid == domid )
            return lease;

    return NULL;
}

const char *lease_wanted(const struct lease *lease)
{
    return lease->record.name;
}

const char *lease_name(uint64_t unique_id)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( lease->record.unique_id == unique_id )
            return lease->record.name;

    return NULL;
}

struct lease *lease_first(void)
{
    return leases;
}

bool lease_holds_will_end(void)
{
    for ( struct lease *lease = leases; lease; lease = lease->next )
        if ( lease->holds && (lease->terms.build || !lease->terms.client) )
            return true;

    return false;
}

void lease_append(struct lease *lease)
{
    struct lease **link = &leases;

    while ( *link )
        link = &(*link)->next;
    *link = lease;
    nr_leases++;
}

void lease_collect(void (*last)(struct lease *lease))
{
    struct lease **link = &leases;

    while ( *link )
    {
        struct lease *lease = *link;

        if ( lease->state != LEASE_DONE )
        {
            link = &lease->next;
            continue;
        }
        *link = lease->next;
        nr_leases--;
        last(lease);
        record_dispose(&lease->record);
        free(lease->outcome.why);
        free(lease);
    }
}
