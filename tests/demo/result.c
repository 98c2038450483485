/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the demo came to, section by section: see result.h.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "result.h"

/* What the lab's Linux guest says once its init runs. */
#define LINUX_SAYS "lab guest: init reached"

/* Free pages per node at the last two snapshots. */
struct leak {
    struct witness before;
    struct witness after;
    unsigned int nr_snapshots;
    bool whole;                         /* so was the warm-up                */
};

static int bad(const char *what, char why[WHY_SIZE])
{
    snprintf(why, WHY_SIZE, "%s", what);
    errno = EBADMSG;

    return -1;
}

static int add_run(struct result *result, const struct section *section,
                   struct leak *leak, char why[WHY_SIZE])
{
    struct run run;

    if ( run_read(&run, section, why) )
        return -1;
    if ( !strcmp(run.by, RESULT_WARM_UP) )
    {
        leak->whole &= !run.failed && !run.split;
        return 0;
    }
    if ( result_run(result, run.storm, run.by) )
        return bad("a run is there twice", why);
    if ( result->nr_runs == RESULT_RUNS )
        return bad("too many runs", why);

    result->runs[result->nr_runs++] = run;

    return 0;
}

/* A console line counts if the domain's client succeeded, too. */
static int add_linux(struct result *result, struct text body)
{
    bool said = false, created = false;
    uint64_t start, end, status;
    struct text line;

    while ( text_take_line(&body, &line) )
        if ( text_take(&line, "console ") )
            said |= text_take_past(&line, LINUX_SAYS);
        else if ( text_take(&line, "client ") &&
                  run_take_time(&line, &start) && text_take(&line, " ") &&
                  run_take_time(&line, &end) && text_take(&line, " ") &&
                  text_take_number(&line, &status) && !line.size )
            created = !status;

    result->linux_booted = created && said;

    return 0;
}

static int add_snapshot(struct leak *leak, const struct section *section,
                        char why[WHY_SIZE])
{
    if ( leak->nr_snapshots == 2 )
        return bad("a third snapshot", why);

    return witness_read(leak->nr_snapshots++ ? &leak->after : &leak->before,
                        section->body, why);
}

static int add_leak(struct result *result, const struct leak *leak,
                    char why[WHY_SIZE])
{
    uint64_t sum = 0;

    if ( !leak->nr_snapshots )
        return 0;
    if ( leak->nr_snapshots != 2 || leak->before.nodes != leak->after.nodes )
        return bad("one snapshot only, or not of the same nodes", why);

    for ( unsigned int i = 0; i < WITNESS_NODES; i++ )
    {
        uint64_t before = leak->before.free_pages[i];
        uint64_t after = leak->after.free_pages[i];

        sum += before > after ? before - after : after - before;
    }

    result->has_leak = leak->whole;
    result->leaked_pages = sum;

    return 0;
}

static int add_section(struct result *result, const struct section *section,
                       struct leak *leak, char why[WHY_SIZE])
{
    struct text title = section->title;

    if ( text_take(&title, "run ") )
        return add_run(result, section, leak, why);
    if ( text_take(&title, "linux") && !title.size )
        return add_linux(result, section->body);
    if ( text_take(&title, "snapshot") && !title.size )
        return add_snapshot(leak, section, why);

    return bad("a section of an unknown kind", why);
}

int result_add(struct result *result, struct text journal,
               char why[WHY_SIZE])
{
    struct leak leak = { .whole = true };
    struct section section;
    int rc;

    while ( (rc = journal_next(&journal, &section, why)) > 0 )
        if ( (rc = add_section(result, &section, &leak, why)) )
            break;
    if ( !rc )
        rc = add_leak(result, &leak, why);

    witness_dispose(&leak.before);
    witness_dispose(&leak.after);

    return rc;
}

const struct run *result_run(const struct result *result, const char *storm,
                             const char *by)
{
    for ( unsigned int i = 0; i < result->nr_runs; i++ )
        if ( !strcmp(result->runs[i].storm, storm) &&
             !strcmp(result->runs[i].by, by) )
            return &result->runs[i];

    return NULL;
}
