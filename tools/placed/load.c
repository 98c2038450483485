/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The vCPUs of all domains, by node.
 *
 * To read a domain is a hypercall, and a host may have a thousand domains, so
 * what was read is kept by id.  Who is built gets memory all the time, and is
 * read each time; there are few of them.  If an id has another domain within
 * LOAD_SECONDS, with as many vCPUs, that one counts where the other was until
 * then.
 */

#include <stdbool.h>

#include "load.h"
#include "place/place.h"
#include "grant.h"
#include "planned.h"


/* All zero: nothing is known. */
struct known {
    uint64_t unique_id;
    uint64_t nodes;              /* mask: where it lives                     */
    time_t read;
    uint32_t vcpus;
    bool finished;               /* it was unpaused once                     */
};

static struct known all[GRANT_NR_DOMIDS];

/* What there is to know of a domain that is planned is that it is there. */
static bool is_fresh(const struct known *known,
                     const struct grant_listed *listed, uint64_t planned,
                     time_t now)
{
    if ( !known->unique_id || now - known->read >= LOAD_SECONDS )
        return false;
    if ( planned )
        return known->unique_id == planned;

    return known->finished && known->vcpus == listed->vcpus;
}

static void read_domain(struct grant *grant, struct known *known,
                        const struct grant_listed *listed, time_t now)
{
    struct grant_domain domain;

    *known = (struct known){ .unique_id = 0 };
    if ( grant_read(grant, listed->domid, &domain) || domain.dying )
        return;
    *known = (struct known){
        .unique_id = domain.unique_id, .nodes = domain.lives, .read = now,
        .vcpus = listed->vcpus, .finished = domain.finished,
    };
}

static void add_known(const struct known *known, struct place_host *host)
{
    for ( unsigned int i = 0; known->nodes && i < host->nr_nodes; i++ )
        host->nodes[i].vcpus += place_vcpus_on(known->nodes, known->vcpus, i);
}

static void add_domain(struct grant *grant, const struct grant_listed *listed,
                       time_t now, struct place_host *host)
{
    const uint64_t planned = planned_unique_id(listed->domid);
    struct known *known = &all[listed->domid];

    /* Before it has vCPUs only a plan knows where they will be. */
    if ( !planned && !listed->vcpus )
        return;
    if ( !is_fresh(known, listed, planned, now) )
        read_domain(grant, known, listed, now);
    if ( planned && known->unique_id == planned )
    {
        planned_load(listed->domid, host);
        return;
    }

    /* It was another one that was planned. */
    if ( planned && known->unique_id )
        planned_drop(listed->domid);
    add_known(known, host);
}

void load_add(struct grant *grant, const struct grant_listed *domains,
              unsigned int nr, time_t now, struct place_host *host)
{
    /* Those of domain 0 run anywhere. */
    for ( unsigned int i = 0; i < nr; i++ )
        if ( domains[i].domid > 0 && domains[i].domid < GRANT_NR_DOMIDS )
            add_domain(grant, &domains[i], now, host);
}
