/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The file of finished runs.
 */

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "state.h"

struct state {
    const char *path;
    FILE *file;
};

struct reader {
    struct compare *compare;
    const char *path;
    size_t line;
    char *why;
    size_t size;
};

static int refuse(const struct reader *reader, const char *text)
{
    snprintf(reader->why, reader->size, "%s:%zu: run: %.40s: not one that "
             "a comparison has written", reader->path, reader->line, text);
    errno = EINVAL;

    return -1;
}

static const char *text_of(struct json_object *run, const char *key)
{
    struct json_object *value = json_object_object_get(run, key);

    return json_object_is_type(value, json_type_string)
           ? json_object_get_string(value) : "";
}

static int64_t number_of(struct json_object *run, const char *key)
{
    return json_object_get_int64(json_object_object_get(run, key));
}

/* What is the same for all runs of a comparison. */
static bool belongs(const struct compare_plan *plan, struct json_object *run)
{
    struct json_object *times = json_object_object_get(run, "times");

    return !strcmp(text_of(run, "trace"),
                   plan->trace_name ? plan->trace_name : "") &&
           !strcmp(text_of(run, "base"), plan->rules[0]->name) &&
           (plan->trace || ((uint64_t)number_of(run, "arrivals") ==
                            plan->nr_arrivals &&
                            json_object_get_boolean(json_object_object_get(
                                run, "burst")) == plan->burst)) &&
           (json_object_get_boolean(times) || !plan->times);
}

/* Which one it is; false if this comparison has it not. */
static bool find(const struct compare *compare, struct json_object *run,
                 struct compare_run *found)
{
    const struct compare_plan *plan = compare->plan;
    const char *host = text_of(run, "host"), *mode = text_of(run, "mode");
    const char *rule = text_of(run, "rule");
    uint64_t seed = number_of(run, "seed");
    unsigned int permille = number_of(run, "permille");

    *found = (struct compare_run){ 0 };
    while ( found->host < plan->nr_hosts &&
            strcmp(plan->hosts[found->host].name, host) )
        found->host++;
    while ( found->load < plan->nr_loads &&
            plan->permille[found->load] != permille )
        found->load++;
    while ( found->mode < plan->nr_modes &&
            strcmp(sim_mode_name(plan->modes[found->mode]), mode) )
        found->mode++;
    while ( found->rule < plan->nr_rules &&
            strcmp(plan->rules[found->rule]->name, rule) )
        found->rule++;
    if ( seed < plan->first_seed || seed > plan->last_seed )
        return false;
    found->seed = seed - plan->first_seed;

    return found->host < plan->nr_hosts && found->load < plan->nr_loads &&
           found->mode < plan->nr_modes && found->rule < plan->nr_rules &&
           belongs(plan, run);
}

static int read_run(const struct reader *reader, const char *text)
{
    struct json_object *run = json_tokener_parse(text);
    struct json_object *values = NULL;
    struct compare_run found;
    int rc = 0;

    if ( !json_object_is_type(run, json_type_object) ||
         !json_object_object_get_ex(run, "metrics", &values) ||
         !json_object_is_type(values, json_type_object) )
        rc = refuse(reader, text);
    else if ( find(reader->compare, run, &found) )
    {
        size_t index = compare_index(reader->compare, &found);
        double *to = reader->compare->metrics[index].values;

        for ( enum metric metric = 0; metric < NR_METRICS; metric++ )
        {
            struct json_object *value =
                json_object_object_get(values, metric_kinds[metric].name);

            to[metric] = value ? json_object_get_double(value) : NAN;
        }
        reader->compare->finished[index] = true;
    }
    json_object_put(run);

    return rc;
}

/* As lines begin here; one that is torn has at least the first of it. */
static bool is_torn_line(const char *text, size_t length)
{
    static const char start[] = "{\"host\":";

    return !strncmp(text, start,
                    length < sizeof(start) - 1 ? length : sizeof(start) - 1);
}

/* Returns where the last complete line ends, or -1. */
static off_t read_runs(struct reader *reader, FILE *file)
{
    char *text = NULL;
    size_t room = 0;
    off_t end = 0;
    ssize_t length;

    while ( end >= 0 && (length = getline(&text, &room, file)) > 0 &&
            text[length - 1] == '\n' )
    {
        reader->line++;
        end = read_run(reader, text) ? -1 : end + length;
    }
    if ( end >= 0 && length > 0 && !is_torn_line(text, length) )
    {
        reader->line++;
        end = refuse(reader, text);
    }
    free(text);

    return end;
}

struct state *state_open(const char *path, struct compare *compare,
                         char *why, size_t size)
{
    struct reader reader = { .compare = compare, .path = path, .why = why,
                             .size = size };
    struct state *state = calloc(1, sizeof(*state));
    off_t end;

    if ( !state )
    {
        snprintf(why, size, "out of memory");
        return NULL;
    }
    state->path = path;
    state->file = fopen(path, "a+e");
    if ( !state->file )
        goto unusable;
    rewind(state->file);
    end = read_runs(&reader, state->file);
    if ( end < 0 )
        goto out;
    if ( ferror(state->file) || ftruncate(fileno(state->file), end) )
        goto unusable;

    return state;

 unusable:
    snprintf(why, size, "%s: cannot be used to resume: %s", path,
             strerror(errno));

 out:
    state_close(state);

    return NULL;
}

static struct json_object *write_metrics(const struct metrics *metrics)
{
    struct json_object *object = json_object_new_object();

    for ( enum metric metric = 0; metric < NR_METRICS; metric++ )
        if ( !isnan(metrics->values[metric]) )
            json_object_object_add(
                object, metric_kinds[metric].name,
                json_object_new_double(metrics->values[metric]));

    return object;
}

static void add_text(struct json_object *object, const char *key,
                     const char *value)
{
    json_object_object_add(object, key, json_object_new_string(value));
}

static void add_number(struct json_object *object, const char *key,
                       int64_t value)
{
    json_object_object_add(object, key, json_object_new_int64(value));
}

static struct json_object *write_run(const struct compare *compare,
                                     const struct compare_run *run)
{
    const struct compare_plan *plan = compare->plan;
    struct json_object *object = json_object_new_object();

    add_text(object, "host", plan->hosts[run->host].name);
    add_number(object, "permille", plan->permille[run->load]);
    add_text(object, "mode", sim_mode_name(plan->modes[run->mode]));
    add_text(object, "rule", plan->rules[run->rule]->name);
    add_text(object, "base", plan->rules[0]->name);
    add_number(object, "seed", plan->first_seed + run->seed);
    if ( plan->trace_name )
        add_text(object, "trace", plan->trace_name);
    add_number(object, "arrivals", plan->nr_arrivals);
    json_object_object_add(object, "burst",
                           json_object_new_boolean(plan->burst));
    json_object_object_add(object, "times",
                           json_object_new_boolean(plan->times));
    json_object_object_add(
        object, "metrics",
        write_metrics(&compare->metrics[compare_index(compare, run)]));

    return object;
}

int state_add(struct state *state, const struct compare *compare,
              const struct compare_run *run, char *why, size_t size)
{
    struct json_object *object = write_run(compare, run);
    const char *text =
        object ? json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN)
               : NULL;
    int rc = -1;

    if ( !text )
        snprintf(why, size, "out of memory");
    else if ( fprintf(state->file, "%s\n", text) < 0 ||
              fflush(state->file) )
        snprintf(why, size, "%s: cannot be written: %s", state->path,
                 strerror(errno));
    else
        rc = 0;
    json_object_put(object);

    return rc;
}

void state_close(struct state *state)
{
    if ( state && state->file )
        fclose(state->file);
    free(state);
}
