/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The control socket: frames in, frames out.
 *
 * A client that is slow, mute, or talks nonsense costs a bounded buffer and a
 * bounded time.  While a call is under way, what else the client sends waits.
 * A client that closes, also only its sending side, is gone.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include <json-c/json.h>

#include "control.h"
#include "dispatch.h"
#include "lease.h"
#include "log.h"
#include "placed.h"
#include "wire/frame.h"
#include "wire/message.h"

/* A storm of several hundred fits; each may cost two frames of memory. */
#define MAX_CLIENTS 512u
/* The rest is for root, if the daemon runs as somebody else. */
#define MAX_OTHERS  480u

/* Seconds: for a whole frame to come in or go out, and between frames. */
#define FRAME_SECONDS 10
#define IDLE_SECONDS  300
/* After the daemon has run out of descriptors. */
#define ACCEPT_SECONDS 1

struct call {
    struct client *client;       /* NULL: no call                            */
    struct json_object *id;
    void (*gone)(void *owner);
    void *owner;
};

struct client {
    struct placed *placed;
    struct bufferevent *bev;
    struct event *deadline;
    struct event *next;          /* go on with what waits                    */
    struct frame_reader reader;
    struct call call;
    bool closing;                /* once everything is sent                  */
    bool partial;                /* the deadline is that of a frame          */
};

static unsigned int nr_clients;
static struct event *accept_again;

static void client_free(struct client *client)
{
    struct call *call = &client->call;

    if ( call->client )
    {
        json_object_put(call->id);
        call->client = NULL;
        if ( call->gone )
            call->gone(call->owner);
    }
    lease_abandon(client->placed, client);

    if ( client->deadline )
        event_free(client->deadline);
    if ( client->next )
        event_free(client->next);
    if ( client->bev )
        bufferevent_free(client->bev);
    frame_dispose(&client->reader);
    free(client);
    nr_clients--;
}

/* Sending. */

static void client_close(struct client *client)
{
    client->closing = true;
    bufferevent_disable(client->bev, EV_READ);
}

static void client_send(struct client *client, char *text)
{
    if ( !text || bufferevent_write(client->bev, text, strlen(text)) ||
         bufferevent_write(client->bev, "\n", 1) )
        client_close(client);
    free(text);
}

static void client_refuse(struct client *client, struct json_object *id,
                          const struct fault *fault)
{
    client_send(client, message_write_fault(id, fault));
}

/* For what makes the stream useless. */
static void client_reject(struct client *client, const struct fault *fault)
{
    log_say("client: %s", fault->text);
    client_refuse(client, NULL, fault);
    client_close(client);
}

/* Calls. */

const void *call_client(const struct call *call)
{
    return call->client;
}

void call_on_gone(struct call *call, void (*gone)(void *owner), void *owner)
{
    call->gone = gone;
    call->owner = owner;
}

static struct client *call_end(struct call *call, char *text)
{
    struct client *client = call->client;

    client_send(client, text);
    json_object_put(call->id);
    memset(call, 0, sizeof(*call));
    /* Not from here: the caller may be in the middle of something. */
    event_active(client->next, EV_TIMEOUT, 0);

    return client;
}

void call_reply(struct call *call, struct json_object *result)
{
    char *text = NULL;
    struct fault fault;

    if ( result )
        text = message_write_result(call->id, result);
    if ( !text )
    {
        fault_set(&fault, FAULT_INTERNAL, "reply: %s",
                  result && errno == E2BIG ? "too long" : "out of memory");
        text = message_write_fault(call->id, &fault);
    }
    call_end(call, text);
}

void call_refuse(struct call *call, const struct fault *fault)
{
    call_end(call, message_write_fault(call->id, fault));
}

static void call_begin(struct client *client, const char *text, size_t length)
{
    struct message_request request;
    struct fault fault;

    if ( message_read_request(&request, text, length, &fault) )
        client_refuse(client, request.id, &fault);
    else
    {
        client->call.client = client;
        client->call.id = json_object_get(request.id);
        dispatch(client->placed, &client->call, &request);
    }
    message_dispose_request(&request);
}

/* Receiving. */

static void set_deadline(struct client *client)
{
    struct timeval limit = { .tv_sec = IDLE_SECONDS };
    bool partial = !client->call.client && !client->closing &&
                   frame_is_partial(&client->reader);

    if ( client->call.client )
        evtimer_del(client->deadline);
    else if ( client->closing || (partial && !client->partial) )
    {
        limit.tv_sec = FRAME_SECONDS;
        evtimer_add(client->deadline, &limit);
    }
    else if ( !partial )
        evtimer_add(client->deadline, &limit);
    client->partial = partial;
}

/* Frees the client if there is no more to do. */
static void client_continue(struct client *client)
{
    struct fault fault;
    const char *frame;
    size_t length;
    int rc = 0;

    while ( !client->call.client && !client->closing &&
            (rc = frame_next(&client->reader, &frame, &length)) > 0 )
        call_begin(client, frame, length);
    if ( rc < 0 )
    {
        fault_set(&fault, FAULT_PARSE, "request: longer than %u bytes: split "
                  "it", FRAME_MAX_BYTES);
        client_reject(client, &fault);
    }
    if ( client->closing && !client->call.client &&
         !evbuffer_get_length(bufferevent_get_output(client->bev)) )
        client_free(client);
    else
        set_deadline(client);
}

static void on_next(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    client_continue(argument);
}

static void on_read(struct bufferevent *bev, void *argument)
{
    struct client *client = argument;
    struct evbuffer *input = bufferevent_get_input(bev);
    struct fault fault;
    char bytes[4096];
    int n, rc = 0;

    while ( !rc && (n = evbuffer_remove(input, bytes, sizeof(bytes))) > 0 )
        if ( !client->closing )
            rc = frame_feed(&client->reader, bytes, n);
    if ( rc )
    {
        fault_set(&fault, FAULT_PARSE, "request: too many bytes: %s",
                  strerror(errno));
        client_reject(client, &fault);
    }
    client_continue(client);
}

static void on_written(struct bufferevent *bev, void *argument)
{
    (void)bev;
    client_continue(argument);
}

static void on_event(struct bufferevent *bev, short what, void *argument)
{
    struct client *client = argument;
    struct fault fault;

    (void)bev;
    if ( (what & BEV_EVENT_EOF) && (what & BEV_EVENT_READING) &&
         !client->call.client && !client->closing )
    {
        /* It may have closed its sending side only, and wait for answers. */
        if ( frame_is_partial(&client->reader) )
        {
            fault_set(&fault, FAULT_PARSE, "request: cut off: a request is "
                      "one line of JSON and ends with a newline");
            client_reject(client, &fault);
        }
        client_close(client);
        client_continue(client);
    }
    else
        client_free(client);
}

static void on_deadline(evutil_socket_t fd, short what, void *argument)
{
    struct client *client = argument;
    struct fault fault;

    (void)fd;
    (void)what;
    if ( client->closing )
    {
        client_free(client);
        return;
    }
    fault_set(&fault, FAULT_TIMEOUT, "request: none for %d seconds",
              client->partial ? FRAME_SECONDS : IDLE_SECONDS);
    client_reject(client, &fault);
    client_continue(client);
}

/* Accepting. */

static struct client *client_new(struct placed *placed, int fd)
{
    const struct timeval limit = { .tv_sec = FRAME_SECONDS };
    struct client *client = calloc(1, sizeof(*client));

    if ( !client )
    {
        close(fd);
        return NULL;
    }
    nr_clients++;
    client->placed = placed;
    frame_init(&client->reader, FRAME_MAX_BYTES);
    client->bev = bufferevent_socket_new(placed->base, fd,
                                         BEV_OPT_CLOSE_ON_FREE);
    if ( !client->bev )
        close(fd);
    client->deadline = evtimer_new(placed->base, on_deadline, client);
    client->next = event_new(placed->base, -1, 0, on_next, client);
    if ( !client->bev || !client->deadline || !client->next )
    {
        client_free(client);
        return NULL;
    }

    bufferevent_setcb(client->bev, on_read, on_written, on_event, client);
    bufferevent_set_timeouts(client->bev, NULL, &limit);
    /* What one frame may be, and no more, is read ahead. */
    bufferevent_setwatermark(client->bev, EV_READ, 0, FRAME_MAX_BYTES);
    bufferevent_enable(client->bev, EV_READ | EV_WRITE);
    set_deadline(client);

    return client;
}

/* Whether it may ask at all. */
static int check_peer(int fd, struct fault *fault)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if ( getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) )
        return fault_set(fault, FAULT_NOT_PERMITTED, "client: unknown: %s",
                         strerror(errno));
    if ( peer.uid != 0 && peer.uid != geteuid() )
        return fault_set(fault, FAULT_NOT_PERMITTED, "client: uid %u: not "
                         "permitted: only root is", peer.uid);
    if ( nr_clients >= (peer.uid ? MAX_OTHERS : MAX_CLIENTS) )
        return fault_set(fault, FAULT_TOO_BUSY, "client: there are %u "
                         "already: try again later", nr_clients);

    return 0;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
                      struct sockaddr *address, int length, void *argument)
{
    struct client *client;
    struct fault fault;
    int refused = check_peer(fd, &fault);

    (void)listener;
    (void)address;
    (void)length;
    client = client_new(argument, fd);
    if ( client && refused )
    {
        client_reject(client, &fault);
        client_continue(client);
    }
}

static void on_accept_again(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    evconnlistener_enable(argument);
}

static void on_accept_error(struct evconnlistener *listener, void *argument)
{
    const struct timeval pause = { .tv_sec = ACCEPT_SECONDS };

    (void)argument;
    log_say("socket: accept: %s: paused for a second", strerror(errno));
    evconnlistener_disable(listener);
    evtimer_add(accept_again, &pause);
}

int control_start(struct placed *placed, int fd)
{
    struct evconnlistener *listener;

    listener = evconnlistener_new(placed->base, on_accept, placed,
                                  LEV_OPT_CLOSE_ON_FREE |
                                  LEV_OPT_CLOSE_ON_EXEC, 0, fd);
    if ( !listener )
        return -1;
    evconnlistener_set_error_cb(listener, on_accept_error);
    accept_again = evtimer_new(placed->base, on_accept_again, listener);

    return accept_again ? 0 : -1;
}
