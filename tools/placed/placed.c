/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * xenplaced: places domains on NUMA nodes, one decision at a time.
 *
 * Starts, and runs the event loop.  Stopping is no different from crashing:
 * builders die with the daemon, and what they left is taken away by the next
 * one.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <event2/event.h>

#include "check.h"
#include "child.h"
#include "control.h"
#include "grant.h"
#include "listen.h"
#include "log.h"
#include "notify.h"
#include "options.h"
#include "placed.h"
#include "recover.h"

#define MAX_FILES 4096u

static void __attribute__((noreturn, format(printf, 1, 2)))
give_up(const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    log_say("%s", text);
    exit(EXIT_FAILURE);
}

/* Descriptors that are opened later must not become 0, 1 or 2. */
static void fill_standard_files(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDWR);
    } while ( fd >= 0 && fd <= STDERR_FILENO );
    if ( fd > STDERR_FILENO )
        close(fd);
}

/* Clients, builders and reapers have some each. */
static void raise_limit(void)
{
    struct rlimit limit;

    if ( getrlimit(RLIMIT_NOFILE, &limit) )
        return;
    if ( limit.rlim_cur < MAX_FILES )
        limit.rlim_cur = limit.rlim_max < MAX_FILES ? limit.rlim_max
                                                    : MAX_FILES;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void write_pidfile(const char *path)
{
    FILE *file = fopen(path, "we");
    int rc = -1;

    if ( file )
    {
        fprintf(file, "%d\n", getpid());
        rc = fclose(file);
    }
    if ( rc )
        give_up("pidfile: %s: %s", path, strerror(errno));
}

static void on_child(evutil_socket_t number, short what, void *argument)
{
    (void)number;
    (void)what;
    (void)argument;
    child_collect();
}

static void on_stop(evutil_socket_t number, short what, void *argument)
{
    struct placed *placed = argument;

    (void)what;
    log_say("stopped by signal %d", (int)number);
    event_base_loopbreak(placed->base);
}

static void watch_signal(struct placed *placed, int number,
                         event_callback_fn callback)
{
    struct event *event = evsignal_new(placed->base, number, callback,
                                       placed);

    if ( !event || event_add(event, NULL) )
        give_up("signals: cannot be watched");
}

static void open_host(struct placed *placed)
{
    char why[256];
    uint32_t abi;

    placed->grant = grant_open(placed->where, why, sizeof(why));
    if ( !placed->grant )
        give_up("%s", why);
    if ( !grant_has_claims(placed->grant, &abi) )
        log_say("this Xen has no node claims: nothing can be placed: boot "
                "this host with a Xen that has the node claim patches");
    else if ( grant_left(placed->grant) )
        log_say("this Xen claims memory of nodes but cannot create on nodes: "
                "it may put on any node: %s; and what a xenplaced that dies "
                "leaves unfinished is not known to the next one: see xl list",
                grant_left(placed->grant));
}

static void check_builder(const struct options *options)
{
    /* Domains can still be planned; so it is told, but no reason to end. */
    if ( access(options->builder, X_OK) )
        log_say("builder: %s: %s: no domain can be built: see -b",
                options->builder, strerror(errno));
}

int main(int argc, char *argv[])
{
    static struct placed placed;
    struct options options;
    char why[512];
    int fd;

    options_read(&options, argc, argv);
    fill_standard_files();
    if ( options.log && log_open(options.log) )
        give_up("log: %s: %s", options.log, strerror(errno));
    signal(SIGPIPE, SIG_IGN);
    raise_limit();

    placed.where = options.where;
    placed.default_policy = options.default_policy;
    placed.builder.path = options.builder;
    placed.builder.where = options.where;
    placed.builder.deadline = options.deadline;
    placed.max_builders = options.max_builders;

    if ( listen_lock(options.socket, why, sizeof(why)) )
        give_up("%s", why);
    open_host(&placed);
    if ( listen_lock_host(options.where, why, sizeof(why)) )
        give_up("%s", why);
    grant_leave_low(placed.grant,
                    options.reserve_mib * (uint64_t)CHECK_PAGES_PER_MIB);
    check_builder(&options);
    placed.base = event_base_new();
    if ( !placed.base )
        give_up("events: out of memory");
    watch_signal(&placed, SIGCHLD, on_child);
    watch_signal(&placed, SIGTERM, on_stop);
    watch_signal(&placed, SIGINT, on_stop);
    if ( recover_start(&placed) )
        give_up("domains: cannot be read: %s", strerror(errno));

    fd = listen_socket(options.socket, why, sizeof(why));
    if ( fd < 0 )
        give_up("%s", why);
    if ( control_start(&placed, fd) )
        give_up("socket: %s: %s", options.socket, strerror(errno));
    if ( options.pidfile )
        write_pidfile(options.pidfile);
    if ( notify_ready() )
        log_say("NOTIFY_SOCKET: %s", strerror(errno));
    log_say("%s: ready", options.socket);

    return event_base_dispatch(placed.base) ? EXIT_FAILURE : EXIT_SUCCESS;
}
