/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a request wishes, as one number for each node: how far its device is,
 * then how well its group is served.
 */

#include "view.h"

/* Of the number that the group has; more than any distance or members. */
#define GROUP_BITS 32u

/* From a node to the nearest of some. */
static uint64_t distance_to(const struct place_view *view, unsigned int node,
                            uint64_t nodes)
{
    uint64_t least = UINT32_MAX;

    for ( ; nodes; nodes &= nodes - 1 )
    {
        const unsigned int other = __builtin_ctzll(nodes);
        uint64_t distance = PLACE_LOCAL_DISTANCE;

        if ( other >= view->host->nr_nodes )
            break;
        if ( other != node )
            distance = place_view_distance(view, node, other);
        least = distance < least ? distance : least;
    }

    return least;
}

static uint64_t with_members(const struct place_request *request)
{
    uint64_t nodes = 0;

    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        nodes |= request->members[i] ? UINT64_C(1) << i : 0;

    return nodes;
}

void place_view_rank(struct place_view *view)
{
    const struct place_request *request = view->request;
    const uint64_t members = request->group == PLACE_PACK
                             ? with_members(request) : 0;

    if ( !request->near && request->group == PLACE_NO_GROUP )
        return;
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        uint64_t rank = 0;

        if ( request->near )
            rank = distance_to(view, i, request->near) << GROUP_BITS;
        if ( request->group == PLACE_SPREAD )
            rank += request->members[i];
        else if ( members )
            rank += distance_to(view, i, members);
        view->rank[i] = rank;
    }
}
