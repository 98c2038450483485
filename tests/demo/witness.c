/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Reader of Xen's answer to the debug key u: see witness.h.  Only lines that
 * Xen marks as its own count: a guest's output comes with another mark.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "witness.h"

struct reader {
    struct witness *witness;
    uint64_t seen;                      /* nodes of the last domain so far   */
    bool in_domains;                    /* past the heading of the domains   */
    char *why;
};

static int bad(struct reader *reader, const char *what, uint64_t value)
{
    snprintf(reader->why, WHY_SIZE, "debug key u: %s %" PRIu64, what, value);
    errno = EBADMSG;

    return -1;
}

/* Takes the mark of a line of Xen's, with its time if the console has it. */
static bool take_mark(struct text *line)
{
    if ( !text_take(line, "(XEN) ") )
        return false;

    if ( line->size && *line->at == '[' )
        text_take_past(line, "] ");

    return true;
}

/* NODE0 start->0 size->393216 free->369048 */
static int read_node(struct reader *reader, struct text line)
{
    struct witness *witness = reader->witness;
    uint64_t node, pages;

    if ( !text_take_number(&line, &node) ||
         !text_take_past(&line, " free->") ||
         !text_take_number(&line, &pages) )
        return 0;

    if ( node >= WITNESS_NODES )
        return bad(reader, "node beyond 63:", node);
    if ( witness->nodes & (UINT64_C(1) << node) )
        return bad(reader, "listed twice: node", node);
    if ( pages > WITNESS_PAGES )
        return bad(reader, "too many free pages:", pages);

    witness->nodes |= UINT64_C(1) << node;
    witness->free_pages[node] = pages;

    return 0;
}

/* The last domain's nodes are all there and make up its pages. */
static int check_domain(struct reader *reader)
{
    const struct witness *witness = reader->witness;
    const struct witness_domain *domain;
    uint64_t sum = 0;

    if ( !witness->nr_domains )
        return 0;

    domain = &witness->domains[witness->nr_domains - 1];
    if ( reader->seen != witness->nodes )
        return bad(reader, "nodes are missing for domain", domain->domid);

    for ( unsigned int i = 0; i < WITNESS_NODES; i++ )
        sum += domain->node_pages[i];

    if ( sum != domain->pages )
        return bad(reader, "nodes do not add up to the pages of domain",
                   domain->domid);

    return 0;
}

/* d0 (total: 196608): */
static int read_domain(struct reader *reader, struct text line)
{
    struct witness *witness = reader->witness;
    struct witness_domain *domains;
    uint64_t domid, pages;

    if ( !text_take_number(&line, &domid) || domid > UINT16_MAX ||
         !text_take(&line, " (total: ") ||
         !text_take_number(&line, &pages) || !text_take(&line, "):") )
        return 0;

    if ( check_domain(reader) )
        return -1;
    if ( pages > WITNESS_PAGES )
        return bad(reader, "too many pages in a domain:", pages);

    domains = realloc(witness->domains,
                      (witness->nr_domains + 1) * sizeof(*domains));
    if ( !domains )
    {
        snprintf(reader->why, WHY_SIZE, "out of memory");
        return -1;
    }

    witness->domains = domains;
    domains[witness->nr_domains++] =
        (struct witness_domain){ .domid = domid, .pages = pages };
    reader->seen = 0;

    return 0;
}

/*     Node 0: 22689 */
static int read_domain_node(struct reader *reader, struct text line)
{
    struct witness *witness = reader->witness;
    uint64_t node, pages;

    if ( !text_take_number(&line, &node) || !text_take(&line, ": ") ||
         !text_take_number(&line, &pages) || line.size )
        return 0;

    if ( !witness->nr_domains )
        return bad(reader, "pages of no domain: node", node);
    if ( node >= WITNESS_NODES ||
         !(witness->nodes & (UINT64_C(1) << node)) )
        return bad(reader, "pages on an unlisted node:", node);
    if ( pages > WITNESS_PAGES )
        return bad(reader, "too many pages on a node:", pages);
    if ( reader->seen & (UINT64_C(1) << node) )
        return bad(reader, "a node twice, or a domain lost, after domain",
                   witness->domains[witness->nr_domains - 1].domid);

    reader->seen |= UINT64_C(1) << node;
    witness->domains[witness->nr_domains - 1].node_pages[node] = pages;

    return 0;
}

static int read_line(struct reader *reader, struct text line)
{
    if ( !reader->in_domains )
    {
        if ( text_take(&line, "NODE") )
            return read_node(reader, line);
        reader->in_domains = text_take(&line, "Memory location of each");
        return 0;
    }

    if ( text_take(&line, "d") )
        return read_domain(reader, line);
    if ( text_take(&line, "    Node ") )
        return read_domain_node(reader, line);

    return 0;
}

/* Moves to what follows the last line that says that the key was pressed. */
static bool find_answer(struct text *text)
{
    struct text rest = *text, line;
    bool found = false;

    while ( text_take_line(&rest, &line) )
        if ( take_mark(&line) && text_take(&line, "'u' pressed") )
        {
            *text = rest;
            found = true;
        }

    return found;
}

int witness_read(struct witness *witness, struct text text,
                 char why[WHY_SIZE])
{
    struct reader reader = { .witness = witness, .why = why };
    struct text line;

    memset(witness, 0, sizeof(*witness));
    if ( !find_answer(&text) )
    {
        snprintf(why, WHY_SIZE,
                 "debug key u: no answer, or its start was lost");
        errno = EBADMSG;
        return -1;
    }

    while ( text_take_line(&text, &line) )
        if ( take_mark(&line) && read_line(&reader, line) )
            goto out;

    if ( witness->nr_domains )
    {
        if ( !check_domain(&reader) )
            return 0;
    }
    else
        bad(&reader, "ends before the domains, after lines of nodes:",
            __builtin_popcountll(witness->nodes));

 out:
    witness_dispose(witness);

    return -1;
}

void witness_dispose(struct witness *witness)
{
    int saved = errno;

    free(witness->domains);
    memset(witness, 0, sizeof(*witness));
    errno = saved;
}

uint64_t witness_best_pages(const struct witness_domain *domain)
{
    uint64_t best = 0;

    for ( unsigned int i = 0; i < WITNESS_NODES; i++ )
        if ( domain->node_pages[i] > best )
            best = domain->node_pages[i];

    return best;
}
