/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The sizes of domains to expect: a short table in which each domain that is
 * asked for counts a little, and all older ones a little less.
 */

#include <string.h>

#include "sizes.h"

#define PART 64u                 /* that one domain counts for               */

/* Of the guess: 5 numbers of vCPUs and more, 4 sizes each, sum up to all. */
#define FIRST_WEIGHT (PLACE_SIZES_WEIGHT / 12)

/* Of the nearest power of two, from three quarters of it up; value > 0. */
static unsigned int log2_near(uint64_t value)
{
    return 63 - __builtin_clzll(value + value / 3);
}

/* The entry of that size; or a new one; or, if there is no room, the rarest. */
static unsigned int find(struct place_sizes *sizes, uint64_t pages)
{
    unsigned int rarest = 0;

    for ( unsigned int i = 0; i < sizes->nr; i++ )
    {
        if ( log2_near(sizes->size[i].pages) == log2_near(pages) )
            return i;
        if ( sizes->size[i].weight < sizes->size[rarest].weight )
            rarest = i;
    }
    if ( sizes->nr < PLACE_MAX_SIZES )
        rarest = sizes->nr++;
    sizes->size[rarest].weight = 0;

    return rarest;
}

static void add(struct place_sizes *sizes, uint64_t pages, uint32_t weight)
{
    unsigned int to;

    if ( !pages )
        return;
    to = find(sizes, pages);
    sizes->size[to].pages = pages;
    sizes->size[to].weight += weight;
}

static uint32_t cores_of(const struct place_node *node)
{
    return node->cores ? node->cores : node->cpus;
}

/* One with CPUs, of these with most memory, of these with most cores. */
static const struct place_node *typical(const struct place_host *host)
{
    const struct place_node *node = &host->nodes[0];

    for ( unsigned int i = 1; i < host->nr_nodes; i++ )
    {
        const struct place_node *other = &host->nodes[i];

        if ( !cores_of(node) != !cores_of(other) )
            node = cores_of(other) ? other : node;
        else if ( other->present_pages > node->present_pages ||
                  (other->present_pages == node->present_pages &&
                   cores_of(other) > cores_of(node)) )
            node = other;
    }

    return node;
}

void place_sizes_begin(struct place_sizes *sizes,
                       const struct place_host *host)
{
    const struct place_node *node = typical(host);
    const uint64_t cores = cores_of(node) ? cores_of(node) : 1;
    uint32_t weight = FIRST_WEIGHT;

    memset(sizes, 0, sizeof(*sizes));
    for ( uint64_t vcpus = 2; vcpus <= 2 * cores; vcpus *= 2 )
    {
        for ( unsigned int part = 1; part <= 8; part *= 2 )
            add(sizes, node->present_pages / cores / 4 * part * vcpus,
                weight);
        weight = weight * 68 / 100;
    }
}

void place_sizes_learn(struct place_sizes *sizes,
                       const struct place_request *request)
{
    for ( unsigned int i = 0; i < sizes->nr; i++ )
        sizes->size[i].weight -= sizes->size[i].weight / PART;
    add(sizes, request->guest_pages, PLACE_SIZES_WEIGHT / PART);
}
