/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The automatic placement of libxl (tools/libs/light/libxl_numa.c of Xen
 * 4.20, and numa_place_domain in libxl_dom.c).
 *
 * As few nodes as will do; of the sets of that size the one with fewest vCPUs
 * that may run on its nodes, then with most free memory.  Distances count for
 * nothing.  libxl sums a set's free KiB in 32 bits, so that 4 TiB are nothing,
 * and compares two sums by the sign of an int, so that one that is ahead by
 * 2 TiB is behind.  Such an order is none: the answer depends on which set is
 * looked at first, which here as there is the one with the lowest nodes.
 *
 * The domain gets the set as its node affinity; nothing is claimed.
 */

#include <errno.h>
#include <string.h>

#include "rules.h"
#include "set.h"

/* libxl places nothing where there are more: their sets are too many. */
#define MAX_NODES 16u

struct sum {
    uint64_t set;
    uint64_t free_kib;
    uint32_t cpus;
    int32_t vcpus;               /* that may run there                       */
};

struct search {
    bool repaired;
    unsigned int nr;
    struct sum nodes[MAX_NODES]; /* those with CPUs, each for itself         */
    uint64_t need_kib;
    uint32_t need_cpus;
    struct sum best;             /* its set is 0 while there is none         */
};

static uint64_t narrow(const struct search *search, uint64_t kib)
{
    return search->repaired ? kib : (uint32_t)kib;
}

static bool better(const struct search *search, const struct sum *a,
                   const struct sum *b)
{
    if ( a->vcpus != b->vcpus )
        return a->vcpus < b->vcpus;
    if ( search->repaired )
        return a->free_kib > b->free_kib;

    return (int32_t)(uint32_t)(b->free_kib - a->free_kib) < 0;
}

static void consider(struct search *search, const struct sum *sum)
{
    if ( sum->free_kib >= search->need_kib &&
         sum->cpus >= search->need_cpus &&
         (!search->best.set || better(search, sum, &search->best)) )
        search->best = *sum;
}

/* Add `more` nodes in every way, from the i-th on. */
static void descend(struct search *search, const struct sum *sum,
                    unsigned int i, unsigned int more)
{
    if ( !more )
    {
        consider(search, sum);
        return;
    }

    for ( ; i + more <= search->nr; i++ )
    {
        const struct sum *node = &search->nodes[i];
        const struct sum next = {
            .set = sum->set | node->set,
            .free_kib = narrow(search, sum->free_kib + node->free_kib),
            .cpus = sum->cpus + node->cpus,
            .vcpus = sum->vcpus + node->vcpus,
        };

        descend(search, &next, i + 1, more - 1);
    }
}

static void prepare(struct search *search, const struct sim_host *host,
                    const struct place_request *request)
{
    uint64_t usable = sim_set_usable(host, request);

    search->need_kib = request->guest_pages * 4;
    search->need_cpus = request->vcpus;
    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
    {
        const struct place_node *node = &host->place.nodes[i];

        if ( !sim_set_has(usable, i) || !node->cpus )
            continue;
        search->nodes[search->nr++] = (struct sum){
            .set = UINT64_C(1) << i,
            .free_kib = node->free_pages * 4,
            .cpus = node->cpus,
            .vcpus = host->runnable[i],
        };
    }
}

static int choose(const struct sim_host *host,
                  const struct place_request *request, bool repaired,
                  struct sim_choice *choice)
{
    struct search search = { .repaired = repaired };
    const struct sum empty = { 0 };

    memset(choice, 0, sizeof(*choice));
    if ( host->place.nr_nodes < 2 || host->place.nr_nodes > MAX_NODES )
        goto none;

    prepare(&search, host, request);
    /*
     * libxl begins with what the vCPUs need at least, where all nodes have as
     * many CPUs; smaller sets do not fit then, so that it makes no difference.
     */
    for ( unsigned int size = 1;
          size <= search.nr && !search.best.set; size++ )
        descend(&search, &empty, 0, size);
    if ( !search.best.set )
        goto none;

    choice->nodes = search.best.set;

    return 0;

 none:
    errno = ENOSPC;

    return -1;
}

int sim_xl_choose(void *state, const struct sim_host *host,
                  const struct place_request *request,
                  struct sim_choice *choice)
{
    (void)state;

    return choose(host, request, false, choice);
}

int sim_xl_repaired_choose(void *state, const struct sim_host *host,
                           const struct place_request *request,
                           struct sim_choice *choice)
{
    (void)state;

    return choose(host, request, true, choice);
}
