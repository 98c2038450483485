/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Daemon and host, written and read.
 */

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "about.h"
#include "field.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

struct json_object *about_write(const struct about *about)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_text(object, "version", about->version, &failed);
    field_add_number(object, "protocol", about->protocol, &failed);
    field_add_text(object, "host", about->host, &failed);
    field_add_text(object, "default_policy", about->default_policy, &failed);
    field_add_bool(object, "claims", about->claims, &failed);
    field_add_bool(object, "create_on_nodes", about->create_on_nodes, &failed);
    field_add_number(object, "abi", about->abi, &failed);

    return field_end(object, failed);
}

int about_read(struct about *about, struct json_object *object, char *why,
               size_t why_size)
{
    /* Daemons before protocol 6 have no default. */
    const char *version = "", *host = "", *policy = "off";
    const struct field fields[] = {
        { "version", FIELD_TEXT, true, 1, sizeof(about->version) - 1,
          &version },
        { "protocol", FIELD_NUMBER, true, 1, 0, &about->protocol },
        { "host", FIELD_TEXT, true, 1, sizeof(about->host) - 1, &host },
        { "default_policy", FIELD_TEXT, false, 1,
          sizeof(about->default_policy) - 1, &policy },
        { "claims", FIELD_BOOL, true, 0, 0, &about->claims },
        { "create_on_nodes", FIELD_BOOL, true, 0, 0, &about->create_on_nodes },
        { "abi", FIELD_NUMBER, true, 0, UINT32_MAX, &about->abi },
    };

    memset(about, 0, sizeof(*about));
    if ( field_read(object, "result", fields, NR(fields), why, why_size) )
        return -1;
    snprintf(about->version, sizeof(about->version), "%s", version);
    snprintf(about->host, sizeof(about->host), "%s", host);
    snprintf(about->default_policy, sizeof(about->default_policy), "%s",
             policy);

    return 0;
}
