/* SPDX-License-Identifier: LGPL-2.1-only */
/* Pages go offline, come back, and are scrubbed. */


#include "ops.h"
#include "world.h"

static struct random *const r = &random_state;

/* Could the core that knows single pages only take that loss? */
static bool may_go(unsigned int node)
{
    return heap_has_levels() ||
           (expect.free[node][0] > expect.claimed[node][0] &&
            expect.total_free > expect.total);
}

/* Any page; or a free one of the node that has least left to promise. */
static unsigned long page_to_offline(void)
{
    unsigned long mfn = random_below(r, max_mfn), slack, least = ~0UL;
    unsigned int node, tight = 0, tries;

    if ( random_one_in(r, 4) )
        return mfn;

    for ( node = 0; node < layout.nr_nodes; node++ )
    {
        slack = expect.free[node][0] - expect.claimed[node][0];
        if ( expect.claimed[node][0] && slack < least )
        {
            least = slack;
            tight = node;
        }
    }
    for ( tries = 0; tries < 64; tries++ )
    {
        mfn = random_below(r, max_mfn);
        if ( owner[mfn] == FREE && node_of[mfn] == tight )
            break;
    }

    return mfn;
}

static void offline_one(unsigned long mfn)
{
    int broken = random_one_in(r, 256), slot = owner[mfn];
    unsigned int status, node = node_of[mfn];
    unsigned long before = expect.total;

    if ( slot == NO_MEMORY || slot == OFFLINE || slot == BROKEN ||
         (mark[mfn] & MARK_LEAVING) || !may_go(node) ||
         nr_offline >= max_offline )
        return;

    if ( heap_offline(mfn, broken, &status) )
        wrong("page %#lx: refused", mfn);
    mark[mfn] |= MARK_LEAVING | (broken ? MARK_BROKEN : 0);
    counts->offlined++;
    if ( slot == FREE )
    {
        world_put_offline(mfn);
        world_set_free(node, -1);
        world_learn();
        expect_recall(&expect, node);
        counts->recalled += before - expect.total;
    }
    world_check(slot < 0 ? HEAP_NO_DOMAIN : slot);
}

void op_offline(void)
{
    unsigned int nr = random_one_in(r, 8) ? 32 : 1;

    what = "offline";
    while ( nr-- )
        offline_one(page_to_offline());
}

void online_one(unsigned long index)
{
    unsigned long mfn = offline[index];
    unsigned int status;

    offline[index] = offline[--nr_offline];
    if ( heap_online(mfn, &status) )
        wrong("page %#lx: refused", mfn);
    owner[mfn] = FREE;
    world_set_free(node_of[mfn], 1);
    counts->onlined++;
    world_learn();
    world_check(HEAP_NO_DOMAIN);
}

void op_online(void)
{
    unsigned int nr;

    what = "online";
    for ( nr = random_one_in(r, 8) ? 32 : 1; nr && nr_offline; nr-- )
        online_one(random_below(r, nr_offline));
}

void op_scrub(void)
{
    what = "scrub";
    heap_scrub(random_below(r, layout.nr_nodes), 1 + random_below(r, 4));
    counts->scrubbed++;
    world_check(HEAP_NO_DOMAIN);
}
