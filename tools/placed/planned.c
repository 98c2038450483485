/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One plan for each domid, the last one: what is kept of domains that are
 * gone is bounded by the ids that there are.
 */

#include <stdlib.h>
#include <string.h>

#include "grant.h"
#include "planned.h"


struct planned {
    uint64_t unique_id;
    uint64_t overhead_pages;
    uint64_t cpu_nodes;
    uint32_t vcpus;
    uint32_t home_node;
    bool own;
    unsigned int nr;
    struct {
        uint32_t node;
        uint64_t pages;
    } shares[];
};

static struct planned *plans[GRANT_NR_DOMIDS];

static unsigned int count_nodes(const struct place_plan *plan)
{
    unsigned int nr = 0;

    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        nr += plan->pages[i] != 0;

    return nr;
}

void planned_keep(uint32_t domid, uint64_t unique_id,
                  const struct place_plan *plan, uint32_t vcpus, bool own)
{
    struct planned *planned;

    if ( domid >= GRANT_NR_DOMIDS )
        return;

    free(plans[domid]);
    planned = malloc(sizeof(*planned) +
                     count_nodes(plan) * sizeof(planned->shares[0]));
    plans[domid] = planned;
    if ( !planned )
        return;

    planned->unique_id = unique_id;
    planned->cpu_nodes = plan->cpu_nodes;
    planned->vcpus = vcpus;
    planned->home_node = plan->home_node;
    planned->own = own;
    planned->overhead_pages = plan->overhead_pages;
    planned->nr = 0;
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        if ( plan->pages[i] )
        {
            planned->shares[planned->nr].node = i;
            planned->shares[planned->nr++].pages = plan->pages[i];
        }
}

static const struct planned *plan_of(uint32_t domid)
{
    return domid < GRANT_NR_DOMIDS ? plans[domid] : NULL;
}

uint64_t planned_unique_id(uint32_t domid)
{
    const struct planned *planned = plan_of(domid);

    return planned ? planned->unique_id : 0;
}

bool planned_is_own(uint32_t domid, uint64_t unique_id)
{
    const struct planned *planned = plan_of(domid);

    return planned && planned->unique_id == unique_id && planned->own;
}

void planned_drop(uint32_t domid)
{
    if ( domid < GRANT_NR_DOMIDS )
    {
        free(plans[domid]);
        plans[domid] = NULL;
    }
}

void planned_find(uint32_t domid, uint64_t unique_id,
                  struct listing_plan *plan)
{
    const struct planned *planned = plan_of(domid);

    memset(plan, 0, sizeof(*plan));
    if ( !planned || planned->unique_id != unique_id )
        return;

    plan->known = true;
    plan->home_node = planned->home_node;
    plan->structures_pages = planned->overhead_pages;
    for ( unsigned int i = 0; i < planned->nr; i++ )
        plan->pages.pages[planned->shares[i].node] =
            planned->shares[i].pages;
}

void planned_load(uint32_t domid, struct place_host *host)
{
    const struct planned *planned = plan_of(domid);

    for ( unsigned int i = 0; planned && i < host->nr_nodes; i++ )
        host->nodes[i].vcpus += place_vcpus_on(planned->cpu_nodes,
                                               planned->vcpus, i);
}
