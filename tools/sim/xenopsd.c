/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * xenopsd's choice of a set: see xenopsd.h.
 *
 * The sets are sorted once, by their largest distance, then by the mean of
 * all distances.  A choice walks them up to the first that fits and on as long
 * as those that fit have the same mean; used counters decide among these, then
 * the lower set, its highest node compared first, which is the order of masks.
 *
 * Nodes are numbered without gaps inside, by what xenopsd calls reachable.
 */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "xenopsd.h"

/* Of all their sets: 65535. */
#define MAX_NODES_OF_SETS 16u
/* What a distance is as a byte; above, there is no way. */
#define MAX_DISTANCE      255u
#define SELF_DISTANCE     10u

/*
 * Means of up to 16 x 16 distances as whole numbers: 720720 is divided by 1 to
 * 16.  xenopsd takes means within 1/1000 for the same.
 */
#define UNIT              UINT64_C(720720)
#define SAME_MEAN         (UNIT * UNIT / 1000)

struct set {
    uint64_t mask;
    uint64_t mean;               /* in 1 / UNIT^2                            */
    uint32_t largest;
    uint32_t cpus;
    uint32_t cores;
};

struct sim_xenopsd {
    unsigned int nr;
    unsigned int nodes[PLACE_MAX_NODES];     /* their ids                    */
    uint64_t used[PLACE_MAX_NODES];          /* never goes down              */
    size_t nr_sets;
    struct set *sets;
    uint64_t *free_kib;          /* of a decision, by mask; not if nr > 16   */
};

/* What a decision is about. */
struct need {
    uint64_t allowed;
    uint64_t kib;
    uint32_t vcpus;
    uint32_t cores;
    uint64_t free_kib[PLACE_MAX_NODES];
    bool summed;                 /* free_kib of the sets is this decision's  */
};

static bool reaches(uint32_t distance)
{
    return distance <= MAX_DISTANCE;
}

/* Nodes that are reachable from themselves; none if the matrix is odd. */
static void find_nodes(struct sim_xenopsd *xenopsd,
                       const struct place_host *host)
{
    xenopsd->nr = 0;
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        const struct place_node *node = &host->nodes[i];

        if ( !node->online || !reaches(node->distances[i]) )
            continue;
        xenopsd->nodes[xenopsd->nr++] = i;
        for ( unsigned int j = 0; j < host->nr_nodes; j++ )
            if ( host->nodes[j].online &&
                 (node->distances[j] < SELF_DISTANCE ||
                  (j == i && node->distances[j] != SELF_DISTANCE)) )
            {
                xenopsd->nr = 0;
                return;
            }
    }
}

/* Returns false if a node of it cannot be reached from another one. */
static bool make_set(const struct sim_xenopsd *xenopsd,
                     const struct place_host *host, uint64_t mask,
                     struct set *set)
{
    uint64_t scale = UNIT / __builtin_popcountll(mask), sum = 0;

    *set = (struct set){ .mask = mask };
    for ( uint64_t from = mask; from; from &= from - 1 )
    {
        unsigned int i = xenopsd->nodes[__builtin_ctzll(from)];

        set->cpus += host->nodes[i].cpus;
        set->cores += host->nodes[i].cores;
        for ( uint64_t to = mask; to; to &= to - 1 )
        {
            unsigned int j = xenopsd->nodes[__builtin_ctzll(to)];
            uint32_t distance = host->nodes[i].distances[j];

            if ( !reaches(distance) )
                return false;
            if ( distance > set->largest )
                set->largest = distance;
            sum += distance;
        }
    }
    set->mean = sum * scale * scale;

    return true;
}

static void make_sets(struct sim_xenopsd *xenopsd,
                      const struct place_host *host)
{
    bool single = xenopsd->nr > MAX_NODES_OF_SETS;
    uint64_t end = single ? xenopsd->nr : (UINT64_C(1) << xenopsd->nr) - 1;

    for ( uint64_t i = 0; i < end; i++ )
        if ( make_set(xenopsd, host, single ? UINT64_C(1) << i : i + 1,
                      &xenopsd->sets[xenopsd->nr_sets]) )
            xenopsd->nr_sets++;
}

static int compare(const void *left, const void *right)
{
    const struct set *a = left, *b = right;

    if ( a->largest != b->largest )
        return a->largest < b->largest ? -1 : 1;
    if ( a->mean != b->mean )
        return a->mean < b->mean ? -1 : 1;

    return a->mask < b->mask ? -1 : a->mask > b->mask;
}

struct sim_xenopsd *sim_xenopsd_make(const struct place_host *host)
{
    struct sim_xenopsd *xenopsd = calloc(1, sizeof(*xenopsd));
    size_t room;

    if ( !xenopsd )
        return NULL;

    find_nodes(xenopsd, host);
    room = xenopsd->nr > MAX_NODES_OF_SETS ? xenopsd->nr
                                           : (size_t)1 << xenopsd->nr;
    xenopsd->sets = calloc(room, sizeof(*xenopsd->sets));
    xenopsd->free_kib = calloc(room, sizeof(*xenopsd->free_kib));
    if ( !xenopsd->sets || !xenopsd->free_kib )
    {
        sim_xenopsd_free(xenopsd);
        return NULL;
    }

    make_sets(xenopsd, host);
    qsort(xenopsd->sets, xenopsd->nr_sets, sizeof(*xenopsd->sets), compare);

    return xenopsd;
}

void sim_xenopsd_free(struct sim_xenopsd *xenopsd)
{
    if ( !xenopsd )
        return;
    free(xenopsd->free_kib);
    free(xenopsd->sets);
    free(xenopsd);
}

/* Each mask by the one without its lowest node. */
static void sum_free(struct sim_xenopsd *xenopsd, struct need *need)
{
    uint64_t end = UINT64_C(1) << xenopsd->nr;

    for ( uint64_t mask = 1; mask < end; mask++ )
        xenopsd->free_kib[mask] = xenopsd->free_kib[mask & (mask - 1)] +
                                  need->free_kib[__builtin_ctzll(mask)];
    need->summed = true;
}

/* Most choices are among single nodes, and need no sums. */
static uint64_t free_of(struct sim_xenopsd *xenopsd, struct need *need,
                        uint64_t mask)
{
    if ( !(mask & (mask - 1)) )
        return need->free_kib[__builtin_ctzll(mask)];
    if ( !need->summed )
        sum_free(xenopsd, need);

    return xenopsd->free_kib[mask];
}

static bool fits(struct sim_xenopsd *xenopsd, struct need *need,
                 const struct set *set)
{
    return set->cpus >= need->vcpus && set->cores >= need->cores &&
           !(set->mask & ~need->allowed) &&
           free_of(xenopsd, need, set->mask) >= need->kib;
}

static uint64_t used_of(const struct sim_xenopsd *xenopsd, uint64_t mask)
{
    uint64_t used = 0;

    for ( ; mask; mask &= mask - 1 )
        used += xenopsd->used[__builtin_ctzll(mask)];

    return used;
}

static bool same_mean(const struct set *a, const struct set *b)
{
    return (a->mean < b->mean ? b->mean - a->mean
                              : a->mean - b->mean) <= SAME_MEAN;
}

static uint64_t choose(struct sim_xenopsd *xenopsd, struct need *need)
{
    const struct set *first = NULL;
    uint64_t best = 0, least = 0;

    for ( size_t i = 0; i < xenopsd->nr_sets; i++ )
    {
        const struct set *set = &xenopsd->sets[i];
        uint64_t used;

        if ( !fits(xenopsd, need, set) )
            continue;
        if ( first && !same_mean(first, set) )
            break;

        used = used_of(xenopsd, set->mask);
        if ( !first || used < least || (used == least && set->mask < best) )
        {
            best = set->mask;
            least = used;
        }
        first = first ? first : set;
    }

    return best;
}

/* Spares the walk through all sets when not even all nodes together do. */
static bool may_fit(const struct sim_xenopsd *xenopsd,
                    const struct need *need)
{
    uint64_t all = 0;

    for ( unsigned int i = 0; i < xenopsd->nr; i++ )
        all += need->free_kib[i];

    return all >= need->kib;
}

uint64_t sim_xenopsd_pick(struct sim_xenopsd *xenopsd, uint64_t allowed,
                          const uint64_t free_kib[PLACE_MAX_NODES],
                          uint64_t need_kib, uint32_t vcpus, uint32_t cores)
{
    struct need need = { .kib = need_kib, .vcpus = vcpus, .cores = cores };
    uint64_t set = 0;

    for ( unsigned int i = 0; i < xenopsd->nr; i++ )
    {
        need.free_kib[i] = free_kib[xenopsd->nodes[i]];
        need.allowed |= (allowed >> xenopsd->nodes[i] & 1) << i;
    }
    if ( !may_fit(xenopsd, &need) )
        return 0;

    for ( uint64_t rest = choose(xenopsd, &need); rest; rest &= rest - 1 )
    {
        unsigned int i = __builtin_ctzll(rest);

        xenopsd->used[i]++;
        set |= UINT64_C(1) << xenopsd->nodes[i];
    }

    return set;
}
