/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The envelope, read and written.
 *
 * What is inside of params and result is the business of the files named
 * after the messages.
 */

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "field.h"
#include "frame.h"
#include "message.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static int check_version(const char *version, char *why, size_t why_size)
{
    if ( !strcmp(version, "2.0") )
        return 0;
    snprintf(why, why_size, "jsonrpc: %.80s: must be 2.0", version);

    return -1;
}

static int check_id(struct json_object *id, char *why, size_t why_size)
{
    if ( json_object_is_type(id, json_type_int) ||
         (json_object_is_type(id, json_type_string) &&
          (size_t)json_object_get_string_len(id) <= MESSAGE_ID_MAX) )
        return 0;
    snprintf(why, why_size,
             "id: %.80s: must be a whole number or text of at most %u bytes",
             id ? json_object_to_json_string(id) : "null", MESSAGE_ID_MAX);

    return -1;
}

int message_read_request(struct message_request *request, const char *text,
                         size_t length, struct fault *fault)
{
    const char *version = "", *method = "";
    struct json_object *id = NULL;
    const struct field fields[] = {
        { "jsonrpc", FIELD_TEXT, true, 1, 0, &version },
        { "id", FIELD_ANY, true, 0, 0, &id },
        { "method", FIELD_TEXT, true, 1, MESSAGE_METHOD_MAX, &method },
        { "params", FIELD_OBJECT, false, 0, 0, &request->params },
    };
    char why[FAULT_TEXT_MAX - 16];

    memset(request, 0, sizeof(*request));
    request->root = field_parse(text, length, why, sizeof(why));
    if ( !request->root )
        return fault_set(fault, FAULT_PARSE, "request: %s", why);

    /* The reply to a request that is otherwise wrong still finds its way. */
    if ( json_object_object_get_ex(request->root, "id", &id) &&
         !check_id(id, why, sizeof(why)) )
        request->id = id;
    if ( field_read(request->root, "request", fields, NR(fields), why,
                    sizeof(why)) ||
         check_version(version, why, sizeof(why)) ||
         check_id(id, why, sizeof(why)) )
        return fault_set(fault, FAULT_REQUEST, "%s", why);
    request->method = method;

    return 0;
}

void message_dispose_request(struct message_request *request)
{
    json_object_put(request->root);
    memset(request, 0, sizeof(*request));
}

static int read_error(struct message_reply *reply, struct json_object *object,
                      char *why, size_t why_size)
{
    struct fault *fault = &reply->fault;
    const char *message = "", *name = "";
    struct json_object *data = NULL, *number = NULL;
    const struct field fields[] = {
        { "code", FIELD_ANY, true, 0, 0, &number },
        { "message", FIELD_TEXT, true, 0, FAULT_TEXT_MAX - 1, &message },
        { "data", FIELD_OBJECT, true, 0, 0, &data },
    };
    const struct field data_fields[] = {
        { "code", FIELD_TEXT, true, 1, 0, &name },
        { "why", FIELD_OBJECT, false, 0, 0, &reply->why },
    };

    if ( field_read(object, "error", fields, NR(fields), why, why_size) ||
         field_read(data, "data", data_fields, NR(data_fields), why,
                    why_size) )
        return -1;
    fault_set(fault, FAULT_INTERNAL, "%s", message);
    /* A newer daemon may know more codes. */
    fault_parse(name, &fault->code);

    return 0;
}

int message_read_reply(struct message_reply *reply, const char *text,
                       size_t length, char *why, size_t why_size)
{
    const char *version = "";
    struct json_object *id = NULL, *error = NULL;
    const struct field fields[] = {
        { "jsonrpc", FIELD_TEXT, true, 1, 0, &version },
        { "id", FIELD_ANY, true, 0, 0, &id },
        { "result", FIELD_OBJECT, false, 0, 0, &reply->result },
        { "error", FIELD_OBJECT, false, 0, 0, &error },
    };

    memset(reply, 0, sizeof(*reply));
    reply->root = field_parse(text, length, why, why_size);
    if ( !reply->root ||
         field_read(reply->root, "reply", fields, NR(fields), why,
                    why_size) ||
         check_version(version, why, why_size) )
        return -1;
    if ( !reply->result == !error )
    {
        snprintf(why, why_size, "reply: must have either result or error");
        return -1;
    }
    reply->failed = error != NULL;

    return error ? read_error(reply, error, why, why_size) : 0;
}

void message_dispose_reply(struct message_reply *reply)
{
    json_object_put(reply->root);
    memset(reply, 0, sizeof(*reply));
}

char *message_write_request(const char *method, struct json_object *params)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_text(object, "jsonrpc", "2.0", &failed);
    field_add_number(object, "id", 1, &failed);
    field_add_text(object, "method", method, &failed);
    field_add(object, "params", params, &failed);

    return field_text(object, FRAME_MAX_BYTES, failed);
}

static void add_id(struct json_object *object, struct json_object *id,
                   bool *failed)
{
    if ( id )
        field_add(object, "id", json_object_get(id), failed);
    else
        field_add_null(object, "id", failed);
}

char *message_write_result(struct json_object *id, struct json_object *result)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_text(object, "jsonrpc", "2.0", &failed);
    add_id(object, id, &failed);
    field_add(object, "result", result, &failed);

    return field_text(object, FRAME_MAX_BYTES, failed);
}

char *message_write_fault(struct json_object *id, const struct fault *fault)
{
    return message_write_refusal(id, fault, NULL);
}

char *message_write_refusal(struct json_object *id, const struct fault *fault,
                            struct json_object *why)
{
    struct json_object *object = json_object_new_object();
    struct json_object *error = json_object_new_object();
    struct json_object *data = json_object_new_object();
    bool failed = false;

    field_add_text(data, "code", fault_name(fault->code), &failed);
    if ( why )
        field_add(data, "why", why, &failed);
    field_add(error, "code", json_object_new_int(fault_number(fault->code)),
              &failed);
    field_add_words(error, "message", fault->text, &failed);
    field_add(error, "data", data, &failed);
    field_add_text(object, "jsonrpc", "2.0", &failed);
    add_id(object, id, &failed);
    field_add(object, "error", error, &failed);

    return field_text(object, FRAME_MAX_BYTES, failed);
}
