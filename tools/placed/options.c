/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The daemon's command line, read.
 */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "place/request.h"

#define EXIT_USAGE 2

/* Each builder is a process that maps and copies; more only get in the way. */
#define MAX_BUILDERS 256u
#define MAX_DEADLINE 86400u
#define DEADLINE     60u
/* Low memory is what 32 bits address. */
#define MAX_RESERVE_MIB 4096u

static const char usage[] =
    "usage: xenplaced [OPTION]...\n"
    "Places domains on NUMA nodes; see xenplaced(8).\n"
    "  -b, --builder=FILE     the builder [" XENBINDIR "/xenguest]\n"
    "  -d, --default-policy=POLICY\n"
    "                         of domains by libxl that ask for none: strict,\n"
    "                         preferred, interleave or off [off]\n"
    "  -f, --foreground       stay in the foreground; it always does\n"
    "  -h, --help             this text\n"
    "  -j, --builders=N       so many builders at a time [2 for each CPU]\n"
    "  -l, --log=FILE         append the log to FILE [standard error]\n"
    "  -p, --pidfile=FILE     write the process id there\n"
    "  -r, --reserve=MIB      leave so much low memory to devices [0]\n"
    "  -s, --socket=PATH      [$XENPLACED_SOCKET, else\n"
    "                         " XENRUNDIR "/xenplaced/socket]\n"
    "  -t, --build-timeout=S  kill a builder that makes no progress for S\n"
    "                         seconds [60]\n"
    "  -V, --version          the version\n"
    "  -w, --where=WHERE      model:FILE instead of the running Xen\n";

static void __attribute__((noreturn))
wrong(const char *option, const char *value, unsigned int min,
      unsigned int max)
{
    fprintf(stderr, "xenplaced: %s: %s: must be a number from %u to %u\n",
            option, value, min, max);
    exit(EXIT_USAGE);
}

static unsigned int number(const char *option, const char *text,
                           unsigned int min, unsigned int max)
{
    unsigned long value;
    char *end;

    errno = 0;
    value = strtoul(text, &end, 10);
    if ( errno || end == text || *end || *text == '-' || value < min ||
         value > max )
        wrong(option, text, min, max);

    return value;
}

static const char *policy_or_off(const char *option, const char *word)
{
    enum place_policy policy;

    if ( strcmp(word, "off") && place_policy_parse(word, &policy) )
    {
        fprintf(stderr, "xenplaced: %s: %s: must be strict, preferred, "
                "interleave or off\n", option, word);
        exit(EXIT_USAGE);
    }

    return word;
}

static void set_defaults(struct options *options)
{
    const char *socket = getenv("XENPLACED_SOCKET");
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);

    *options = (struct options){
        .socket = socket && *socket ? socket
                                    : XENRUNDIR "/xenplaced/socket",
        .builder = XENBINDIR "/xenguest",
        .default_policy = "off",
        .max_builders = cpus > 0 && cpus < MAX_BUILDERS / 2
                        ? 2 * cpus : MAX_BUILDERS,
        .deadline = DEADLINE,
    };
}

/* What getopt_long() returned, and its argument. */
static void read_one(struct options *options, int option)
{
    switch ( option )
    {
    case 'b':
        options->builder = optarg;
        break;

    case 'd':
        options->default_policy = policy_or_off("--default-policy",
                                                optarg);
        break;

    case 'f':
        break;

    case 'h':
        fputs(usage, stdout);
        exit(EXIT_SUCCESS);

    case 'j':
        options->max_builders = number("--builders", optarg, 1,
                                       MAX_BUILDERS);
        break;

    case 'l':
        options->log = optarg;
        break;

    case 'p':
        options->pidfile = optarg;
        break;

    case 'r':
        options->reserve_mib = number("--reserve", optarg, 0,
                                      MAX_RESERVE_MIB);
        break;

    case 's':
        options->socket = optarg;
        break;

    case 't':
        options->deadline = number("--build-timeout", optarg, 1,
                                   MAX_DEADLINE);
        break;

    case 'V':
        puts("xenplaced " PACKAGE_VERSION);
        exit(EXIT_SUCCESS);

    case 'w':
        options->where = optarg;
        break;

    default:
        fputs(usage, stderr);
        exit(EXIT_USAGE);
    }
}

void options_read(struct options *options, int argc, char *argv[])
{
    static const struct option names[] = {
        { "builder", required_argument, NULL, 'b' },
        { "builders", required_argument, NULL, 'j' },
        { "build-timeout", required_argument, NULL, 't' },
        { "default-policy", required_argument, NULL, 'd' },
        { "foreground", no_argument, NULL, 'f' },
        { "help", no_argument, NULL, 'h' },
        { "log", required_argument, NULL, 'l' },
        { "pidfile", required_argument, NULL, 'p' },
        { "reserve", required_argument, NULL, 'r' },
        { "socket", required_argument, NULL, 's' },
        { "version", no_argument, NULL, 'V' },
        { "where", required_argument, NULL, 'w' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    set_defaults(options);
    while ( (option = getopt_long(argc, argv, "b:d:fhj:l:p:r:s:t:Vw:", names,
                                  NULL)) != -1 )
        read_one(options, option);
    if ( optind < argc )
    {
        fprintf(stderr, "xenplaced: %s: unexpected argument\n%s",
                argv[optind], usage);
        exit(EXIT_USAGE);
    }
}
