/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The sizes of domains to expect: a short table in which each domain that is
 * asked for counts a little, and all older ones a little less.
 */

#include <string.h>

#include "sizes.h"

#define PART 64u                 /* that one domain counts for               */

static unsigned int log2_up(uint64_t value)
{
    return value > 1 ? 64 - __builtin_clzll(value - 1) : 0;
}

static void add(struct place_sizes *sizes, uint64_t pages, uint64_t vcpus,
                uint32_t weight)
{
    if ( !pages || !vcpus || vcpus > UINT32_MAX ||
         sizes->nr == PLACE_MAX_SIZES )
        return;
    sizes->size[sizes->nr].pages = pages;
    sizes->size[sizes->nr].vcpus = vcpus;
    sizes->size[sizes->nr].weight = weight;
    sizes->nr++;
}

/* The node with most memory stands for all. */
static const struct place_node *typical(const struct place_host *host)
{
    const struct place_node *node = &host->nodes[0];

    for ( unsigned int i = 1; i < host->nr_nodes; i++ )
        if ( host->nodes[i].present_pages > node->present_pages )
            node = &host->nodes[i];

    return node;
}

void place_sizes_begin(struct place_sizes *sizes,
                       const struct place_host *host)
{
    const struct place_node *node = typical(host);
    const uint64_t cores = node->cores ? node->cores : 1;
    uint32_t weight = PLACE_SIZES_WEIGHT / 12;

    memset(sizes, 0, sizeof(*sizes));
    for ( uint64_t vcpus = 2; vcpus <= 2 * cores; vcpus *= 2 )
    {
        for ( unsigned int part = 1; part <= 8; part *= 2 )
            add(sizes, node->present_pages / cores / 4 * part * vcpus, vcpus,
                weight);
        weight = weight * 68 / 100;
    }
}

static unsigned int find(const struct place_sizes *sizes, uint64_t pages,
                         uint32_t vcpus)
{
    unsigned int least = 0;

    for ( unsigned int i = 0; i < sizes->nr; i++ )
    {
        if ( log2_up(sizes->size[i].pages) == log2_up(pages) &&
             log2_up(sizes->size[i].vcpus) == log2_up(vcpus) )
            return i;
        if ( sizes->size[i].weight < sizes->size[least].weight )
            least = i;
    }

    return sizes->nr < PLACE_MAX_SIZES ? sizes->nr : least;
}

void place_sizes_learn(struct place_sizes *sizes,
                       const struct place_request *request)
{
    const uint64_t pages = request->guest_pages + request->overhead_pages;
    unsigned int to = find(sizes, pages, request->vcpus);

    for ( unsigned int i = 0; i < sizes->nr; i++ )
        sizes->size[i].weight -= sizes->size[i].weight / PART;
    if ( to == sizes->nr )
    {
        add(sizes, pages, request->vcpus, PLACE_SIZES_WEIGHT / PART);
        return;
    }
    if ( log2_up(sizes->size[to].pages) != log2_up(pages) ||
         log2_up(sizes->size[to].vcpus) != log2_up(request->vcpus) )
        sizes->size[to].weight = 0;
    /* The latest of a class stands for it. */
    sizes->size[to].pages = pages;
    sizes->size[to].vcpus = request->vcpus;
    sizes->size[to].weight += PLACE_SIZES_WEIGHT / PART;
}
