/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Methods: one table row and one handler each.
 */

#ifndef PLACED_DISPATCH_H
#define PLACED_DISPATCH_H

struct call;
struct json_object;
struct message_request;
struct placed;

/* Hand a request to the handler of its method; the call is answered. */
void dispatch(struct placed *placed, struct call *call,
              const struct message_request *request);

/*
 * A handler answers the call, at once or later.  params is an object, valid
 * during the call of the handler only.
 */
typedef void handler(struct placed *placed, struct call *call,
                     struct json_object *params);

/* query.c: what there is. */
handler handle_list, handle_nodes, handle_show, handle_version;
/* create.c: what is done about it. */
handler handle_build, handle_create, handle_plan;
/* capacity.c: what could be done. */
handler handle_capacity;
/* toolstack.c: for who creates domains itself. */
handler handle_bind, handle_release, handle_reserve;

#endif /* PLACED_DISPATCH_H */
