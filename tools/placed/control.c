/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Accepting clients, but not too many, and not from anybody.
 */

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/listener.h>

#include "control.h"
#include "log.h"
#include "peer.h"
#include "placed.h"
#include "wire/fault.h"

/* A storm of several hundred fits; each may cost two frames of memory. */
#define MAX_CLIENTS 512u
/* The rest is for root, if the daemon runs as somebody else. */
#define MAX_OTHERS  480u

/* After the daemon has run out of descriptors. */
#define ACCEPT_SECONDS 1

static struct event *accept_again;

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
    if ( peer_count() >= (peer.uid ? MAX_OTHERS : MAX_CLIENTS) )
        return fault_set(fault, FAULT_TOO_BUSY, "client: there are %u "
                         "already: try again later", peer_count());

    return 0;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
                      struct sockaddr *address, int length, void *argument)
{
    struct fault fault;
    int refused = check_peer(fd, &fault);

    (void)listener;
    (void)address;
    (void)length;
    peer_start(argument, fd, refused ? &fault : NULL);
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
