/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The host as a decision sees it: see seen.h.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "grant.h"
#include "group.h"
#include "load.h"
#include "log.h"
#include "placed.h"
#include "reserved.h"
#include "seen.h"

static uint64_t free_pages(const struct place_host *host)
{
    uint64_t pages = 0;

    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
        pages += host->nodes[i].free_pages;

    return pages;
}

void seen_bind(struct placed *placed, struct reserved *reserved,
               const struct grant_domain *domain)
{
    struct seen_build build;

    reserved_bind(placed, reserved, domain);
    group_keep(domain->domid, domain->unique_id, reserved->group);
    seen_learn(placed, &reserved->request);
    /* What others take is then not taken for what our domains take. */
    seen_begin(placed, &build);
    log_say("domain %" PRIu32 ": %s: bound to lease %" PRIu64 ", home node "
            "%u", domain->domid, reserved->name, reserved->lease,
            reserved->plan.home_node);
}

/*
 * Bind what was created since the last time.  Each domain is looked at once;
 * an id that came back in between is not noticed, and then its domain counts
 * twice until the toolstack binds it.
 */
static void adopt(struct placed *placed, const struct grant_listed *domains,
                  unsigned int nr)
{
    static uint8_t looked_at[GRANT_NR_DOMIDS];
    uint32_t next = 0;

    for ( unsigned int i = 0; i < nr; i++ )
    {
        const uint32_t domid = domains[i].domid;
        struct grant_domain domain;
        struct reserved *reserved;

        if ( domid >= GRANT_NR_DOMIDS )
            break;
        memset(&looked_at[next], 0, domid - next);
        next = domid + 1;
        if ( looked_at[domid] || grant_read(placed->grant, domid, &domain) )
            continue;
        looked_at[domid] = 1;
        reserved = reserved_owner(domain.owner);
        if ( reserved && !domain.dying )
            seen_bind(placed, reserved, &domain);
    }
    memset(&looked_at[next], 0, GRANT_NR_DOMIDS - next);
}

int seen_host(struct placed *placed, struct place_host *host)
{
    struct grant_listed *domains;
    struct timespec now;
    unsigned int nr;

    if ( grant_list(placed->grant, &domains, &nr) )
        return -1;
    /* Before the memory is read: then a claim is in it, or is still held. */
    adopt(placed, domains, nr);
    reserved_refresh(placed);
    if ( grant_host(placed->grant, host) )
    {
        free(domains);
        return -1;
    }

    clock_gettime(CLOCK_MONOTONIC, &now);
    load_add(placed->grant, domains, nr, now.tv_sec, host);
    free(domains);

    placed->unused.free_pages = free_pages(host);
    if ( !placed->sizes.nr )
        place_sizes_begin(&placed->sizes, host);
    host->sizes = &placed->sizes;

    return 0;
}

void seen_learn(struct placed *placed, const struct place_request *request)
{
    place_sizes_learn(&placed->sizes, request);
}

/*
 * Xen takes for a domain what it does not count as taken: struct domain, xsave
 * areas, a part in the pools of small objects.  So many pages where it cannot
 * be measured; and more than that is something else.
 */
#define UNCOUNTED_PAGES 8u
#define UNCOUNTED_MOST  64u

static uint32_t vcpus_of(const struct place_request *request)
{
    return request->vcpus < PLACED_MAX_VCPUS ? request->vcpus
                                             : PLACED_MAX_VCPUS;
}

void seen_begin(struct placed *placed, struct seen_build *build)
{
    build->nr = ++placed->unused.nr_builds;
    build->free_pages = placed->unused.free_pages;
}

/* What the host has less since then; 0: there was more than that domain. */
static uint64_t lost(struct placed *placed, const struct seen_build *build,
                     const struct grant_domain *domain)
{
    struct place_host host;
    uint64_t now;

    if ( build->nr != placed->unused.nr_builds || seen_host(placed, &host) ||
         reserved_any() )
        return 0;
    now = free_pages(&host) + shares_total(&domain->claimed);

    return build->free_pages > now ? build->free_pages - now : 0;
}

void seen_built(struct placed *placed, const struct place_request *request,
                const struct seen_build *build,
                const struct grant_domain *domain)
{
    const uint64_t asked = request->guest_pages + request->overhead_pages;
    uint64_t taken = shares_total(&domain->pages) +
                     shares_total(&domain->structures);
    const uint64_t less = lost(placed, build, domain);

    if ( less >= taken && less - taken <= UNCOUNTED_MOST )
        taken = less;
    else
        taken += UNCOUNTED_PAGES;
    placed->unused.pages[vcpus_of(request)] = asked > taken ? asked - taken
                                                            : 0;
}

uint64_t seen_unused(const struct placed *placed,
                     const struct place_request *request)
{
    uint64_t pages = 0;

    for ( uint32_t i = vcpus_of(request); i > 0 && !pages; i-- )
        pages = placed->unused.pages[i];

    return pages;
}
