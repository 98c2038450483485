/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The options of the verb sim: text to a plan, with a message that names the
 * value where that cannot be.
 */

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim-wish.h"
#include "sim/sim-host.h"
#include "sim/trace.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Beyond either there is no end to it. */
#define MAX_SEED      1000000000u
#define MAX_ARRIVALS  10000000u

static enum client_status refuse(const char *option, const char *value,
                                 const char *why)
{
    client_say("sim: --%s: %s: %s", option, value, why);

    return CLIENT_USAGE;
}

static int read_number(const char **text, unsigned long high,
                       unsigned long *number)
{
    char *end;

    errno = 0;
    *number = strtoul(*text, &end, 10);
    if ( !isdigit((unsigned char)**text) || errno || *number > high )
        return -1;
    *text = end;

    return 0;
}

enum client_status sim_wish_host(const char *name, struct compare_host *found)
{
    char why[512];

    found->name = name;
    if ( !sim_host_find(name, &found->host) )
        return CLIENT_DONE;
    if ( !sim_host_read(name, &found->host, why, sizeof(why)) )
        return CLIENT_DONE;
    if ( errno == ENOENT )
        return refuse("host", name, "neither a file nor one of sim --list");
    client_say("sim: --host: %s", why);

    return CLIENT_USAGE;
}

static enum client_status add_host(struct sim_wish *wish, const char *name)
{
    enum client_status status;

    for ( size_t i = 0; i < wish->plan.nr_hosts; i++ )
        if ( !strcmp(wish->hosts[i].name, name) )
            return refuse("host", name, "given twice");
    if ( wish->plan.nr_hosts == SIM_MAX_HOSTS )
        return refuse("host", name, "one too many, at most 32");
    status = sim_wish_host(name, &wish->hosts[wish->plan.nr_hosts]);
    if ( status == CLIENT_DONE )
        wish->plan.nr_hosts++;

    return status;
}

/* "0.85", to three decimals, so that the same load is always the same. */
static enum client_status add_load(struct sim_wish *wish, const char *value)
{
    unsigned long whole, permille, unit = 1000;
    const char *text = value;

    if ( read_number(&text, 100, &whole) )
        goto wrong;
    permille = whole * 1000;
    if ( *text == '.' )
        while ( isdigit((unsigned char)*++text) && unit > 1 )
        {
            unit /= 10;
            permille += unit * (*text - '0');
        }
    if ( *text || !permille )
        goto wrong;
    for ( size_t i = 0; i < wish->plan.nr_loads; i++ )
        if ( wish->permille[i] == permille )
            return refuse("load", value, "given twice");
    if ( wish->plan.nr_loads == SIM_MAX_LOADS )
        return refuse("load", value, "one too many, at most 32");
    wish->permille[wish->plan.nr_loads++] = permille;

    return CLIENT_DONE;

 wrong:
    return refuse("load", value, "must be a number from 0.001 to 100.999, "
                  "1 for as much memory as there is");
}

static enum client_status add_mode(struct sim_wish *wish, const char *value)
{
    for ( enum sim_mode mode = 0; mode < NR_SIM_MODES; mode++ )
    {
        if ( strcmp(sim_mode_name(mode), value) )
            continue;
        for ( size_t i = 0; i < wish->plan.nr_modes; i++ )
            if ( wish->modes[i] == mode )
                return refuse("mode", value, "given twice");
        wish->modes[wish->plan.nr_modes++] = mode;
        return CLIENT_DONE;
    }

    return refuse("mode", value,
                  "must be preferred, strict, one-node or mixed");
}

static enum client_status add_rule(struct sim_wish *wish, const char *value)
{
    const struct sim_rule *rule = sim_rule_find(value);

    wish->rules_named = true;
    if ( !rule )
        return refuse("rule", value, "not one of sim --list");
    for ( size_t i = 0; i < wish->plan.nr_rules; i++ )
        if ( wish->rules[i] == rule )
            /* The base is there without being asked for. */
            return i ? refuse("rule", value, "given twice") : CLIENT_DONE;
    if ( wish->plan.nr_rules == SIM_MAX_RULES )
        return refuse("rule", value, "one too many, at most 64");
    wish->rules[wish->plan.nr_rules++] = rule;

    return CLIENT_DONE;
}

/* "1-30", or one. */
static enum client_status read_seeds(struct sim_wish *wish, const char *value)
{
    unsigned long first, last;
    const char *text = value;

    if ( read_number(&text, MAX_SEED, &first) )
        goto wrong;
    last = first;
    if ( *text == '-' )
    {
        text++;
        if ( read_number(&text, MAX_SEED, &last) )
            goto wrong;
    }
    if ( *text || first > last || last - first >= 10000 )
        goto wrong;
    wish->plan.first_seed = first;
    wish->plan.last_seed = last;

    return CLIENT_DONE;

 wrong:
    return refuse("seeds", value, "must be a number, or a range of at most "
                  "10000 such as 1-30");
}

static enum client_status read_arrivals(struct sim_wish *wish,
                                        const char *value)
{
    const char *text = value;
    unsigned long number;

    if ( read_number(&text, MAX_ARRIVALS, &number) || *text || !number )
        return refuse("arrivals", value,
                      "must be a number from 1 to 10000000");
    wish->plan.nr_arrivals = number;

    return CLIENT_DONE;
}

static enum client_status read_trace(struct sim_wish *wish, const char *path)
{
    char why[512];

    if ( wish->plan.trace )
        return refuse("trace", path, "given twice");
    if ( trace_read(path, &wish->trace, why, sizeof(why)) )
    {
        client_say("sim: --trace: %s", why);
        return CLIENT_USAGE;
    }
    wish->plan.trace_name = path;
    wish->plan.trace = &wish->trace;

    return CLIENT_DONE;
}

enum { OPTION_ARRIVALS = 256, OPTION_BURST, OPTION_CSV, OPTION_HOST,
       OPTION_HTML, OPTION_JSON, OPTION_LIST, OPTION_LOAD, OPTION_MODE,
       OPTION_RESUME, OPTION_RULE, OPTION_SEEDS, OPTION_SHOW_HOST,
       OPTION_TIMES, OPTION_TRACE, OPTION_WRITE_TRACE };

static const struct option options_known[] = {
    { "arrivals", required_argument, NULL, OPTION_ARRIVALS },
    { "burst", no_argument, NULL, OPTION_BURST },
    { "csv", required_argument, NULL, OPTION_CSV },
    { "help", no_argument, NULL, 'h' },
    { "host", required_argument, NULL, OPTION_HOST },
    { "html", required_argument, NULL, OPTION_HTML },
    { "json", required_argument, NULL, OPTION_JSON },
    { "list", no_argument, NULL, OPTION_LIST },
    { "load", required_argument, NULL, OPTION_LOAD },
    { "mode", required_argument, NULL, OPTION_MODE },
    { "resume", required_argument, NULL, OPTION_RESUME },
    { "rule", required_argument, NULL, OPTION_RULE },
    { "seeds", required_argument, NULL, OPTION_SEEDS },
    { "show-host", required_argument, NULL, OPTION_SHOW_HOST },
    { "times", no_argument, NULL, OPTION_TIMES },
    { "trace", required_argument, NULL, OPTION_TRACE },
    { "write-trace", required_argument, NULL, OPTION_WRITE_TRACE },
    { NULL, 0, NULL, 0 },
};

static void print_help(FILE *to)
{
    fprintf(to,
            "usage: xenplace sim [OPTION]...\n"
            "      --host=NAME|FILE    on this host; again for more [2 4 8 "
            "16]\n"
            "      --load=X            memory asked for, of that there is; "
            "again for\n"
            "                          more [0.7 0.85 0.95]\n"
            "      --mode=MODE         preferred, strict, one-node, mixed; "
            "again for more\n"
            "                          [preferred strict]\n"
            "      --rule=NAME         this rule; again for more [all]\n"
            "      --seeds=A-B         [1-30]\n"
            "      --arrivals=N        domains of a run [20000]\n"
            "      --burst             many of them arrive at a time\n"
            "      --trace=FILE        these domains instead, from a CSV\n"
            "      --json=FILE, --csv=FILE, --html=FILE\n"
            "                          reports, - for standard output; with "
            "the table\n"
            "                          unless one goes there\n"
            "      --resume=FILE       keep finished runs there, and do not "
            "run them again\n"
            "      --times             measure how long decisions take\n"
            "      --list              hosts and rules\n"
            "      --show-host=NAME    a host as a file\n"
            "      --write-trace=FILE  the domains of the first seed, host "
            "and load\n"
            "see xenplace-sim(8)\n");
}

static enum client_status read_option(struct sim_wish *wish, int option)
{
    switch ( option )
    {
    case OPTION_ARRIVALS:
        return read_arrivals(wish, optarg);

    case OPTION_BURST:
        wish->plan.burst = true;
        break;

    case OPTION_CSV:
        wish->paths[SIM_CSV] = optarg;
        break;

    case OPTION_HOST:
        return add_host(wish, optarg);

    case OPTION_HTML:
        wish->paths[SIM_HTML] = optarg;
        break;

    case OPTION_JSON:
        wish->paths[SIM_JSON] = optarg;
        break;

    case OPTION_LIST:
        wish->list = true;
        break;

    case OPTION_LOAD:
        return add_load(wish, optarg);

    case OPTION_MODE:
        return add_mode(wish, optarg);

    case OPTION_RESUME:
        wish->plan.resume = optarg;
        break;

    case OPTION_RULE:
        return add_rule(wish, optarg);

    case OPTION_SEEDS:
        return read_seeds(wish, optarg);

    case OPTION_SHOW_HOST:
        wish->show_host = optarg;
        break;

    case OPTION_TIMES:
        wish->plan.times = true;
        break;

    case OPTION_TRACE:
        return read_trace(wish, optarg);

    case OPTION_WRITE_TRACE:
        wish->write_trace = optarg;
        break;

    case 'h':
        print_help(stdout);
        exit(CLIENT_DONE);

    default:
        fprintf(stderr, "see xenplace sim --help\n");
        return CLIENT_USAGE;
    }

    return CLIENT_DONE;
}

static enum client_status add_missing(struct sim_wish *wish)
{
    static const char *const hosts[] = { "2", "4", "8", "16" };
    static const char *const loads[] = { "0.7", "0.85", "0.95" };

    for ( size_t i = 0; i < NR(hosts) && wish->plan.nr_hosts == i; i++ )
        add_host(wish, hosts[i]);
    if ( wish->plan.trace && (wish->plan.nr_loads || wish->plan.burst) )
        return refuse("trace", wish->plan.trace_name,
                      "has a load of its own: neither --load nor --burst "
                      "goes with it");
    if ( wish->plan.trace )
        wish->permille[wish->plan.nr_loads++] = 0;
    for ( size_t i = 0; i < NR(loads) && !wish->plan.trace &&
          wish->plan.nr_loads == i; i++ )
        add_load(wish, loads[i]);
    if ( !wish->plan.nr_modes )
    {
        add_mode(wish, "preferred");
        add_mode(wish, "strict");
    }
    if ( !wish->rules_named )
        for ( const struct sim_rule *rule = sim_rules; rule->name; rule++ )
            add_rule(wish, rule->name);

    return CLIENT_DONE;
}

enum client_status sim_wish_read(struct sim_wish *wish, int argc, char *argv[])
{
    enum client_status status = CLIENT_DONE;
    int option;

    wish->plan = (struct compare_plan){
        .hosts = wish->hosts, .permille = wish->permille,
        .modes = wish->modes, .rules = wish->rules,
        .first_seed = 1, .last_seed = 30, .nr_arrivals = 20000,
    };
    wish->rules[wish->plan.nr_rules++] = &sim_rules[0];
    optind = 0;
    while ( status == CLIENT_DONE &&
            (option = getopt_long(argc, argv, "h", options_known,
                                  NULL)) != -1 )
        status = read_option(wish, option);
    if ( status == CLIENT_DONE && optind < argc )
    {
        client_say("sim: %s: too many arguments", argv[optind]);
        status = CLIENT_USAGE;
    }

    return status == CLIENT_DONE ? add_missing(wish) : status;
}

void sim_wish_dispose(struct sim_wish *wish)
{
    load_dispose(&wish->trace);
}
