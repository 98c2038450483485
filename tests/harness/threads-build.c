/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A thread claims for its own domain and takes what it claimed, while all
 * others take what they can: what is claimed has to be there.
 */

#include "threads.h"

static bool same_place(const struct heap_claim *a, const struct heap_claim *b)
{
    return a->target == b->target && a->order == b->order &&
           a->kind == b->kind;
}

static void random_claim(struct thread *t, const struct heap_report *report,
                         struct heap_claim *claim)
{
    struct random *r = &t->random;
    unsigned int node = random_below(r, layout.nr_nodes);
    unsigned int level = random_below(r, HEAP_LEVELS);
    unsigned long chunk = 1UL << heap_level_order(level), room;

    *claim = (struct heap_claim){ .target = node,
                                  .order = heap_level_order(level) };
    if ( !level && random_one_in(r, 4) )
        claim->target = HEAP_HOST;
    else if ( !level && random_one_in(r, 4) )
        claim->kind = 1;

    room = report->node[node].free - report->node[node].guest -
           report->node[node].overhead;
    if ( level && report->node[node].chunks[level - 1] * chunk < room )
        room = report->node[node].chunks[level - 1] * chunk;
    room /= chunk;
    claim->pages = chunk * (random_one_in(r, 4) ? room
                                                : random_below(r, room + 1));
    if ( random_one_in(r, 2) )
        claim->pages = claim->pages / 4 / chunk * chunk;
    if ( !claim->pages )
        claim->pages = chunk;
}

unsigned int thread_random_claims(struct thread *t, struct heap_claim *claims,
                                  unsigned int most)
{
    static __thread struct heap_report report;
    unsigned int wanted = 1 + random_below(&t->random, most), nr = 0, i;

    thread_report(t, &report);
    while ( wanted-- )
    {
        random_claim(t, &report, &claims[nr]);
        for ( i = 0; i < nr && !same_place(&claims[i], &claims[nr]); i++ )
            ;
        nr += i == nr;
    }

    return nr;
}

/*
 * What its domain still claims where that request looks, of blocks that are
 * large enough for it.  A recall may have taken some; nobody adds any.
 */
static unsigned long still_claimed(struct thread *t,
                                   const struct heap_claim *claim)
{
    static __thread struct heap_domain_report report;
    unsigned long pages = 0;
    unsigned int i;

    heap_domain_report(t->nr, &report);
    for ( i = 0; i < report.nr_claims; i++ )
        if ( report.claim[i].target == claim->target &&
             report.claim[i].kind == claim->kind &&
             report.claim[i].order >= claim->order )
            pages += report.claim[i].pages;

    return pages;
}

/* Take chunk by chunk what was claimed. */
static void redeem(struct thread *t, const struct heap_claim *claim)
{
    const unsigned long chunk = 1UL << claim->order;
    struct heap_request request = {
        .domain = t->nr, .order = claim->order, .node = claim->target,
        .flags = HEAP_EXACT_NODE,
    };
    unsigned long pages, mfn, left;

    if ( claim->target == HEAP_HOST )
    {
        request.node = HEAP_NO_NODE;
        request.flags = 0;
    }
    if ( claim->kind )
        request.flags |= HEAP_OVERHEAD | HEAP_OWN;

    for ( pages = 0; pages < claim->pages; pages += chunk )
    {
        if ( claim->kind && t->nr_blocks == THREAD_BLOCKS )
            return;
        mfn = thread_alloc(&request);
        if ( mfn == HEAP_NO_PAGE )
        {
            t->counts.refused++;
            left = still_claimed(t, claim);
            if ( left >= chunk )
                thread_wrong(t, "order %u of target %u refused, with %lu "
                             "pages of it claimed", claim->order,
                             claim->target, left);
            return;
        }
        t->counts.allocated++;
        if ( claim->target != HEAP_HOST && node_of[mfn] != claim->target )
            thread_wrong(t, "page %#lx is on node %u, not %u", mfn,
                         node_of[mfn], claim->target);
        if ( claim->kind )
            t->block[t->nr_blocks++] = (struct thread_block){
                .mfn = mfn, .order = claim->order, .flags = request.flags,
            };
    }
}

/* Claimed and recalled so far, in one snapshot. */
static unsigned long claimed_or_recalled(struct thread *t)
{
    static __thread struct heap_domain_report report;
    unsigned long pages = 0;
    unsigned int i;

    heap_domain_report(t->nr, &report);
    for ( i = 0; i < report.nr_claims; i++ )
        pages += report.claim[i].pages;
    for ( i = 0; i < layout.nr_nodes; i++ )
        pages += report.node[i].recalled;

    return pages;
}

static void install(struct thread *t)
{
    const unsigned int nr = thread_random_claims(t, t->claims, 4);
    struct heap_shortage shortage;
    unsigned int i;

    if ( heap_call_claim(t->nr, t->claims, 0, &shortage) )
        thread_wrong(t, "a release is refused");
    t->claimed = claimed_or_recalled(t);
    if ( heap_call_claim(t->nr, t->claims, nr, &shortage) )
    {
        t->counts.short_of++;
        return;
    }

    t->counts.claimed++;
    t->nr_claims = nr;
    for ( i = 0; i < nr; i++ )
        t->claimed += t->claims[i].pages;
}

/* The largest first, as smaller requests may redeem larger claims. */
static void redeem_all(struct thread *t)
{
    unsigned int level, i;

    for ( level = HEAP_LEVELS; level--; )
        for ( i = 0; i < t->nr_claims; i++ )
            if ( t->claims[i].order == heap_level_order(level) &&
                 t->claims[i].target != HEAP_HOST )
                redeem(t, &t->claims[i]);
    for ( i = 0; i < t->nr_claims; i++ )
        if ( t->claims[i].target == HEAP_HOST )
            redeem(t, &t->claims[i]);
    t->nr_claims = 0;
}

void thread_op_build(struct thread *t)
{
    unsigned long pages;

    if ( !t->nr_claims )
        return install(t);

    /* What is not there any longer was recalled, and that is counted. */
    pages = claimed_or_recalled(t);
    if ( pages != t->claimed )
        thread_wrong(t, "%lu pages claimed or recalled, not %lu", pages,
                     t->claimed);
    redeem_all(t);
}
