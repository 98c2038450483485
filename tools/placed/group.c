/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Groups of domains: see group.h.
 *
 * There is at most one entry for each domid, so what is kept of domains that
 * are gone, until somebody asks for their group, is bounded.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "grant.h"
#include "group.h"
#include "reserved.h"
#include "wire/reserve.h"

struct member {
    struct member *next;
    uint64_t unique_id;
    uint32_t domid;
    char group[];
};

static struct member *members;

static void drop(struct member **link)
{
    struct member *member = *link;

    *link = member->next;
    free(member);
}

void group_keep(uint32_t domid, uint64_t unique_id, const char *group)
{
    struct member **link = &members, *member;

    while ( *link )
        if ( (*link)->domid == domid )
            drop(link);
        else
            link = &(*link)->next;
    if ( !group[0] )
        return;

    member = malloc(sizeof(*member) + strlen(group) + 1);
    if ( !member )
        return;
    member->unique_id = unique_id;
    member->domid = domid;
    strcpy(member->group, group);
    member->next = members;
    members = member;
}

/* Domains that were counted, a bit each. */
struct counted {
    uint64_t domids[RESERVE_MAX_DOMID / 64 + 1];
};

static bool is_new(struct counted *counted, uint32_t domid)
{
    uint64_t *word = &counted->domids[domid / 64];
    const uint64_t bit = UINT64_C(1) << (domid % 64);
    const bool found = *word & bit;

    *word |= bit;

    return !found;
}

/* Nowhere if it has nothing yet. */
static void count(const struct grant_domain *domain,
                  struct place_request *request)
{
    unsigned int home = 0;
    uint64_t most = 0;

    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        const uint64_t pages = domain->pages.pages[i] +
                               domain->claimed.pages[i];

        if ( pages > most )
        {
            most = pages;
            home = i;
        }
    }
    if ( most )
        request->members[home]++;
}

static void count_bound(struct grant *grant, const char *group,
                        struct counted *counted,
                        struct place_request *request)
{
    struct member **link = &members;

    while ( *link )
    {
        struct member *member = *link;
        struct grant_domain domain;
        bool there = true;

        if ( strcmp(member->group, group) )
        {
            link = &member->next;
            continue;
        }
        if ( grant_read(grant, member->domid, &domain) )
            there = errno != ESRCH;
        else if ( domain.unique_id != member->unique_id || domain.dying )
            there = false;
        else if ( is_new(counted, member->domid) )
            count(&domain, request);
        if ( there )
            link = &member->next;
        else
            drop(link);
    }
}

void group_fill(struct grant *grant, const struct reserve *wanted,
                struct place_request *request)
{
    const char *group = wanted->spread[0] ? wanted->spread : wanted->pack;
    struct counted counted = { .domids = { 0 } };

    request->group = wanted->spread[0] ? PLACE_SPREAD
                     : wanted->pack[0] ? PLACE_PACK : PLACE_NO_GROUP;
    if ( request->group == PLACE_NO_GROUP )
        return;

    count_bound(grant, group, &counted, request);
    for ( unsigned int i = 0; i < wanted->nr_members; i++ )
    {
        struct grant_domain domain;

        if ( is_new(&counted, wanted->members[i]) &&
             !grant_read(grant, wanted->members[i], &domain) &&
             !domain.dying )
            count(&domain, request);
    }
    reserved_members(group, request->members);
}
