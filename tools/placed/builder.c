/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One builder process.
 *
 * It is not trusted: what it says is bounded and checked, and its word that
 * it succeeded counts only together with its exit status.  It may die at any
 * moment; its end is then a failure with a reason.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "builder.h"
#include "child.h"
#include "log.h"
#include "wire/frame.h"
#include "wire/record.h"
#include "wire/report.h"

/*
 * Reports are looked at that often, in seconds, and at the end: most builds
 * are over before the first time.  16 reads are what a pipe holds.
 */
#define LOOK_SECONDS 1
#define MAX_READS    16u

struct builder {
    struct child child;          /* first: found again by it                 */
    const struct builder_settings *settings;
    struct event *look;
    struct event *deadline;
    struct frame_reader reader;
    int reports;                 /* its standard output                      */
    bool has_result;
    bool built;
    char why[REPORT_WHY_MAX];    /* set by whatever failed first             */
    char stage[REPORT_STAGE_MAX];
    uint64_t done;               /* of that stage                            */
    builder_ended *ended;
    void *owner;
};

static void fail(struct builder *builder, const char *why)
{
    if ( !builder->why[0] )
        snprintf(builder->why, sizeof(builder->why), "%s", why);
}

void builder_kill(struct builder *builder, const char *why)
{
    fail(builder, why);
    if ( builder->child.pid > 0 )
        kill(builder->child.pid, SIGKILL);
}

static void start_deadline(struct builder *builder)
{
    const struct timeval limit = { .tv_sec = builder->settings->deadline };

    evtimer_add(builder->deadline, &limit);
}

static void take_report(struct builder *builder, const char *text,
                        size_t length)
{
    struct report report;
    char why[256], full[REPORT_WHY_MAX];

    if ( report_read(&report, text, length, why, sizeof(why)) )
    {
        snprintf(full, sizeof(full), "builder: wrong report: %s", why);
        builder_kill(builder, full);
        return;
    }
    if ( builder->has_result )
    {
        builder_kill(builder, "builder: a report after its result");
        return;
    }

    switch ( report.kind )
    {
    case REPORT_PROGRESS:
        if ( report.done == builder->done &&
             !strcmp(report.stage, builder->stage) )
            return;
        snprintf(builder->stage, sizeof(builder->stage), "%s", report.stage);
        builder->done = report.done;
        break;

    case REPORT_OK:
        builder->has_result = builder->built = true;
        break;

    case REPORT_FAILED:
        builder->has_result = true;
        fail(builder, report.why[0] ? report.why
                                    : "builder: failed without a reason");
        break;
    }
    start_deadline(builder);
}

/* Whether there may be more to read. */
static bool read_reports(struct builder *builder)
{
    char bytes[4096];
    ssize_t n = read(builder->reports, bytes, sizeof(bytes));
    const char *frame;
    size_t length;
    int rc;

    if ( n <= 0 )
        return n < 0 && errno == EINTR;
    rc = frame_feed(&builder->reader, bytes, n);
    while ( !rc && (rc = frame_next(&builder->reader, &frame, &length)) > 0 )
    {
        take_report(builder, frame, length);
        rc = builder->why[0] ? -1 : 0;
    }
    if ( rc < 0 && !builder->why[0] )
        builder_kill(builder, "builder: a report that is too long");

    return !rc;
}

/* All that it had to say, but no more than a pipe holds: it may never end. */
static void look(struct builder *builder)
{
    unsigned int reads = 0;

    while ( reads++ < MAX_READS && read_reports(builder) )
        ;
}

static void on_look(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    look(argument);
}

static void on_deadline(evutil_socket_t fd, short what, void *argument)
{
    struct builder *builder = argument;
    char why[REPORT_WHY_MAX];

    (void)fd;
    (void)what;
    /* Then there was progress. */
    look(builder);
    if ( evtimer_pending(builder->deadline, NULL) )
        return;
    snprintf(why, sizeof(why), "builder: no progress for %u seconds in stage "
             "%s: killed", builder->settings->deadline, builder->stage);
    builder_kill(builder, why);
}

static void dispose(struct builder *builder)
{
    if ( builder->look )
        event_free(builder->look);
    if ( builder->deadline )
        event_free(builder->deadline);
    if ( builder->reports >= 0 )
        close(builder->reports);
    frame_dispose(&builder->reader);
    free(builder);
}

static void on_ended(struct child *child, int status)
{
    struct builder *builder = (struct builder *)child;
    char text[96], why[REPORT_WHY_MAX];

    look(builder);
    child_status_text(status, text, sizeof(text));
    if ( !builder->built || !WIFEXITED(status) || WEXITSTATUS(status) )
    {
        snprintf(why, sizeof(why), "builder: %s%s%s%s", text,
                 builder->stage[0] ? " in stage " : "", builder->stage,
                 builder->has_result ? "" : " without a result");
        fail(builder, why);
    }
    builder->ended(builder->owner, builder->why[0] ? builder->why : NULL);
    dispose(builder);
}

int builder_record_file(const struct record *record)
{
    char *text = record_write(record);
    int fd = -1;

    if ( !text )
        return -1;
    fd = memfd_create("record", MFD_CLOEXEC);
    if ( fd >= 0 &&
         (write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
          lseek(fd, 0, SEEK_SET)) )
    {
        close(fd);
        fd = -1;
    }
    free(text);

    return fd;
}

#define MAX_ARGUMENTS 4

/* Copies, since execv and the like take them without const. */
static int make_arguments(const struct builder_settings *settings, bool undo,
                          char *arguments[MAX_ARGUMENTS + 1])
{
    const char *words[MAX_ARGUMENTS];
    unsigned int nr = 0;
    int rc = 0;

    words[nr++] = settings->path;
    if ( undo )
        words[nr++] = "--undo";
    if ( settings->where )
    {
        words[nr++] = "-w";
        words[nr++] = settings->where;
    }
    memset(arguments, 0, (MAX_ARGUMENTS + 1) * sizeof(*arguments));
    for ( unsigned int i = 0; i < nr && !rc; i++ )
        rc = (arguments[i] = strdup(words[i])) ? 0 : -1;

    return rc;
}

static void free_arguments(char *arguments[MAX_ARGUMENTS + 1])
{
    for ( unsigned int i = 0; i < MAX_ARGUMENTS; i++ )
        free(arguments[i]);
}

int builder_exec(const struct builder_settings *settings, bool undo)
{
    char *arguments[MAX_ARGUMENTS + 1];

    if ( !make_arguments(settings, undo, arguments) )
        execv(settings->path, arguments);
    log_say("builder: %s: %s", settings->path, strerror(errno));

    return 127;
}

static int start_process(struct builder *builder,
                         const struct builder_settings *settings,
                         const struct record *record)
{
    char *arguments[MAX_ARGUMENTS + 1] = { NULL };
    int in = -1, pipe_fds[2] = { -1, -1 }, rc = -1, saved_errno;

    in = builder_record_file(record);
    if ( in < 0 || pipe2(pipe_fds, O_CLOEXEC) )
        goto out;
    if ( fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK) )
        goto out;
    if ( make_arguments(settings, false, arguments) ||
         child_spawn(&builder->child, in, pipe_fds[1], arguments) )
        goto out;
    builder->reports = pipe_fds[0];
    pipe_fds[0] = -1;
    rc = 0;

 out:
    saved_errno = errno;
    free_arguments(arguments);
    if ( in >= 0 )
        close(in);
    if ( pipe_fds[0] >= 0 )
        close(pipe_fds[0]);
    if ( pipe_fds[1] >= 0 )
        close(pipe_fds[1]);
    errno = saved_errno;

    return rc;
}

struct builder *builder_start(struct event_base *base,
                              const struct builder_settings *settings,
                              const struct record *record,
                              builder_ended *ended, void *owner)
{
    const struct timeval often = { .tv_sec = LOOK_SECONDS };
    struct builder *builder = calloc(1, sizeof(*builder));
    int saved_errno;

    if ( !builder )
        return NULL;
    builder->reports = -1;
    builder->settings = settings;
    builder->child.ended = on_ended;
    builder->ended = ended;
    builder->owner = owner;
    snprintf(builder->stage, sizeof(builder->stage), "start");
    frame_init(&builder->reader, REPORT_MAX_BYTES);
    builder->deadline = evtimer_new(base, on_deadline, builder);
    if ( !builder->deadline || start_process(builder, settings, record) )
        goto err;

    builder->look = event_new(base, -1, EV_PERSIST, on_look, builder);
    if ( !builder->look || event_add(builder->look, &often) )
        builder_kill(builder, "builder: out of memory");
    start_deadline(builder);

    return builder;

 err:
    saved_errno = errno;
    dispose(builder);
    errno = saved_errno;

    return NULL;
}
