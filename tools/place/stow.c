/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Whole domains into nodes: search by groups of nodes.
 *
 * All domains of a few nodes are taken out, and they and those without a node
 * are put in again by branch and bound, the largest first.  On a host that is
 * one group this is exact, but for the caps; on a larger one groups overlap,
 * and the search ends when none of them can be improved.  Looks are counted,
 * so that its length is bounded, and the same for the same question.
 */

#include <string.h>

#include "stow.h"

/* Of a group: larger ones would take too long to search. */
#define MAX_NODES   4u
#define MAX_DOMAINS 32u

/*
 * Some 10 ns each.  20,000 were enough for any 12 domains on 4 nodes that were
 * tried, 4,000 were not; a million is 10 ms.
 */
#define GROUP_LOOKS 20000u
#define ALL_LOOKS   1000000u

/* Guest pages count first, then domains: fewer than a group can have. */
#define WORTH_SHIFT 10u

/* In such parts of its pages a domain's overhead is rounded down. */
#define RATE_SHIFT  20u

#define OUT MAX_NODES            /* as a choice: no node                     */

struct item {
    size_t from;                 /* domain of the stowage                    */
    uint64_t pages;
    uint64_t worth;
    unsigned int may;            /* mask of the group's nodes                */
    bool again;                  /* the same as the one before               */
    /* Of this one and all that follow: */
    uint64_t worth_left;
    uint64_t least_rate;         /* of overhead                              */
    uint64_t least_pages;
};

struct group {
    struct place_stowage *stowage;
    unsigned int nr_nodes, nr_items;
    unsigned int nodes[MAX_NODES];
    uint64_t room[MAX_NODES];
    uint64_t host_room;
    bool twins;                  /* what may go to one node may go to all    */
    struct item items[MAX_DOMAINS];      /* in the order of the stowage      */
    unsigned int choice[MAX_DOMAINS], best[MAX_DOMAINS];
    uint64_t best_worth;
    uint32_t looks;
};

static uint64_t worth_of(const struct place_stowed *domain)
{
    return (domain->guest_pages << WORTH_SHIFT) + 1;
}

/* What the items from the i-th on can add: poured, with least overhead. */
static uint64_t at_most(const struct group *group, unsigned int i)
{
    const struct item *item = &group->items[i];
    uint64_t room = 0, worth;

    for ( unsigned int n = 0; n < group->nr_nodes; n++ )
        if ( group->room[n] >= item->least_pages )
            room += group->room[n];
    room = room < group->host_room ? room : group->host_room;
    room -= room * item->least_rate >> RATE_SHIFT;
    worth = (room << WORTH_SHIFT) + (group->nr_items - i);

    return worth < item->worth_left ? worth : item->worth_left;
}

/* Whether a node before that one would come to the same. */
static bool is_twin(const struct group *group, unsigned int n)
{
    for ( unsigned int other = 0; group->twins && other < n; other++ )
        if ( group->room[other] == group->room[n] )
            return true;

    return false;
}

static void descend(struct group *group, unsigned int i, uint64_t worth)
{
    const struct item *item = &group->items[i];
    unsigned int first = 0;

    if ( worth > group->best_worth )
    {
        group->best_worth = worth;
        memcpy(group->best, group->choice, sizeof(group->best));
    }
    if ( i == group->nr_items || group->looks++ >= GROUP_LOOKS ||
         worth + at_most(group, i) <= group->best_worth )
        return;

    /* Of items that are the same, no two are tried the other way round. */
    if ( item->again )
        first = group->choice[i - 1];
    for ( unsigned int n = first; n < group->nr_nodes; n++ )
    {
        if ( !(item->may & (1u << n)) || item->pages > group->room[n] ||
             item->pages > group->host_room || is_twin(group, n) )
            continue;
        group->room[n] -= item->pages;
        group->host_room -= item->pages;
        group->choice[i] = n;
        descend(group, i + 1, worth + item->worth);
        group->room[n] += item->pages;
        group->host_room += item->pages;
    }
    group->choice[i] = OUT;
    descend(group, i + 1, worth);
}

/* Which of the group's nodes that is, or OUT. */
static unsigned int index_of(const struct group *group, unsigned int node)
{
    unsigned int n = 0;

    while ( n < group->nr_nodes && group->nodes[n] != node )
        n++;

    return n < group->nr_nodes ? n : OUT;
}

/* Which of the group's nodes would do, as a mask. */
static unsigned int nodes_for(const struct group *group,
                              const struct place_stowed *domain)
{
    unsigned int may = 0;

    for ( unsigned int n = 0; n < group->nr_nodes; n++ )
        if ( domain->nodes & (UINT64_C(1) << group->nodes[n]) )
            may |= 1u << n;

    return may;
}

/* Whether one of them, with all domains taken out, holds it. */
static bool may_hold(const struct group *group,
                     const struct place_stowed *domain)
{
    const unsigned int may = nodes_for(group, domain);

    for ( unsigned int n = 0; n < group->nr_nodes; n++ )
        if ( (may & (1u << n)) && domain->pages <= group->room[n] )
            return true;

    return false;
}

/* The largest first; where there are too many, small ones stay. */
static void take_out(struct group *group)
{
    const struct place_stowage *stowage = group->stowage;

    for ( size_t i = 0;
          i < stowage->nr && group->nr_items < MAX_DOMAINS; i++ )
    {
        const struct place_stowed *domain = &stowage->domains[i];
        const unsigned int n = index_of(group, domain->node);

        if ( n == OUT )
            continue;
        group->items[group->nr_items++].from = i;
        group->room[n] += domain->pages;
        group->host_room += domain->pages;
        group->best_worth += worth_of(domain);
    }
}

/* Likewise.  Returns whether there are any. */
static bool take_in(struct group *group)
{
    const struct place_stowage *stowage = group->stowage;
    const unsigned int before = group->nr_items;

    for ( size_t i = 0;
          i < stowage->nr && group->nr_items < MAX_DOMAINS; i++ )
        if ( stowage->domains[i].node == PLACE_STOW_OUT &&
             may_hold(group, &stowage->domains[i]) )
            group->items[group->nr_items++].from = i;

    return group->nr_items > before;
}

static void sort(struct group *group)
{
    for ( unsigned int i = 1; i < group->nr_items; i++ )
    {
        const size_t from = group->items[i].from;
        unsigned int to = i;

        for ( ; to > 0 && group->items[to - 1].from > from; to-- )
            group->items[to].from = group->items[to - 1].from;
        group->items[to].from = from;
    }
}

static bool is_same(const struct place_stowed *a,
                    const struct place_stowed *b)
{
    return a->pages == b->pages && a->guest_pages == b->guest_pages &&
           a->nodes == b->nodes;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void prepare(struct group *group)
{
    const unsigned int all = (1u << group->nr_nodes) - 1;
    const struct place_stowed *domains = group->stowage->domains;
    uint64_t worth = 0, rate = UINT64_MAX, pages = UINT64_MAX;

    sort(group);
    group->twins = true;
    for ( unsigned int i = group->nr_items; i-- > 0; )
    {
        struct item *item = &group->items[i];
        const struct place_stowed *domain = &domains[item->from];

        item->pages = domain->pages;
        item->worth = worth_of(domain);
        item->may = nodes_for(group, domain);
        item->again = i > 0 && is_same(&domains[item[-1].from], domain);
        item->worth_left = worth += item->worth;
        item->least_pages = pages = lesser(pages, domain->pages);
        item->least_rate = rate =
            lesser(rate, ((domain->pages - domain->guest_pages) <<
                          RATE_SHIFT) / domain->pages);
        group->twins &= item->may == 0 || item->may == all;
        group->choice[i] = OUT;
    }
}

static void apply(const struct group *group)
{
    struct place_stowage *stowage = group->stowage;

    for ( unsigned int n = 0; n < group->nr_nodes; n++ )
        stowage->room[group->nodes[n]] = group->room[n];
    stowage->host_room = group->host_room;
    for ( unsigned int i = 0; i < group->nr_items; i++ )
    {
        struct place_stowed *domain =
            &stowage->domains[group->items[i].from];

        domain->node = PLACE_STOW_OUT;
        if ( group->best[i] == OUT )
            continue;
        domain->node = group->nodes[group->best[i]];
        stowage->room[domain->node] -= domain->pages;
        stowage->host_room -= domain->pages;
    }
}

static bool stow_group(struct place_stowage *stowage,
                       const unsigned int *nodes, unsigned int nr_nodes,
                       uint32_t *looks)
{
    struct group group;
    uint64_t worth;

    group.stowage = stowage;
    group.nr_nodes = nr_nodes;
    group.nr_items = 0;
    for ( unsigned int n = 0; n < nr_nodes; n++ )
    {
        group.nodes[n] = nodes[n];
        group.room[n] = stowage->room[nodes[n]];
    }
    group.host_room = stowage->host_room;
    group.best_worth = 0;

    /* To make the group is work, too. */
    group.looks = 0;
    *looks += 16 + stowage->nr / 8;
    take_out(&group);
    if ( !take_in(&group) )
        return false;
    prepare(&group);
    worth = group.best_worth;
    descend(&group, 0, 0);
    *looks += group.looks;
    if ( group.best_worth == worth )
        return false;
    apply(&group);

    return true;
}

/* All groups of that size which begin with nr nodes. */
static bool stow_all(struct place_stowage *stowage, unsigned int *nodes,
                     unsigned int nr, unsigned int size, uint32_t *looks)
{
    bool better = false;

    if ( nr == size )
        return stow_group(stowage, nodes, size, looks);

    for ( unsigned int i = nr ? nodes[nr - 1] + 1 : 0;
          i < stowage->nr_nodes && *looks < ALL_LOOKS; i++ )
    {
        nodes[nr] = i;
        better |= stow_all(stowage, nodes, nr + 1, size, looks);
    }

    return better;
}

bool place_stow(struct place_stowage *stowage)
{
    unsigned int nodes[MAX_NODES], size = 1;
    uint32_t looks = 0;
    bool better = false;

    while ( size <= MAX_NODES && size <= stowage->nr_nodes &&
            looks < ALL_LOOKS )
        if ( stow_all(stowage, nodes, 0, size, &looks) )
            better = true;
        else
            size++;

    return better;
}
