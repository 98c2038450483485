/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Sets of nodes, written and read.
 */

#include <stdbool.h>
#include <stdio.h>

#include <json-c/json.h>

#include "field.h"
#include "mask.h"

struct json_object *mask_write(uint64_t mask)
{
    struct json_object *array = json_object_new_array();
    bool failed = false;

    for ( unsigned int i = 0; i < MASK_MAX_NODES; i++ )
        if ( mask & (UINT64_C(1) << i) )
            field_append(array, json_object_new_uint64(i), &failed);

    return field_end(array, failed || !array);
}

int mask_read(uint64_t *mask, struct json_object *array, const char *name,
              char *why, size_t why_size)
{
    *mask = 0;
    for ( size_t i = 0; array && i < json_object_array_length(array); i++ )
    {
        struct json_object *value = json_object_array_get_idx(array, i);
        int64_t node = json_object_get_int64(value);

        if ( !json_object_is_type(value, json_type_int) || node < 0 ||
             node >= MASK_MAX_NODES )
        {
            snprintf(why, why_size, "%s: %.80s: not a node, they go from 0 "
                     "to %u", name, json_object_to_json_string(value),
                     MASK_MAX_NODES - 1);
            return -1;
        }
        *mask |= UINT64_C(1) << node;
    }

    return 0;
}
