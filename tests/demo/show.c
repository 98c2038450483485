/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The demo's tables for people: see show.h.
 */

#include <inttypes.h>
#include <string.h>

#include "show.h"

static const char legend[] =
"uniform-18  18 domains of 256 MiB\n"
"mixed-14    domains of 4x128, 4x256, 2x384, 2x512 and 2x768 MiB\n"
"xl create   on stock Xen, all at once, one process a domain, smallest first\n"
"bare build  on stock Xen, one program on libxenguest, one after the other\n"
"xenplace    on patched Xen, all at once: 18 clients, and one for all 14\n"
"xl placed   on patched Xen by xl create with numa_policy=\"preferred\", all at\n"
"            once, largest first\n"
"failed      domains that are not there with all of their memory\n"
"split       domains with more than 64 pages off the node with most of them\n"
"local       pages on their domain's best node, of all pages\n"
"seconds     from the first client's start to the last one's end, in dom0\n";

/* How a storm was started, for readers who know none of the names. */
static const struct by {
    const char *by;
    const char *text;
} bys[] = {
    { "xl", "xl create" },
    { "bare", "bare build" },
    { "xl-placed", "xl placed" },
    { NULL, NULL }
};

static const char *by_text(const char *name)
{
    const struct by *by;

    for ( by = bys; by->by; by++ )
        if ( !strcmp(by->by, name) )
            return by->text;

    return name;
}

static void show_run(FILE *out, const struct run *run, bool first)
{
    unsigned int local = run_local(run);

    fprintf(out, "%-12s%-12s%8u%8u%8u%8" PRIu64 "%7u.%02u %%%7" PRIu64
            ".%02" PRIu64 "\n", first ? run->storm : "", by_text(run->by),
            run->domains, run->failed, run->split, run->pages / 256,
            local / 100, local % 100, run->hundredths / 100,
            run->hundredths % 100);
}

/* The runs of one storm stand together, whatever journal they are from. */
static void show_runs(FILE *out, const struct result *result)
{
    const struct run *run, *end = result->runs + result->nr_runs, *same;

    fprintf(out, "%-12s%-12s%8s%8s%8s%8s%12s%10s\n", "storm", "by",
            "domains", "failed", "split", "MiB", "local", "seconds");
    for ( run = result->runs; run < end; run++ )
    {
        for ( same = result->runs; same < run; same++ )
            if ( !strcmp(same->storm, run->storm) )
                break;
        if ( same < run )
            continue;

        for ( ; same < end; same++ )
            if ( !strcmp(same->storm, run->storm) )
                show_run(out, same, same == run);
    }
}

void show_table(FILE *out, const struct result *result,
                const struct goal *goals, unsigned int nr)
{
    show_runs(out, result);
    fprintf(out, "\n%s\n", legend);

    fprintf(out, "%-45s%-17s%-13s%s\n", "goal", "wanted", "measured",
            "holds");
    for ( unsigned int i = 0; i < nr; i++ )
        fprintf(out, "%-45s%-17s%-13s%s\n", goals[i].what, goals[i].goal,
                goals[i].measured, goals[i].holds ? "yes" : "NO");
}
