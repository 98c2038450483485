/* SPDX-License-Identifier: LGPL-2.1-only */
/* Memory is allocated and freed. */


#include "ops.h"
#include "world.h"

static struct random *const r = &random_state;

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
        .domain = world_random_domain(), .order = random_order(),
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
                         (request->flags & HEAP_EXACT_NODE) |
                         (random_one_in(r, 2) ? HEAP_XENHEAP : 0);
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

/*
 * As many pages are claimed, in whatever pieces: then a block comes from a
 * node where all of it is claimed, or it is refused.
 */
static bool is_claimed(const struct heap_request *request, int slot,
                       enum expect_kind kind)
{
    unsigned long pages = 0;
    unsigned int node;

    if ( slot < 0 || kind != EXPECT_GUEST || !request->order ||
         request->node != HEAP_NO_NODE )
        return false;
    for ( node = 0; node < layout.nr_nodes; node++ )
        pages += expect_guest(&expect.domain[slot], node);

    return pages >= 1UL << request->order;
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
             (!is_claimed(request, slot, kind) ||
              expect_guest(&expect.domain[slot], node) >=
              1UL << request->order) &&
             expect_possible(&expect, slot, kind, node, request->order) )
            wrong("order %u for domain %d refused, node %u has it",
                  request->order, request->domain, node);
}

/*
 * How well a node suits memory for a domain: 2 with claims of just that size,
 * 1 with any.  whole: only if there are as many as are asked for.
 */
static unsigned int suits(int slot, unsigned int node, unsigned int order,
                          bool whole)
{
    const struct expect_domain *d = &expect.domain[slot];

    if ( whole && expect_guest(d, node) < 1UL << order )
        return 0;

    return d->node[node].chunks[expect_level(order)] ? 2
           : expect_guest(d, node) ? 1 : 0;
}

/* Claims steer: no node that suits better could have served. */
static void check_steering(const struct heap_request *request,
                           unsigned int node)
{
    enum expect_kind kind;
    int slot = claimant(request, &kind);
    const bool whole = is_claimed(request, slot, kind);
    unsigned int other, want;

    if ( slot < 0 || request->bits || (request->flags & HEAP_NO_DMA) ||
         kind != EXPECT_GUEST || !heap_has_levels() )
        return;

    if ( whole && !suits(slot, node, request->order, true) )
        wrong("order %u for domain %d from node %u, where less is claimed",
              request->order, slot, node);

    /* A node that the request names goes first, if it has any claims. */
    if ( request->node == node )
        return;

    for ( other = 0; other < layout.nr_nodes; other++ )
    {
        want = suits(slot, other, request->order, whole);
        if ( request->node != HEAP_NO_NODE )
        {
            /* It decides by itself where the domain has none. */
            if ( !expect_guest(&expect.domain[slot], request->node) )
                return;
            if ( other == request->node )
                want = 3;
        }
        if ( want > suits(slot, node, request->order, whole) &&
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

/* A home node goes before whatever node was named for a page of Xen's own. */
static void apply_home(struct heap_request *request)
{
    if ( !(request->flags & HEAP_OVERHEAD) ||
         home[request->domain] == HEAP_NO_NODE )
        return;

    request->node = home[request->domain];
    request->flags &= ~HEAP_EXACT_NODE;
}

void op_alloc(void)
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
    apply_home(&request);
    if ( mfn == HEAP_NO_PAGE )
    {
        if ( limited )
            learn_redeemed(&request);
        else
            check_refusal(&request);
        world_learn();
        world_check(request.domain);
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
    world_set_free(node, -(1L << request.order));
    slot = claimant(&request, &kind);
    expect_redeem(&expect, slot, kind, node, request.order);
    world_learn();
    world_check(request.domain);
}

static void free_page_range(const struct block *block, unsigned long mfn,
                            unsigned long pages)
{
    const unsigned int node = node_of[mfn];
    unsigned long i;

    for ( i = mfn; i < mfn + pages; i++ )
        if ( mark[i] & MARK_LEAVING )
            world_put_offline(i);
        else
        {
            owner[i] = FREE;
            world_set_free(node, 1);
        }

    if ( block->domain >= 0 && !(block->flags & HEAP_NO_REFCOUNT) )
    {
        expect.domain[block->domain].pages -= pages;
        expect.domain[block->domain].node[node].guest_pages -= pages;
    }
}

void free_block(unsigned long index)
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
    world_learn();
    expect_recall(&expect, node);
    world_check(block.domain);
}

void op_free(void)
{
    what = "free";
    if ( nr_blocks )
        free_block(random_below(r, nr_blocks));
}
