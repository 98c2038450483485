/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: whole domains into nodes, against all ways there are.
 *
 * Rooms and sizes are small numbers, so that many nodes and domains are alike.
 */

#include <string.h>

#include "place-host.h"
#include "place/stow.h"
#include "unit.h"

#define CASES 20000u

/* Nothing is stowed yet. */
static void random_stowage(struct place_stowage *stowage)
{
    memset(stowage, 0, sizeof(*stowage));
    stowage->nr_nodes = 1 + random_below(4);
    stowage->host_room = random_below(4) ? 1000 : random_below(40);
    for ( unsigned int n = 0; n < stowage->nr_nodes; n++ )
        stowage->room[n] = 10 * random_below(3) + random_below(2);
    stowage->nr = random_below(7);
    for ( size_t i = 0; i < stowage->nr; i++ )
    {
        struct place_stowed *domain = &stowage->domains[i];
        const uint64_t most = i ? domain[-1].pages : 20;

        domain->pages = random_below(2) ? most : 1 + random_below(most);
        domain->guest_pages = domain->pages -
                              (random_below(2) ? 0 : domain->pages / 4);
        domain->nodes = random_below(2) ? UINT64_MAX : random_below(16);
        domain->node = PLACE_STOW_OUT;
    }
}

struct worth {
    uint64_t pages;
    unsigned int domains;
};

static bool is_more(struct worth a, struct worth b)
{
    return a.pages != b.pages ? a.pages > b.pages : a.domains > b.domains;
}

/* The dull way, from the i-th domain on. */
static struct worth most(struct place_stowage *stowage, size_t i)
{
    const struct place_stowed *domain = &stowage->domains[i];
    struct worth best;

    if ( i == stowage->nr )
        return (struct worth){ 0 };

    best = most(stowage, i + 1);
    for ( unsigned int n = 0; n < stowage->nr_nodes; n++ )
    {
        struct worth other;

        if ( !(domain->nodes >> n & 1) || domain->pages > stowage->room[n] ||
             domain->pages > stowage->host_room )
            continue;
        stowage->room[n] -= domain->pages;
        stowage->host_room -= domain->pages;
        other = most(stowage, i + 1);
        stowage->room[n] += domain->pages;
        stowage->host_room += domain->pages;
        other.pages += domain->guest_pages;
        other.domains++;
        if ( is_more(other, best) )
            best = other;
    }

    return best;
}

/* What is in it; and that rooms are what it leaves. */
static struct worth check(const struct place_stowage *before,
                          const struct place_stowage *after)
{
    struct place_stowage left = *before;
    struct worth worth = { 0 };

    for ( size_t i = 0; i < after->nr; i++ )
    {
        const struct place_stowed *domain = &after->domains[i];

        if ( domain->node == PLACE_STOW_OUT )
            continue;
        UNIT_TRUE("would do", domain->nodes >> domain->node & 1);
        UNIT_TRUE("node holds it", domain->pages <= left.room[domain->node]);
        UNIT_TRUE("host holds it", domain->pages <= left.host_room);
        left.room[domain->node] -= domain->pages;
        left.host_room -= domain->pages;
        worth.pages += domain->guest_pages;
        worth.domains++;
    }
    UNIT_EQUAL("rooms", memcmp(left.room, after->room, sizeof(left.room)), 0);
    UNIT_EQUAL("host", left.host_room, after->host_room);

    return worth;
}

static void a_group_is_stowed_as_well_as_can_be(void)
{
    static struct place_stowage before, after;

    random_seed(31);
    for ( unsigned int n = 0; n < CASES; n++ )
    {
        struct worth best, got;
        bool changed;

        random_stowage(&before);
        after = before;
        changed = place_stow(&after);
        got = check(&before, &after);
        best = most(&before, 0);
        UNIT_EQUAL("pages", got.pages, best.pages);
        UNIT_EQUAL("domains", got.domains, best.domains);
        UNIT_EQUAL("says so", changed, got.domains > 0);
        UNIT_EQUAL("once is enough", place_stow(&after), 0);
    }
}

/* More nodes than a group, more domains than it takes. */
static void large_ones_end_with_more(void)
{
    static struct place_stowage before, after;

    random_seed(32);
    memset(&before, 0, sizeof(before));
    before.nr_nodes = PLACE_MAX_NODES;
    for ( unsigned int n = 0; n < PLACE_MAX_NODES; n++ )
        before.host_room += before.room[n] = 5000 + random_below(5000);
    before.nr = PLACE_STOW_MOST;
    for ( size_t i = 0; i < before.nr; i++ )
        before.domains[i] = (struct place_stowed){
            .pages = 3000 - 5 * i - random_below(5),
            .guest_pages = 3000 - 5 * i - 5,
            .nodes = UINT64_MAX,
            .node = PLACE_STOW_OUT,
        };
    after = before;
    UNIT_TRUE("changed", place_stow(&after));
    UNIT_TRUE("nearly full", check(&before, &after).pages >=
                             before.host_room / 1000 * 990);
}

static const struct unit_test stowing[] = {
    { "a group is stowed as well as can be",
      a_group_is_stowed_as_well_as_can_be },
    { "large ones end with more", large_ones_end_with_more },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "stowing", NULL, NULL, stowing, NULL, NULL },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };

    return unit_main("place-stow", suites);
}
