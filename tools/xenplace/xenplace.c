/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * xenplace: asks xenplaced to place domains on NUMA nodes.
 *
 * Here is the table of verbs and the command line; a verb is a function.
 */

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "place/request.h"
#include "verbs.h"
#include "wire/record.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static verb verb_help;

static const struct {
    const char *name;
    verb *run;
    const char *options;         /* short ones that it takes, beside s and h;
                                    NULL: it reads its own                   */
    int min;                     /* arguments                                */
    int max;
    const char *usage;
    const char *what;
} verbs[] = {
    { "capacity", verb_capacity, "jm:n:P:S:", 1, 1 << 20,
      "[-n NODES] [-m NR] [-P POLICY] [-S SIZE] [--json] CFG...",
      "how many more such domains, or rounds of several, fit, and where" },
    { "create", verb_create, "jm:n:pP:S:", 1, 1 << 20,
      "[-p] [-n NODES] [-m NR] [-P POLICY] [-S SIZE] [--json] CFG...",
      "create and build domains on nodes" },
    { "explain", verb_explain, "jm:n:P:S:", 1, 1 << 20,
      "[-n NODES] [-m NR] [-P POLICY] [-S SIZE] [--json] CFG...",
      "why create would put domains there, or what would make them fit" },
    { "help", verb_help, "", 0, 0, "", "this text" },
    { "list", verb_list, "j", 0, 0, "[--json]",
      "domains with their memory and claims by node" },
    { "nodes", verb_nodes, "j", 0, 0, "[--json]",
      "memory and CPUs of this host by node" },
    { "plan", verb_plan, "jm:n:P:S:", 1, 1 << 20,
      "[-n NODES] [-m NR] [-P POLICY] [-S SIZE] [--json] CFG...",
      "where create would put domains" },
    { "show", verb_show, "j", 1, 1, "[--json] DOMID", "one domain" },
    { "sim", verb_sim, NULL, 0, 0, "[OPTION]...",
      "compare placement rules on simulated hosts: sim --help" },
    { "version", verb_version, "j", 0, 0, "[--json]",
      "versions of client, daemon and host" },
};

static void print_usage(FILE *stream)
{
    fprintf(stream, "usage: xenplace [-s SOCKET] VERB [OPTION]... "
            "[ARGUMENT]...\n");
    for ( size_t i = 0; i < NR(verbs); i++ )
    {
        fprintf(stream, "  %s %s\n", verbs[i].name, verbs[i].usage);
        fprintf(stream, "        %s\n", verbs[i].what);
    }
    fprintf(stream,
            "options:\n"
            "  -j, --json           for programs instead of people\n"
            "  -m, --max-nodes=NR   on so many at most\n"
            "  -n, --nodes=NODES    only on these, as 0,2-3\n"
            "  -p, --paused         leave the domains paused\n"
            "  -P, --policy=POLICY  strict: one node or none; preferred: one "
            "node,\n"
            "                       else the nearest that have room together; "
            "interleave:\n"
            "                       equal parts on all [preferred]\n"
            "  -S, --superpages=SIZE  2M, 1G: of this size or none; preferred; "
            "off\n"
            "                       [preferred]\n"
            "  -s, --socket=PATH    of xenplaced [$XENPLACED_SOCKET, else\n"
            "                       " XENRUNDIR "/xenplaced/socket]\n"
            "exit status: 0 done, 1 refused or failed, 2 usage, 3 no daemon, "
            "4 this Xen\nhas no node claims; see xenplace(8)\n");
}

static enum client_status verb_help(const struct verb_options *options,
                                    int argc, char *argv[])
{
    (void)options;
    (void)argc;
    (void)argv;
    print_usage(stdout);

    return CLIENT_DONE;
}

static void __attribute__((noreturn)) wrong_usage(void)
{
    fprintf(stderr, "see xenplace help\n");
    exit(CLIENT_USAGE);
}

static const char *read_node(const char *text, unsigned int *node)
{
    char *end;
    unsigned long value;

    if ( !isdigit((unsigned char)*text) )
        return NULL;
    value = strtoul(text, &end, 10);
    if ( value >= RECORD_MAX_NODES )
        return NULL;
    *node = value;

    return end;
}

/* "0,2-3" */
static uint64_t read_nodes(const char *text)
{
    const char *next = text;
    uint64_t mask = 0;

    do {
        unsigned int first, last;

        next = read_node(next, &first);
        last = first;
        if ( next && *next == '-' )
            next = read_node(next + 1, &last);
        if ( !next || first > last || (*next && *next != ',') )
        {
            client_say("--nodes: %s: must be a list of nodes from 0 to %u, "
                       "as 0,2-3", text, RECORD_MAX_NODES - 1);
            wrong_usage();
        }
        for ( ; first <= last; first++ )
            mask |= UINT64_C(1) << first;
    } while ( *next++ );

    return mask;
}

static unsigned int read_max_nodes(const char *text)
{
    char *end;
    unsigned long nr = strtoul(text, &end, 10);

    if ( !isdigit((unsigned char)*text) || *end || nr < 1 ||
         nr > RECORD_MAX_NODES )
    {
        client_say("--max-nodes: %s: must be a number from 1 to %u", text,
                   RECORD_MAX_NODES);
        wrong_usage();
    }

    return nr;
}

static void read_option(struct verb_options *options, int option)
{
    struct place_request request;

    switch ( option )
    {
    case 'j':
        options->json = true;
        break;

    case 'm':
        options->max_nodes = read_max_nodes(optarg);
        break;

    case 'n':
        options->nodes = read_nodes(optarg);
        break;

    case 'p':
        options->paused = true;
        break;

    case 'P':
        if ( place_policy_parse(optarg, &request.policy) )
        {
            client_say("--policy: %s: must be strict, preferred or interleave",
                       optarg);
            wrong_usage();
        }
        options->policy = optarg;
        break;

    case 'S':
        if ( place_chunks_parse(optarg, &request) )
        {
            client_say("--superpages: %s: must be preferred, 2M, 1G or off",
                       optarg);
            wrong_usage();
        }
        options->superpages = optarg;
        break;

    case 's':
        options->socket = optarg;
        break;

    case 'h':
        print_usage(stdout);
        exit(CLIENT_DONE);

    default:
        wrong_usage();
    }
}

/* allowed: short options beside s and h, without their colons or with. */
static void read_options(struct verb_options *options, int argc, char *argv[],
                         const char *verb_name, const char *allowed)
{
    static const struct option names[] = {
        { "help", no_argument, NULL, 'h' },
        { "json", no_argument, NULL, 'j' },
        { "max-nodes", required_argument, NULL, 'm' },
        { "nodes", required_argument, NULL, 'n' },
        { "paused", no_argument, NULL, 'p' },
        { "policy", required_argument, NULL, 'P' },
        { "socket", required_argument, NULL, 's' },
        { "superpages", required_argument, NULL, 'S' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    /* "+": what follows the verb is the verb's. */
    while ( (option = getopt_long(argc, argv,
                                  verb_name ? "hjm:n:pP:s:S:" : "+hs:", names,
                                  NULL)) != -1 )
    {
        if ( option != '?' && !strchr("hs", option) &&
             !strchr(allowed, option) )
        {
            client_say("%s: -%c: not an option of this verb",
                       verb_name ? verb_name : "before the verb", option);
            wrong_usage();
        }
        read_option(options, option);
    }
}

static enum client_status run(struct verb_options *options, int argc,
                              char *argv[])
{
    for ( size_t i = 0; i < NR(verbs); i++ )
    {
        if ( strcmp(argv[0], verbs[i].name) )
            continue;
        if ( !verbs[i].options )
            return verbs[i].run(options, argc, argv);
        optind = 0;
        read_options(options, argc, argv, verbs[i].name, verbs[i].options);
        argc -= optind;
        argv += optind;
        if ( argc < verbs[i].min || argc > verbs[i].max )
        {
            client_say("%s: %s", verbs[i].name, argc < verbs[i].min
                       ? "an argument is missing" : "too many arguments");
            fprintf(stderr, "usage: xenplace %s %s\n", verbs[i].name,
                    verbs[i].usage);
            return CLIENT_USAGE;
        }
        return verbs[i].run(options, argc, argv);
    }

    client_say("%s: unknown verb", argv[0]);
    wrong_usage();
}

int main(int argc, char *argv[])
{
    const char *socket = getenv("XENPLACED_SOCKET");
    struct verb_options options = {
        .socket = socket && *socket ? socket
                                    : XENRUNDIR "/xenplaced/socket",
    };
    enum client_status status;

    read_options(&options, argc, argv, NULL, "");
    if ( optind == argc )
    {
        client_say("a verb is missing");
        print_usage(stderr);
        return CLIENT_USAGE;
    }
    status = run(&options, argc - optind, argv + optind);
    if ( fflush(stdout) && status == CLIENT_DONE )
    {
        client_say("standard output: cannot be written");
        status = CLIENT_REFUSED;
    }

    return status;
}
