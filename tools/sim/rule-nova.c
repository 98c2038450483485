/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * OpenStack Nova: cells of a guest on cells of a host.
 *
 * A guest is one cell.  One that an empty node would not hold has as many
 * equal cells as it takes, which is what its flavour would say.  Host cells
 * are tried by the memory that is used on them, most (pack) or least (spread)
 * first; as the guest's cells are equal, the first ones that fit are what
 * trying every permutation ends with.  Distances count for nothing.  A cell's
 * memory is bound to its node, so all of it is claimed there; its vCPUs float
 * over the CPUs of the node, which must be as many.
 */

#include <errno.h>
#include <string.h>

#include "rules.h"
#include "set.h"

struct cells {
    unsigned int nr;             /* 0 if no number of cells would do         */
    uint64_t pages;              /* of the largest                           */
    uint32_t vcpus;
};

static struct cells cut(const struct place_request *request, unsigned int nr)
{
    return (struct cells){
        .nr = nr,
        .pages = (request->guest_pages + nr - 1) / nr,
        .vcpus = ((uint64_t)request->vcpus + nr - 1) / nr,
    };
}

/* What the flavour says: by empty nodes, whatever is free now. */
static struct cells flavour(const struct sim_host *host, uint64_t usable,
                            const struct place_request *request)
{
    for ( unsigned int nr = 1; nr <= host->place.nr_nodes; nr++ )
    {
        struct cells cells = cut(request, nr);

        for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
            if ( sim_set_has(usable, i) &&
                 host->place.nodes[i].present_pages >= cells.pages &&
                 host->place.nodes[i].cpus >= cells.vcpus )
                return cells;
    }

    return (struct cells){ 0 };
}

static uint64_t used(const struct sim_host *host, unsigned int node)
{
    return host->place.nodes[node].present_pages -
           host->place.nodes[node].free_pages;
}

/* Of a set that is not empty; the lower node on ties. */
static unsigned int next_of(const struct sim_host *host, uint64_t set,
                            bool pack)
{
    unsigned int next = __builtin_ctzll(set);

    for ( uint64_t rest = set; rest; rest &= rest - 1 )
    {
        unsigned int i = __builtin_ctzll(rest);

        if ( pack ? used(host, i) > used(host, next)
                  : used(host, i) < used(host, next) )
            next = i;
    }

    return next;
}

/* The nodes for the cells; fewer of them if not all fit. */
static uint64_t map(const struct sim_host *host, const struct cells *cells,
                    uint64_t usable, bool pack)
{
    unsigned int nr = 0;
    uint64_t set = 0;

    while ( usable && nr < cells->nr )
    {
        unsigned int node = next_of(host, usable, pack);

        usable &= ~(UINT64_C(1) << node);
        if ( host->place.nodes[node].free_pages < cells->pages ||
             host->place.nodes[node].cpus < cells->vcpus )
            continue;
        set |= UINT64_C(1) << node;
        nr++;
    }

    return set;
}

static int choose(const struct sim_host *host,
                  const struct place_request *request, bool pack,
                  struct sim_choice *choice)
{
    uint64_t usable = sim_set_usable(host, request);
    struct cells cells = flavour(host, usable, request);
    uint64_t set = map(host, &cells, usable, pack);

    memset(choice, 0, sizeof(*choice));
    if ( !set || (unsigned int)__builtin_popcountll(set) < cells.nr )
    {
        errno = ENOSPC;
        return -1;
    }

    choice->nodes = set;
    sim_set_share(host, set, request->guest_pages, choice->claimed);

    return 0;
}

int sim_nova_pack_choose(void *state, const struct sim_host *host,
                         const struct place_request *request,
                         struct sim_choice *choice)
{
    (void)state;

    return choose(host, request, true, choice);
}

int sim_nova_spread_choose(void *state, const struct sim_host *host,
                           const struct place_request *request,
                           struct sim_choice *choice)
{
    (void)state;

    return choose(host, request, false, choice);
}
