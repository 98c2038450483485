/* SPDX-License-Identifier: LGPL-2.1-only */
/* Domains come, claim, run and die. */

#include <errno.h>
#include <string.h>

#include "ops.h"
#include "world.h"

static struct random *const r = &random_state;

static unsigned long random_mask(void)
{
    unsigned long all = ~0UL >> (64 - layout.nr_nodes);
    unsigned long mask = random_next(r) & all;

    return random_one_in(r, 2) || !mask ? all : mask;
}

void create_domain(unsigned int slot)
{
    struct expect_domain *d = &expect.domain[slot];

    what = "create domain";
    memset(d, 0, sizeof(*d));
    d->exists = true;
    d->max_pages = random_one_in(r, 8) ? random_below(r, 1000) : 1U << 30;
    affinity[slot] = random_mask();
    home[slot] = random_one_in(r, 2) ? random_below(r, layout.nr_nodes)
                                     : HEAP_NO_NODE;
    heap_domain_create(slot, affinity[slot], d->max_pages, home[slot]);
    d->paused = random_one_in(r, 2);
    if ( d->paused )
        heap_domain_pause(slot);
}

static void random_claim(struct heap_claim *claim)
{
    unsigned int level = heap_has_levels() ? random_below(r, HEAP_LEVELS) : 0;
    unsigned int node = random_below(r, layout.nr_nodes);
    unsigned long room = expect.free[node][level] -
                         expect.claimed[node][level];
    unsigned long chunk = 1UL << heap_level_order(level);

    *claim = (struct heap_claim){ .target = node,
                                  .order = heap_level_order(level) };
    if ( !level && random_one_in(r, 4) )
        claim->target = HEAP_HOST;
    else if ( !level && heap_has_levels() && random_one_in(r, 4) )
        claim->kind = 1;

    /* Up to all that is there, often just that, now and then more. */
    room /= chunk;
    claim->pages = chunk * (random_one_in(r, 4) ? room + random_below(r, 3)
                                                : random_below(r, room + 1));
    if ( random_one_in(r, 2) )
        claim->pages = claim->pages / 4 / chunk * chunk;
    if ( !claim->pages )
        claim->pages = chunk;
}

static bool same_place(const struct heap_claim *a, const struct heap_claim *b)
{
    return a->target == b->target && a->order == b->order &&
           a->kind == b->kind;
}

static unsigned int random_claims(struct heap_claim *claims, unsigned int most)
{
    unsigned int wanted = 1 + random_below(r, most), nr = 0, i;

    while ( wanted-- )
    {
        random_claim(&claims[nr]);
        for ( i = 0; i < nr && !same_place(&claims[i], &claims[nr]); i++ )
            ;
        nr += i == nr;
    }

    return nr;
}

/* An entry that cannot be: what is expected then. */
static int spoil(struct heap_claim *claims, unsigned int nr)
{
    struct heap_claim *claim = &claims[random_below(r, nr)];

    switch ( random_below(r, 4) )
    {
    case 0:
        claim->pages = 0;
        return -EINVAL;

    case 1:
        claim->order = heap_level_order(2) + 1;
        return -EINVAL;

    case 2:
        claim->target = 64 + random_below(r, 300);
        return -ENOENT;

    default:
        claim->kind = 2;
        return -EINVAL;
    }
}

/* Most name just the domain. */
static int claim_by(int slot, bool named, bool own,
                    const struct heap_claim *claims, unsigned int nr,
                    struct heap_shortage *shortage)
{
    return named ? heap_claim_by_id(slot, own, claims, nr, shortage)
                 : heap_claim(slot, claims, nr, shortage);
}

void op_claim(void)
{
    struct heap_claim claims[16];
    struct heap_shortage shortage = { .entry = ~0U };
    int slot = world_random_domain(), want, got;
    bool named = random_one_in(r, 8), own = random_one_in(r, 2);
    unsigned int nr;

    what = "claim";
    if ( slot < 0 )
        return;

    world_learn();
    nr = random_one_in(r, 4) ? 0
         : random_claims(claims, random_one_in(r, 4) ? 12 : 3);
    if ( nr && random_one_in(r, 32) )
        want = spoil(claims, nr);
    else if ( named && !own )
        want = -ESRCH;
    else
        want = expect_install(&expect, slot, claims, nr);

    got = claim_by(slot, named, own, claims, nr, &shortage);
    if ( got != want )
        wrong("%u entries for domain %d: %d, not %d", nr, slot, got, want);
    if ( got == -ENOMEM && (shortage.entry > nr || !shortage.pages) )
        wrong("entry %u short of %lu", shortage.entry, shortage.pages);
    counts->claimed += !got;
    counts->short_of += got == -ENOMEM;
    world_check(slot);
}

void op_legacy(void)
{
    int slot = world_random_domain(), want, got;
    bool fail = random_one_in(r, 16);
    unsigned long pages;

    what = "legacy claim";
    if ( slot < 0 )
        return;

    pages = random_one_in(r, 2) ? 0
            : random_one_in(r, 4)
              ? random_below(r, expect.domain[slot].pages + 1UL)
              : expect.domain[slot].pages + random_below(r, 2000);
    want = expect_legacy(&expect, slot, pages);
    /* Without any memory for Xen it is no different. */
    heap_fail_alloc(fail);
    got = heap_claim_legacy(slot, pages);
    heap_fail_alloc(0);
    if ( got != want )
        wrong("%lu pages for domain %d: %d, not %d", pages, slot, got, want);
    world_check(slot);
}

void op_finish(void)
{
    int slot = world_random_domain();

    what = "finish";
    if ( slot < 0 )
        return;

    heap_domain_finish(slot);
    expect.domain[slot].finished = true;
    if ( !expect.domain[slot].legacy )
        expect_release(&expect, slot);
    world_check(slot);
}

/* Contiguous pages, such as those of an initrd, may be of several nodes. */
static bool across_nodes(unsigned long *mfn, unsigned long *nr)
{
    unsigned long end, i;

    end = layout.range[random_below(r, layout.nr_ranges)].end;
    *nr = random_below(r, 8);
    *mfn = end - random_below(r, *nr + 1);
    for ( i = *mfn; i < *mfn + *nr; i++ )
        if ( i >= max_mfn || owner[i] == NO_MEMORY )
            return false;

    return true;
}

static void count_pages(int slot, unsigned long mfn, unsigned long nr,
                        int added)
{
    struct expect_domain *d = &expect.domain[slot];
    unsigned long i;
    unsigned int node;

    heap_domain_count(slot, mfn, nr, added);
    for ( i = mfn; i < mfn + nr; i++ )
        d->node[node_of[i]].guest_pages += added ? 1 : -1;
    for ( node = 0; node < layout.nr_nodes; node++ )
        if ( heap_domain_counted(slot, node) != d->node[node].guest_pages )
            wrong("with %lu pages from %#lx domain %d has %lu on node %u, not "
                  "%lu", nr, mfn, slot, heap_domain_counted(slot, node), node,
                  d->node[node].guest_pages);
}

void op_count(void)
{
    int slot = world_random_domain();
    unsigned long mfn, nr;

    what = "count";
    if ( slot < 0 || !heap_has_claims() || !across_nodes(&mfn, &nr) )
        return;

    count_pages(slot, mfn, nr, 1);
    count_pages(slot, mfn, nr, 0);
    world_check(slot);
}

void op_system(void)
{
    const char *error;

    what = "system domain";
    if ( !heap_has_claims() )
        return;
    error = heap_system_domain();
    if ( error )
        wrong("%s", error);
    world_learn();
    world_check(HEAP_NO_DOMAIN);
}

void op_share(void)
{
    int slot = world_random_domain();
    const char *error;

    what = "share";
    if ( slot < 0 )
        return;
    error = heap_share(slot, random_below(r, 3));
    if ( error )
        wrong("domain %d: %s", slot, error);
    world_learn();
    world_check(slot);
}

static void free_all_of(int slot)
{
    unsigned long i;

    for ( i = nr_blocks; i-- > 0; )
        if ( blocks[i].domain == slot )
            free_block(i);
}

/* It dies; claims are gone at once and for good, its memory goes slowly. */
void op_kill(void)
{
    int slot = world_random_domain();

    what = "kill";
    if ( slot < 0 )
    {
        for ( slot = 0; slot < EXPECT_DOMAINS; slot++ )
            if ( !expect.domain[slot].exists )
            {
                create_domain(slot);
                return;
            }
        return;
    }

    if ( !expect.domain[slot].dying )
    {
        heap_domain_kill(slot);
        expect.domain[slot].dying = true;
        expect_release(&expect, slot);
        world_check(slot);
        return;
    }

    free_all_of(slot);
    heap_domain_destroy(slot);
    expect.domain[slot].exists = false;
    world_check(HEAP_NO_DOMAIN);
}
