/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a choice costs those who come later.
 *
 * Slot regret: how much memory of the domains to expect no longer fits, each
 * size alone on the host, weighed by how often it is asked for.  A node's
 * remainder that is of no use to anybody costs nothing.  Cores are shared, so
 * they limit no slots; to the regret comes the load of the node's cores, which
 * counts the more the emptier the host is: while there is memory everywhere,
 * domains had better run apart.
 */

#include "view.h"

#define ONE 1024u                /* the unit of shares                       */

/*
 * Tuned with the simulator, on seeds that no comparison uses.  Much less
 * leaves some nodes with twice the mean load; more takes large holes apart.
 */
#define LOAD_WEIGHT        2u
#define STRICT_LOAD_WEIGHT 8u

/* No domain has more; keeps the square of a load within 64 bits. */
#define MAX_LOAD (UINT64_C(1) << 20)

/* In pages, times PLACE_SIZES_WEIGHT. */
static uint64_t regret(const struct place_view *view, unsigned int node,
                       uint64_t pages)
{
    const uint64_t rest = place_rest(view->pages[node], pages);
    uint64_t sum = 0;

    for ( unsigned int i = 0; i < view->sizes.nr; i++ )
    {
        const uint64_t size = view->sizes.size[i].pages;

        if ( view->pages[node] >= size )
            sum += (view->pages[node] / size - rest / size) * size *
                   view->sizes.size[i].weight;
    }

    return sum;
}

/*
 * Squared, since it is the highest load of a node that hurts.  A strict domain
 * that finds no node is refused: there only vCPUs count for which there are no
 * cores, so that nodes are kept whole otherwise.
 */
static uint64_t load(const struct place_view *view, unsigned int node,
                     uint32_t vcpus)
{
    const uint64_t cores = view->cores[node] ? view->cores[node] : 1;
    uint64_t all = view->vcpus[node] + (uint64_t)vcpus;
    uint64_t part;

    if ( view->request->policy == PLACE_STRICT )
        all = place_rest(all, cores);
    part = all * ONE / cores;

    part = part < MAX_LOAD ? part * part / ONE : MAX_LOAD * MAX_LOAD / ONE;

    return part * (view->request->policy == PLACE_STRICT ? STRICT_LOAD_WEIGHT
                                                         : LOAD_WEIGHT);
}

struct place_terms place_score_terms(const struct place_view *view,
                                     unsigned int node, uint64_t pages,
                                     uint32_t vcpus)
{
    return (struct place_terms){
        .regret = regret(view, node, pages) / view->need_pages /
                  (PLACE_SIZES_WEIGHT / ONE),
        .load = load(view, node, vcpus) * view->empty / ONE,
    };
}

uint64_t place_score(const struct place_view *view, unsigned int node,
                     uint64_t pages, uint32_t vcpus)
{
    const struct place_terms terms = place_score_terms(view, node, pages,
                                                       vcpus);

    return terms.regret + terms.load;
}
