/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A storm as stowage, and back.
 *
 * What one node holds may move, if it has neither wishes nor chunks that it
 * cannot do without; everything else stays where it is.  Domains that could
 * have one node but got several, or nothing, begin without.
 */

#include <errno.h>
#include <string.h>

#include "storm.h"
#include "stow.h"

struct stow {
    struct place_stowage stowage;
    uint16_t from[PLACE_STOW_MOST];      /* whose each of its domains is     */
    bool out;                            /* some have no node                */
};

static bool may_move(const struct place_request *request)
{
    return request->policy != PLACE_INTERLEAVE &&
           request->chunks != PLACE_CHUNKS_REQUIRED &&
           !request->near && request->group == PLACE_NO_GROUP;
}

/* The nodes each of which would do, if there were no other request. */
static uint64_t nodes_for(const struct storm *storm, size_t i)
{
    struct place_request request = storm->requests[i];
    struct place_reason reason;
    struct place_plan plan;
    uint64_t nodes = 0;

    request.policy = PLACE_STRICT;
    request.max_nodes = 1;
    if ( place_fit(storm->host, storm->held, &request, PLACE_FIT_FIRST, &plan,
                   &reason) )
        return 0;
    for ( unsigned int n = 0; n < storm->host->nr_nodes; n++ )
        if ( reason.verdict[n] == PLACE_CHOSEN ||
             reason.verdict[n] == PLACE_WORSE )
            nodes |= UINT64_C(1) << n;

    return nodes;
}

static void take(struct place_stowage *stowage, const struct place_plan *plan)
{
    for ( unsigned int n = 0; n < stowage->nr_nodes; n++ )
    {
        const uint64_t pages = plan->pages[n] + (n == plan->home_node
                                                 ? plan->overhead_pages : 0);

        stowage->room[n] -= pages;
        stowage->host_room -= pages;
    }
}

/*
 * One that shares too few CPUs, for want of other nodes when it was placed,
 * begins without a node, too; where it does not move, it gets one at the end.
 */
static void add(struct stow *stow, const struct storm *storm, size_t i)
{
    const struct place_request *request = &storm->requests[i];
    const struct place_plan *plan = &storm->plans[i];
    const bool placed = !storm->rc[i];
    const bool single = placed &&
                        plan->nodes == UINT64_C(1) << plan->home_node;
    const uint64_t nodes = nodes_for(storm, i);
    const bool alone = single && (nodes & plan->nodes);
    const uint64_t others = may_move(request) ? nodes : 0;
    const bool stays = !others && (alone || !single);

    if ( placed && (stays || alone) )
        take(&stow->stowage, plan);
    if ( stays )
        return;

    stow->out |= !alone;
    stow->from[stow->stowage.nr] = i;
    stow->stowage.domains[stow->stowage.nr++] = (struct place_stowed){
        .pages = request->guest_pages + request->overhead_pages,
        .guest_pages = request->guest_pages,
        .nodes = others,
        .node = alone ? plan->home_node : PLACE_STOW_OUT,
    };
}

/* Returns whether there is anything to improve. */
static bool make(struct stow *stow, const struct storm *storm)
{
    const struct place_request any = { .guest_pages = 1, .vcpus = 1 };
    size_t order[PLACE_STOW_MOST];
    struct place_reason unread;
    struct place_view view;

    if ( storm->nr > PLACE_STOW_MOST ||
         place_view_make(&view, storm->host, storm->held, &any, &unread) )
        return false;

    stow->out = false;
    stow->stowage.nr = 0;
    stow->stowage.nr_nodes = storm->host->nr_nodes;
    stow->stowage.host_room = view.host_pages;
    memcpy(stow->stowage.room, view.pages, sizeof(view.pages));
    place_batch_order(storm->requests, storm->nr, order);
    for ( size_t n = 0; n < storm->nr; n++ )
        add(stow, storm, order[n]);

    return stow->out;
}

/* Those that do not move are first, so that chunks are left for them. */
static void unmake(const struct stow *stow, struct storm *storm)
{
    const struct place_stowage *stowage = &stow->stowage;

    storm_begin(storm);
    for ( size_t n = 0; n < stowage->nr; n++ )
        storm->rc[stow->from[n]] = ENOSPC;
    for ( size_t i = 0; i < storm->nr; i++ )
        if ( !storm->rc[i] )
            storm_keep(storm, i);
    for ( size_t n = 0; n < stowage->nr; n++ )
        if ( stowage->domains[n].node != PLACE_STOW_OUT )
            storm_place(storm, stow->from[n],
                        PLACE_FIT_NODE + stowage->domains[n].node);
    storm_place_others(storm, PLACE_FIT_SCORE);
}

bool storm_stow(struct storm *storm)
{
    struct stow stow;

    if ( !make(&stow, storm) || !place_stow(&stow.stowage) )
        return false;
    unmake(&stow, storm);

    return true;
}
