/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Members of JSON objects, read by a table and written one by one.
 *
 * The only place that looks at the kinds of JSON values: what comes out of
 * here has its C type and lies within its bounds.  Trusts nothing it reads.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "field.h"
#include "text.h"

/* Deeper than any message: params, domains, domain, shares, share. */
#define FIELD_MAX_DEPTH 16

static const char *const kind_names[] = {
    [FIELD_TEXT] = "text",
    [FIELD_NUMBER] = "a whole number",
    [FIELD_BOOL] = "true or false",
    [FIELD_ARRAY] = "an array",
    [FIELD_OBJECT] = "an object",
    [FIELD_ANY] = "any value",
};

static const enum json_type kind_types[] = {
    [FIELD_TEXT] = json_type_string,
    [FIELD_NUMBER] = json_type_int,
    [FIELD_BOOL] = json_type_boolean,
    [FIELD_ARRAY] = json_type_array,
    [FIELD_OBJECT] = json_type_object,
};

struct json_object *field_parse(const char *text, size_t length, char *why,
                                size_t why_size)
{
    size_t good = text_good(text, length);
    struct json_tokener *tokener;
    struct json_object *value;
    enum json_tokener_error error;

    if ( memchr(text, 0, length) )
    {
        /* json-c would take it for the end of the text. */
        snprintf(why, why_size, "not JSON: a zero byte in it");
        return NULL;
    }
    if ( good < length )
    {
        /* json-c would let surrogates pass, and others. */
        snprintf(why, why_size, "not JSON: invalid utf-8 string at byte %zu",
                 good);
        return NULL;
    }
    tokener = json_tokener_new_ex(FIELD_MAX_DEPTH);
    if ( !tokener )
    {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }

    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    value = json_tokener_parse_ex(tokener, text, length);
    error = json_tokener_get_error(tokener);
    if ( error == json_tokener_continue )
    {
        /* Only a zero byte after it ends a value that is a bare number. */
        value = json_tokener_parse_ex(tokener, "", 1);
        error = json_tokener_get_error(tokener);
    }
    if ( error == json_tokener_success && !value )
        snprintf(why, why_size, "null where a JSON object is expected");
    else if ( error != json_tokener_success )
        snprintf(why, why_size, "not JSON: %s at byte %zu",
                 error == json_tokener_continue
                 ? "it ends too early" : json_tokener_error_desc(error),
                 json_tokener_get_parse_end(tokener));
    json_tokener_free(tokener);

    return value;
}

/* Shows at most 80 bytes of a name or value: enough to recognise it. */
static int wrong(const char *what, const char *name, const char *shown,
                 const char *reason, char *why, size_t why_size)
{
    snprintf(why, why_size, "%s%s%.80s: %s%s%.80s", what ? what : "",
             what ? ": " : "", name, reason, shown ? ", not " : "",
             shown ? shown : "");

    return -1;
}

static int wrong_bounds(const char *what, const struct field *field,
                        const char *noun, uint64_t value, char *why,
                        size_t why_size)
{
    char shown[32], reason[96];

    snprintf(shown, sizeof(shown), "%" PRIu64, value);
    if ( field->max )
        snprintf(reason, sizeof(reason),
                 "%s must be from %" PRIu64 " to %" PRIu64, noun, field->min,
                 field->max);
    else
        snprintf(reason, sizeof(reason), "%s must be at least %" PRIu64,
                 noun, field->min);

    return wrong(what, field->name, shown, reason, why, why_size);
}

static int check_bounds(const char *what, const struct field *field,
                        const char *noun, uint64_t value, char *why,
                        size_t why_size)
{
    if ( value < field->min || (field->max && value > field->max) )
        return wrong_bounds(what, field, noun, value, why, why_size);

    return 0;
}

static int read_text(struct json_object *value, const char *what,
                     const struct field *field, char *why, size_t why_size)
{
    const char *text = json_object_get_string(value);
    size_t length = json_object_get_string_len(value);

    if ( strlen(text) != length )
        return wrong(what, field->name, NULL, "has a zero byte in it", why,
                     why_size);
    if ( check_bounds(what, field, "its length", length, why, why_size) )
        return -1;

    *(const char **)field->out = text;

    return 0;
}

static int read_number(struct json_object *value, const char *what,
                       const struct field *field, char *why, size_t why_size)
{
    if ( json_object_get_int64(value) < 0 )
        return wrong(what, field->name, json_object_get_string(value),
                     "must not be negative", why, why_size);
    if ( check_bounds(what, field, "it", json_object_get_uint64(value), why,
                      why_size) )
        return -1;

    *(uint64_t *)field->out = json_object_get_uint64(value);

    return 0;
}

static int read_value(struct json_object *value, const char *what,
                      const struct field *field, char *why, size_t why_size)
{
    switch ( field->kind )
    {
    case FIELD_TEXT:
        return read_text(value, what, field, why, why_size);

    case FIELD_NUMBER:
        return read_number(value, what, field, why, why_size);

    case FIELD_BOOL:
        *(bool *)field->out = json_object_get_boolean(value);
        return 0;

    case FIELD_ARRAY:
        if ( check_bounds(what, field, "its length",
                          json_object_array_length(value), why, why_size) )
            return -1;
        /* Fallthrough. */
    default:
        *(struct json_object **)field->out = value;
        return 0;
    }
}

static const struct field *find(const struct field *fields, size_t nr,
                                const char *name)
{
    for ( size_t i = 0; i < nr; i++ )
        if ( !strcmp(fields[i].name, name) )
            return &fields[i];

    return NULL;
}

int field_read(struct json_object *object, const char *what,
               const struct field *fields, size_t nr, char *why,
               size_t why_size)
{
    if ( !json_object_is_type(object, json_type_object) )
        return wrong(NULL, what ? what : "message",
                     json_object_to_json_string(object),
                     "must be an object", why, why_size);

    json_object_object_foreach(object, name, value)
    {
        const struct field *field = find(fields, nr, name);

        if ( !field )
            return wrong(what, name, NULL, "unknown member", why, why_size);
        /* A null is as good as an absent member. */
        if ( !value && !field->required && field->kind != FIELD_ANY )
            continue;
        if ( field->kind != FIELD_ANY &&
             !json_object_is_type(value, kind_types[field->kind]) )
        {
            char reason[48];

            snprintf(reason, sizeof(reason), "must be %s",
                     kind_names[field->kind]);
            return wrong(what, name, json_object_to_json_string(value),
                         reason, why, why_size);
        }
        if ( read_value(value, what, field, why, why_size) )
            return -1;
    }

    for ( size_t i = 0; i < nr; i++ )
        if ( fields[i].required &&
             !json_object_object_get_ex(object, fields[i].name, NULL) )
            return wrong(what, fields[i].name, NULL, "missing", why,
                         why_size);

    return 0;
}

int field_copy(char **copy, const char *text, char *why, size_t why_size)
{
    if ( !text )
        return 0;
    *copy = strdup(text);
    if ( *copy )
        return 0;
    snprintf(why, why_size, "out of memory");

    return -1;
}

void field_add(struct json_object *object, const char *name,
               struct json_object *value, bool *failed)
{
    if ( !object || !value || json_object_object_add(object, name, value) )
    {
        json_object_put(value);
        *failed = true;
    }
}

void field_add_text(struct json_object *object, const char *name,
                    const char *text, bool *failed)
{
    field_add(object, name, json_object_new_string(text), failed);
}

void field_add_optional(struct json_object *object, const char *name,
                        const char *text, bool *failed)
{
    if ( text && text[0] )
        field_add_text(object, name, text, failed);
}

void field_add_words(struct json_object *object, const char *name,
                     const char *text, bool *failed)
{
    char *words = strdup(text);

    if ( words )
    {
        text_repair(words);
        field_add_text(object, name, words, failed);
    }
    else
        *failed = true;
    free(words);
}

void field_add_number(struct json_object *object, const char *name,
                      uint64_t number, bool *failed)
{
    field_add(object, name, json_object_new_uint64(number), failed);
}

void field_add_bool(struct json_object *object, const char *name, bool value,
                    bool *failed)
{
    field_add(object, name, json_object_new_boolean(value), failed);
}

void field_add_null(struct json_object *object, const char *name,
                    bool *failed)
{
    if ( !object || json_object_object_add(object, name, NULL) )
        *failed = true;
}

void field_append(struct json_object *array, struct json_object *value,
                  bool *failed)
{
    if ( !array || !value || json_object_array_add(array, value) )
    {
        json_object_put(value);
        *failed = true;
    }
}

char *field_text(struct json_object *object, size_t max, bool failed)
{
    const char *text = NULL;
    char *copy = NULL;
    int error = ENOMEM;

    if ( object && !failed )
        text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
                                              JSON_C_TO_STRING_NOSLASHESCAPE);
    if ( text && strlen(text) > max )
        error = E2BIG;
    else if ( text )
        copy = strdup(text);
    json_object_put(object);
    if ( !copy )
        errno = error;

    return copy;
}

struct json_object *field_end(struct json_object *object, bool failed)
{
    if ( !failed )
        return object;

    json_object_put(object);
    errno = ENOMEM;

    return NULL;
}
