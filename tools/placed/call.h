/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A call: one request of a client until its answer; a client has one at a
 * time.  It ends with the reply, the refusal, or its client: then gone is
 * called, if it was set, and the call is not valid any more.
 */

#ifndef PLACED_CALL_H
#define PLACED_CALL_H

struct call;
struct fault;
struct json_object;

/* Answer it.  Takes the result; NULL is told as lack of memory. */
void call_reply(struct call *call, struct json_object *result);

/* Answer that it cannot be, and why. */
void call_refuse(struct call *call, const struct fault *fault);

/* The same with an explanation (wire/explain.h), which is put, or NULL. */
void call_refuse_why(struct call *call, const struct fault *fault,
                     struct json_object *why);

/* What to call, with this owner, if its client goes away before. */
void call_on_gone(struct call *call, void (*gone)(void *owner), void *owner);

/* Identifies the client as the owner of leases. */
const void *call_client(const struct call *call);

#endif /* PLACED_CALL_H */
