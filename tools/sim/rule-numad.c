/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * numad's advice for a process that is yet to start (numad -w CPUS:MB).
 *
 * What a node is worth grows with its free memory times its free CPUs, what
 * is asked for counting more than what is left over, and falls with the square
 * of the distance from the node where the process begins.  It is advice: there
 * always is some, nothing is reserved, and nobody looks whether it fits.
 *
 * Memory is in MiB and CPUs are in hundredths, as there.  A vCPU is taken to
 * keep a CPU busy.
 */

#include <errno.h>
#include <string.h>

#include "rules.h"
#include "set.h"

#define CPU             100u
/* What a node is to have left of its memory. */
#define MARGIN_MIB      100u
#define PAGES_PER_MIB   256u

/* Weights of what is asked for, and of what a node has beyond that. */
#define MEMORY_NEEDED   10u
#define MEMORY_EXCESS   4u
#define CPUS_NEEDED     6u
#define CPUS_EXCESS     1u

/*
 * So that a division by a distance's square keeps its digits; the product
 * with a magnitude fits in 64 bits for nodes of 256 TiB and 1000 CPUs.
 */
#define PRECISION       1000u

struct node {
    unsigned int id;
    uint64_t mib;                /* free                                     */
    uint64_t cpus;               /* free, in hundredths                      */
    uint64_t magnitude;
    uint32_t distance;           /* from the root                            */
};

struct advice {
    const struct sim_host *host;
    uint64_t need_mib;
    uint64_t need_cpus;          /* in hundredths                            */
    unsigned int least;          /* nodes                                    */
    unsigned int nr;
    struct node nodes[PLACE_MAX_NODES];
};

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A part of a product: what is needed weighs more than what is over. */
static uint64_t weigh(uint64_t have, uint64_t need, unsigned int needed,
                      unsigned int excess)
{
    uint64_t use = least(have, need);

    return needed * use + excess * (have - use);
}

static void add_node(struct advice *advice, unsigned int id)
{
    const struct place_node *from = &advice->host->place.nodes[id];
    uint64_t cpus = (uint64_t)from->cpus * CPU;
    uint64_t load = advice->host->load[id] * CPU / 1024;
    struct node *node = &advice->nodes[advice->nr++];

    node->id = id;
    node->mib = from->free_pages / PAGES_PER_MIB;
    node->cpus = cpus > load ? cpus - load : 1;
    node->magnitude =
        weigh(node->mib, advice->need_mib, MEMORY_NEEDED, MEMORY_EXCESS) *
        weigh(node->cpus, advice->need_cpus, CPUS_NEEDED, CPUS_EXCESS);
}

/* How many nodes like the first one are needed; 1 if it has nothing. */
static uint64_t like_first(uint64_t need, uint64_t first)
{
    return first ? (need + first - 1) / first : 1;
}

static void prepare(struct advice *advice, const struct sim_host *host,
                    const struct place_request *request)
{
    const struct place_node *first = &host->place.nodes[0];
    uint64_t usable = sim_set_usable(host, request), by_memory, by_cpus;

    advice->host = host;
    advice->need_mib = (request->guest_pages + PAGES_PER_MIB - 1) /
                       PAGES_PER_MIB;
    advice->need_cpus = (uint64_t)request->vcpus * CPU;
    advice->nr = 0;
    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
        if ( sim_set_has(usable, i) )
            add_node(advice, i);

    by_memory = like_first(advice->need_mib,
                           first->present_pages / PAGES_PER_MIB);
    by_cpus = like_first(advice->need_cpus, (uint64_t)first->cpus * CPU);
    advice->least = least(by_memory > by_cpus ? by_memory : by_cpus,
                          advice->nr);
}

static bool before(const struct node *a, const struct node *b)
{
    if ( a->distance != b->distance )
        return a->distance < b->distance;
    if ( a->magnitude != b->magnitude )
        return a->magnitude > b->magnitude;

    return a->id < b->id;
}

/* Nearest to the root first. */
static void sort(struct advice *advice, unsigned int root)
{
    for ( unsigned int i = 0; i < advice->nr; i++ )
    {
        struct node node = advice->nodes[i];
        unsigned int to = i;

        node.distance = sim_set_distance(advice->host, root, node.id);
        for ( ; to > 0 && before(&node, &advice->nodes[to - 1]); to-- )
            advice->nodes[to] = advice->nodes[to - 1];
        advice->nodes[to] = node;
    }
}

/* What the nodes next to the root are worth; the advice is sorted. */
static uint64_t worth(const struct advice *advice)
{
    uint64_t total = 0;

    for ( unsigned int i = 0; i < advice->least; i++ )
    {
        const struct node *node = &advice->nodes[i];
        uint64_t square = (uint64_t)node->distance * node->distance;

        total += node->magnitude * PRECISION / (square ? square : 1);
    }

    return total;
}

/* From the root on, until there is enough, or no node any more. */
static uint64_t take(const struct advice *advice)
{
    uint64_t mib = advice->need_mib, cpus = advice->need_cpus, set = 0;

    for ( unsigned int i = 0;
          i < advice->nr && (i < advice->least || mib || cpus); i++ )
    {
        const struct node *node = &advice->nodes[i];
        uint64_t has = node->mib - least(node->mib, MARGIN_MIB);

        set |= UINT64_C(1) << node->id;
        mib -= least(mib, has);
        cpus -= least(cpus, node->cpus);
    }

    return set;
}

int sim_numad_choose(void *state, const struct sim_host *host,
                     const struct place_request *request,
                     struct sim_choice *choice)
{
    uint64_t usable = sim_set_usable(host, request), most = 0;
    struct advice advice;

    (void)state;
    memset(choice, 0, sizeof(*choice));
    prepare(&advice, host, request);
    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
    {
        uint64_t total;

        if ( !sim_set_has(usable, i) )
            continue;
        sort(&advice, i);
        total = worth(&advice);
        if ( !choice->nodes || total > most )
        {
            choice->nodes = take(&advice);
            most = total;
        }
    }
    if ( choice->nodes )
        return 0;

    errno = ENOSPC;

    return -1;
}
