/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The connection to xenstored: see batch.h.
 *
 * The number of a request in its batch is its id, by which its answer is
 * known.  SIGPIPE is ignored by main.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <xenstore_lib.h>
#include <xen/io/xs_wire.h>

#include "batch.h"

/* Where xenstored is not in this domain. */
#define DEVICE "/dev/xen/xenbus"

/*
 * xenstored writes twice for an answer.  To be woken each time costs more
 * than the answers: after the first the others gather, for as long as they
 * take at its pace, but no longer than that, in ns.
 */
#define LONG_PAUSE 4000000

/* Which refusals are none for the caller. */
enum tolerance {
    NOTHING,
    ABSENCE,                     /* ENOENT                                   */
};

struct batch {
    int fd;
    bool is_device;              /* takes one message at a time              */
    unsigned int nr;             /* queued since the last run, or its own    */
    unsigned int nr_answered;
    bool ran;
    int error;                   /* the first refusal, or 0                  */
    bool drained;                /* more is not there yet                    */
    int64_t since;               /* when waiting began, in ns                */
    size_t used;                 /* of the queue, not sent yet               */
    enum tolerance tolerance[BATCH_MAX];
    char *answers[BATCH_MAX];
    bool refused[BATCH_MAX];
    /* A message is at most 4 KiB; most are about 60 bytes. */
    char queue[8 * (sizeof(struct xsd_sockmsg) + XENSTORE_PAYLOAD_MAX)];
    /* Answers mostly come several at a time. */
    char input[4096];
    size_t input_next, input_end;
};

static int connect_socket(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *path = xs_daemon_socket();
    int fd, saved_errno;

    if ( !path || strlen(path) >= sizeof(address.sun_path) )
    {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if ( fd < 0 || !connect(fd, (const struct sockaddr *)&address,
                            sizeof(address)) )
        return fd;
    saved_errno = errno;
    close(fd);
    errno = saved_errno;

    return -1;
}

struct batch *batch_open(void)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    int saved_errno;

    if ( !batch )
        return NULL;
    batch->fd = connect_socket();
    if ( batch->fd < 0 && errno == ENOENT )
    {
        batch->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
        batch->is_device = true;
    }
    if ( batch->fd >= 0 )
        return batch;

    saved_errno = errno;
    free(batch);
    errno = saved_errno;

    return NULL;
}

static void forget(struct batch *batch)
{
    for ( unsigned int i = 0; i < batch->nr; i++ )
    {
        free(batch->answers[i]);
        batch->answers[i] = NULL;
    }
    batch->nr = 0;
    batch->nr_answered = 0;
    batch->used = 0;
    batch->ran = false;
}

void batch_close(struct batch *batch)
{
    if ( !batch )
        return;
    forget(batch);
    close(batch->fd);
    free(batch);
}

static int write_all(int fd, const char *bytes, size_t length)
{
    while ( length )
    {
        ssize_t n = write(fd, bytes, length);

        if ( n < 0 && errno != EINTR )
            return -1;
        bytes += n > 0 ? n : 0;
        length -= n > 0 ? n : 0;
    }

    return 0;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);

    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* Until the rest is there, at the pace of what has come; it may be a part. */
static void let_gather(struct batch *batch)
{
    unsigned int answered = batch->nr_answered ? batch->nr_answered : 1;
    struct timespec time = {
        .tv_nsec = (now() - batch->since) / answered *
                   (batch->nr - batch->nr_answered),
    };

    if ( time.tv_nsec > LONG_PAUSE )
        time.tv_nsec = LONG_PAUSE;
    nanosleep(&time, NULL);
}

static int fill_input(struct batch *batch)
{
    ssize_t n;

    if ( batch->drained )
        let_gather(batch);
    do {
        n = read(batch->fd, batch->input, sizeof(batch->input));
    } while ( n < 0 && errno == EINTR );
    if ( !n )
        errno = EPIPE;
    if ( n <= 0 )
        return -1;
    batch->input_next = 0;
    batch->input_end = n;
    batch->drained = !batch->is_device && n < (ssize_t)sizeof(batch->input);

    return 0;
}

static int read_all(struct batch *batch, void *buffer, size_t length)
{
    char *bytes = buffer;

    while ( length )
    {
        size_t n = batch->input_end - batch->input_next;

        if ( !n && fill_input(batch) )
            return -1;
        n = batch->input_end - batch->input_next;
        if ( n > length )
            n = length;
        memcpy(bytes, batch->input + batch->input_next, n);
        batch->input_next += n;
        bytes += n;
        length -= n;
    }

    return 0;
}

static int send_queue(struct batch *batch)
{
    struct xsd_sockmsg message;
    size_t length;

    if ( !batch->is_device )
        return write_all(batch->fd, batch->queue, batch->used);

    for ( size_t done = 0; done < batch->used; done += length )
    {
        memcpy(&message, batch->queue + done, sizeof(message));
        length = sizeof(message) + message.len;
        if ( write_all(batch->fd, batch->queue + done, length) )
            return -1;
    }

    return 0;
}

static int error_number(const char *name)
{
    for ( size_t i = 0; i < sizeof(xsd_errors) / sizeof(xsd_errors[0]); i++ )
        if ( !strcmp(name, xsd_errors[i].errstring) )
            return xsd_errors[i].errnum;

    return EIO;
}

/* One answer, to whichever request it is. */
static int take_answer(struct batch *batch)
{
    struct xsd_sockmsg message;
    unsigned int i;
    char *text;
    int error;

    if ( read_all(batch, &message, sizeof(message)) )
        return -1;
    i = message.req_id;
    if ( i >= batch->nr || batch->answers[i] ||
         message.len > XENSTORE_PAYLOAD_MAX )
    {
        errno = EPROTO;
        return -1;
    }
    text = calloc(1, message.len + 1);
    if ( !text || read_all(batch, text, message.len) )
    {
        free(text);
        return -1;
    }
    batch->answers[i] = text;
    batch->refused[i] = message.type == XS_ERROR;
    if ( !batch->refused[i] )
        return 0;

    error = error_number(text);
    if ( !batch->error &&
         (batch->tolerance[i] != ABSENCE || error != ENOENT) )
        batch->error = error;

    return 0;
}

static int flush(struct batch *batch)
{
    int rc = send_queue(batch);

    batch->used = 0;

    return rc;
}

/* A connection that failed fails again, and says so. */
static void run(struct batch *batch)
{
    int rc = flush(batch);

    batch->drained = false;
    batch->since = now();
    while ( !rc && batch->nr_answered < batch->nr )
        if ( !(rc = take_answer(batch)) )
            batch->nr_answered++;
    if ( rc && !batch->error )
        batch->error = errno;
    batch->ran = true;
}

void batch_send(struct batch *batch)
{
    if ( !batch->ran && flush(batch) && !batch->error )
        batch->error = errno;
}

int batch_run(struct batch *batch)
{
    int error;

    if ( !batch->ran && batch->nr )
        run(batch);
    error = batch->error;
    batch->error = 0;
    if ( !error )
        return 0;

    errno = error;
    return -1;
}

const char *batch_answer(const struct batch *batch, unsigned int request)
{
    return request < batch->nr && !batch->refused[request]
           ? batch->answers[request] : NULL;
}

/* One or two pieces of payload. */
static void add(struct batch *batch, enum xsd_sockmsg_type type,
                enum tolerance tolerance, const void *one, size_t one_length,
                const void *two, size_t two_length)
{
    struct xsd_sockmsg message = { .type = type };

    if ( one_length > XENSTORE_PAYLOAD_MAX ||
         two_length > XENSTORE_PAYLOAD_MAX - one_length )
    {
        batch->error = batch->error ? batch->error : E2BIG;
        return;
    }
    message.len = one_length + two_length;
    if ( !batch->ran &&
         (batch->nr == BATCH_MAX ||
          sizeof(message) + message.len > sizeof(batch->queue) - batch->used) )
        run(batch);
    if ( batch->ran )
        forget(batch);

    message.req_id = batch->nr;
    batch->tolerance[batch->nr++] = tolerance;
    memcpy(batch->queue + batch->used, &message, sizeof(message));
    batch->used += sizeof(message);
    memcpy(batch->queue + batch->used, one, one_length);
    batch->used += one_length;
    if ( two_length )
        memcpy(batch->queue + batch->used, two, two_length);
    batch->used += two_length;
}

void batch_write(struct batch *batch, const char *path, const char *value)
{
    add(batch, XS_WRITE, NOTHING, path, strlen(path) + 1, value,
        strlen(value));
}

void batch_mkdir(struct batch *batch, const char *path)
{
    add(batch, XS_MKDIR, NOTHING, path, strlen(path) + 1, NULL, 0);
}

void batch_remove(struct batch *batch, const char *path)
{
    add(batch, XS_RM, ABSENCE, path, strlen(path) + 1, NULL, 0);
}

void batch_access(struct batch *batch, const char *path,
                  const struct xs_permissions *perms, unsigned int nr)
{
    char text[128];
    size_t used = 0;

    for ( unsigned int i = 0; i < nr && used < sizeof(text); i++ )
        used += snprintf(text + used, sizeof(text) - used, "%c%u",
                         perms[i].perms & XS_PERM_READ ? 'r' : 'n',
                         perms[i].id) + 1;
    add(batch, XS_SET_PERMS, NOTHING, path, strlen(path) + 1, text, used);
}

void batch_introduce(struct batch *batch, uint32_t domid, uint64_t gfn,
                     uint32_t port)
{
    char text[64];
    int length = snprintf(text, sizeof(text), "%" PRIu32 "%c%" PRIu64 "%c%"
                          PRIu32, domid, 0, gfn, 0, port);

    add(batch, XS_INTRODUCE, NOTHING, text, length + 1, NULL, 0);
}

unsigned int batch_read(struct batch *batch, const char *path)
{
    add(batch, XS_READ, ABSENCE, path, strlen(path) + 1, NULL, 0);

    return batch->nr - 1;
}
