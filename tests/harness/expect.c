/* SPDX-License-Identifier: LGPL-2.1-only */
/* The rules of claims once more: see expect.h. */

#include <errno.h>
#include <string.h>

#include "expect.h"

static unsigned long chunk(unsigned int level)
{
    return 1UL << heap_level_order(level);
}

unsigned int expect_level(unsigned int order)
{
    unsigned int level = HEAP_LEVELS - 1;

    while ( order < heap_level_order(level) )
        level--;

    return level;
}

/* Pages that a domain claims of a node in chunks of that level and above. */
static unsigned long guest_from(const struct expect_domain *d,
                                unsigned int node, unsigned int level)
{
    unsigned long pages = 0;

    for ( ; level < HEAP_LEVELS; level++ )
        pages += d->node[node].chunks[level] * chunk(level);

    return pages;
}

unsigned long expect_guest(const struct expect_domain *d, unsigned int node)
{
    return guest_from(d, node, 0);
}

unsigned long expect_claims(const struct expect *e, unsigned int slot)
{
    const struct expect_domain *d = &e->domain[slot];
    unsigned long pages = d->host;
    unsigned int node;

    for ( node = 0; node < e->nr_nodes; node++ )
        pages += guest_from(d, node, 0) + d->node[node].overhead;

    return pages;
}

/* Add, or with -1 take away, what a domain has on a node to the sums. */
static void add_node(struct expect *e, const struct expect_domain *d,
                     unsigned int node, long sign)
{
    unsigned int level;

    for ( level = 0; level < HEAP_LEVELS; level++ )
        e->claimed[node][level] += sign * guest_from(d, node, level);
    e->claimed[node][0] += sign * d->node[node].overhead;
    e->overhead[node] += sign * d->node[node].overhead;
    e->total += sign * (guest_from(d, node, 0) + d->node[node].overhead);
}

static void set_host(struct expect *e, struct expect_domain *d,
                     unsigned long pages)
{
    e->host += pages - d->host;
    e->total += pages - d->host;
    d->host = pages;
}

/* One chunk of a level, of which some pages are gone, as smaller ones. */
static void split(struct expect_domain *d, unsigned int node,
                  unsigned int level, unsigned long gone)
{
    unsigned long left = chunk(level) - gone;

    d->node[node].chunks[level]--;
    while ( left )
    {
        level--;
        d->node[node].chunks[level] += left / chunk(level);
        left %= chunk(level);
    }
}

static void end_legacy(const struct expect *e, struct expect_domain *d)
{
    if ( d->legacy && !expect_claims(e, d - e->domain) )
        d->legacy = false;
}

void expect_redeem(struct expect *e, int slot, enum expect_kind kind,
                   unsigned int node, unsigned int order)
{
    struct expect_domain *d;
    unsigned long need = 1UL << order, *chunks;
    unsigned int own = expect_level(order), level;

    if ( slot < 0 )
        return;

    d = &e->domain[slot];
    add_node(e, d, node, -1);
    chunks = d->node[node].chunks;
    if ( kind == EXPECT_OVERHEAD )
        d->node[node].overhead -= need < d->node[node].overhead
                                  ? need : d->node[node].overhead;
    else
    {
        for ( level = own; ; level-- )
        {
            unsigned long most = need / chunk(level);

            most = most < chunks[level] ? most : chunks[level];
            chunks[level] -= most;
            need -= most * chunk(level);
            if ( !level )
                break;
        }
        for ( level = own + 1; need && level < HEAP_LEVELS; level++ )
            if ( chunks[level] )
            {
                split(d, node, level, need);
                need = 0;
            }
    }
    add_node(e, d, node, 1);

    if ( kind == EXPECT_GUEST )
        set_host(e, d, d->host - (need < d->host ? need : d->host));
    end_legacy(e, d);
}

/*
 * Taking 2^order pages out of a block of that level: is all that is claimed
 * then still there?
 */
static bool rule_holds(const struct expect *after, unsigned int node,
                       unsigned int order, unsigned int block)
{
    unsigned int own = expect_level(order), level;

    if ( after->total_free < after->total + (1UL << order) )
        return false;

    for ( level = 0; level < HEAP_LEVELS; level++ )
    {
        unsigned long gone = level <= own ? 1UL << order
                             : level <= block ? chunk(level) : 0;

        if ( after->free[node][level] < after->claimed[node][level] + gone )
            return false;
    }

    return true;
}

bool expect_possible(struct expect *e, int slot, enum expect_kind kind,
                     unsigned int node, unsigned int order)
{
    struct expect_domain *d = slot < 0 ? NULL : &e->domain[slot];
    unsigned int level, own = expect_level(order);
    struct expect_node before;
    unsigned long host = 0;
    bool legacy = false, possible = false;

    /* Free blocks of other orders are not counted. */
    if ( order != heap_level_order(own) )
        return false;

    /* As if it were done; then it is undone. */
    if ( d )
    {
        before = d->node[node];
        host = d->host;
        legacy = d->legacy;
        expect_redeem(e, slot, kind, node, order);
    }

    for ( level = own; level < HEAP_LEVELS && !possible; level++ )
    {
        unsigned long larger = level + 1 < HEAP_LEVELS
                               ? e->free[node][level + 1] : 0;

        possible = e->free[node][level] > larger &&
                   rule_holds(e, node, order, level);
    }

    if ( d )
    {
        add_node(e, d, node, -1);
        d->node[node] = before;
        add_node(e, d, node, 1);
        set_host(e, d, host);
        d->legacy = legacy;
    }

    return possible;
}

void expect_release(struct expect *e, unsigned int slot)
{
    struct expect_domain *d = &e->domain[slot];
    unsigned int node;

    for ( node = 0; node < e->nr_nodes; node++ )
    {
        add_node(e, d, node, -1);
        memset(d->node[node].chunks, 0, sizeof(d->node[node].chunks));
        d->node[node].overhead = 0;
    }
    set_host(e, d, 0);
    d->legacy = false;
}

/* All that is claimed is there. */
static bool all_there(const struct expect *e)
{
    unsigned int node, level;

    for ( node = 0; node < e->nr_nodes; node++ )
        for ( level = 0; level < HEAP_LEVELS; level++ )
            if ( e->claimed[node][level] > e->free[node][level] )
                return false;

    return e->total <= e->total_free;
}

static void add_claim(struct expect_domain *d, const struct heap_claim *claim)
{
    unsigned int level = expect_level(claim->order);

    if ( claim->target == HEAP_HOST )
        d->host = claim->pages;
    else if ( claim->kind )
        d->node[claim->target].overhead = claim->pages;
    else
        d->node[claim->target].chunks[level] = claim->pages / chunk(level);
}

int expect_install(struct expect *e, unsigned int slot,
                   const struct heap_claim *claims, unsigned int nr)
{
    static struct expect after;
    struct expect_domain *d = &after.domain[slot];
    unsigned long guest = 0;
    unsigned int i;

    if ( !nr )
    {
        if ( !e->domain[slot].legacy )
            expect_release(e, slot);
        return 0;
    }
    if ( e->domain[slot].dying )
        return -ESRCH;
    if ( e->domain[slot].finished )
        return -EBUSY;
    if ( e->domain[slot].legacy )
        return -EEXIST;

    after = *e;
    expect_release(&after, slot);
    for ( i = 0; i < nr; i++ )
    {
        guest += claims[i].kind ? 0 : claims[i].pages;
        add_claim(d, &claims[i]);
    }
    if ( guest + d->pages > d->max_pages )
        return -ERANGE;

    for ( i = 0; i < e->nr_nodes; i++ )
        add_node(&after, d, i, 1);
    after.host += d->host;
    after.total += d->host;
    if ( !all_there(&after) )
        return -ENOMEM;

    *e = after;

    return 0;
}

int expect_legacy(struct expect *e, unsigned int slot, unsigned long pages)
{
    struct expect_domain *d = &e->domain[slot];
    unsigned long guest = expect_claims(e, slot);
    unsigned int node;

    if ( !pages )
    {
        if ( d->legacy )
            expect_release(e, slot);
        return 0;
    }
    if ( d->dying || pages > d->max_pages )
        return -EINVAL;

    for ( node = 0; node < e->nr_nodes; node++ )
        guest -= d->node[node].overhead;
    if ( expect_claims(e, slot) && !d->legacy )
        return pages <= d->pages + guest ? 0 : -EINVAL;
    if ( d->legacy || pages <= d->pages )
        return -EINVAL;
    if ( e->total + pages - d->pages > e->total_free )
        return -ENOMEM;

    set_host(e, d, pages - d->pages);
    d->legacy = true;

    return 0;
}

/* What a recall takes from: chunks of a level, overhead, HOST. */
#define RECALL_OVERHEAD HEAP_LEVELS
#define RECALL_HOST (HEAP_LEVELS + 1)

static unsigned long held(const struct expect_domain *d, unsigned int node,
                          unsigned int what)
{
    return what == RECALL_HOST ? d->host
           : what == RECALL_OVERHEAD ? d->node[node].overhead
                                     : d->node[node].chunks[what];
}

/* Who has most of it; the first one of several. */
static struct expect_domain *victim(struct expect *e, unsigned int node,
                                    unsigned int what)
{
    struct expect_domain *most = NULL, *d;

    for ( d = e->domain; d < e->domain + EXPECT_DOMAINS; d++ )
        if ( d->exists && held(d, node, what) &&
             (!most || held(d, node, what) > held(most, node, what)) )
            most = d;

    return most;
}

static void recall_page(struct expect *e, struct expect_domain *d,
                        unsigned int node, unsigned int what)
{
    d->node[node].recalled++;
    if ( what == RECALL_HOST )
        set_host(e, d, d->host - 1);
    else
    {
        add_node(e, d, node, -1);
        if ( what == RECALL_OVERHEAD )
            d->node[node].overhead--;
        else
            d->node[node].chunks[0]--;
        add_node(e, d, node, 1);
    }
    end_legacy(e, d);
}

void expect_recall(struct expect *e, unsigned int node)
{
    struct expect_domain *d;
    unsigned int level;

    for ( level = HEAP_LEVELS - 1; level; level-- )
        while ( e->claimed[node][level] > e->free[node][level] )
        {
            d = victim(e, node, level);
            add_node(e, d, node, -1);
            split(d, node, level, 0);
            add_node(e, d, node, 1);
        }

    while ( e->claimed[node][0] > e->free[node][0] )
    {
        d = victim(e, node, 0);
        if ( d )
            recall_page(e, d, node, 0);
        else
            recall_page(e, victim(e, node, RECALL_OVERHEAD), node,
                        RECALL_OVERHEAD);
    }

    while ( e->total > e->total_free && (d = victim(e, node, RECALL_HOST)) )
        recall_page(e, d, node, RECALL_HOST);
}

const char *expect_broken(const struct expect *e)
{
    return all_there(e) ? NULL : "more is claimed than is free";
}
