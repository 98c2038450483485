/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Nodes of a host, written and read.
 */

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "field.h"
#include "nodes.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define MAX_CPUS  65536u

static struct json_object *write_distances(const struct nodes_entry *entry,
                                           bool *failed)
{
    struct json_object *array = json_object_new_array();

    for ( unsigned int i = 0; i < entry->nr_distances; i++ )
        if ( entry->distances[i] != NODES_NO_DISTANCE )
            field_append(array, json_object_new_uint64(entry->distances[i]),
                         failed);
        else if ( !array || json_object_array_add(array, NULL) )
            *failed = true;

    return array;
}

static struct json_object *write_entry(const struct nodes_entry *entry,
                                       bool *failed)
{
    struct json_object *object = json_object_new_object();

    field_add_number(object, "node", entry->node, failed);
    field_add_number(object, "present_pages", entry->present_pages, failed);
    field_add_number(object, "free_pages", entry->free_pages, failed);
    field_add_number(object, "claimed_pages", entry->claimed_pages, failed);
    field_add_number(object, "cpus", entry->cpus, failed);
    field_add(object, "distances", write_distances(entry, failed), failed);

    return object;
}

struct json_object *nodes_write(const struct nodes *nodes)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = json_object_new_array();
    bool failed = false;

    for ( unsigned int i = 0; i < nodes->nr; i++ )
        field_append(array, write_entry(&nodes->entries[i], &failed),
                     &failed);
    field_add(object, "nodes", array, &failed);

    return field_end(object, failed);
}

static int read_distances(struct nodes_entry *entry,
                          struct json_object *array, char *why,
                          size_t why_size)
{
    entry->nr_distances = json_object_array_length(array);
    for ( unsigned int i = 0; i < entry->nr_distances; i++ )
    {
        struct json_object *value = json_object_array_get_idx(array, i);
        int64_t distance = json_object_get_int64(value);

        entry->distances[i] = NODES_NO_DISTANCE;
        if ( !value )
            continue;
        if ( !json_object_is_type(value, json_type_int) || distance < 0 ||
             distance >= NODES_NO_DISTANCE )
        {
            snprintf(why, why_size, "distances: %.80s: not a distance",
                     json_object_to_json_string(value));
            return -1;
        }
        entry->distances[i] = distance;
    }

    return 0;
}

static int read_entry(struct nodes_entry *entry, struct json_object *object,
                      char *why, size_t why_size)
{
    uint64_t node = 0, cpus = 0;
    struct json_object *distances = NULL;
    const struct field fields[] = {
        { "node", FIELD_NUMBER, true, 0, NODES_MAX - 1, &node },
        { "present_pages", FIELD_NUMBER, true, 0, FIELD_MAX_PAGES,
          &entry->present_pages },
        { "free_pages", FIELD_NUMBER, true, 0, FIELD_MAX_PAGES,
          &entry->free_pages },
        { "claimed_pages", FIELD_NUMBER, true, 0, FIELD_MAX_PAGES,
          &entry->claimed_pages },
        { "cpus", FIELD_NUMBER, true, 0, MAX_CPUS, &cpus },
        { "distances", FIELD_ARRAY, true, 0, NODES_MAX, &distances },
    };

    if ( field_read(object, "node", fields, NR(fields), why, why_size) ||
         read_distances(entry, distances, why, why_size) )
        return -1;
    entry->node = node;
    entry->cpus = cpus;

    return 0;
}

int nodes_read(struct nodes *nodes, struct json_object *object, char *why,
               size_t why_size)
{
    struct json_object *array = NULL;
    const struct field fields[] = {
        { "nodes", FIELD_ARRAY, true, 0, NODES_MAX, &array },
    };

    memset(nodes, 0, sizeof(*nodes));
    if ( field_read(object, "result", fields, NR(fields), why, why_size) )
        return -1;
    for ( size_t i = 0; i < json_object_array_length(array); i++ )
        if ( read_entry(&nodes->entries[nodes->nr++],
                        json_object_array_get_idx(array, i), why, why_size) )
            return -1;

    return 0;
}
