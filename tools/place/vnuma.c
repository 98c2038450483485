/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Virtual nodes of a plan: one for each of its nodes.
 */

#include <string.h>

#include "vnuma.h"

static uint8_t distance(const struct place_host *host, unsigned int from,
                        unsigned int to)
{
    const uint32_t distance = host->nodes[from].distances[to];

    if ( from == to )
        return PLACE_VNUMA_LOCAL;
    if ( distance <= PLACE_VNUMA_LOCAL )
        return PLACE_VNUMA_LOCAL + 1;

    return distance < PLACE_VNUMA_FAR ? distance : PLACE_VNUMA_FAR;
}

static void add(struct place_vnuma *vnuma, const struct place_plan *plan,
                unsigned int node, uint32_t vcpus, uint32_t *next_vcpu)
{
    struct place_vnode *vnode = &vnuma->vnodes[vnuma->nr++];

    vnode->node = node;
    vnode->pages = plan->pages[node];
    vnode->vcpus = place_vcpus_on(plan->cpu_nodes, vcpus, node);
    vnode->first_vcpu = *next_vcpu;
    *next_vcpu += vnode->vcpus;
}

void place_vnuma_make(const struct place_host *host,
                      const struct place_plan *plan, uint32_t vcpus,
                      struct place_vnuma *vnuma)
{
    /* The home node may hold nothing but structures, or vCPUs. */
    const uint64_t nodes = plan->nodes | plan->cpu_nodes;
    const uint64_t home = UINT64_C(1) << plan->home_node;
    uint32_t next_vcpu = 0;

    memset(vnuma, 0, sizeof(*vnuma));
    if ( nodes & home )
        add(vnuma, plan, plan->home_node, vcpus, &next_vcpu);
    for ( uint64_t todo = nodes & ~home; todo; todo &= todo - 1 )
        add(vnuma, plan, __builtin_ctzll(todo), vcpus, &next_vcpu);

    for ( unsigned int i = 0; i < vnuma->nr; i++ )
        for ( unsigned int j = 0; j < vnuma->nr; j++ )
            vnuma->vnodes[i].distances[j] =
                distance(host, vnuma->vnodes[i].node, vnuma->vnodes[j].node);
}
