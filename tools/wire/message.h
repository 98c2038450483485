/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The envelope of what client and daemon say to each other: JSON-RPC 2.0,
 * one request or reply a frame.  Notifications and JSON-RPC's own batches
 * are refused.  A fault carries its name in data: {"code": NAME}.
 */

#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"

struct json_object;

#define MESSAGE_ID_MAX     64u   /* of an id that is text                   */
#define MESSAGE_METHOD_MAX 64u

struct message_request {
    struct json_object *root;    /* owns all the others                     */
    struct json_object *id;      /* number or text                          */
    struct json_object *params;  /* an object, or NULL                      */
    const char *method;
};

/*
 * Read a request.  0, or -1 with the fault; then id is still set if it could
 * be read, for the reply.  Dispose in both cases.
 */
int message_read_request(struct message_request *request, const char *text,
                         size_t length, struct fault *fault);
void message_dispose_request(struct message_request *request);

struct message_reply {
    struct json_object *root;
    struct json_object *result;  /* NULL if failed                          */
    bool failed;
    struct fault fault;
    struct json_object *why;     /* with a fault: explained, or NULL        */
};

/* Read a reply.  0, or -1 with a message in why.  Dispose in both cases. */
int message_read_reply(struct message_reply *reply, const char *text,
                       size_t length, char *why, size_t why_size);
void message_dispose_reply(struct message_reply *reply);

/*
 * Write a frame without its newline, for the caller to free: a request with
 * id 1, a result, or a fault.  params and result are put; id may be NULL.
 * NULL with ENOMEM, or E2BIG if it is over FRAME_MAX_BYTES.
 */
char *message_write_request(const char *method, struct json_object *params);
char *message_write_result(struct json_object *id,
                           struct json_object *result);
char *message_write_fault(struct json_object *id, const struct fault *fault);

/* A fault with its explanation (explain.h), which is put, or NULL. */
char *message_write_refusal(struct json_object *id, const struct fault *fault,
                            struct json_object *why);

#endif /* WIRE_MESSAGE_H */
