/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What becomes of a choice.
 */

#include <errno.h>
#include <stddef.h>

#include "sim-host.h"
#include "tenant.h"

/* In a SLIT this is what an unreachable node has. */
#define UNREACHABLE 255u

/* Units of sim_host.load: a vCPU. */
#define LOAD_UNIT   1024u

#define BIT(node) (UINT64_C(1) << (node))

static const struct {
    const char *name;
    const char *about;
} modes[NR_SIM_MODES] = {
    [SIM_PREFERRED] = { "preferred", "Preferred: wherever there is memory" },
    [SIM_STRICT] = { "strict",
                     "Strict: on the nodes of the rule, or rejected" },
    [SIM_ONE_NODE] = { "one-node", "One node: strict, and rejected where "
                       "several are chosen but one would do when empty" },
    [SIM_MIXED] = { "mixed", "Mixed: every second domain as preferred, the "
                    "others as one node" },
};

const char *sim_mode_name(enum sim_mode mode)
{
    return modes[mode].name;
}

const char *sim_mode_about(enum sim_mode mode)
{
    return modes[mode].about;
}

/* The lowest node of a mask, which is taken out of it. */
static unsigned int pop(uint64_t *mask)
{
    unsigned int node = __builtin_ctzll(*mask);

    *mask &= *mask - 1;

    return node;
}

static void take(struct tenant *tenant, unsigned int node, uint64_t pages)
{
    if ( !pages )
        return;
    if ( !(tenant->held & BIT(node)) )
        tenant->pages[node] = 0;
    tenant->held |= BIT(node);
    tenant->pages[node] += pages;
}

static uint64_t left_on(const struct tenant *tenant,
                        const struct sim_host *host, unsigned int node)
{
    uint64_t free_pages = host->place.nodes[node].free_pages;

    return tenant->held & BIT(node) ? free_pages - tenant->pages[node]
                                    : free_pages;
}

/*
 * Evenly: nodes with less than an equal part give all they have, until the
 * others can share what is left.  Returns what they do not hold.
 */
static uint64_t take_evenly(struct tenant *tenant,
                            const struct sim_host *host, uint64_t nodes,
                            uint64_t pages)
{
    bool again;

    do {
        again = false;
        for ( uint64_t rest = nodes; rest && pages; )
        {
            unsigned int node = pop(&rest);
            uint64_t has = left_on(tenant, host, node);

            if ( has > pages / __builtin_popcountll(nodes) )
                continue;
            take(tenant, node, has);
            pages -= has;
            nodes &= ~BIT(node);
            again = true;
        }
    } while ( again && nodes && pages );

    while ( nodes && pages )
    {
        uint64_t part = pages / __builtin_popcountll(nodes);
        unsigned int node = pop(&nodes);

        take(tenant, node, part);
        pages -= part;
    }

    return pages;
}

static int take_claims(struct tenant *tenant, const struct sim_host *host,
                       const struct sim_choice *choice, uint64_t online,
                       uint64_t *pages)
{
    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
    {
        uint64_t claimed = choice->claimed[i];

        if ( !claimed )
            continue;
        if ( claimed > *pages || !(online & BIT(i)) ||
             claimed > host->place.nodes[i].free_pages )
        {
            errno = EPROTO;
            return -1;
        }
        take(tenant, i, claimed);
        *pages -= claimed;
    }

    return 0;
}

static uint32_t cpus_of(const struct sim_host *host, uint64_t nodes)
{
    uint32_t cpus = 0;

    while ( nodes )
        cpus += host->place.nodes[pop(&nodes)].cpus;

    return cpus;
}

int tenant_settle(struct tenant *tenant, const struct sim_host *host,
                  const struct place_request *request,
                  const struct sim_choice *choice, enum sim_mode mode)
{
    uint64_t online = sim_host_online(host), pages = request->guest_pages;
    uint64_t chosen = choice->nodes ? choice->nodes : online;

    tenant->held = 0;
    tenant->outside_pages = 0;
    tenant->vcpus = request->vcpus;
    tenant->nodes = chosen;
    if ( chosen & ~online )
    {
        errno = EPROTO;
        return -1;
    }
    tenant->cpus = cpus_of(host, chosen);
    if ( !tenant->cpus )
    {
        tenant->nodes = online;
        tenant->cpus = cpus_of(host, online);
    }

    if ( take_claims(tenant, host, choice, online, &pages) )
        return -1;
    /* What is claimed elsewhere was chosen, too. */
    pages = take_evenly(tenant, host, chosen, pages);
    if ( pages && mode == SIM_PREFERRED )
    {
        tenant->outside_pages = pages;
        pages = take_evenly(tenant, host, online & ~chosen, pages);
    }
    if ( !pages )
        return 0;

    errno = ENOSPC;

    return -1;
}

bool tenant_is_single(const struct tenant *tenant)
{
    return tenant->nodes && !(tenant->nodes & (tenant->nodes - 1)) &&
           tenant->held == tenant->nodes;
}

static uint64_t share(const struct tenant *tenant,
                      const struct sim_host *host, unsigned int node)
{
    return (uint64_t)tenant->vcpus * host->place.nodes[node].cpus *
           LOAD_UNIT / tenant->cpus;
}

static void set_load(struct sim_host *host, unsigned int node, uint64_t load)
{
    host->load[node] = load;
    host->place.nodes[node].vcpus = (load + LOAD_UNIT / 2) / LOAD_UNIT;
}

void tenant_enter(const struct tenant *tenant, struct sim_host *host)
{
    for ( uint64_t rest = tenant->held; rest; )
    {
        unsigned int node = pop(&rest);

        host->place.nodes[node].free_pages -= tenant->pages[node];
    }
    for ( uint64_t rest = tenant->nodes; rest; )
    {
        unsigned int node = pop(&rest);

        host->runnable[node] += tenant->vcpus;
        host->domains[node]++;
        set_load(host, node, host->load[node] + share(tenant, host, node));
    }
}

void tenant_leave(const struct tenant *tenant, struct sim_host *host)
{
    for ( uint64_t rest = tenant->held; rest; )
    {
        unsigned int node = pop(&rest);

        host->place.nodes[node].free_pages += tenant->pages[node];
    }
    for ( uint64_t rest = tenant->nodes; rest; )
    {
        unsigned int node = pop(&rest);

        host->runnable[node] -= tenant->vcpus;
        host->domains[node]--;
        set_load(host, node, host->load[node] - share(tenant, host, node));
    }
}

static uint32_t distance(const struct sim_host *host, unsigned int a,
                         unsigned int b)
{
    uint32_t told = host->place.nodes[a].distances[b];

    return told == PLACE_NO_DISTANCE ? UNREACHABLE : told;
}

double tenant_excess(const struct tenant *tenant,
                     const struct sim_host *host)
{
    double far = 0, near = 0, pages = 0;

    for ( uint64_t memory = tenant->held; memory; )
        pages += tenant->pages[pop(&memory)];
    for ( uint64_t rest = tenant->nodes; rest; )
    {
        unsigned int node = pop(&rest);
        double cpus = host->place.nodes[node].cpus;

        near += cpus * pages * distance(host, node, node);
        for ( uint64_t memory = tenant->held; memory && cpus > 0; )
        {
            unsigned int there = pop(&memory);

            far += cpus * tenant->pages[there] * distance(host, node, there);
        }
    }

    return far / near - 1;
}
