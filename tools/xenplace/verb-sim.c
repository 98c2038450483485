/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The verb sim: a comparison of placement rules on simulated hosts.  It asks
 * no daemon, and has options of its own.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim-wish.h"
#include "sim/report.h"
#include "sim/sim-host.h"
#include "sim/trace.h"
#include "verbs.h"

static void print_list(void)
{
    printf("hosts:\n");
    for ( const struct sim_host_kind *kind = sim_host_kinds; kind->name;
          kind++ )
        printf("  %-20s %s\n", kind->name, kind->about);
    printf("rules:\n");
    for ( const struct sim_rule *rule = sim_rules; rule->name; rule++ )
        printf("  %-20s %s\n", rule->name, rule->about);
}

static enum client_status say_unwritten(const char *path)
{
    client_say("sim: %s: cannot be written: %s", path, strerror(errno));

    return CLIENT_REFUSED;
}

/* NULL with errno; "-" is standard output. */
static FILE *open_out(const char *path)
{
    return strcmp(path, "-") ? fopen(path, "we") : stdout;
}

static int close_out(FILE *to)
{
    if ( to == stdout )
        return fflush(to) || ferror(to) ? -1 : 0;
    if ( ferror(to) )
    {
        fclose(to);
        errno = EIO;
        return -1;
    }

    return fclose(to) ? -1 : 0;
}

static enum client_status write_trace(const struct sim_wish *wish)
{
    const struct load_wanted wanted = {
        .seed = wish->plan.first_seed,
        .nr = wish->plan.nr_arrivals,
        .permille = wish->permille[0],
        .burst = wish->plan.burst,
    };
    struct load made = { 0 };
    FILE *to;
    int rc;

    if ( !wish->plan.trace && load_make(&made, &wish->hosts[0].host,
                                        &wanted) )
    {
        client_say("sim: --write-trace: host %s: %s", wish->hosts[0].name,
                   errno == ENOSPC ? "too small for any domain"
                                   : strerror(errno));
        return CLIENT_REFUSED;
    }
    to = open_out(wish->write_trace);
    if ( to )
        trace_write(to, wish->plan.trace ? wish->plan.trace : &made);
    rc = to ? close_out(to) : -1;
    load_dispose(&made);

    return rc ? say_unwritten(wish->write_trace) : CLIENT_DONE;
}

static enum client_status write_report(const struct compare *compare,
                                       enum sim_format format,
                                       const char *path)
{
    FILE *to = open_out(path);
    int rc = 0;

    if ( !to )
        return say_unwritten(path);
    if ( format == SIM_JSON )
        rc = report_json(to, compare);
    else if ( format == SIM_CSV )
        report_csv(to, compare);
    else if ( format == SIM_HTML )
        report_html(to, compare);
    else
        report_text(to, compare);

    return close_out(to) || rc ? say_unwritten(path) : CLIENT_DONE;
}

static enum client_status write_reports(const struct sim_wish *wish,
                                        const struct compare *compare)
{
    enum client_status status = CLIENT_DONE;
    bool taken = false;

    for ( enum sim_format format = SIM_JSON; format < NR_SIM_FORMATS;
          format++ )
        if ( wish->paths[format] )
        {
            if ( write_report(compare, format, wish->paths[format]) )
                status = CLIENT_REFUSED;
            taken = taken || !strcmp(wish->paths[format], "-");
        }
    if ( !taken && write_report(compare, SIM_TEXT, "-") )
        status = CLIENT_REFUSED;

    return status;
}

/* "[#####.....] 1234 of 4680 runs, 5 min left" */
static void show_progress(void *context, size_t done, size_t all)
{
    const struct timespec *begin = context;
    static size_t first;
    static const char bar[] = "########################################";
    int width = sizeof(bar) - 1, full = done * width / all;
    struct timespec now;
    double seconds, left;

    clock_gettime(CLOCK_MONOTONIC, &now);
    seconds = now.tv_sec - begin->tv_sec +
              (now.tv_nsec - begin->tv_nsec) * 1e-9;
    /* What was finished before took no time of this one's. */
    if ( !first )
        first = done;
    left = done > first ? seconds / (done - first) * (all - done) : 0;
    fprintf(stderr, "\r[%.*s%*s] %zu of %zu runs, %.0f %s left \033[K", full,
            bar, width - full, "", done, all,
            left < 120 ? left : left / 60, left < 120 ? "s" : "min");
    if ( done == all )
        fprintf(stderr, "\r\033[K");
}

static enum client_status compare(struct sim_wish *wish)
{
    enum client_status status = CLIENT_REFUSED;
    struct timespec begin;
    struct compare compare;
    char why[512];

    if ( isatty(STDERR_FILENO) )
    {
        wish->plan.progress = show_progress;
        wish->plan.context = &begin;
        clock_gettime(CLOCK_MONOTONIC, &begin);
    }
    if ( !compare_run_all(&compare, &wish->plan, why, sizeof(why)) )
        status = write_reports(wish, &compare);
    else
    {
        /* Below the bar, not in it. */
        if ( wish->plan.progress )
            fputc('\n', stderr);
        client_say("sim: %s", why);
    }
    compare_dispose(&compare);

    return status;
}

static enum client_status show_host(const char *name)
{
    static struct compare_host found;
    enum client_status status = sim_wish_host(name, &found);

    if ( status == CLIENT_DONE )
        sim_host_write(stdout, &found.host);

    return status;
}

enum client_status verb_sim(const struct verb_options *options, int argc,
                            char *argv[])
{
    static struct sim_wish wish;
    enum client_status status = sim_wish_read(&wish, argc, argv);

    (void)options;
    if ( status != CLIENT_DONE )
        goto out;
    if ( wish.list )
        print_list();
    else if ( wish.show_host )
        status = show_host(wish.show_host);
    else if ( wish.write_trace )
        status = write_trace(&wish);
    else
        status = compare(&wish);

 out:
    sim_wish_dispose(&wish);

    return status;
}
