/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Taking away unfinished domains.
 *
 * A process of its own, since Xen may need seconds to take back memory.
 * Xenstore first, while the domain still holds its domid, so that what is
 * removed cannot be another one's.  The daemon believes Xen, not the process:
 * the domain is gone when Xen says so.
 */

#include <errno.h>
#include <fcntl.h>
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
    struct event *retry;
    uint32_t domid;
    uint64_t unique_id;
    int record;                  /* for the builder's undo; -1 without       */
    unsigned int tries;
    reaper_ended *ended;
    void *owner;
};

/* In the reaper process. */

static void undo(struct reaper *reaper)
{
    pid_t pid = fork();

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

    return rc ? EXIT_FAILURE : EXIT_SUCCESS;
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
    event_free(reaper->retry);
    if ( reaper->record >= 0 )
        close(reaper->record);
    free(reaper);
}

static void try_later(struct reaper *reaper)
{
    const struct timeval delay = { .tv_sec = RETRY_SECONDS };

    evtimer_add(reaper->retry, &delay);
}

static void try_now(evutil_socket_t fd, short what, void *argument)
{
    struct reaper *reaper = argument;
    int null;

    (void)fd;
    (void)what;
    if ( reaper->tries++ == MAX_TRIES )
    {
        finish(reaper, false);
        return;
    }

    null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if ( reaper->record >= 0 )
        lseek(reaper->record, 0, SEEK_SET);
    if ( null < 0 ||
         child_start(&reaper->child,
                     reaper->record >= 0 ? reaper->record : null, null,
                     run_reaper, reaper) )
    {
        log_say("domain %u: no process to destroy it: %s", reaper->domid,
                strerror(errno));
        try_later(reaper);
    }
    if ( null >= 0 )
        close(null);
}

static void on_ended(struct child *child, int status)
{
    struct reaper *reaper = (struct reaper *)child;

    (void)status;
    if ( is_gone(reaper) )
        finish(reaper, true);
    else
        try_later(reaper);
}

void reaper_start(struct placed *placed, const struct record *record,
                  reaper_ended *ended, void *owner)
{
    struct reaper *reaper = calloc(1, sizeof(*reaper));
    const struct timeval now = { 0 };

    if ( reaper )
        reaper->retry = evtimer_new(placed->base, try_now, reaper);
    if ( !reaper || !reaper->retry || evtimer_add(reaper->retry, &now) )
    {
        /* Recovery at the next start finds the domain again. */
        log_say("domain %u: out of memory: not destroyed", record->domid);
        if ( reaper && reaper->retry )
            event_free(reaper->retry);
        free(reaper);
        ended(owner, false);
        return;
    }

    reaper->child.ended = on_ended;
    reaper->placed = placed;
    reaper->domid = record->domid;
    reaper->unique_id = record->unique_id;
    reaper->record = builder_record_file(record);
    reaper->ended = ended;
    reaper->owner = owner;
}
