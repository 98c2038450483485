/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * JSON values, compared.
 */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <json-c/json.h>

#include "agree.h"
#include "fuzz.h"

static bool is_nothing(struct json_object *value);

static bool all_nothing(struct json_object *object)
{
    json_object_object_foreach(object, name, value)
    {
        (void)name;
        if ( !is_nothing(value) )
            return false;
    }

    return true;
}

static bool is_nothing(struct json_object *value)
{
    switch ( json_object_get_type(value) )
    {
    case json_type_null:
        return true;

    case json_type_int:
        return json_object_get_int64(value) == 0;

    case json_type_string:
        return json_object_get_string_len(value) == 0;

    case json_type_array:
        return json_object_array_length(value) == 0;

    case json_type_object:
        return all_nothing(value);

    default:
        return false;
    }
}

static bool is_listed(const char *list, const char *name)
{
    char word[80];

    snprintf(word, sizeof(word), " %s ", name);

    return strstr(list, word);
}

static bool same_ids(const char *name, struct json_object *a,
                     struct json_object *b)
{
    return is_listed(" uuid unique_id ", name) &&
           json_object_is_type(a, json_type_string) &&
           json_object_is_type(b, json_type_string) &&
           !strcasecmp(json_object_get_string(a), json_object_get_string(b));
}

static void agree(const char *name, struct json_object *a,
                  struct json_object *b, const char *loose);

/* One way: what a has. */
static void members(struct json_object *a, struct json_object *b,
                    const char *loose)
{
    json_object_object_foreach(a, name, value)
    {
        if ( !is_listed(loose, name) )
            agree(name, value, json_object_object_get(b, name), loose);
    }
}

static void agree(const char *name, struct json_object *a,
                  struct json_object *b, const char *loose)
{
    if ( is_nothing(a) && is_nothing(b) )
        return;
    if ( json_object_is_type(a, json_type_object) &&
         (!b || json_object_is_type(b, json_type_object)) )
    {
        members(a, b, loose);
        if ( b )
            members(b, a, loose);
        return;
    }
    if ( json_object_is_type(a, json_type_array) &&
         json_object_is_type(b, json_type_array) )
    {
        size_t nr = json_object_array_length(a);

        FUZZ_HOLDS(nr == json_object_array_length(b));
        for ( size_t i = 0; i < nr; i++ )
            agree(name, json_object_array_get_idx(a, i),
                  json_object_array_get_idx(b, i), loose);
        return;
    }
    if ( !json_object_equal(a, b) && !same_ids(name, a, b) )
        fuzz_wrong("%s: one has %s, the other %s", name,
                   json_object_to_json_string(a),
                   json_object_to_json_string(b));
}

void fuzz_agree(struct json_object *written, struct json_object *came,
                const char *loose)
{
    agree("message", written, came, loose);
}
