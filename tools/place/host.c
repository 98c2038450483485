/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The check of a host before anything is computed from it: what passes can
 * be summed and indexed without further thought.
 */

#include <errno.h>

#include "host.h"
#include "request.h"

int place_host_check(const struct place_host *host)
{
    if ( host->nr_nodes == 0 || host->nr_nodes > PLACE_MAX_NODES )
        goto invalid;

    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        const struct place_node *node = &host->nodes[i];

        if ( node->present_pages > PLACE_MAX_PAGES ||
             node->free_pages > node->present_pages )
            goto invalid;
        for ( unsigned int level = 0; level < PLACE_LEVELS; level++ )
            if ( node->chunks[level] >
                 node->present_pages >> PLACE_CHUNK_ORDER(level) )
                goto invalid;
    }

    return 0;

 invalid:
    errno = EINVAL;

    return -1;
}
