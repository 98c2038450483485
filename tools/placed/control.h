/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Clients on the socket: who they are, what they ask, what they get.  Knows
 * no method; dispatch.h does.
 */

#ifndef PLACED_CONTROL_H
#define PLACED_CONTROL_H

struct call;
struct fault;
struct json_object;
struct placed;

/* Serve clients that connect to a listening socket.  0, or -1 with errno. */
int control_start(struct placed *placed, int fd);

/*
 * A call is one request until its answer; a client has one at a time.  It
 * ends with the reply, the refusal, or its client: then gone is called, if it
 * was set, and the call is not valid any more.
 */

/* Takes the result; NULL is told as lack of memory. */
void call_reply(struct call *call, struct json_object *result);
void call_refuse(struct call *call, const struct fault *fault);

void call_on_gone(struct call *call, void (*gone)(void *owner), void *owner);

/* Identifies the client as the owner of leases. */
const void *call_client(const struct call *call);

#endif /* PLACED_CONTROL_H */
