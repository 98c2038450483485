/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the demo came to, computed from the journals of its lab hosts:
 *
 *     demo-result [--json FILE] [--goals FILE] JOURNAL...
 *
 * Prints tables for people.  Ends with 0 if all promises hold, 1 if one does
 * not, 2 if the journals are no demo's or a file cannot be used.
 */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "demo-result: %s: %s\n", what, why);

    return -1;
}

static int usage(void)
{
    fprintf(stderr, "usage: demo-result [--json FILE] [--goals FILE] "
            "JOURNAL...\n");

    return 2;
}

static int add_file(struct result *result, const char *path)
{
    char *text, why[WHY_SIZE];
    size_t size;
    int rc;

    text = journal_load(path, &size);
    if ( !text )
        return fail(path, strerror(errno));

    rc = result_add(result, (struct text){ text, size }, why);
    if ( rc )
        fail(path, why);
    free(text);

    return rc;
}

/* Takes the text, NULL included. */
static int write_file(const char *path, char *text)
{
    FILE *file = text ? fopen(path, "w") : NULL;
    int rc = 0;

    if ( !file || fputs(text, file) < 0 )
        rc = fail(path, strerror(errno));
    if ( file && fclose(file) && !rc )
        rc = fail(path, strerror(errno));
    free(text);

    return rc;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "json", required_argument, NULL, 'j' },
        { "goals", required_argument, NULL, 'g' },
        { NULL, 0, NULL, 0 }
    };
    const char *json = NULL, *goals_file = NULL;
    static struct goal goals[GOALS_MAX];
    static struct result result;
    unsigned int nr;
    int option;

    while ( (option = getopt_long(argc, argv, "", options, NULL)) != -1 )
        switch ( option )
        {
        case 'j':
            json = optarg;
            break;

        case 'g':
            goals_file = optarg;
            break;

        default:
            return usage();
        }

    if ( optind == argc )
        return usage();
    for ( ; optind < argc; optind++ )
        if ( add_file(&result, argv[optind]) )
            return 2;

    nr = goals_of(&result, goals);
    if ( json && write_file(json, show_result_json(&result)) )
        return 2;
    if ( goals_file && write_file(goals_file, show_goals_json(goals, nr)) )
        return 2;
    show_table(stdout, &result, goals, nr);
    if ( fflush(stdout) )
    {
        fail("standard output", strerror(errno));
        return 2;
    }

    return goals_kept(goals, nr) ? 0 : 1;
}
