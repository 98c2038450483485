/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a choice costs those who come later.
 *
 * Slot regret: how much memory of the domains to expect no longer fits, each
 * kind alone on the host, weighed by how often it is asked for.  A node's
 * remainder that is of no use to anybody costs nothing.  To that comes the
 * load of the node's cores, which counts the more the emptier the host is:
 * while there is memory everywhere, domains had better run apart.
 */

#include "view.h"

#define ONE 1024u                /* the unit of shares                       */

/*
 * Tuned with the simulator, on seeds that no comparison uses: from 4 to 16 it
 * makes little difference; less leaves some nodes with twice the mean load.
 */
#define LOAD_WEIGHT 8u

/* No domain has more; keeps the square of a load within 64 bits. */
#define MAX_LOAD (UINT64_C(1) << 20)

/* How many of a size fit, by memory and by cores. */
static uint64_t slots(uint64_t pages, uint64_t cores, uint64_t size_pages,
                      uint32_t size_vcpus)
{
    uint64_t by_pages = pages / size_pages, by_cores = cores / size_vcpus;

    return by_pages < by_cores ? by_pages : by_cores;
}

/* In pages, times PLACE_SIZES_WEIGHT. */
static uint64_t regret(const struct place_view *view, unsigned int node,
                       uint64_t pages, uint32_t vcpus)
{
    const uint64_t cores = place_rest(view->cores[node], view->vcpus[node]);
    const uint64_t less_pages = place_rest(view->pages[node], pages);
    const uint64_t less_cores = place_rest(cores, vcpus);
    uint64_t sum = 0;

    for ( unsigned int i = 0; i < view->sizes.nr; i++ )
    {
        const uint64_t size_pages = view->sizes.size[i].pages;
        const uint32_t size_vcpus = view->sizes.size[i].vcpus;
        uint64_t lost;

        if ( view->pages[node] < size_pages )
            continue;
        lost = slots(view->pages[node], cores, size_pages, size_vcpus) -
               slots(less_pages, less_cores, size_pages, size_vcpus);
        sum += lost * size_pages * view->sizes.size[i].weight;
    }

    return sum;
}

/* Squared, since it is the highest load of a node that hurts. */
static uint64_t load(const struct place_view *view, unsigned int node,
                     uint32_t vcpus)
{
    const uint64_t cores = view->cores[node] ? view->cores[node] : 1;
    const uint64_t all = view->vcpus[node] + (uint64_t)vcpus;
    const uint64_t part = all * ONE / cores;

    return part < MAX_LOAD ? part * part / ONE : MAX_LOAD * MAX_LOAD / ONE;
}

uint64_t place_score(const struct place_view *view, unsigned int node,
                     uint64_t pages, uint32_t vcpus)
{
    return regret(view, node, pages, vcpus) / view->need_pages /
           (PLACE_SIZES_WEIGHT / ONE) +
           LOAD_WEIGHT * load(view, node, vcpus) * view->empty / ONE;
}
