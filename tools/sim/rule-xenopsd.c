/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * xenopsd as one rule among others, best effort: as many physical cores as
 * vCPUs.
 *
 * As shipped, only a single node comes through: it is claimed there.  A set of
 * several is dropped after it was chosen and counted: the domain is claimed
 * on the host, runs anywhere, and its memory is striped, just as one that fits
 * nowhere.  As documented, the set is honoured, with memory evenly in it.
 */

#include <errno.h>
#include <string.h>

#include "rules.h"
#include "set.h"
#include "xenopsd.h"

void *sim_xenopsd_begin(const struct sim_host *host, uint64_t seed)
{
    (void)seed;

    return sim_xenopsd_make(&host->place);
}

void sim_xenopsd_end(void *state)
{
    sim_xenopsd_free(state);
}

static uint64_t pick(struct sim_xenopsd *xenopsd, const struct sim_host *host,
                     const struct place_request *request)
{
    uint64_t free_kib[PLACE_MAX_NODES] = { 0 };

    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
        free_kib[i] = host->place.nodes[i].free_pages * 4;

    return sim_xenopsd_pick(xenopsd, sim_set_usable(host, request), free_kib,
                            request->guest_pages * 4, request->vcpus,
                            request->vcpus);
}

int sim_xenopsd_choose(void *state, const struct sim_host *host,
                       const struct place_request *request,
                       struct sim_choice *choice)
{
    uint64_t set = pick(state, host, request);

    memset(choice, 0, sizeof(*choice));
    if ( __builtin_popcountll(set) != 1 )
        return 0;

    choice->nodes = set;
    choice->claimed[__builtin_ctzll(set)] = request->guest_pages;

    return 0;
}

int sim_xenopsd_documented_choose(void *state, const struct sim_host *host,
                                  const struct place_request *request,
                                  struct sim_choice *choice)
{
    memset(choice, 0, sizeof(*choice));
    choice->nodes = pick(state, host, request);
    if ( !choice->nodes )
    {
        errno = ENOSPC;
        return -1;
    }
    sim_set_share(host, choice->nodes, request->guest_pages, choice->claimed);

    return 0;
}
