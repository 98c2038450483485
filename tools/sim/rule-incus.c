/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Incus, with its CPUs "balanced" over nodes: the node on which there are
 * fewest instances, whatever memory and CPUs it has left.
 */

#include <errno.h>
#include <string.h>

#include "rules.h"
#include "set.h"

int sim_incus_choose(void *state, const struct sim_host *host,
                     const struct place_request *request,
                     struct sim_choice *choice)
{
    uint64_t usable = sim_set_usable(host, request);
    uint32_t least = 0;

    (void)state;
    memset(choice, 0, sizeof(*choice));
    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
    {
        /* Instances are put on CPUs. */
        if ( !sim_set_has(usable, i) || !host->place.nodes[i].cpus )
            continue;
        if ( !choice->nodes || host->domains[i] < least )
        {
            choice->nodes = UINT64_C(1) << i;
            least = host->domains[i];
        }
    }
    if ( choice->nodes )
        return 0;

    errno = ENOSPC;

    return -1;
}
