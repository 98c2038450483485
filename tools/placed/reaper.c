/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Taking away unfinished domains.
 *
 * A process of its own, since Xen may need seconds to take back memory; not
 * more at a time than builders, since they contend for Xen's heap.
 * Xenstore first: a daemon that is killed in between finds the domain again,
 * but not its entries.  And once more when the domain is gone, since until
 * then xenconsoled may make some.  The daemon believes Xen, not the process:
 * the domain is gone when Xen says so.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "child.h"
#include "grant.h"
#include "log.h"
#include "placed.h"
#include "reaper.h"
#include "wire/record.h"

/* A domain of terabytes takes minutes; then something is wrong with it. */
#define MAX_TRIES 100u
#define UNDO_SECONDS 10
#define RETRY_SECONDS 1

struct reaper {
    struct child child;          /* first: found again by it                 */
    struct placed *placed;
    struct reaper *next;         /* that waits                               */
    struct event *start;
    uint32_t domid;
    uint64_t unique_id;
    char uuid[RECORD_UUID_MAX];
    unsigned int tries;
    reaper_ended *ended;
    void *owner;
};

static unsigned int nr_running;
static struct reaper *waiting;

/* In the reaper process. */

static void undo(struct reaper *reaper)
{
    pid_t pid;

    /* Each reads the record from its begin. */
    lseek(STDIN_FILENO, 0, SEEK_SET);
    pid = fork();
    if ( pid == 0 )
    {
        /* It hangs only if xenstore does. */
        alarm(UNDO_SECONDS);
        _exit(builder_exec(&reaper->placed->builder, true));
    }
    while ( pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR )
        ;
}

static int run_reaper(void *argument)
{
    struct reaper *reaper = argument;
    struct grant *grant;
    char why[256];
    int rc;

    undo(reaper);
    grant = grant_open(reaper->placed->where, why, sizeof(why));
    if ( !grant )
    {
        log_say("domain %u: cannot be destroyed: %s", reaper->domid, why);
        return EXIT_FAILURE;
    }
    rc = grant_destroy(grant, reaper->domid, reaper->unique_id);
    if ( rc && errno != ESRCH )
        log_say("domain %u: cannot be destroyed: %s", reaper->domid,
                strerror(errno));
    grant_close(grant);
    if ( rc )
        return EXIT_FAILURE;
    undo(reaper);

    return EXIT_SUCCESS;
}

/* In the daemon. */

static bool is_gone(struct reaper *reaper)
{
    struct grant_domain domain;

    if ( grant_read(reaper->placed->grant, reaper->domid, &domain) )
        return errno == ESRCH;

    return domain.unique_id != reaper->unique_id;
}

static void finish(struct reaper *reaper, bool gone)
{
    if ( gone )
        log_say("domain %u: unfinished, destroyed", reaper->domid);
    else
        log_say("domain %u: could not be destroyed: use xl destroy %u",
                reaper->domid, reaper->domid);
    reaper->ended(reaper->owner, gone);
    event_free(reaper->start);
    free(reaper);
}

static void start_after(struct reaper *reaper, unsigned int seconds)
{
    const struct timeval delay = { .tv_sec = seconds };

    evtimer_add(reaper->start, &delay);
}

static void wait_for_others(struct reaper *reaper)
{
    struct reaper **last = &waiting;

    while ( *last )
        last = &(*last)->next;
    *last = reaper;
}

static void start_next(void)
{
    struct reaper *reaper = waiting;

    if ( !reaper )
        return;
    waiting = reaper->next;
    reaper->next = NULL;
    start_after(reaper, 0);
}

/* What the builder's undo looks at is the domain's ids; -1 with errno. */
static int undo_record(const struct reaper *reaper)
{
    char kernel[] = "/";
    struct record record = {
        .domid = reaper->domid,
        .unique_id = reaper->unique_id,
        .type = "pvh",
        .vcpus = 1,
        .memory_pages = 1,
        .max_pages = 1,
        .kernel = kernel,
        .paused = true,
        .nr_shares = 1,
        .shares = { { 0, 1 } },
    };

    snprintf(record.name, sizeof(record.name), "domain-%" PRIu32,
             reaper->domid);
    snprintf(record.uuid, sizeof(record.uuid), "%s", reaper->uuid);

    return builder_record_file(&record);
}

static int start_process(struct reaper *reaper)
{
    int in = undo_record(reaper), null, rc, saved_errno;

    null = open("/dev/null", O_RDWR | O_CLOEXEC);
    rc = null < 0 ? -1 : child_start(&reaper->child, in >= 0 ? in : null,
                                     null, run_reaper, reaper);
    saved_errno = errno;
    if ( in >= 0 )
        close(in);
    if ( null >= 0 )
        close(null);
    errno = saved_errno;

    return rc;
}

static void on_start(evutil_socket_t fd, short what, void *argument)
{
    struct reaper *reaper = argument;

    (void)fd;
    (void)what;
    if ( nr_running >= reaper->placed->max_builders )
        wait_for_others(reaper);
    else if ( reaper->tries++ == MAX_TRIES )
    {
        finish(reaper, false);
        start_next();
    }
    else if ( start_process(reaper) )
    {
        log_say("domain %u: no process to destroy it: %s", reaper->domid,
                strerror(errno));
        start_after(reaper, RETRY_SECONDS);
    }
    else
        nr_running++;
}

static void on_ended(struct child *child, int status)
{
    struct reaper *reaper = (struct reaper *)child;

    (void)status;
    nr_running--;
    start_next();
    if ( is_gone(reaper) )
        finish(reaper, true);
    else
        start_after(reaper, RETRY_SECONDS);
}

void reaper_start(struct placed *placed, uint32_t domid, uint64_t unique_id,
                  const char *uuid, reaper_ended *ended, void *owner)
{
    struct reaper *reaper = calloc(1, sizeof(*reaper));

    if ( reaper )
        reaper->start = evtimer_new(placed->base, on_start, reaper);
    if ( !reaper || !reaper->start )
    {
        /* Recovery at the next start finds the domain again. */
        log_say("domain %u: out of memory: not destroyed", domid);
        free(reaper);
        ended(owner, false);
        return;
    }

    reaper->child.ended = on_ended;
    reaper->placed = placed;
    reaper->domid = domid;
    reaper->unique_id = unique_id;
    snprintf(reaper->uuid, sizeof(reaper->uuid), "%s", uuid);
    reaper->ended = ended;
    reaper->owner = owner;
    start_after(reaper, 0);
}
