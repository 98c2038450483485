/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A result and its goals for programs: see show.h.  Numbers with a point are
 * written from integers, so that the text is the same on every machine.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "show.h"

/* Adds a value that was just made; the object owns it either way. */
static bool put(struct json_object *object, const char *key,
                struct json_object *value)
{
    if ( value && !json_object_object_add(object, key, value) )
        return true;

    json_object_put(value);

    return false;
}

static bool append(struct json_object *array, struct json_object *value)
{
    if ( value && !json_object_array_add(array, value) )
        return true;

    json_object_put(value);

    return false;
}

/* Without zeros at the end, but with a digit behind the point. */
static struct json_object *fraction(uint64_t number, unsigned int digits)
{
    unsigned int scale = 1, i;
    char text[48];
    size_t end;

    for ( i = 0; i < digits; i++ )
        scale *= 10;
    end = snprintf(text, sizeof(text), "%" PRIu64 ".%0*" PRIu64,
                   number / scale, (int)digits, number % scale);
    while ( text[end - 1] == '0' && text[end - 2] != '.' )
        text[--end] = '\0';

    return json_object_new_double_s((double)number / scale, text);
}

static struct json_object *run_json(const struct run *run)
{
    struct json_object *object = json_object_new_object();

    if ( object &&
         put(object, "storm", json_object_new_string(run->storm)) &&
         put(object, "by", json_object_new_string(run->by)) &&
         put(object, "domains", json_object_new_int64(run->domains)) &&
         put(object, "failed", json_object_new_int64(run->failed)) &&
         put(object, "split", json_object_new_int64(run->split)) &&
         put(object, "local", fraction(run_local(run), RUN_LOCAL_DIGITS)) &&
         put(object, "seconds", fraction(run->hundredths, 2)) )
        return object;

    json_object_put(object);

    return NULL;
}

static struct json_object *goal_json(const struct goal *goal)
{
    struct json_object *object = json_object_new_object();

    if ( object &&
         put(object, "id", json_object_new_string(goal->id)) &&
         put(object, "what", json_object_new_string(goal->what)) &&
         put(object, "goal", json_object_new_string(goal->goal)) &&
         put(object, "measured", json_object_new_string(goal->measured)) &&
         put(object, "holds", json_object_new_boolean(goal->holds)) )
        return object;

    json_object_put(object);

    return NULL;
}

/* The whole text, with a newline; drops the object. */
static char *text_json(struct json_object *object)
{
    const char *text = json_object_to_json_string_ext(
        object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
    char *copy = NULL;

    if ( text && asprintf(&copy, "%s\n", text) < 0 )
        copy = NULL;
    json_object_put(object);

    return copy;
}

char *show_result_json(const struct result *result)
{
    struct json_object *object = json_object_new_object();
    struct json_object *runs = json_object_new_array();
    bool ok = runs;

    for ( unsigned int i = 0; ok && i < result->nr_runs; i++ )
        ok = append(runs, run_json(&result->runs[i]));

    if ( !object || !ok )
    {
        json_object_put(runs);
        json_object_put(object);
        return NULL;
    }

    ok = put(object, "runs", runs);
    if ( ok && result->has_leak )
        ok = put(object, "leaked_pages",
                 json_object_new_uint64(result->leaked_pages));
    else if ( ok )
        ok = !json_object_object_add(object, "leaked_pages", NULL);
    if ( ok && put(object, "linux_booted",
                   json_object_new_boolean(result->linux_booted)) )
        return text_json(object);

    json_object_put(object);

    return NULL;
}

char *show_goals_json(const struct goal *goals, unsigned int nr)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = json_object_new_array();
    bool ok = array;

    for ( unsigned int i = 0; ok && i < nr; i++ )
        ok = append(array, goal_json(&goals[i]));

    if ( !object || !ok )
        json_object_put(array);
    else if ( put(object, "goals", array) )
        return text_json(object);

    json_object_put(object);

    return NULL;
}
