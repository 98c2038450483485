/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What threads do at random.
 *
 * Two locks of the harness stand for what Xen has and this lacks.  A domain is
 * not destroyed while somebody uses it, as with RCU.  And a page goes offline
 * while no page is on its way: Xen marks it with an atomic operation, but
 * writes the same word plainly once a page was allocated, and as it scrubs.
 */

#include <errno.h>
#include <pthread.h>

#include "threads.h"

#define FAIR PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP

static pthread_rwlock_t in_use = FAIR, on_the_way = FAIR;

/* One that exists, or HEAP_NO_DOMAIN; everybody's, or with own anybody's. */
static int random_domain(struct thread *t, bool own)
{
    unsigned int slot = own ? random_below(&t->random, THREAD_DOMAINS)
        : THREADS + random_below(&t->random, THREAD_DOMAINS - THREADS);

    return domains[slot].exists ? (int)slot : HEAP_NO_DOMAIN;
}

static unsigned int random_order(struct thread *t)
{
    const unsigned int large = heap_level_order(2), level_1 =
        heap_level_order(1);

    switch ( random_below(&t->random, 16) )
    {
    case 0:
        return large;

    case 1: case 2: case 3: case 4:
        return level_1;

    case 5: case 6:
        return random_below(&t->random, large + 1);

    default:
        return 0;
    }
}

static void random_request(struct thread *t, struct heap_request *request)
{
    struct random *r = &t->random;

    *request = (struct heap_request){
        .domain = random_domain(t, true), .order = random_order(t),
        .node = random_one_in(r, 2) ? random_below(r, layout.nr_nodes)
                                    : HEAP_NO_NODE,
    };

    if ( random_one_in(r, 4) )
        request->flags |= HEAP_EXACT_NODE;
    if ( random_one_in(r, 8) )
        request->flags |= HEAP_NO_DMA;
    if ( random_one_in(r, 3) )
        request->flags |= HEAP_NO_SCRUB;
    /* Another's claims are its own to redeem. */
    if ( request->domain >= 0 && request->domain < THREADS )
        request->flags |= HEAP_NO_REFCOUNT;
    else if ( request->domain >= 0 && random_one_in(r, 6) )
        request->flags = HEAP_OVERHEAD | HEAP_OWN |
                         (random_one_in(r, 2) ? HEAP_XENHEAP : 0);
    else if ( request->domain >= 0 && random_one_in(r, 8) )
        request->flags |= HEAP_NO_OWNER;
    else if ( request->domain < 0 && random_one_in(r, 3) )
        request->flags |= HEAP_XENHEAP;
}

static void op_alloc(struct thread *t)
{
    struct heap_request request;
    unsigned long mfn;

    if ( t->nr_blocks == THREAD_BLOCKS )
        return;

    random_request(t, &request);
    mfn = heap_alloc(&request);
    if ( mfn == HEAP_NO_PAGE )
    {
        t->counts.refused++;
        return;
    }
    t->counts.allocated++;
    /* A domain's pages are found by the domain. */
    if ( request.domain < 0 || (request.flags & (HEAP_NO_OWNER | HEAP_OWN)) )
        t->block[t->nr_blocks++] = (struct thread_block){
            .mfn = mfn, .order = request.order, .flags = request.flags,
        };
}

void thread_free_block(struct thread *t, unsigned int index)
{
    struct thread_block block = t->block[index];

    t->block[index] = t->block[--t->nr_blocks];
    if ( block.flags & HEAP_XENHEAP )
        heap_free_xenheap(block.mfn, block.order);
    else
        heap_free(block.mfn, block.order);
    t->counts.freed++;
}

static void op_free(struct thread *t)
{
    int slot = random_domain(t, true);
    unsigned int nr;

    if ( slot < 0 || random_one_in(&t->random, 2) )
    {
        if ( t->nr_blocks )
            thread_free_block(t, random_below(&t->random, t->nr_blocks));
        return;
    }

    for ( nr = 1 + random_below(&t->random, 16);
          nr && heap_domain_give_up(slot); nr-- )
        t->counts.freed++;
}

static void op_claim(struct thread *t)
{
    struct heap_claim claims[12];
    struct heap_shortage shortage;
    int slot = random_domain(t, false), rc;
    unsigned int nr;

    if ( slot < 0 )
        return;

    nr = random_one_in(&t->random, 4) ? 0 : thread_random_claims(t, claims, 8);
    rc = heap_call_claim(slot, claims, nr, &shortage);
    if ( rc && (!nr || (rc != -ENOMEM && rc != -ESRCH && rc != -EBUSY &&
                        rc != -EEXIST && rc != -ERANGE)) )
        thread_wrong(t, "%u entries for domain %d: %d", nr, slot, rc);
    if ( rc == -ENOMEM && (shortage.entry > nr || !shortage.pages) )
        thread_wrong(t, "entry %u short of %lu", shortage.entry,
                     shortage.pages);
    t->counts.claimed += !rc;
    t->counts.short_of += rc == -ENOMEM;
}

static void op_legacy(struct thread *t)
{
    int slot = random_domain(t, false), rc;

    if ( slot < 0 )
        return;

    rc = heap_claim_legacy(slot, random_one_in(&t->random, 2)
                                 ? 0 : random_below(&t->random, 3000));
    if ( rc && rc != -EINVAL && rc != -ENOMEM )
        thread_wrong(t, "a legacy claim of domain %d: %d", slot, rc);
}

static void op_finish(struct thread *t)
{
    int slot = random_domain(t, false);

    if ( slot >= 0 )
        heap_domain_finish(slot);
}

void thread_create_domain(struct thread *t, unsigned int slot)
{
    struct thread_domain *d = &domains[slot];
    struct random *r = &t->random;
    unsigned long all = ~0UL >> (64 - layout.nr_nodes);
    unsigned long mask = random_next(r) & all;

    d->exists = true;
    d->affinity = random_one_in(r, 2) || !mask ? all : mask;
    d->max_pages = slot >= THREADS && random_one_in(r, 4)
                   ? random_below(r, 1000) : 1U << 30;
    d->home = slot >= THREADS && random_one_in(r, 2)
              ? random_below(r, layout.nr_nodes) : HEAP_NO_NODE;
    heap_domain_create(slot, d->affinity, d->max_pages, d->home);
}

/* What is left of a domain before it goes. */
static void look_back(struct thread *t, unsigned int slot)
{
    struct heap_domain_figures figures;
    struct heap_domain_node on;
    unsigned int node;

    heap_domain_figures(slot, &figures);
    if ( figures.total )
        thread_wrong(t, "domain %u died, with %lu pages claimed", slot,
                     figures.total);

    for ( node = 0; node < layout.nr_nodes; node++ )
    {
        heap_domain_node(slot, node, &on);
        t->counts.recalled += on.recalled;
    }
}

/* It goes when nobody uses it, and another one takes its place. */
static void replace(struct thread *t, unsigned int slot)
{
    pthread_rwlock_wrlock(&in_use);
    if ( domains[slot].exists && heap_domain_unused(slot) )
    {
        look_back(t, slot);
        heap_domain_destroy(slot);
        domains[slot].exists = false;
    }
    if ( !domains[slot].exists && !random_one_in(&t->random, 4) )
        thread_create_domain(t, slot);
    pthread_rwlock_unlock(&in_use);
}

/* First it dies, then its memory goes, then the domain. */
static void op_kill(struct thread *t)
{
    unsigned int slot = THREADS + random_below(&t->random,
                                               THREAD_DOMAINS - THREADS);
    bool done;

    pthread_rwlock_rdlock(&in_use);
    done = !domains[slot].exists;
    if ( !done )
        heap_domain_kill(slot);
    /* Sometimes it stays a while, for others to try. */
    if ( !done && !random_one_in(&t->random, 4) )
    {
        pthread_rwlock_rdlock(&on_the_way);
        while ( heap_domain_give_up(slot) )
            t->counts.freed++;
        pthread_rwlock_unlock(&on_the_way);
        done = true;
    }
    pthread_rwlock_unlock(&in_use);

    if ( done )
        replace(t, slot);
}

static void offline_one(struct thread *t, unsigned int node)
{
    unsigned long mfn = random_below(&t->random, max_mfn);
    unsigned int status, tries;
    int bad = random_one_in(&t->random, 8192);

    for ( tries = 0; node_of[mfn] != node && tries < 32; tries++ )
        mfn = random_below(&t->random, max_mfn);
    if ( t->nr_offline == THREAD_OFFLINE || !is_memory[mfn] ||
         leaving[mfn] )
        return;

    leaving[mfn] = 1;
    if ( heap_offline(mfn, bad, &status) )
        thread_wrong(t, "page %#lx: refused", mfn);
    t->counts.offlined++;
    if ( bad )
    {
        broken[mfn] = 1;
        nr_broken++;
    }
    else if ( heap_is_offline(mfn) )
        t->offline[t->nr_offline++] = mfn;
}

static void op_offline(struct thread *t)
{
    unsigned int nr = random_one_in(&t->random, 4) ? 32 : 1;
    unsigned int node = random_below(&t->random, layout.nr_nodes);

    while ( nr-- )
        offline_one(t, node);
}

void thread_online(struct thread *t, unsigned int index)
{
    unsigned long mfn = t->offline[index];
    unsigned int status;

    t->offline[index] = t->offline[--t->nr_offline];
    leaving[mfn] = 0;
    if ( heap_online(mfn, &status) )
        thread_wrong(t, "page %#lx: refused", mfn);
    t->counts.onlined++;
}

void thread_report(struct thread *t, struct heap_report *report)
{
    const char *error;

    const int rc = heap_call_report(report);

    error = rc ? "refused" : threads_check_report(report);
    if ( error )
        thread_wrong(t, "one snapshot: %s", error);
}

static void op_report(struct thread *t)
{
    static __thread struct heap_domain_report domain;
    static __thread struct heap_report report;
    int slot = random_domain(t, true);
    unsigned long pages;

    thread_report(t, &report);
    heap_report(layout.nr_nodes, &report);
    if ( slot < 0 )
        return;

    if ( heap_call_claims(slot, &pages) )
        thread_wrong(t, "domain %d: refused to tell its claims", slot);
    if ( pages > report.host.free && slot == (int)t->nr )
        thread_wrong(t, "%lu pages claimed of %lu", pages,
                     report.host.free);
    heap_domain_report(slot, &domain);
    if ( slot < (int)THREADS && (domain.finished || domain.dying) )
        thread_wrong(t, "domain %d, of one thread, has ended", slot);
}

unsigned long thread_alloc(const struct heap_request *request)
{
    unsigned long mfn;

    pthread_rwlock_rdlock(&on_the_way);
    mfn = heap_alloc(request);
    pthread_rwlock_unlock(&on_the_way);

    return mfn;
}

/* With nothing on its way, or while everything is. */
static void op_page(struct thread *t, void (*op)(struct thread *t), bool alone)
{
    if ( alone )
        pthread_rwlock_wrlock(&on_the_way);
    else
        pthread_rwlock_rdlock(&on_the_way);
    op(t);
    pthread_rwlock_unlock(&on_the_way);
}

static void op_online(struct thread *t)
{
    unsigned int nr;

    for ( nr = random_one_in(&t->random, 4) ? 32 : 1; nr && t->nr_offline;
          nr-- )
        thread_online(t, random_below(&t->random, t->nr_offline));
}

static void op_scrub(struct thread *t)
{
    heap_scrub(random_below(&t->random, layout.nr_nodes),
               1 + random_below(&t->random, 4));
    t->counts.scrubbed++;
}

/* By weight; allocations and frees take turns in having the upper hand. */
void thread_op(struct thread *t)
{
    unsigned int dice = random_below(&t->random, 1000);

    if ( random_one_in(&t->random, 512) )
        t->bias = 200 + random_below(&t->random, 300);

    /* Takes the locks by itself. */
    if ( dice < 30 )
        return op_kill(t);

    pthread_rwlock_rdlock(&in_use);
    if ( dice < 110 )
        op_claim(t);
    else if ( dice < 118 )
        op_legacy(t);
    else if ( dice < 122 )
        op_finish(t);
    else if ( dice < 132 )
        op_report(t);
    else if ( dice < 144 )
        op_page(t, op_offline, true);
    else if ( dice < 156 )
        op_page(t, op_online, false);
    else if ( dice < 162 )
        op_page(t, op_scrub, false);
    else if ( dice < 170 )
        thread_op_build(t);
    else if ( dice < 170 + t->bias )
        op_page(t, op_alloc, false);
    else
        op_page(t, op_free, false);
    pthread_rwlock_unlock(&in_use);
}
