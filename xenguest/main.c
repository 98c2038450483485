/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * xenguest: builds one domain that was created and has its memory claimed.
 *
 * Reads a hand-over record on standard input, builds, and reports on standard
 * output.  It dies with the process that started it.
 */

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "answer.h"
#include "build.h"
#include "hook.h"

#define EXIT_USAGE 2

static const char usage[] =
    "usage: xenguest [--undo] [-w WHERE] <RECORD\n"
    "Builds the domain of a hand-over record (JSON on standard input).\n"
    "  -u, --undo         remove that domain's entries from xenstore instead\n"
    "  -w, --where=WHERE  model:FILE instead of the running Xen\n"
    "  -h, --help         this text\n"
    "  -V, --version      the version\n";

struct options {
    bool undo;
    const char *where;
};

static void read_options(int argc, char *argv[], struct options *options)
{
    static const struct option names[] = {
        { "undo", no_argument, NULL, 'u' },
        { "where", required_argument, NULL, 'w' },
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'V' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    while ( (option = getopt_long(argc, argv, "uw:hV", names, NULL)) != -1 )
        switch ( option )
        {
        case 'u':
            options->undo = true;
            break;

        case 'w':
            options->where = optarg;
            break;

        case 'h':
            fputs(usage, stdout);
            exit(EXIT_SUCCESS);

        case 'V':
            puts("xenguest " PACKAGE_VERSION);
            exit(EXIT_SUCCESS);

        default:
            fputs(usage, stderr);
            exit(EXIT_USAGE);
        }
    if ( optind < argc )
    {
        fprintf(stderr, "xenguest: %s: unexpected argument\n%s", argv[optind],
                usage);
        exit(EXIT_USAGE);
    }
}

/*
 * From now on the parent's death is ours.  It may have died before: then
 * either we have another parent, or nobody reads what we write.
 */
static bool die_with_parent(pid_t parent)
{
    return !prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == parent &&
           !answer_unread();
}

/* All of standard input, at most a record's maximum and one byte. */
static ssize_t read_input(char *text, size_t size)
{
    size_t length = 0;

    while ( length < size )
    {
        ssize_t n = read(STDIN_FILENO, text + length, size - length);

        if ( n < 0 && errno == EINTR )
            continue;
        if ( n < 0 )
            return -1;
        if ( !n )
            break;
        length += n;
    }

    return length;
}

static int read_record(struct build *build, struct record *record)
{
    char *text = malloc(RECORD_MAX_BYTES + 1);
    ssize_t length = -1;
    int rc = -1;

    if ( text )
        length = read_input(text, RECORD_MAX_BYTES + 1);
    if ( length < 0 )
        build_fail(build, "record: standard input: %s", strerror(errno));
    else
        rc = record_read(record, text, length, build->why,
                         sizeof(build->why));
    free(text);

    return rc;
}

static int find_host(struct build *build)
{
    bool model = build->where && !strncmp(build->where, "model:", 6);

    if ( build->where && !model )
        return build_fail(build, "where: %s: must be model:FILE, or absent "
                          "for the running Xen", build->where);
    build->host = model ? build_model : build_xen;
    if ( !build->host )
        return build_fail(build, "this xenguest was built without the "
                          "libraries of the running Xen: configure it "
                          "--with-xen=DIR");
    hook_enable(model);

    return 0;
}

int main(int argc, char *argv[])
{
    pid_t parent = getppid();
    struct options options = { 0 };
    struct record record = { 0 };
    struct build build = { .record = &record };
    int rc;

    read_options(argc, argv, &options);
    build.where = options.where;
    signal(SIGPIPE, SIG_IGN);
    if ( !die_with_parent(parent) )
        return EXIT_FAILURE;

    rc = read_record(&build, &record);
    if ( !rc )
        rc = find_host(&build);
    if ( !rc )
        rc = options.undo ? build_undo(&build) : build_run(&build);
    record_dispose(&record);
    if ( answer_result(rc ? build.why : NULL) )
        rc = -1;

    return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
