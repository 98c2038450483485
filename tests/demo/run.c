/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One storm of domains, from its section of the journal: see run.h.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

#define MIB_PAGES 256u

/* What a section's lines say before it is judged. */
struct lines {
    uint64_t sizes[RUN_DOMAINS];        /* pages                             */
    unsigned int nr_sizes;
    unsigned int clients;
    unsigned int clients_failed;
    uint64_t start;
    uint64_t end;
};

static int bad(const struct run *run, const char *what, char why[WHY_SIZE])
{
    snprintf(why, WHY_SIZE, "run %s by %s: %.120s", run->storm, run->by,
             what);
    errno = EBADMSG;

    return -1;
}

bool run_take_time(struct text *line, uint64_t *hundredths)
{
    struct text rest = *line, digits;
    uint64_t whole, part;

    if ( !text_take_number(&rest, &whole) || !text_take(&rest, ".") )
        return false;

    digits = rest;
    if ( !text_take_number(&rest, &part) || digits.size - rest.size != 2 ||
         whole > UINT32_MAX )
        return false;

    *hundredths = whole * 100 + part;
    *line = rest;

    return true;
}

static bool read_client(struct lines *lines, struct text line)
{
    uint64_t start, end, status;

    if ( !run_take_time(&line, &start) || !text_take(&line, " ") ||
         !run_take_time(&line, &end) || !text_take(&line, " ") ||
         !text_take_number(&line, &status) || line.size || end < start )
        return false;

    if ( !lines->clients || start < lines->start )
        lines->start = start;
    if ( !lines->clients || end > lines->end )
        lines->end = end;
    lines->clients++;
    lines->clients_failed += !!status;

    return true;
}

static bool read_sizes(struct lines *lines, struct text line)
{
    uint64_t mib;

    do {
        if ( lines->nr_sizes == RUN_DOMAINS ||
             !text_take_number(&line, &mib) || !mib || mib > UINT32_MAX )
            return false;
        lines->sizes[lines->nr_sizes++] = mib * MIB_PAGES;
    } while ( text_take(&line, " ") );

    return !line.size;
}

/* Other lines than these two are the witness's. */
static bool read_lines(struct lines *lines, struct text body)
{
    struct text line;

    while ( text_take_line(&body, &line) )
        if ( text_take(&line, "client ") )
        {
            if ( !read_client(lines, line) )
                return false;
        }
        else if ( text_take(&line, "sizes ") && !read_sizes(lines, line) )
            return false;

    return true;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? 1 : x > y ? -1 : 0;
}

/*
 * Domains that are not there with all of their memory.  Neither side has
 * names: each size that is asked for, the largest first, is held against the
 * largest domain that is left.
 */
static unsigned int count_short(struct lines *lines, uint64_t *have,
                                unsigned int nr_have)
{
    unsigned int i, whole = 0;

    qsort(have, nr_have, sizeof(*have), by_size);
    qsort(lines->sizes, lines->nr_sizes, sizeof(*have), by_size);
    for ( i = 0; i < lines->nr_sizes && whole < nr_have; i++ )
        if ( have[whole] >= lines->sizes[i] )
            whole++;

    return lines->nr_sizes - whole;
}

static int judge(struct run *run, struct lines *lines,
                 const struct witness *witness, char why[WHY_SIZE])
{
    uint64_t have[RUN_DOMAINS];
    unsigned int i, nr_have = 0, missing;

    for ( i = 0; i < witness->nr_domains; i++ )
    {
        const struct witness_domain *domain = &witness->domains[i];
        uint64_t best = witness_best_pages(domain);

        if ( !domain->domid )
            continue;
        if ( nr_have == lines->nr_sizes )
            return bad(run, "more domains than were asked for", why);

        have[nr_have++] = domain->pages;
        run->pages += domain->pages;
        run->local_pages += best;
        run->split += domain->pages - best > RUN_SPLIT_PAGES;
    }

    missing = count_short(lines, have, nr_have);
    run->failed = missing > lines->clients_failed ? missing
                                                  : lines->clients_failed;
    run->domains = lines->nr_sizes;
    run->hundredths = lines->end - lines->start;

    return 0;
}

unsigned int run_local(const struct run *run)
{
    /* At most 2^48 pages: the witness's limit, and that of domains. */
    return run->pages ? run->local_pages * 10000 / run->pages : 0;
}

int run_read(struct run *run, const struct section *section,
             char why[WHY_SIZE])
{
    struct text title = section->title;
    struct lines lines = { 0 };
    struct witness witness;
    char reason[WHY_SIZE];
    int rc;

    memset(run, 0, sizeof(*run));
    if ( !text_take(&title, "run ") ||
         !text_take_word(&title, run->storm, sizeof(run->storm)) ||
         !text_take_word(&title, run->by, sizeof(run->by)) || title.size )
        return bad(run, "not a title: want run STORM BY", why);
    if ( !read_lines(&lines, section->body) )
        return bad(run, "a line of a client or of sizes is broken", why);
    if ( !lines.nr_sizes || !lines.clients )
        return bad(run, "no sizes or no client", why);

    if ( witness_read(&witness, section->body, reason) )
        return bad(run, reason, why);

    rc = judge(run, &lines, &witness, why);
    witness_dispose(&witness);

    return rc;
}
