/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The reference for the accounting of claims.  It shares no code with what is
 * tested by it, and no idea: what it says it finds out by laying tokens.
 */

#include <errno.h>
#include <string.h>

#include "claim-reference.h"

#define LEVELS NODE_CLAIM_LEVELS

const unsigned int chunk_order[SORTS] = { 0, 2, 4, 0 };
static const uint64_t chunk_starts[SORTS] = {
    ~0ULL, 0x1111111111111111, 0x0001000100010001, ~0ULL
};

unsigned int nr_nodes;
uint64_t pages_of[NODES][NR_OWNERS];
unsigned int tokens[NODES][DOMAINS][SORTS];
unsigned int host_tokens[DOMAINS];
uint64_t recalled[NODES][DOMAINS];

unsigned int count_pages(uint64_t mask)
{
    return __builtin_popcountll(mask);
}

uint64_t page_run(unsigned int first, unsigned int order)
{
    return (order == 6 ? ~0ULL : (1ULL << (1u << order)) - 1) << first;
}

/* The first pages of aligned runs that are within a mask. */
uint64_t page_runs(uint64_t mask, unsigned int sort)
{
    unsigned int order;

    for ( order = 0; order < chunk_order[sort]; order++ )
        mask &= mask >> (1u << order);

    return mask & chunk_starts[sort];
}

/*
 * Lay all tokens of a node, the largest first; any place will do, as places
 * for large ones are used up before.  What finds none, in pages, by level.
 */
static unsigned int unlaid(unsigned int node, unsigned int by_level[LEVELS])
{
    static const unsigned int sorts[] = { 2, 1, 0, OWN };
    uint64_t left = pages_of[node][FREE], first;
    unsigned int i, d, nr, sum = 0;

    memset(by_level, 0, LEVELS * sizeof(*by_level));
    for ( i = 0; i < SORTS; i++ )
        for ( d = 0; d < DOMAINS; d++ )
            for ( nr = tokens[node][d][sorts[i]]; nr; nr-- )
            {
                first = page_runs(left, sorts[i]);
                first &= -first;
                if ( first )
                    left &= ~page_run(__builtin_ctzll(first),
                                 chunk_order[sorts[i]]);
                else
                {
                    by_level[sorts[i] % OWN] += 1u << chunk_order[sorts[i]];
                    sum += 1u << chunk_order[sorts[i]];
                }
            }

    return sum;
}

unsigned int token_pages(unsigned int node, unsigned int d)
{
    unsigned int sort, nr = 0;

    for ( sort = 0; sort < SORTS; sort++ )
        nr += tokens[node][d][sort] << chunk_order[sort];

    return nr;
}

/* By how much all tokens are more than all free pages. */
static unsigned int host_unlaid(void)
{
    unsigned int node, d, have = 0, want = 0;

    for ( node = 0; node < nr_nodes; node++ )
    {
        have += count_pages(pages_of[node][FREE]);
        for ( d = 0; d < DOMAINS; d++ )
            want += token_pages(node, d);
    }
    for ( d = 0; d < DOMAINS; d++ )
        want += host_tokens[d];

    return want > have ? want - have : 0;
}

bool reference_sound(unsigned int node)
{
    unsigned int by_level[LEVELS];

    return !unlaid(node, by_level) && !host_unlaid();
}

/* The free block that a free page is part of. */
unsigned int reference_block_order(unsigned int node, unsigned int page)
{
    unsigned int order = 0;

    while ( order < 6 )
    {
        uint64_t whole = page_run(page >> (order + 1) << (order + 1),
                                  order + 1);

        if ( whole & ~pages_of[node][FREE] )
            break;
        order++;
    }

    return order;
}

void reference_move(unsigned int node, uint64_t mask, unsigned int from,
                 unsigned int to)
{
    pages_of[node][from] &= ~mask;
    pages_of[node][to] |= mask;
}

void reference_drop_all(unsigned int d)
{
    unsigned int node;

    for ( node = 0; node < nr_nodes; node++ )
        memset(tokens[node][d], 0, sizeof(tokens[node][d]));
    host_tokens[d] = 0;
}

static unsigned int sort_of(const struct xen_node_claim *entry)
{
    return entry->kind ? (unsigned int)OWN : entry->order / 2u;
}

/* The smallest entry that needs a run of that level; pages before Xen's own. */
static uint32_t expect_entry(const struct xen_node_claim *entries, uint32_t nr,
                             unsigned int node, unsigned int level)
{
    static const unsigned int from[LEVELS][SORTS + 1] = {
        { 0, OWN, 1, 2, SORTS }, { 1, 2, SORTS }, { 2, SORTS },
    };
    const unsigned int *sort;
    uint32_t i;

    for ( sort = from[level]; *sort != SORTS; sort++ )
        for ( i = 0; i < nr; i++ )
            if ( entries[i].target == node && sort_of(&entries[i]) == *sort )
                return i;

    return nr;
}

/* What install should say; the tokens are as it should leave them. */
int reference_install(unsigned int d, const struct xen_node_claim *entries,
                          uint32_t nr, unsigned int memory, unsigned int max,
                          struct node_claim_shortage *shortage)
{
    unsigned int saved[NODES][SORTS], saved_host = host_tokens[d];
    unsigned int by_level[LEVELS], node, level, guest = 0;
    uint32_t i;
    int rc = 0;

    for ( i = 0; i < nr; i++ )
        guest += entries[i].kind ? 0 : entries[i].pages;
    if ( guest && memory + guest > max )
        return -ERANGE;

    for ( node = 0; node < nr_nodes; node++ )
        memcpy(saved[node], tokens[node][d], sizeof(saved[node]));
    reference_drop_all(d);
    for ( i = 0; i < nr; i++ )
        if ( entries[i].target == XEN_NODE_CLAIM_HOST )
            host_tokens[d] = entries[i].pages;
        else
            tokens[entries[i].target][d][sort_of(&entries[i])] =
                entries[i].pages >> entries[i].order;

    for ( node = 0; !rc && node < nr_nodes; node++ )
    {
        bool asked = false;

        for ( i = 0; i < nr; i++ )
            asked |= entries[i].target == node;
        if ( !asked || !unlaid(node, by_level) )
            continue;
        for ( level = LEVELS - 1; !by_level[level]; level-- )
            ;
        shortage->pages = by_level[level];
        shortage->entry = expect_entry(entries, nr, node, level);
        rc = -ENOMEM;
    }
    if ( !rc && host_unlaid() )
    {
        shortage->pages = host_unlaid();
        for ( i = 0; i < nr; i++ )
            if ( entries[i].target == XEN_NODE_CLAIM_HOST )
                break;
        shortage->entry = i;
        rc = -ENOMEM;
    }

    if ( rc )
    {
        for ( node = 0; node < nr_nodes; node++ )
            memcpy(tokens[node][d], saved[node], sizeof(saved[node]));
        host_tokens[d] = saved_host;
    }

    return rc;
}

/* Tokens of a domain go as 2^order pages of the node are taken for it. */
void reference_redeem(unsigned int node, unsigned int d, bool own,
                          unsigned int order)
{
    unsigned int missing = 1u << order, *of = tokens[node][d], sort, size;

    if ( own )
    {
        of[OWN] -= of[OWN] < missing ? of[OWN] : missing;
        return;
    }

    /* Whole ones, no larger than the block, the largest first. */
    for ( sort = LEVELS; sort--; )
        while ( chunk_order[sort] <= order && of[sort] &&
                missing >= 1u << chunk_order[sort] )
        {
            of[sort]--;
            missing -= 1u << chunk_order[sort];
        }
    /* One larger one, the smallest there is; what is left of it is smaller. */
    for ( sort = 0; missing && sort < LEVELS; sort++ )
    {
        if ( chunk_order[sort] <= order || !of[sort] )
            continue;
        of[sort]--;
        size = (1u << chunk_order[sort]) - missing;
        missing = 0;
        while ( sort-- )
        {
            of[sort] += size >> chunk_order[sort];
            size &= (1u << chunk_order[sort]) - 1;
        }
        break;
    }
    while ( missing && host_tokens[d] )
    {
        host_tokens[d]--;
        missing--;
    }
}

/* Whose claim of a sort is the largest: the first, on a tie. */
static unsigned int victim(unsigned int node, unsigned int sort)
{
    unsigned int d, best = DOMAINS;

    for ( d = 0; d < DOMAINS; d++ )
    {
        unsigned int nr = sort == SORTS ? host_tokens[d]
                                        : tokens[node][d][sort];
        unsigned int most = best == DOMAINS ? 0 :
                            sort == SORTS ? host_tokens[best]
                                          : tokens[node][best][sort];

        if ( nr > most )
            best = d;
    }

    return best;
}

void reference_recall(unsigned int node)
{
    unsigned int by_level[LEVELS], level, d;

    for ( level = LEVELS - 1; level; level-- )
        while ( unlaid(node, by_level) && by_level[level] )
        {
            d = victim(node, level);
            tokens[node][d][level]--;
            tokens[node][d][level - 1] += 4;
        }
    while ( unlaid(node, by_level) )
    {
        unsigned int sort = victim(node, 0) < DOMAINS ? 0u : (unsigned int)OWN;

        d = victim(node, sort);
        tokens[node][d][sort]--;
        recalled[node][d]++;
    }
    while ( host_unlaid() )
    {
        d = victim(node, SORTS);
        host_tokens[d]--;
        recalled[node][d]++;
    }
}
