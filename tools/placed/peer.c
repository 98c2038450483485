/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Peers: frames in, frames out.
 *
 * A client that is slow, mute, or talks nonsense costs a bounded buffer and a
 * bounded time.  While a call is under way, what else the client sends waits.
 * A client that closes, also only its sending side, is gone.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "lease.h"
#include "log.h"
#include "peer.h"
#include "placed.h"
#include "reserved.h"
#include "wire/frame.h"
#include "wire/message.h"

/* Seconds: for a whole frame to come in or go out, and between frames. */
#define FRAME_SECONDS 10
#define IDLE_SECONDS  300

struct peer {
    struct placed *placed;
    struct bufferevent *bev;
    struct event *deadline;
    struct event *next;          /* go on with what waits                    */
    struct frame_reader reader;
    struct call call;
    bool ended;                  /* it sends no more                         */
    bool closing;                /* once everything is sent                  */
    bool partial;                /* the deadline is that of a frame          */
};

static unsigned int nr_peers;

unsigned int peer_count(void)
{
    return nr_peers;
}

static void peer_free(struct peer *peer)
{
    call_abandon(&peer->call);
    reserved_abandon(peer->placed, peer);
    lease_abandon(peer);

    if ( peer->deadline )
        event_free(peer->deadline);
    if ( peer->next )
        event_free(peer->next);
    if ( peer->bev )
        bufferevent_free(peer->bev);
    frame_dispose(&peer->reader);
    free(peer);
    nr_peers--;
}

/* Sending. */

static void peer_close(struct peer *peer)
{
    peer->closing = true;
    bufferevent_disable(peer->bev, EV_READ);
}

void peer_send(struct peer *peer, char *text)
{
    if ( !text || bufferevent_write(peer->bev, text, strlen(text)) ||
         bufferevent_write(peer->bev, "\n", 1) )
        peer_close(peer);
    free(text);
}

/* For what makes the stream useless. */
static void peer_reject(struct peer *peer, const struct fault *fault)
{
    log_say("client: %s", fault->text);
    peer_send(peer, message_write_fault(NULL, fault));
    peer_close(peer);
}

void peer_answered(struct peer *peer)
{
    /* Not from here: the caller may be in the middle of something. */
    event_active(peer->next, EV_TIMEOUT, 0);
}

/* Receiving. */

static void set_deadline(struct peer *peer)
{
    struct timeval limit = { .tv_sec = IDLE_SECONDS };
    bool partial = !peer->call.peer && !peer->closing &&
                   frame_is_partial(&peer->reader);

    if ( peer->call.peer )
        evtimer_del(peer->deadline);
    else if ( peer->closing || (partial && !peer->partial) )
    {
        limit.tv_sec = FRAME_SECONDS;
        evtimer_add(peer->deadline, &limit);
    }
    else if ( !partial )
        evtimer_add(peer->deadline, &limit);
    peer->partial = partial;
}

static bool has_output(const struct peer *peer)
{
    return evbuffer_get_length(bufferevent_get_output(peer->bev));
}

/* The next frame, of what was read ahead: 1, 0 if there is none, or -1. */
static int next_frame(struct peer *peer, const char **frame, size_t *length)
{
    struct evbuffer *input = bufferevent_get_input(peer->bev);
    char bytes[4096];
    int n, rc;

    while ( !(rc = frame_next(&peer->reader, frame, length)) &&
            (n = evbuffer_remove(input, bytes, sizeof(bytes))) > 0 )
        if ( frame_feed(&peer->reader, bytes, n) )
            return -1;

    return rc;
}

/* There is no frame, and there will be none. */
static void peer_end(struct peer *peer)
{
    struct fault fault;

    if ( frame_is_partial(&peer->reader) )
    {
        fault_set(&fault, FAULT_PARSE, "request: cut off: a request is one "
                  "line of JSON and ends with a newline");
        peer_reject(peer, &fault);
    }
    peer_close(peer);
}

/*
 * Takes one request, and only when the last answer has gone out: who asks and
 * does not read waits for itself.  Frees the peer if there is no more to do.
 */
static void peer_continue(struct peer *peer)
{
    struct fault fault;
    const char *frame;
    size_t length;
    int rc;

    if ( !peer->call.peer && !peer->closing && !has_output(peer) )
    {
        rc = next_frame(peer, &frame, &length);
        if ( rc < 0 )
        {
            fault_set(&fault, FAULT_PARSE, "request: longer than %u bytes: "
                      "split it", FRAME_MAX_BYTES);
            peer_reject(peer, &fault);
        }
        else if ( rc > 0 )
            call_begin(&peer->call, peer->placed, peer, frame, length);
        else if ( peer->ended )
            peer_end(peer);
    }
    /* Who sends no more does not wait for a domain. */
    if ( peer->ended ? peer->call.peer || (peer->closing && !has_output(peer))
                     : peer->closing && !peer->call.peer && !has_output(peer) )
        peer_free(peer);
    else
        set_deadline(peer);
}

static void on_next(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    peer_continue(argument);
}

static void on_read(struct bufferevent *bev, void *argument)
{
    struct peer *peer = argument;

    /* Beyond that nothing is read, and its end would not be seen. */
    if ( peer->call.peer && evbuffer_get_length(bufferevent_get_input(bev)) >=
         FRAME_MAX_BYTES )
    {
        log_say("client: %u bytes more while a request was under way: left",
                FRAME_MAX_BYTES);
        peer_free(peer);
        return;
    }
    peer_continue(peer);
}

static void on_written(struct bufferevent *bev, void *argument)
{
    (void)bev;
    peer_continue(argument);
}

static void on_event(struct bufferevent *bev, short what, void *argument)
{
    struct peer *peer = argument;

    (void)bev;
    if ( (what & BEV_EVENT_EOF) && (what & BEV_EVENT_READING) &&
         !peer->call.peer && !peer->closing )
    {
        /* It may have closed its sending side only, and wait for answers. */
        peer->ended = true;
        peer_continue(peer);
    }
    else
        peer_free(peer);
}

static void on_deadline(evutil_socket_t fd, short what, void *argument)
{
    struct peer *peer = argument;
    struct fault fault;

    (void)fd;
    (void)what;
    if ( peer->closing )
    {
        peer_free(peer);
        return;
    }
    fault_set(&fault, FAULT_TIMEOUT, "request: none for %d seconds",
              peer->partial ? FRAME_SECONDS : IDLE_SECONDS);
    peer_reject(peer, &fault);
    peer_continue(peer);
}

/* Beginning. */

static struct peer *peer_new(struct placed *placed, int fd)
{
    const struct timeval limit = { .tv_sec = FRAME_SECONDS };
    struct peer *peer = calloc(1, sizeof(*peer));

    if ( !peer )
    {
        close(fd);
        return NULL;
    }
    nr_peers++;
    peer->placed = placed;
    frame_init(&peer->reader, FRAME_MAX_BYTES);
    peer->bev = bufferevent_socket_new(placed->base, fd,
                                         BEV_OPT_CLOSE_ON_FREE);
    if ( !peer->bev )
        close(fd);
    peer->deadline = evtimer_new(placed->base, on_deadline, peer);
    peer->next = event_new(placed->base, -1, 0, on_next, peer);
    if ( !peer->bev || !peer->deadline || !peer->next )
    {
        peer_free(peer);
        return NULL;
    }

    bufferevent_setcb(peer->bev, on_read, on_written, on_event, peer);
    bufferevent_set_timeouts(peer->bev, NULL, &limit);
    /* What one frame may be, and no more, is read ahead. */
    bufferevent_setwatermark(peer->bev, EV_READ, 0, FRAME_MAX_BYTES);
    bufferevent_enable(peer->bev, EV_READ | EV_WRITE);
    set_deadline(peer);

    return peer;
}

void peer_start(struct placed *placed, int fd, const struct fault *refused)
{
    struct peer *peer = peer_new(placed, fd);

    if ( peer && refused )
    {
        peer_reject(peer, refused);
        peer_continue(peer);
    }
}
