/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How many more domains of a size fit.
 *
 * place() takes single nodes as long as one holds the request, so those need
 * only be divided.  The others are placed one by one: where every node has the
 * CPUs for one they are fewer than there are nodes, but where it takes several
 * nodes' CPUs they may be many, which is what they are limited for.  When the
 * last memory of a node is gone so are its CPUs, and single nodes may do
 * again.  From one to the next only what it takes changes; the rest is made
 * once.
 */

#include <string.h>

#include "mix.h"
#include "rings.h"

uint64_t place_sample_unused(const struct place_sample *sample)
{
    return sample->unused_pages < sample->request.overhead_pages
           ? sample->unused_pages : sample->request.overhead_pages;
}

/* Each needs so much to be placed, and then takes less of it. */
static uint64_t divide(uint64_t have, uint64_t need, uint64_t takes)
{
    return have < need ? 0 : (have - need) / takes + 1;
}

/* On single nodes: at most as many as the host can have. */
static void count_alone(const struct place_view *view,
                        const struct place_sample *sample,
                        struct place_capacity *capacity)
{
    const uint64_t takes = view->need_pages - place_sample_unused(sample);
    uint64_t most = divide(view->host_pages, view->need_pages, takes);

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        uint64_t nr = divide(view->pages[i], view->need_pages, takes);

        if ( !(view->allowed & (UINT64_C(1) << i)) ||
             view->cpus[i] < view->need_cpus )
            continue;
        nr = nr < most ? nr : most;
        most -= nr;
        capacity->alone[i] = nr;
        capacity->domains += nr;
    }
}

static bool is_same(const struct place_sizes *a, const struct place_sizes *b)
{
    bool same = a->nr == b->nr;

    for ( unsigned int i = 0; i < a->nr && same; i++ )
        same = a->size[i].pages == b->size[i].pages &&
               a->size[i].weight == b->size[i].weight;

    return same;
}

/* After some hundreds of a size nothing changes any more. */
static void learn(struct place_sizes *sizes,
                  const struct place_request *request, uint64_t times)
{
    struct place_sizes before;

    while ( times-- )
    {
        before = *sizes;
        place_sizes_learn(sizes, request);
        if ( is_same(sizes, &before) )
            break;
    }
}

/* More than any host has count as that many. */
static uint32_t add_vcpus(uint32_t vcpus, uint64_t domains, uint32_t each)
{
    const uint64_t most = (UINT32_MAX - vcpus) / each;

    return vcpus + (domains < most ? domains : most) * each;
}

static void take_alone(struct place_view *view,
                       const struct place_sample *sample,
                       const struct place_capacity *capacity)
{
    const uint64_t takes = view->need_pages - place_sample_unused(sample);
    struct place_plan all = { 0 };

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        all.pages[i] = capacity->alone[i] * takes;
        view->vcpus[i] = add_vcpus(view->vcpus[i], capacity->alone[i],
                                   sample->request.vcpus);
    }
    place_view_take(view, &all);
}

void place_capacity_count(struct place_capacity *capacity,
                          const struct place_plan *plan)
{
    capacity->domains++;
    if ( !(plan->nodes & (plan->nodes - 1)) )
    {
        capacity->alone[plan->home_node]++;
        return;
    }
    capacity->spanning++;
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        capacity->spanning_pages[i] += plan->pages[i];
}

static void count_others(struct place_view *view,
                           const struct place_sample *sample,
                           struct place_sizes *sizes,
                           struct place_capacity *capacity)
{
    struct place_reason unread = { 0 };
    struct place_rings rings;
    struct place_plan plan;

    rings.made = 0;
    for ( unsigned int nr = 0;
          !place_seen(view, &rings, PLACE_FIT_SCORE, &plan, &unread); nr++ )
    {
        if ( nr == PLACE_CAPACITY_MOST )
        {
            capacity->complete = false;
            return;
        }
        place_capacity_count(capacity, &plan);
        plan.overhead_pages -= place_sample_unused(sample);
        place_view_take(view, &plan);
        if ( sizes )
        {
            place_sizes_learn(sizes, &sample->request);
            view->sizes = *sizes;
        }
    }
}

/*
 * Whether single nodes are taken as long as one has the memory.  Otherwise
 * each domain is placed by itself.
 */
static bool can_divide(const struct place_request *request)
{
    return request->policy != PLACE_INTERLEAVE &&
           request->chunks != PLACE_CHUNKS_REQUIRED;
}

static int place_each(const struct place_host *host,
                      const struct place_held *held,
                      const struct place_sample *sample,
                      struct place_sizes *sizes,
                      struct place_capacity *capacity)
{
    struct place_mix mix;

    return place_mix(host, held, sample, 1, sizes, &mix, capacity);
}

int place_capacity(const struct place_host *host,
                   const struct place_held *held,
                   const struct place_sample *sample,
                   struct place_sizes *sizes, struct place_capacity *capacity)
{
    struct place_reason reason = { 0 };
    struct place_view view;

    if ( !can_divide(&sample->request) )
        return place_each(host, held, sample, sizes, capacity);
    memset(capacity, 0, sizeof(*capacity));
    if ( place_view_make(&view, host, held, &sample->request, &reason) )
        return -1;

    capacity->complete = true;
    count_alone(&view, sample, capacity);
    if ( view.max_nodes == 1 )
        return 0;

    take_alone(&view, sample, capacity);
    if ( sizes )
    {
        learn(sizes, &sample->request, capacity->domains);
        view.sizes = *sizes;
    }
    count_others(&view, sample, sizes, capacity);

    return 0;
}
