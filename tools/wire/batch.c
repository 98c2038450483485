/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Domains that are wanted together, written and read.
 *
 * Checks form and bounds.  Whether a node exists, a policy is known or a
 * kernel is there is for the daemon to say.
 */

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "batch.h"
#include "field.h"
#include "mask.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

void batch_dispose(struct batch *batch)
{
    if ( !batch )
        return;
    for ( unsigned int i = 0; i < batch->nr; i++ )
    {
        free(batch->domains[i].kernel);
        free(batch->domains[i].ramdisk);
        free(batch->domains[i].cmdline);
    }
    free(batch->domains);
    memset(batch, 0, sizeof(*batch));
}

static struct json_object *write_domain(const struct batch_domain *domain,
                                        bool *failed)
{
    struct json_object *object = json_object_new_object();

    field_add_text(object, "name", domain->name, failed);
    field_add_optional(object, "uuid", domain->uuid, failed);
    field_add_text(object, "type", domain->type, failed);
    field_add_number(object, "memory_pages", domain->memory_pages, failed);
    field_add_number(object, "vcpus", domain->vcpus, failed);
    field_add_text(object, "kernel", domain->kernel, failed);
    field_add_optional(object, "ramdisk", domain->ramdisk, failed);
    field_add_optional(object, "cmdline", domain->cmdline, failed);
    field_add_optional(object, "policy", domain->policy, failed);
    field_add_optional(object, "superpages", domain->superpages, failed);
    if ( domain->max_nodes )
        field_add_number(object, "max_nodes", domain->max_nodes, failed);
    field_add(object, "nodes", mask_write(domain->nodes), failed);

    return object;
}

struct json_object *batch_write(const struct batch *batch)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = json_object_new_array();
    bool failed = false;

    for ( unsigned int i = 0; i < batch->nr; i++ )
        field_append(array, write_domain(&batch->domains[i], &failed),
                     &failed);
    field_add(object, "domains", array, &failed);
    field_add_bool(object, "paused", batch->paused, &failed);
    field_add_bool(object, "build", batch->build, &failed);

    return field_end(object, failed);
}

/* Names become directory names in xenstore and arguments of xl. */
static int check_name(const char *name, char *why, size_t why_size)
{
    for ( const char *c = name; *c; c++ )
        if ( !isascii(*c) || (!isalnum(*c) && !strchr("-_.+:@", *c)) ||
             (c == name && *c == '-') )
        {
            snprintf(why, why_size, "name: %.80s: may hold letters, digits "
                     "and -_.+:@, and not begin with -", name);
            return -1;
        }

    return 0;
}

static int check_uuid(const char *uuid, char *why, size_t why_size)
{
    for ( size_t i = 0; uuid[i]; i++ )
    {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if ( dash ? uuid[i] != '-' : !isxdigit((unsigned char)uuid[i]) )
        {
            snprintf(why, why_size, "uuid: %.80s: must look like "
                     "01234567-89ab-cdef-0123-456789abcdef", uuid);
            return -1;
        }
    }
    /* To a builder's undo it means another one (record.h). */
    if ( !uuid[strspn(uuid, "0-")] )
    {
        snprintf(why, why_size, "uuid: %.80s: belongs to no domain: leave it "
                 "out, and one is made", uuid);
        return -1;
    }

    return 0;
}

/* In lower case, as Xen's are written: equal ones then are equal texts. */
static void copy_uuid(char *copy, const char *uuid)
{
    do {
        *copy++ = tolower((unsigned char)*uuid);
    } while ( *uuid++ );
}

static int check_path(const char *what, const char *path, char *why,
                      size_t why_size)
{
    if ( !path || path[0] == '/' )
        return 0;
    snprintf(why, why_size, "%s: %.80s: must be an absolute path", what,
             path);

    return -1;
}

static int read_domain(struct batch_domain *domain,
                       struct json_object *object, char *why,
                       size_t why_size)
{
    const char *name = "", *uuid = NULL, *type = "";
    const char *policy = "preferred", *superpages = "preferred";
    const char *kernel = NULL, *ramdisk = NULL, *cmdline = NULL;
    struct json_object *nodes = NULL;
    uint64_t vcpus = 1, max_nodes = 0;
    const struct field fields[] = {
        { "name", FIELD_TEXT, true, 1, sizeof(domain->name) - 1, &name },
        { "uuid", FIELD_TEXT, false, 36, sizeof(domain->uuid) - 1, &uuid },
        { "type", FIELD_TEXT, true, 1, sizeof(domain->type) - 1, &type },
        { "memory_pages", FIELD_NUMBER, true, 1, FIELD_MAX_PAGES,
          &domain->memory_pages },
        { "vcpus", FIELD_NUMBER, true, 1, RECORD_MAX_VCPUS, &vcpus },
        { "kernel", FIELD_TEXT, true, 1, FIELD_MAX_PATH, &kernel },
        { "ramdisk", FIELD_TEXT, false, 1, FIELD_MAX_PATH, &ramdisk },
        { "cmdline", FIELD_TEXT, false, 0, FIELD_MAX_CMDLINE, &cmdline },
        { "policy", FIELD_TEXT, false, 1, sizeof(domain->policy) - 1,
          &policy },
        { "superpages", FIELD_TEXT, false, 1, sizeof(domain->superpages) - 1,
          &superpages },
        { "max_nodes", FIELD_NUMBER, false, 1, RECORD_MAX_NODES, &max_nodes },
        { "nodes", FIELD_ARRAY, false, 0, RECORD_MAX_NODES, &nodes },
    };

    if ( field_read(object, NULL, fields, NR(fields), why, why_size) ||
         check_name(name, why, why_size) ||
         (uuid && check_uuid(uuid, why, why_size)) ||
         check_path("kernel", kernel, why, why_size) ||
         check_path("ramdisk", ramdisk, why, why_size) ||
         mask_read(&domain->nodes, nodes, "nodes", why, why_size) ||
         field_copy(&domain->kernel, kernel, why, why_size) ||
         field_copy(&domain->ramdisk, ramdisk, why, why_size) ||
         field_copy(&domain->cmdline, cmdline, why, why_size) )
        return -1;

    domain->vcpus = vcpus;
    snprintf(domain->name, sizeof(domain->name), "%s", name);
    copy_uuid(domain->uuid, uuid ? uuid : "");
    snprintf(domain->type, sizeof(domain->type), "%s", type);
    snprintf(domain->policy, sizeof(domain->policy), "%s", policy);
    snprintf(domain->superpages, sizeof(domain->superpages), "%s", superpages);
    domain->max_nodes = max_nodes;

    return 0;
}

static int read_domains(struct batch *batch, struct json_object *array,
                        char *why, size_t why_size)
{
    size_t nr = json_object_array_length(array);

    batch->domains = calloc(nr, sizeof(*batch->domains));
    if ( !batch->domains )
    {
        snprintf(why, why_size, "out of memory");
        return -1;
    }

    while ( batch->nr < nr )
    {
        struct json_object *object = json_object_array_get_idx(array,
                                                               batch->nr);
        struct json_object *name = NULL;
        char reason[256];

        if ( !read_domain(&batch->domains[batch->nr++], object, reason,
                          sizeof(reason)) )
            continue;
        json_object_object_get_ex(object, "name", &name);
        snprintf(why, why_size, "domain %u (%.80s): %s", batch->nr,
                 name ? json_object_get_string(name) : "without name",
                 reason);
        return -1;
    }

    return 0;
}

int batch_read(struct batch *batch, struct json_object *object, char *why,
               size_t why_size)
{
    struct json_object *domains = NULL;
    const struct field fields[] = {
        { "domains", FIELD_ARRAY, true, 1, BATCH_MAX_DOMAINS, &domains },
        { "paused", FIELD_BOOL, false, 0, 0, &batch->paused },
        { "build", FIELD_BOOL, false, 0, 0, &batch->build },
    };

    memset(batch, 0, sizeof(*batch));
    batch->build = true;
    if ( !field_read(object, "params", fields, NR(fields), why, why_size) &&
         !read_domains(batch, domains, why, why_size) )
        return 0;
    batch_dispose(batch);

    return -1;
}
