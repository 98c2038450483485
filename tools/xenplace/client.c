/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One call: connect, send a frame, read a frame.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <json-c/json.h>

#include "client.h"
#include "wire/frame.h"
#include "wire/message.h"
#include "wire/text.h"

/*
 * A daemon that takes no connections and no bytes is stuck: it takes them in
 * the middle of a storm, too.
 */
#define CONNECT_SECONDS 60u

void client_say(const char *format, ...)
{
    char text[2048];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    /* Names of others are in it: nothing that moves a cursor. */
    text_line(text);
    fprintf(stderr, "xenplace: %s\n", text);
}

static int say_connect(const char *path)
{
    switch ( errno )
    {
    case ENOENT:
    case ECONNREFUSED:
        client_say("socket: %s: no daemon there: start xenplaced, or give "
                   "its socket with -s", path);
        break;

    case EAGAIN:
        client_say("socket: %s: no connection in time: xenplaced is stuck "
                   "or has too many clients", path);
        break;

    case EACCES:
        client_say("socket: %s: not permitted: run it as root", path);
        break;

    default:
        client_say("socket: %s: %s", path, strerror(errno));
        break;
    }

    return -1;
}

static int connect_to(const char *path, unsigned int seconds)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    /* 0 for an answer: for ever. */
    const struct timeval answer = { .tv_sec = seconds };
    const struct timeval sending = {
        .tv_sec = seconds ? seconds : CONNECT_SECONDS,
    };
    int fd;

    if ( strlen(path) >= sizeof(address.sun_path) )
    {
        client_say("socket: %s: longer than 107 bytes", path);
        return -1;
    }
    strcpy(address.sun_path, path);

    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if ( fd < 0 )
        return say_connect(path);
    if ( setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &answer, sizeof(answer)) ||
         setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &sending,
                    sizeof(sending)) ||
         connect(fd, (struct sockaddr *)&address, sizeof(address)) )
    {
        say_connect(path);
        close(fd);
        return -1;
    }

    return fd;
}

static int send_all(int fd, const char *text, size_t length)
{
    while ( length )
    {
        ssize_t n = send(fd, text, length, MSG_NOSIGNAL);

        if ( n < 0 && errno == EINTR )
            continue;
        if ( n < 0 )
            return -1;
        text += n;
        length -= n;
    }

    return 0;
}

static int say_lost(const char *method, ssize_t n)
{
    if ( n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) )
        client_say("%s: no answer from xenplaced in time", method);
    else
        client_say("%s: xenplaced closed the connection%s%s: what it had not "
                   "finished is taken away when it runs again", method,
                   n < 0 ? ": " : "", n < 0 ? strerror(errno) : "");

    return -1;
}

/* Until there is a whole frame; it stays valid with the reader. */
static int receive(int fd, const char *method, struct frame_reader *reader,
                   const char **frame, size_t *length)
{
    char bytes[4096];

    for ( ; ; )
    {
        int rc = frame_next(reader, frame, length);
        ssize_t n;

        if ( rc > 0 )
            return 0;
        n = rc < 0 ? -1 : recv(fd, bytes, sizeof(bytes), 0);
        if ( n < 0 && errno == EINTR )
            continue;
        if ( n <= 0 )
            return say_lost(method, n);
        if ( frame_feed(reader, bytes, n) )
            return say_lost(method, -1);
    }
}

static enum client_status take_reply(const char *method, const char *frame,
                                     size_t length,
                                     struct message_reply *reply)
{
    enum client_status status = CLIENT_DONE;
    char why[512];

    if ( message_read_reply(reply, frame, length, why, sizeof(why)) )
    {
        client_say("%s: wrong answer from xenplaced: %s", method, why);
        status = CLIENT_REFUSED;
    }
    else if ( reply->failed )
    {
        client_say("%s", reply->fault.text);
        status = reply->fault.code == FAULT_NO_NODE_CLAIMS
                 ? CLIENT_NO_CLAIMS : CLIENT_REFUSED;
    }
    if ( status != CLIENT_DONE )
        message_dispose_reply(reply);

    return status;
}

enum client_status client_call(const char *socket_path, const char *method,
                               struct json_object *params,
                               unsigned int seconds,
                               struct message_reply *reply)
{
    char *text = message_write_request(method, params);
    enum client_status status = CLIENT_REFUSED;
    struct frame_reader reader;
    const char *frame;
    size_t length;
    int fd = -1;

    frame_init(&reader, FRAME_MAX_BYTES);
    if ( !text )
    {
        client_say("%s: %s", method, errno == E2BIG
                   ? "too much for one request: ask in parts"
                   : strerror(errno));
        goto out;
    }
    fd = connect_to(socket_path, seconds);
    if ( fd < 0 )
    {
        status = CLIENT_NO_DAEMON;
        goto out;
    }
    /* A daemon that refuses may close early: its reply tells why. */
    if ( (send_all(fd, text, strlen(text)) || send_all(fd, "\n", 1)) &&
         (errno == EAGAIN || errno == EWOULDBLOCK) )
        say_lost(method, -1);
    else if ( !receive(fd, method, &reader, &frame, &length) )
        status = take_reply(method, frame, length, reply);

 out:
    if ( fd >= 0 )
        close(fd);
    frame_dispose(&reader);
    free(text);

    return status;
}
