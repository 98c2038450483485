/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Pages by node, written and read.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "field.h"
#include "shares.h"

struct json_object *shares_write(const struct shares *shares)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;
    char name[16];

    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
    {
        if ( !shares->pages[i] )
            continue;
        snprintf(name, sizeof(name), "%u", i);
        field_add_number(object, name, shares->pages[i], &failed);
    }

    return field_end(object, failed);
}

/* Only the one way that we write it: no sign, blank or leading zero. */
static int read_node(const char *name, unsigned int *node)
{
    char same[16];

    *node = strtoul(name, NULL, 10);
    snprintf(same, sizeof(same), "%u", *node);

    return strcmp(name, same) || *node >= SHARES_MAX_NODES ? -1 : 0;
}

int shares_read(struct shares *shares, struct json_object *object, char *why,
                size_t why_size)
{
    memset(shares, 0, sizeof(*shares));
    json_object_object_foreach(object, name, value)
    {
        unsigned int node;

        if ( read_node(name, &node) )
        {
            snprintf(why, why_size, "pages: %.80s: not a node", name);
            return -1;
        }
        if ( !json_object_is_type(value, json_type_int) ||
             json_object_get_int64(value) < 0 ||
             json_object_get_uint64(value) > FIELD_MAX_PAGES )
        {
            snprintf(why, why_size, "pages: node %u: %.80s: not a number of "
                     "pages", node, json_object_to_json_string(value));
            return -1;
        }
        shares->pages[node] = json_object_get_uint64(value);
    }

    return 0;
}

uint64_t shares_total(const struct shares *shares)
{
    uint64_t total = 0;

    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        total += shares->pages[i];

    return total;
}
