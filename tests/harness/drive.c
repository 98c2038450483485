/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Random operations: see drive.h.  Every page has an entry that tells whose it
 * is, so that the free lists, which heap_walk() reads, can be compared with
 * everything that was handed out.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"
#include "expect.h"
#include "heap.h"
#include "layout.h"
#include "random.h"
#include "report.h"

/* Whose a page is, beside a domain's. */
enum { NO_MEMORY = -1, FREE = -2, ANONYMOUS = -3, OFFLINE = -4, BROKEN = -5 };

struct block {
    unsigned long mfn;
    unsigned int order, flags;
    int domain;
};

/* Marks of a page beside its owner. */
#define MARK_SEEN 1       /* in this walk                                   */
#define MARK_LEAVING 2    /* goes offline when it is freed                  */
#define MARK_BROKEN 4     /* and stays so                                   */

static const struct drive_options *options;
static struct drive_counts *counts;
static struct random random_state, *r = &random_state;
static struct heap_layout layout;
static struct expect expect;
static signed char *owner;
static unsigned char *mark;
static unsigned long max_mfn;
static struct block *blocks;
static unsigned long nr_blocks, max_blocks;
static unsigned long *offline, nr_offline, max_offline;
static unsigned long start_free[HEAP_NODES][HEAP_LEVELS],
                     end_free[HEAP_NODES][HEAP_LEVELS], nr_broken;
static unsigned char *node_of;
static unsigned int bias;
static const char *what = "create";

static void __attribute__((__noreturn__, __format__(__printf__, 1, 2)))
wrong(const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s: ", what);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nin operation %lu, on a host of %u nodes\n", counts->operations,
            layout.nr_nodes);
    abort();
}

static void *table(unsigned long nr, unsigned long size)
{
    void *p = calloc(nr, size);

    if ( !p )
        wrong("no memory for a table of %lu", nr);

    return p;
}

/* The walk asks: is that page anybody's?  Each free page is seen once. */
static int page_given(unsigned long mfn)
{
    if ( owner[mfn] != FREE || (mark[mfn] & MARK_SEEN) )
        return 1;
    mark[mfn] |= MARK_SEEN;

    return 0;
}

static int page_first_seen(unsigned long mfn)
{
    if ( owner[mfn] != NO_MEMORY )
        return 1;
    owner[mfn] = FREE;

    return 0;
}

static void walk_reports(void)
{
    unsigned int slot;
    const char *error = report_differs(&expect);

    if ( error )
        wrong("the report differs: %s", error);
    for ( slot = 0; slot < EXPECT_DOMAINS; slot++ )
        if ( expect.domain[slot].exists &&
             (error = report_domain_differs(&expect, slot)) )
            wrong("the report of domain %u differs: %s", slot, error);
}

/* The lists as they are: free pages, and by level. */
static void walk(void)
{
    struct heap_walk lists;
    const char *error;
    unsigned int node, level, slot;
    unsigned long mfn;

    error = heap_walk(&lists, page_given);
    if ( error )
        wrong("%s", error);
    for ( mfn = 0; mfn < max_mfn; mfn++ )
        mark[mfn] &= ~MARK_SEEN;

    if ( lists.pages != expect.total_free )
        wrong("%lu pages on free lists, not %lu", lists.pages,
              expect.total_free);
    if ( lists.gone_dirty > counts->offlined )
        wrong("%lu pages too many are counted as dirty", lists.gone_dirty);
    for ( node = 0; node < layout.nr_nodes; node++ )
        for ( level = 0; level < (heap_has_levels() ? HEAP_LEVELS : 1);
              level++ )
            if ( lists.free[node][level] != expect.free[node][level] )
                wrong("node %u, level %u: %lu pages on free lists, not %lu",
                      node, level, lists.free[node][level],
                      expect.free[node][level]);

    for ( slot = 0; slot < EXPECT_DOMAINS; slot++ )
    {
        if ( !expect.domain[slot].exists )
            continue;
        error = expect_domain_differs(&expect, slot);
        if ( error )
            wrong("domain %u: %s", slot, error);
        for ( node = 0; node < layout.nr_nodes; node++ )
            if ( heap_domain_overhead(slot, node) !=
                 expect.domain[slot].node[node].overhead_pages )
                wrong("for domain %u Xen took %lu pages of node %u, not %lu",
                      slot, heap_domain_overhead(slot, node), node,
                      expect.domain[slot].node[node].overhead_pages);
            else if ( heap_domain_counted(slot, node) !=
                 expect.domain[slot].node[node].guest_pages )
                wrong("domain %u has %lu pages on node %u, not %lu", slot,
                      heap_domain_counted(slot, node), node,
                      expect.domain[slot].node[node].guest_pages);
    }
    walk_reports();
    memcpy(end_free, lists.free, sizeof(end_free));
    counts->walks++;
}

/*
 * Where chunks come from and what they merge to is the allocator's business;
 * the walk tells whether these figures are true.
 */
static void learn_levels(void)
{
    struct heap_node_figures figures;
    unsigned int node, level;

    for ( node = 0; heap_has_levels() && node < layout.nr_nodes; node++ )
    {
        heap_node_figures(node, &figures);
        for ( level = 1; level < HEAP_LEVELS; level++ )
            expect.free[node][level] = figures.free[level];
    }
}

/* After each operation: nothing else has changed. */
static void check(int slot)
{
    const char *error = expect_differs(&expect);

    counts->operations++;
    if ( error )
        wrong("differs: %s", error);
    if ( slot >= 0 && (error = expect_domain_differs(&expect, slot)) )
        wrong("domain %d differs: %s", slot, error);
    if ( heap_has_levels() && (error = expect_broken(&expect)) )
        wrong("%s", error);
    if ( counts->operations % options->every == 0 )
        walk();
}

static void set_free(unsigned int node, long pages)
{
    expect.free[node][0] += pages;
    expect.total_free += pages;
}

static int random_domain(void)
{
    unsigned int slot = random_below(r, EXPECT_DOMAINS);

    return expect.domain[slot].exists ? (int)slot : HEAP_NO_DOMAIN;
}

static unsigned long random_mask(void)
{
    unsigned long all = ~0UL >> (64 - layout.nr_nodes);
    unsigned long mask = random_next(r) & all;

    return random_one_in(r, 2) || !mask ? all : mask;
}

static unsigned long affinity[EXPECT_DOMAINS];
static unsigned int home[EXPECT_DOMAINS];

static void create_domain(unsigned int slot)
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
}

static unsigned int random_order(void)
{
    const unsigned int largest = heap_level_order(2);

    switch ( random_below(r, largest > 9 ? 400 : 16) )
    {
    case 0:
        return largest;

    case 1:
        return random_below(r, largest + 1);

    case 2: case 3: case 4: case 5: case 6:
        return heap_level_order(1);

    case 7: case 8: case 9:
        return random_below(r, heap_level_order(1) + 2);

    default:
        return 0;
    }
}

static void random_request(struct heap_request *request)
{
    *request = (struct heap_request){
        .domain = random_domain(), .order = random_order(),
        .node = random_one_in(r, 2) ? random_below(r, layout.nr_nodes)
                                    : HEAP_NO_NODE,
    };

    if ( random_one_in(r, 4) )
        request->flags |= HEAP_EXACT_NODE;
    if ( random_one_in(r, 8) )
        request->flags |= HEAP_NO_DMA;
    if ( random_one_in(r, 3) )
        request->flags |= HEAP_NO_SCRUB;
    if ( random_one_in(r, 12) )
        request->bits = 14 + random_below(r, 14);
    if ( request->domain < 0 )
    {
        if ( random_one_in(r, 3) )
            request->flags |= HEAP_XENHEAP;
        return;
    }
    if ( heap_has_levels() && random_one_in(r, 6) )
    {
        request->flags = HEAP_OVERHEAD | HEAP_OWN |
                         (random_one_in(r, 2) ? HEAP_XENHEAP : 0);
        request->node = home[request->domain];
        request->bits = 0;
        return;
    }
    if ( random_one_in(r, 6) )
        request->flags |= HEAP_NO_REFCOUNT;
    if ( random_one_in(r, 12) )
        request->flags |= HEAP_NO_OWNER;
    if ( heap_has_levels() && random_one_in(r, 8) )
        request->flags |= HEAP_OVERHEAD | HEAP_NO_REFCOUNT;
}

/* Which claims a request redeems: those of a slot, or none. */
static int claimant(const struct heap_request *request, enum expect_kind *kind)
{
    *kind = EXPECT_GUEST;
    if ( request->domain < 0 )
        return HEAP_NO_DOMAIN;
    if ( request->flags & HEAP_OVERHEAD )
    {
        *kind = EXPECT_OVERHEAD;
        return request->domain;
    }

    return request->flags & (HEAP_NO_REFCOUNT | HEAP_NO_OWNER)
           ? HEAP_NO_DOMAIN : request->domain;
}

/* Pages that the domain may no longer take, whatever is free. */
static bool beyond_limit(const struct heap_request *request)
{
    const struct expect_domain *d;

    if ( request->domain < 0 ||
         (request->flags & (HEAP_NO_OWNER | HEAP_OWN)) )
        return false;
    d = &expect.domain[request->domain];

    return d->dying ||
           (!(request->flags & HEAP_NO_REFCOUNT) &&
            d->pages + (1UL << request->order) > d->max_pages);
}

/* What was refused was not there. */
static void check_refusal(const struct heap_request *request)
{
    enum expect_kind kind;
    int slot = claimant(request, &kind);
    unsigned long nodes = ~0UL >> (64 - layout.nr_nodes);
    unsigned int node;

    counts->refused++;
    if ( request->bits || (request->flags & HEAP_NO_DMA) ||
         !heap_has_levels() )
        return;
    if ( (request->flags & HEAP_EXACT_NODE) && request->node != HEAP_NO_NODE )
        nodes = 1UL << request->node;
    else if ( (request->flags & HEAP_EXACT_NODE) && request->domain >= 0 )
        nodes = affinity[request->domain];

    for ( node = 0; node < layout.nr_nodes; node++ )
        if ( (nodes >> node & 1) &&
             expect_possible(&expect, slot, kind, node, request->order) )
            wrong("order %u for domain %d refused, node %u has it",
                  request->order, request->domain, node);
}

/*
 * How well a node suits memory for a domain: 2 with claims of just that size,
 * 1 with any.
 */
static unsigned int suits(int slot, unsigned int node, unsigned int order)
{
    const struct expect_domain *d = &expect.domain[slot];

    return d->node[node].chunks[expect_level(order)] ? 2
           : expect_guest(d, node) ? 1 : 0;
}

/* Claims steer: no node that suits better could have served. */
static void check_steering(const struct heap_request *request,
                           unsigned int node)
{
    enum expect_kind kind;
    int slot = claimant(request, &kind);
    unsigned int other, want;

    if ( slot < 0 || request->bits || (request->flags & HEAP_NO_DMA) ||
         kind != EXPECT_GUEST || !heap_has_levels() )
        return;

    /* A node that the request names goes first, if it has any claims. */
    if ( request->node == node )
        return;

    for ( other = 0; other < layout.nr_nodes; other++ )
    {
        want = suits(slot, other, request->order);
        if ( request->node != HEAP_NO_NODE )
        {
            /* It decides by itself where the domain has none. */
            if ( !expect_guest(&expect.domain[slot], request->node) )
                return;
            if ( other == request->node )
                want = 3;
        }
        if ( want > suits(slot, node, request->order) &&
             expect_possible(&expect, slot, kind, other, request->order) )
            wrong("order %u for domain %d from node %u, %u suits better",
                  request->order, slot, node, other);
    }
    counts->steered++;
}

static void take_pages(const struct heap_request *request, unsigned long mfn)
{
    const int domain = request->flags & (HEAP_NO_OWNER | HEAP_OWN)
                       ? HEAP_NO_DOMAIN : request->domain;
    const unsigned long pages = 1UL << request->order;
    const unsigned int node = node_of[mfn];
    unsigned long i;

    for ( i = mfn; i < mfn + pages; i++ )
    {
        if ( owner[i] != FREE )
            wrong("page %#lx was not free", i);
        if ( node_of[i] != node )
            wrong("page %#lx is on another node than %#lx", i, mfn);
        owner[i] = domain < 0 ? ANONYMOUS : domain;
    }
    if ( request->flags & HEAP_OVERHEAD )
        expect.domain[request->domain].node[node].overhead_pages += pages;
    blocks[nr_blocks++] = (struct block){
        .mfn = mfn, .order = request->order, .flags = request->flags,
        .domain = domain,
    };
    if ( domain < 0 )
        return;

    /* Extra pages count too, but in none of a node's. */
    if ( !(request->flags & HEAP_NO_REFCOUNT) )
    {
        expect.domain[domain].pages += pages;
        expect.domain[domain].node[node].guest_pages += pages;
    }
}

/* It failed after claims were redeemed; of whichever node, by the rules. */
static void learn_redeemed(const struct heap_request *request)
{
    enum expect_kind kind;
    int slot = claimant(request, &kind);
    static struct expect before;
    unsigned int node;

    /* Xen took it for the domain, for as long as that lasted. */
    for ( node = 0; kind == EXPECT_OVERHEAD && node < layout.nr_nodes; node++ )
        if ( heap_domain_overhead(slot, node) ==
             expect.domain[slot].node[node].overhead_pages +
             (1UL << request->order) )
        {
            expect.domain[slot].node[node].overhead_pages +=
                1UL << request->order;
            break;
        }
    if ( slot < 0 || !expect_domain_differs(&expect, slot) )
        return;
    before = expect;
    for ( node = 0; node < layout.nr_nodes; node++ )
    {
        expect_redeem(&expect, slot, kind, node, request->order);
        if ( !expect_domain_differs(&expect, slot) )
            return;
        expect = before;
    }
}

static void op_alloc(void)
{
    struct heap_request request;
    enum expect_kind kind;
    unsigned long mfn;
    unsigned int node;
    bool limited;
    int slot;

    what = "allocate";
    random_request(&request);
    if ( nr_blocks == max_blocks )
        return;

    limited = beyond_limit(&request);
    mfn = heap_alloc(&request);
    if ( mfn == HEAP_NO_PAGE )
    {
        if ( limited )
            learn_redeemed(&request);
        else
            check_refusal(&request);
        learn_levels();
        check(request.domain);
        return;
    }

    node = node_of[mfn];
    if ( limited )
        wrong("more than the domain may have");
    if ( (request.flags & HEAP_EXACT_NODE) && request.node != HEAP_NO_NODE &&
         node != request.node )
        wrong("page %#lx is on node %u, not %u", mfn, node, request.node);
    check_steering(&request, node);
    counts->allocated++;

    take_pages(&request, mfn);
    set_free(node, -(1L << request.order));
    slot = claimant(&request, &kind);
    expect_redeem(&expect, slot, kind, node, request.order);
    learn_levels();
    check(request.domain);
}

static void put_offline(unsigned long mfn)
{
    owner[mfn] = mark[mfn] & MARK_BROKEN ? BROKEN : OFFLINE;
    if ( owner[mfn] == OFFLINE )
        offline[nr_offline++] = mfn;
    else
        nr_broken++;
    mark[mfn] = 0;
}

static void free_page_range(const struct block *block, unsigned long mfn,
                            unsigned long pages)
{
    const unsigned int node = node_of[mfn];
    unsigned long i;

    for ( i = mfn; i < mfn + pages; i++ )
        if ( mark[i] & MARK_LEAVING )
            put_offline(i);
        else
        {
            owner[i] = FREE;
            set_free(node, 1);
        }

    if ( block->domain >= 0 && !(block->flags & HEAP_NO_REFCOUNT) )
    {
        expect.domain[block->domain].pages -= pages;
        expect.domain[block->domain].node[node].guest_pages -= pages;
    }
}

static void free_block(unsigned long index)
{
    struct block block = blocks[index];
    const unsigned long pages = 1UL << block.order;
    unsigned int node = node_of[block.mfn];
    unsigned long i;

    blocks[index] = blocks[--nr_blocks];
    if ( block.flags & HEAP_XENHEAP )
        heap_free_xenheap(block.mfn, block.order);
    else if ( block.domain < 0 || random_one_in(r, 2) )
        heap_free(block.mfn, block.order);
    else
        for ( i = 0; i < pages; i++ )
            heap_put(block.mfn + i);

    counts->freed++;
    free_page_range(&block, block.mfn, pages);
    learn_levels();
    expect_recall(&expect, node);
    check(block.domain);
}

static void op_free(void)
{
    what = "free";
    if ( nr_blocks )
        free_block(random_below(r, nr_blocks));
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

static void op_claim(void)
{
    struct heap_claim claims[16];
    struct heap_shortage shortage = { .entry = ~0U };
    int slot = random_domain(), want, got;
    unsigned int nr;

    what = "claim";
    if ( slot < 0 )
        return;

    learn_levels();
    nr = random_one_in(r, 4) ? 0
         : random_claims(claims, random_one_in(r, 4) ? 12 : 3);
    if ( nr && random_one_in(r, 32) )
        want = spoil(claims, nr);
    else
        want = expect_install(&expect, slot, claims, nr);

    got = heap_claim(slot, claims, nr, &shortage);
    if ( got != want )
        wrong("%u entries for domain %d: %d, not %d", nr, slot, got, want);
    if ( got == -ENOMEM && (shortage.entry > nr || !shortage.pages) )
        wrong("entry %u short of %lu", shortage.entry, shortage.pages);
    counts->claimed += !got;
    counts->short_of += got == -ENOMEM;
    check(slot);
}

static void op_legacy(void)
{
    int slot = random_domain(), want, got;
    unsigned long pages;

    what = "legacy claim";
    if ( slot < 0 )
        return;

    pages = random_one_in(r, 2) ? 0
            : expect.domain[slot].pages + random_below(r, 2000);
    want = expect_legacy(&expect, slot, pages);
    got = heap_claim_legacy(slot, pages);
    if ( got != want )
        wrong("%lu pages for domain %d: %d, not %d", pages, slot, got, want);
    check(slot);
}

static void op_finish(void)
{
    int slot = random_domain();

    what = "finish";
    if ( slot < 0 )
        return;

    heap_domain_finish(slot);
    expect.domain[slot].finished = true;
    if ( !expect.domain[slot].legacy )
        expect_release(&expect, slot);
    check(slot);
}

static void free_all_of(int slot)
{
    unsigned long i;

    for ( i = nr_blocks; i-- > 0; )
        if ( blocks[i].domain == slot )
            free_block(i);
}

/* It dies; claims are gone at once and for good, its memory goes slowly. */
static void op_kill(void)
{
    int slot = random_domain();

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
        check(slot);
        return;
    }

    free_all_of(slot);
    heap_domain_destroy(slot);
    expect.domain[slot].exists = false;
    check(HEAP_NO_DOMAIN);
}

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
        put_offline(mfn);
        set_free(node, -1);
        learn_levels();
        expect_recall(&expect, node);
        counts->recalled += before - expect.total;
    }
    check(slot < 0 ? HEAP_NO_DOMAIN : slot);
}

static void op_offline(void)
{
    unsigned int nr = random_one_in(r, 8) ? 32 : 1;

    what = "offline";
    while ( nr-- )
        offline_one(page_to_offline());
}

static void online_one(unsigned long index)
{
    unsigned long mfn = offline[index];
    unsigned int status;

    offline[index] = offline[--nr_offline];
    if ( heap_online(mfn, &status) )
        wrong("page %#lx: refused", mfn);
    owner[mfn] = FREE;
    set_free(node_of[mfn], 1);
    counts->onlined++;
    learn_levels();
    check(HEAP_NO_DOMAIN);
}

static void op_online(void)
{
    unsigned int nr;

    what = "online";
    for ( nr = random_one_in(r, 8) ? 32 : 1; nr && nr_offline; nr-- )
        online_one(random_below(r, nr_offline));
}

static void op_scrub(void)
{
    what = "scrub";
    heap_scrub(random_below(r, layout.nr_nodes), 1 + random_below(r, 4));
    counts->scrubbed++;
    check(HEAP_NO_DOMAIN);
}

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
    else if ( dice < 100 + bias )
        op_alloc();
    else
        op_free();
}

static void create_tables(void)
{
    unsigned int i, node = 0;
    unsigned long mfn, pages = 0;

    max_mfn = layout.range[layout.nr_ranges - 1].end;
    owner = table(max_mfn, sizeof(*owner));
    mark = table(max_mfn, sizeof(*mark));
    node_of = table(max_mfn, sizeof(*node_of));
    memset(owner, NO_MEMORY, max_mfn);
    for ( i = 0; i < layout.nr_ranges; i++ )
    {
        node = layout.range[i].node;
        for ( mfn = layout.range[i].start; mfn < layout.range[i].end; mfn++ )
            node_of[mfn] = node;
        pages += layout.range[i].end - layout.range[i].start;
    }
    max_blocks = pages;
    blocks = table(max_blocks, sizeof(*blocks));
    max_offline = 4 + pages / 8;
    /* Of the pages that are to leave, more may follow than that. */
    offline = table(pages, sizeof(*offline));
}

static void create(void)
{
    struct heap_walk lists;
    const char *error;
    unsigned int slot, node;

    layout_random(&layout, r);
    create_tables();
    heap_create(&layout);
    error = heap_walk(&lists, page_first_seen);
    if ( error )
        wrong("%s", error);

    expect.nr_nodes = layout.nr_nodes;
    for ( node = 0; node < layout.nr_nodes; node++ )
    {
        memcpy(expect.free[node], lists.free[node],
               sizeof(expect.free[node]));
        expect.total_free += lists.free[node][0];
    }
    memcpy(start_free, expect.free, sizeof(start_free));
    check(HEAP_NO_DOMAIN);
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

    learn_levels();
    walk();
    if ( !nr_broken && memcmp(start_free, end_free, sizeof(start_free)) )
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
