/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The accounting core against a reference that works in another way: it has
 * no counters, but an owner for each page and a token for each promised page.
 * A state is sound if every token can be laid on a free page of its own; an
 * operation is right if the core allows it just when what it leaves is sound.
 *
 * Seed and number of operations may be given as arguments.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xen/node-claim.h>

#include "unit.h"

#define NODES    4u
#define PAGES    24u             /* at most, a node */
#define DOMAINS  4u
#define TOKENS   (NODES * PAGES)
#define ANYWHERE NODES
#define FREE     DOMAINS         /* as an owner */
#define OTHER    (DOMAINS + 1)   /* whatever has no claims */

struct token {
    unsigned int domain, target;
};

/* The reference. */
static unsigned int nr_nodes, nr_pages[NODES];
static unsigned int owners[NODES][PAGES];
static struct token tokens[TOKENS];
static unsigned int nr_tokens;

/* What is tested. */
static struct node_claim_heap heap;
static struct node_claim_set sets[DOMAINS];

static unsigned long operations = 300000;
static uint64_t seed = 20260101;

static unsigned int below(unsigned int limit)
{
    /* xorshift64* */
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;

    return (seed * 0x2545f4914f6cdd1dULL >> 33) % limit;
}

/* Lay a token on a free page that no other lies on. */
static bool lay(bool covered[NODES][PAGES], unsigned int node)
{
    unsigned int page;

    for ( page = 0; page < nr_pages[node]; page++ )
        if ( owners[node][page] == FREE && !covered[node][page] )
            return covered[node][page] = true;

    return false;
}

/* How many tokens find no page; missing is by node, and last for anywhere. */
static unsigned int unsound(unsigned int missing[NODES + 1])
{
    bool covered[NODES][PAGES] = { { false } };
    unsigned int i, node, sum = 0;

    memset(missing, 0, (NODES + 1) * sizeof(*missing));
    for ( i = 0; i < nr_tokens; i++ )
        if ( tokens[i].target != ANYWHERE )
            missing[tokens[i].target] += !lay(covered, tokens[i].target);

    for ( i = 0; i < nr_tokens; i++ )
    {
        if ( tokens[i].target != ANYWHERE )
            continue;

        for ( node = 0; node < nr_nodes && !lay(covered, node); node++ )
            ;
        missing[ANYWHERE] += node == nr_nodes;
    }

    for ( i = 0; i <= NODES; i++ )
        sum += missing[i];

    return sum;
}

static bool drop_token(unsigned int domain, unsigned int target)
{
    unsigned int i;

    for ( i = 0; i < nr_tokens; i++ )
        if ( tokens[i].domain == domain && tokens[i].target == target )
        {
            tokens[i] = tokens[--nr_tokens];
            return true;
        }

    return false;
}

static void drop_all(unsigned int domain)
{
    unsigned int target;

    for ( target = 0; target <= NODES; target++ )
        while ( drop_token(domain, target) )
            ;
}

static unsigned int count_tokens(unsigned int domain, unsigned int target)
{
    unsigned int i, nr = 0;

    for ( i = 0; i < nr_tokens; i++ )
        nr += (domain == DOMAINS || tokens[i].domain == domain) &&
              (target > NODES || tokens[i].target == target);

    return nr;
}

static unsigned int count_pages(unsigned int owner, unsigned int node)
{
    unsigned int page, nr = 0;

    for ( page = 0; page < nr_pages[node]; page++ )
        nr += owners[node][page] == owner;

    return nr;
}

static void restart(void)
{
    unsigned int node, page;

    memset(&heap, 0, sizeof(heap));
    memset(sets, 0, sizeof(sets));
    nr_tokens = 0;
    nr_nodes = 1 + below(NODES);
    for ( node = 0; node < NODES; node++ )
    {
        nr_pages[node] = node < nr_nodes ? below(PAGES + 1) : 0;
        node_claim_give(&heap, node, nr_pages[node]);
        for ( page = 0; page < PAGES; page++ )
            owners[node][page] = FREE;
    }
}

/* A random request, each target at most once, in random order. */
static uint32_t make_request(struct xen_node_claim *entries)
{
    unsigned int target = below(nr_nodes + 1), i;
    uint32_t nr = 0;

    for ( i = 0; i <= nr_nodes; i++, target = (target + 1) % (nr_nodes + 1) )
    {
        if ( below(2) )
            continue;

        memset(&entries[nr], 0, sizeof(entries[nr]));
        entries[nr].pages = 1 + below(below(4) ? 8 : PAGES);
        entries[nr++].target = target == nr_nodes ? XEN_NODE_CLAIM_HOST
                                                  : target;
    }

    return nr;
}

/* What install should say; the tokens are as it should leave them. */
static int expect_install(unsigned int domain,
                          const struct xen_node_claim *entries, uint32_t nr,
                          unsigned int memory, unsigned int max,
                          struct node_claim_shortage *shortage)
{
    struct token saved[TOKENS];
    unsigned int missing[NODES + 1], nr_saved = nr_tokens, sum = 0, i, j;
    bool room = true;

    memcpy(saved, tokens, sizeof(saved));
    drop_all(domain);
    for ( i = 0; i < nr; i++ )
        sum += entries[i].pages;
    if ( memory + sum > max && sum )
    {
        memcpy(tokens, saved, sizeof(saved));
        nr_tokens = nr_saved;
        return -ERANGE;
    }

    for ( i = 0; i < nr; i++ )
        for ( j = 0; j < entries[i].pages && room; j++ )
        {
            room = nr_tokens < TOKENS;
            if ( room )
                tokens[nr_tokens++] = (struct token){
                    domain, entries[i].target == XEN_NODE_CLAIM_HOST
                            ? ANYWHERE : entries[i].target };
        }

    if ( room && !unsound(missing) )
        return 0;

    /* More tokens than pages: too many to say by how much. */
    shortage->pages = 0;
    shortage->entry = nr;
    for ( i = 0; room && i <= NODES && !shortage->pages; i++ )
    {
        shortage->pages = missing[i];
        for ( j = 0; j < nr; j++ )
            if ( missing[i] && entries[j].target ==
                 (i == ANYWHERE ? XEN_NODE_CLAIM_HOST : i) )
                shortage->entry = j;
    }

    memcpy(tokens, saved, sizeof(saved));
    nr_tokens = nr_saved;

    return -ENOMEM;
}

static bool step_install(unsigned int domain)
{
    struct node_claim_shortage got = { 0 }, want = { 0 };
    struct node_claim_request request;
    struct xen_node_claim entries[NODES + 1];
    unsigned int memory = 0, max, node;
    uint32_t nr = make_request(entries);
    int rc, expected;

    for ( node = 0; node < nr_nodes; node++ )
        memory += count_pages(domain, node);
    max = below(4) ? NODES * PAGES * 4 : below(NODES * PAGES);

    expected = expect_install(domain, entries, nr, memory, max, &want);
    rc = node_claim_parse(&request, entries, nr, (1ULL << nr_nodes) - 1) ?:
         node_claim_install(&heap, &sets[domain], &request, memory, max,
                            &got);

    return UNIT_EQUAL("install", rc, expected) &&
           (!want.pages || (UNIT_EQUAL("short", got.pages, want.pages) &&
                            UNIT_EQUAL("short", got.entry, want.entry)));
}

/* Take pages if that leaves all others' tokens their pages. */
static bool step_take(unsigned int domain)
{
    struct node_claim_set *set = domain < DOMAINS ? &sets[domain] : NULL;
    unsigned int node = below(nr_nodes), want = below(12), left = want, page;
    unsigned int before[NODES][PAGES], missing[NODES + 1];
    unsigned int nr_saved = nr_tokens;
    struct token saved[TOKENS];
    bool right;

    memcpy(before, owners, sizeof(before));
    memcpy(saved, tokens, sizeof(saved));

    for ( page = 0; left && page < nr_pages[node]; page++ )
        if ( owners[node][page] == FREE )
        {
            owners[node][page] = set ? domain : OTHER;
            if ( set && !drop_token(domain, node) )
                drop_token(domain, ANYWHERE);
            left--;
        }
    right = !left && !unsound(missing);

    if ( !right )
    {
        memcpy(owners, before, sizeof(before));
        memcpy(tokens, saved, sizeof(saved));
        nr_tokens = nr_saved;
    }

    if ( !UNIT_EQUAL("allows", node_claim_allows(&heap, set, node, want),
                     right) )
        return false;

    if ( right )
        node_claim_take(&heap, set, node, want);

    return true;
}

static void step_give(void)
{
    unsigned int node = below(nr_nodes), owner = below(DOMAINS + 2), page;
    unsigned int most = below(12), nr = 0;

    if ( owner == FREE )
        owner = OTHER;
    for ( page = 0; nr < most && page < nr_pages[node]; page++ )
        if ( owners[node][page] == owner )
        {
            owners[node][page] = FREE;
            nr++;
        }
    node_claim_give(&heap, node, nr);
}

static bool compare(void)
{
    unsigned int node, domain, free_pages = 0;
    bool same = true;

    for ( node = 0; node < nr_nodes; node++ )
    {
        unsigned int pages = count_pages(FREE, node);

        free_pages += pages;
        same &= UNIT_EQUAL("node", heap.node[node].free_pages, pages) &&
                UNIT_EQUAL("node", heap.node[node].claimed_pages,
                           count_tokens(DOMAINS, node));
        for ( domain = 0; domain < DOMAINS; domain++ )
            same &= UNIT_EQUAL("set", sets[domain].node_pages[node],
                               count_tokens(domain, node)) &&
                    UNIT_EQUAL("set", !!(sets[domain].nodes & 1ULL << node),
                               !!count_tokens(domain, node));
    }
    for ( domain = 0; domain < DOMAINS; domain++ )
        same &= UNIT_EQUAL("set", sets[domain].host_pages,
                           count_tokens(domain, ANYWHERE)) &&
                UNIT_EQUAL("set", sets[domain].total_pages,
                           count_tokens(domain, NODES + 1));

    return same & UNIT_EQUAL("host", heap.free_pages, free_pages) &&
           UNIT_EQUAL("host", heap.claimed_pages, nr_tokens) &&
           UNIT_EQUAL("host", heap.host_claimed_pages,
                      count_tokens(DOMAINS, ANYWHERE));
}

static bool step(unsigned long nr)
{
    unsigned int domain = below(DOMAINS);

    /* A fresh host now and then, so that all sizes come. */
    if ( nr % 200 == 0 )
        restart();

    switch ( below(8) )
    {
    case 0:
    case 1:
        return step_install(domain);

    case 2:
        node_claim_release(&heap, &sets[domain]);
        drop_all(domain);
        return true;

    case 3:
        return step_take(OTHER);

    case 4:
    case 5:
        step_give();
        return true;

    default:
        return step_take(domain);
    }
}

static void core_and_reference_agree(void)
{
    unsigned long nr;

    for ( nr = 0; nr < operations; nr++ )
        if ( !step(nr) || !compare() )
        {
            printf("\n    operation %lu\n", nr);
            return;
        }
}

int main(int argc, char **argv)
{
    static const struct unit_test tests[] = {
        { "core and reference agree", core_and_reference_agree },
        { NULL, NULL }
    };
    static const struct unit_suite suites[] = {
        { "node-claim-random", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    if ( argc > 1 )
        seed = strtoull(argv[1], NULL, 0) ?: 1;
    if ( argc > 2 )
        operations = strtoul(argv[2], NULL, 0);
    printf("%s %llu %lu\n", argv[0], (unsigned long long)seed, operations);

    return unit_main("test-node-claim-random", suites);
}
