/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A peer: the connection of a client on the control socket, from its
 * beginning to its end.  For control.c, and for call.c, which answers it;
 * nobody else knows a peer.
 */

#ifndef PLACED_PEER_H
#define PLACED_PEER_H

#include <stddef.h>

struct fault;
struct json_object;
struct peer;
struct placed;

/* Its one call, which call.c begins and ends. */
struct call {
    struct peer *peer;           /* NULL: no call                            */
    struct json_object *id;
    void (*gone)(void *owner);
    void *owner;
};

/*
 * Serve what connected as fd, which is the client's from now on; with a fault
 * tell it that, and nothing else.  Without memory it is closed.
 */
void peer_start(struct placed *placed, int fd, const struct fault *refused);

/* How many there are. */
unsigned int peer_count(void);

/* Send a line and free it; NULL, for lack of memory, closes it. */
void peer_send(struct peer *peer, char *text);

/* Its call is answered: what it sent meanwhile is next, but not at once. */
void peer_answered(struct peer *peer);

/* call.c */

/* Begin a client's call with a frame; it may be answered at once. */
void call_begin(struct call *call, struct placed *placed, struct peer *peer,
                const char *text, size_t length);

/* Its client goes away: end the call, if there is one, without an answer. */
void call_abandon(struct call *call);

#endif /* PLACED_PEER_H */
