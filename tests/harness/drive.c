/* SPDX-License-Identifier: LGPL-2.1-only */
/* Random operations: see drive.h.  Which, how often, and how it ends. */

#include <string.h>

#include "drive.h"
#include "layout.h"
#include "ops.h"
#include "world.h"

static struct random *const r = &random_state;
static unsigned int bias;
static unsigned long start_free[HEAP_NODES][HEAP_LEVELS];

/* By weight; allocations and frees take turns in having the upper hand. */
static void op(void)
{
    unsigned int dice = random_below(r, 1000);

    if ( random_one_in(r, 4096) )
        bias = 380 + random_below(r, 250);

    if ( dice < 60 )
        op_claim();
    else if ( dice < 65 )
        op_legacy();
    else if ( dice < 68 )
        op_finish();
    else if ( dice < 76 )
        op_kill();
    else if ( dice < 86 )
        op_offline();
    else if ( dice < 96 )
        op_online();
    else if ( dice < 100 )
        op_scrub();
    else if ( dice < 102 )
        op_count();
    else if ( dice < 104 )
        op_system();
    else if ( dice < 106 )
        op_share();
    else if ( dice < 106 + bias )
        op_alloc();
    else
        op_free();
}

static void create(void)
{
    unsigned int slot;

    layout_random(&layout, r);
    world_create();
    world_check(HEAP_NO_DOMAIN);
    memcpy(start_free, expect.free, sizeof(start_free));
    for ( slot = 0; slot < EXPECT_DOMAINS / 2; slot++ )
        create_domain(slot);
}

/* When all is over, all is as it was. */
static void finish(void)
{
    unsigned int slot;

    what = "end";
    for ( slot = 0; slot < EXPECT_DOMAINS; slot++ )
        if ( expect.domain[slot].exists && !expect.domain[slot].dying )
        {
            heap_domain_kill(slot);
            expect.domain[slot].dying = true;
            expect_release(&expect, slot);
        }
    while ( nr_blocks )
        free_block(nr_blocks - 1);
    while ( nr_offline )
        online_one(nr_offline - 1);
    for ( slot = 0; slot < EXPECT_DOMAINS; slot++ )
        if ( expect.domain[slot].exists )
        {
            heap_domain_destroy(slot);
            expect.domain[slot].exists = false;
        }

    world_learn();
    world_walk();
    if ( !nr_broken && memcmp(start_free, walked_free, sizeof(start_free)) )
        wrong("not all that was free is free again");
    if ( expect.total )
        wrong("claims without a domain");
}

void drive(const struct drive_options *o, struct drive_counts *c)
{
    options = o;
    counts = c;
    r->state = o->seed;
    bias = 450;

    create();
    while ( counts->operations < options->operations )
        op();
    finish();
}
