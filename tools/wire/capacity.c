/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What still fits, written and read.
 */

#include <string.h>

#include <json-c/json.h>

#include "capacity.h"
#include "field.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

struct json_object *capacity_write(const struct capacity *capacity)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_bool(object, "complete", capacity->complete, &failed);
    field_add_number(object, "domains", capacity->domains, &failed);
    field_add_number(object, "spanning", capacity->spanning, &failed);
    field_add(object, "alone", shares_write(&capacity->alone), &failed);
    field_add(object, "spanning_pages",
              shares_write(&capacity->spanning_pages), &failed);

    return field_end(object, failed);
}

int capacity_read(struct capacity *capacity, struct json_object *object,
                  char *why, size_t why_size)
{
    struct json_object *alone = NULL, *spanning_pages = NULL;
    const struct field fields[] = {
        { "complete", FIELD_BOOL, true, 0, 0, &capacity->complete },
        { "domains", FIELD_NUMBER, true, 0, 0, &capacity->domains },
        { "spanning", FIELD_NUMBER, true, 0, 0, &capacity->spanning },
        { "alone", FIELD_OBJECT, true, 0, 0, &alone },
        { "spanning_pages", FIELD_OBJECT, true, 0, 0, &spanning_pages },
    };

    memset(capacity, 0, sizeof(*capacity));
    if ( field_read(object, "result", fields, NR(fields), why, why_size) ||
         shares_read(&capacity->alone, alone, why, why_size) ||
         shares_read(&capacity->spanning_pages, spanning_pages, why,
                     why_size) )
        return -1;

    return 0;
}
