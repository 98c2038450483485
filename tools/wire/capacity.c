/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What still fits, written and read.  A reply about one size has no member
 * "mix", and is as it was before there were mixes.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "capacity.h"
#include "field.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

int capacity_make(struct capacity *capacity, unsigned int nr)
{
    memset(capacity, 0, sizeof(*capacity));
    if ( nr == 0 )
        return 0;
    capacity->domains = calloc(nr, sizeof(*capacity->domains));
    if ( !capacity->domains )
        return -1;
    capacity->nr = nr;

    return 0;
}

void capacity_dispose(struct capacity *capacity)
{
    free(capacity->domains);
    memset(capacity, 0, sizeof(*capacity));
}

static void write_count(struct json_object *object,
                        const struct capacity_count *count, bool *failed)
{
    field_add_number(object, "domains", count->domains, failed);
    field_add_number(object, "spanning", count->spanning, failed);
    field_add(object, "alone", shares_write(&count->alone), failed);
    field_add(object, "spanning_pages", shares_write(&count->spanning_pages),
              failed);
}

static struct json_object *write_domain(const struct capacity_domain *domain,
                                        bool *failed)
{
    struct json_object *object = json_object_new_object();

    field_add_text(object, "name", domain->name, failed);
    write_count(object, &domain->count, failed);

    return object;
}

static struct json_object *write_mix(const struct capacity *capacity,
                                     bool *failed)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = json_object_new_array();

    field_add_number(object, "rounds", capacity->rounds, failed);
    field_add_number(object, "last", capacity->last, failed);
    if ( capacity->error[0] )
        field_add_words(object, "error", capacity->error, failed);
    else
        field_add_null(object, "error", failed);
    for ( unsigned int i = 0; i < capacity->nr; i++ )
        field_append(array, write_domain(&capacity->domains[i], failed),
                     failed);
    field_add(object, "domains", array, failed);

    return object;
}

struct json_object *capacity_write(const struct capacity *capacity)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_bool(object, "complete", capacity->complete, &failed);
    write_count(object, &capacity->count, &failed);
    if ( capacity->nr )
        field_add(object, "mix", write_mix(capacity, &failed), &failed);

    return field_end(object, failed);
}

static int read_shares(struct capacity_count *count,
                       struct json_object *alone,
                       struct json_object *spanning_pages, char *why,
                       size_t why_size)
{
    return shares_read(&count->alone, alone, why, why_size) ||
           shares_read(&count->spanning_pages, spanning_pages, why,
                       why_size) ? -1 : 0;
}

static int read_domain(struct capacity_domain *domain,
                       struct json_object *object, char *why,
                       size_t why_size)
{
    struct json_object *alone = NULL, *spanning_pages = NULL;
    const char *name = "";
    const struct field fields[] = {
        { "name", FIELD_TEXT, true, 1, sizeof(domain->name) - 1, &name },
        { "domains", FIELD_NUMBER, true, 0, 0, &domain->count.domains },
        { "spanning", FIELD_NUMBER, true, 0, 0, &domain->count.spanning },
        { "alone", FIELD_OBJECT, true, 0, 0, &alone },
        { "spanning_pages", FIELD_OBJECT, true, 0, 0, &spanning_pages },
    };

    if ( field_read(object, "domain", fields, NR(fields), why, why_size) ||
         read_shares(&domain->count, alone, spanning_pages, why, why_size) )
        return -1;
    snprintf(domain->name, sizeof(domain->name), "%s", name);

    return 0;
}

static int read_domains(struct capacity *capacity, struct json_object *array,
                        char *why, size_t why_size)
{
    const unsigned int nr = json_object_array_length(array);

    capacity->domains = calloc(nr, sizeof(*capacity->domains));
    if ( !capacity->domains )
    {
        snprintf(why, why_size, "out of memory");
        return -1;
    }
    while ( capacity->nr < nr )
    {
        const unsigned int i = capacity->nr++;

        if ( read_domain(&capacity->domains[i],
                         json_object_array_get_idx(array, i), why, why_size) )
            return -1;
    }

    return 0;
}

static int read_mix(struct capacity *capacity, struct json_object *object,
                    char *why, size_t why_size)
{
    const char *error = NULL;
    struct json_object *array = NULL;
    uint64_t last = 0;
    const struct field fields[] = {
        { "rounds", FIELD_NUMBER, true, 0, 0, &capacity->rounds },
        { "last", FIELD_NUMBER, true, 0, BATCH_MAX_DOMAINS - 1, &last },
        { "error", FIELD_TEXT, false, 1, FAULT_TEXT_MAX - 1, &error },
        { "domains", FIELD_ARRAY, true, 1, BATCH_MAX_DOMAINS, &array },
    };

    if ( field_read(object, "mix", fields, NR(fields), why, why_size) ||
         read_domains(capacity, array, why, why_size) )
        return -1;
    if ( last >= capacity->nr )
    {
        snprintf(why, why_size, "mix: last: %u: must be less than the number "
                 "of domains, %u", (unsigned int)last, capacity->nr);
        return -1;
    }
    capacity->last = last;
    snprintf(capacity->error, sizeof(capacity->error), "%s",
             error ? error : "");

    return 0;
}

int capacity_read(struct capacity *capacity, struct json_object *object,
                  char *why, size_t why_size)
{
    struct json_object *alone = NULL, *spanning_pages = NULL, *mix = NULL;
    const struct field fields[] = {
        { "complete", FIELD_BOOL, true, 0, 0, &capacity->complete },
        { "domains", FIELD_NUMBER, true, 0, 0, &capacity->count.domains },
        { "spanning", FIELD_NUMBER, true, 0, 0, &capacity->count.spanning },
        { "alone", FIELD_OBJECT, true, 0, 0, &alone },
        { "spanning_pages", FIELD_OBJECT, true, 0, 0, &spanning_pages },
        { "mix", FIELD_OBJECT, false, 0, 0, &mix },
    };

    memset(capacity, 0, sizeof(*capacity));
    if ( field_read(object, "result", fields, NR(fields), why, why_size) ||
         read_shares(&capacity->count, alone, spanning_pages, why,
                     why_size) ||
         (mix && read_mix(capacity, mix, why, why_size)) )
    {
        capacity_dispose(capacity);
        return -1;
    }

    return 0;
}
