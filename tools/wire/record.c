/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The hand-over record, written and read.
 *
 * The reader checks what it can without the host: bounds, and that the
 * shares are those of different nodes and sum up to the memory.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "field.h"
#include "record.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

void record_dispose(struct record *record)
{
    if ( !record )
        return;
    free(record->kernel);
    free(record->ramdisk);
    free(record->cmdline);
    free(record->cpus);
    memset(record, 0, sizeof(*record));
}

static struct json_object *write_shares(const struct record *record,
                                        bool *failed)
{
    struct json_object *array = json_object_new_array();

    for ( unsigned int i = 0; i < record->nr_shares; i++ )
    {
        struct json_object *share = json_object_new_object();

        field_add_number(share, "node", record->shares[i].node, failed);
        field_add_number(share, "pages", record->shares[i].pages, failed);
        field_append(array, share, failed);
    }

    return array;
}

char *record_write(const struct record *record)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_number(object, "domid", record->domid, &failed);
    field_add_number(object, "unique_id", record->unique_id, &failed);
    field_add_text(object, "name", record->name, &failed);
    field_add_text(object, "uuid", record->uuid, &failed);
    field_add_text(object, "type", record->type, &failed);
    field_add_number(object, "vcpus", record->vcpus, &failed);
    field_add_number(object, "memory_pages", record->memory_pages, &failed);
    field_add_number(object, "max_pages", record->max_pages, &failed);
    field_add_optional(object, "kernel", record->kernel, &failed);
    field_add_optional(object, "ramdisk", record->ramdisk, &failed);
    field_add_optional(object, "cmdline", record->cmdline, &failed);
    field_add_bool(object, "paused", record->paused, &failed);
    field_add_number(object, "home_node", record->home_node, &failed);
    field_add(object, "shares", write_shares(record, &failed), &failed);
    field_add_optional(object, "cpus", record->cpus, &failed);

    return field_text(object, RECORD_MAX_BYTES, failed);
}

static int read_shares(struct record *record, struct json_object *array,
                       char *why, size_t why_size)
{
    uint64_t seen = 0, sum = 0;

    for ( size_t i = 0; i < json_object_array_length(array); i++ )
    {
        uint64_t node = 0, pages = 0;
        const struct field fields[] = {
            { "node", FIELD_NUMBER, true, 0, RECORD_MAX_NODES - 1, &node },
            { "pages", FIELD_NUMBER, true, 1, FIELD_MAX_PAGES, &pages },
        };

        if ( field_read(json_object_array_get_idx(array, i), "share", fields,
                        NR(fields), why, why_size) )
            return -1;
        if ( seen & (UINT64_C(1) << node) )
        {
            snprintf(why, why_size, "shares: node %" PRIu64 ": twice", node);
            return -1;
        }
        seen |= UINT64_C(1) << node;
        sum += pages;
        record->shares[record->nr_shares++] =
            (struct record_share){ .node = node, .pages = pages };
    }

    if ( sum != record->memory_pages )
    {
        snprintf(why, why_size, "shares: %" PRIu64 " pages: memory_pages is %"
                 PRIu64, sum, record->memory_pages);
        return -1;
    }

    return 0;
}

static int read_object(struct record *record, struct json_object *object,
                       char *why, size_t why_size)
{
    const char *name = "", *uuid = "", *type = "";
    const char *kernel = NULL, *ramdisk = NULL, *cmdline = NULL, *cpus = NULL;
    uint64_t domid = 0, vcpus = 0, home_node = 0;
    struct json_object *shares = NULL;
    const struct field fields[] = {
        /* The ids from 0x7ff0 have special meanings. */
        { "domid", FIELD_NUMBER, true, 1, 0x7fef, &domid },
        { "unique_id", FIELD_NUMBER, true, 1, 0, &record->unique_id },
        { "name", FIELD_TEXT, true, 1, sizeof(record->name) - 1, &name },
        { "uuid", FIELD_TEXT, true, 36, sizeof(record->uuid) - 1, &uuid },
        { "type", FIELD_TEXT, true, 1, sizeof(record->type) - 1, &type },
        { "vcpus", FIELD_NUMBER, true, 1, RECORD_MAX_VCPUS, &vcpus },
        { "memory_pages", FIELD_NUMBER, true, 1, FIELD_MAX_PAGES,
          &record->memory_pages },
        { "max_pages", FIELD_NUMBER, true, 1, 2 * FIELD_MAX_PAGES,
          &record->max_pages },
        { "kernel", FIELD_TEXT, true, 1, FIELD_MAX_PATH, &kernel },
        { "ramdisk", FIELD_TEXT, false, 1, FIELD_MAX_PATH, &ramdisk },
        { "cmdline", FIELD_TEXT, false, 0, FIELD_MAX_CMDLINE, &cmdline },
        { "paused", FIELD_BOOL, true, 0, 0, &record->paused },
        { "home_node", FIELD_NUMBER, true, 0, RECORD_MAX_NODES - 1,
          &home_node },
        { "shares", FIELD_ARRAY, true, 1, RECORD_MAX_NODES, &shares },
        { "cpus", FIELD_TEXT, false, 1, RECORD_MAX_BYTES, &cpus },
    };

    if ( field_read(object, "record", fields, NR(fields), why, why_size) ||
         read_shares(record, shares, why, why_size) ||
         field_copy(&record->kernel, kernel, why, why_size) ||
         field_copy(&record->ramdisk, ramdisk, why, why_size) ||
         field_copy(&record->cmdline, cmdline, why, why_size) ||
         field_copy(&record->cpus, cpus, why, why_size) )
        return -1;

    record->domid = domid;
    record->vcpus = vcpus;
    record->home_node = home_node;
    snprintf(record->name, sizeof(record->name), "%s", name);
    snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
    snprintf(record->type, sizeof(record->type), "%s", type);

    return 0;
}

int record_read(struct record *record, const char *text, size_t length,
                char *why, size_t why_size)
{
    struct json_object *object;
    int rc = -1;

    memset(record, 0, sizeof(*record));
    if ( length > RECORD_MAX_BYTES )
    {
        snprintf(why, why_size, "record: %zu bytes: at most %u", length,
                 RECORD_MAX_BYTES);
        return -1;
    }
    object = field_parse(text, length, why, why_size);
    if ( object )
        rc = read_object(record, object, why, why_size);
    json_object_put(object);
    if ( rc )
        record_dispose(record);

    return rc;
}
