/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Reservations: see reserved.h.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "grant.h"
#include "placed.h"
#include "planned.h"
#include "reserved.h"

static struct reserved *all;     /* the oldest is the last                   */
static unsigned int nr_reserved;
static uint64_t last_lease;

/*
 * A cookie is "xl" in ASCII, a number of this daemon, so that what another one
 * reserved is not taken for what we did, and the lease.
 */
#define OWNER UINT64_C(0x786c)
#define LEASE_BITS 24
#define DAEMON_BITS 24

static uint64_t owner_of(uint64_t lease)
{
    static uint32_t daemon;

    /* Without chance the cookie is the lease's: no worse than a restart. */
    while ( !daemon && getrandom(&daemon, sizeof(daemon), 0) ==
                       sizeof(daemon) )
        daemon &= (1u << DAEMON_BITS) - 1;

    return OWNER << (DAEMON_BITS + LEASE_BITS) |
           (uint64_t)daemon << LEASE_BITS |
           (lease & ((1u << LEASE_BITS) - 1));
}

bool reserved_room(void)
{
    return nr_reserved < RESERVED_MAX;
}

bool reserved_any(void)
{
    return all;
}

/* The vCPUs of a domain are counted where it is. */
static uint32_t held_vcpus(const struct reserved *reserved)
{
    return reserved->bound ? 0 : reserved->request.vcpus;
}

static void hold(struct placed *placed, const struct reserved *reserved)
{
    place_hold(&placed->held, &reserved->plan, held_vcpus(reserved));
}

static void unhold(struct placed *placed, const struct reserved *reserved)
{
    place_unhold(&placed->held, &reserved->plan, held_vcpus(reserved));
}

struct reserved *reserved_add(struct placed *placed, const void *client,
                              const struct reserve *wanted,
                              const struct place_request *request,
                              const struct place_plan *plan)
{
    struct reserved *reserved = calloc(1, sizeof(*reserved));

    if ( !reserved )
        return NULL;
    reserved->client = client;
    reserved->lease = ++last_lease;
    reserved->owner = owner_of(reserved->lease);
    snprintf(reserved->name, sizeof(reserved->name), "%s", wanted->name);
    snprintf(reserved->group, sizeof(reserved->group), "%s",
             wanted->spread[0] ? wanted->spread : wanted->pack);
    reserved->request = *request;
    reserved->plan = *plan;
    hold(placed, reserved);

    reserved->next = all;
    all = reserved;
    nr_reserved++;

    return reserved;
}

struct reserved *reserved_find(const void *client, uint64_t lease)
{
    for ( struct reserved *reserved = all; reserved;
          reserved = reserved->next )
        if ( reserved->lease == lease && reserved->client == client )
            return reserved;

    return NULL;
}

struct reserved *reserved_owner(uint64_t owner)
{
    for ( struct reserved *reserved = all; reserved;
          reserved = reserved->next )
        if ( !reserved->bound && reserved->owner == owner )
            return reserved;

    return NULL;
}

const struct reserved *reserved_bound(uint64_t unique_id)
{
    for ( const struct reserved *reserved = all; reserved;
          reserved = reserved->next )
        if ( reserved->bound && reserved->unique_id == unique_id )
            return reserved;

    return NULL;
}

/* Some toolstacks count special pages of the domain as overhead, and claim. */
static uint64_t beyond_memory(const struct reserved *reserved,
                              const struct grant_domain *domain)
{
    const uint64_t memory = reserved->request.guest_pages;
    const uint64_t has = shares_total(&domain->pages) +
                         shares_total(&domain->claimed) -
                         shares_total(&domain->structures_claimed);

    return has > memory ? has - memory : 0;
}

/* Of its overhead, what Xen has neither taken nor promised to the domain. */
static void hold_rest(struct placed *placed, struct reserved *reserved,
                      const struct grant_domain *domain)
{
    const unsigned int home = reserved->plan.home_node;
    const uint64_t all_pages = reserved->request.overhead_pages;
    const uint64_t taken = domain->structures.pages[home] +
                           domain->structures_claimed.pages[home] +
                           beyond_memory(reserved, domain);

    unhold(placed, reserved);
    memset(reserved->plan.pages, 0, sizeof(reserved->plan.pages));
    memset(reserved->plan.chunks, 0, sizeof(reserved->plan.chunks));
    reserved->plan.overhead_pages = all_pages > taken ? all_pages - taken : 0;
    reserved->bound = true;
    hold(placed, reserved);
}

void reserved_bind(struct placed *placed, struct reserved *reserved,
                   const struct grant_domain *domain)
{
    planned_keep(domain->domid, domain->unique_id, &reserved->plan,
                 reserved->request.vcpus, false);
    reserved->domid = domain->domid;
    reserved->unique_id = domain->unique_id;
    hold_rest(placed, reserved, domain);
}

/* Take it out of the list, of which it is the next. */
static void end(struct placed *placed, struct reserved **link)
{
    struct reserved *reserved = *link;

    *link = reserved->next;
    nr_reserved--;
    unhold(placed, reserved);
    free(reserved);
}

void reserved_release(struct placed *placed, struct reserved *reserved)
{
    struct reserved **link = &all;

    while ( *link != reserved )
        link = &(*link)->next;
    end(placed, link);
}

void reserved_abandon(struct placed *placed, const void *client)
{
    struct reserved **link = &all;

    while ( *link )
        if ( (*link)->client == client )
            end(placed, link);
        else
            link = &(*link)->next;
}

/* Whether its domain is still to be built; what Xen cannot say, it said. */
static bool look(struct placed *placed, struct reserved *reserved)
{
    struct grant_domain domain;

    if ( grant_read(placed->grant, reserved->domid, &domain) )
        return errno != ESRCH;
    if ( domain.unique_id != reserved->unique_id || domain.dying ||
         domain.finished )
        return false;
    hold_rest(placed, reserved, &domain);

    return true;
}

void reserved_refresh(struct placed *placed)
{
    struct reserved **link = &all;

    while ( *link )
        if ( (*link)->bound && !look(placed, *link) )
            end(placed, link);
        else
            link = &(*link)->next;
}

void reserved_held(struct place_held *held)
{
    memset(held, 0, sizeof(*held));
    for ( const struct reserved *reserved = all; reserved;
          reserved = reserved->next )
        place_hold(held, &reserved->plan, held_vcpus(reserved));
}

void reserved_members(const char *group, uint16_t *members)
{
    for ( const struct reserved *reserved = all; reserved;
          reserved = reserved->next )
        if ( !reserved->bound && !strcmp(reserved->group, group) )
            members[reserved->plan.home_node]++;
}
