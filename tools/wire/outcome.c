/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What became of domains, written and read.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "field.h"
#include "outcome.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

int outcome_make(struct outcome *outcome, unsigned int room)
{
    outcome->nr = 0;
    /* One more, since none may be NULL. */
    outcome->domains = calloc(room + 1, sizeof(*outcome->domains));

    return outcome->domains ? 0 : -1;
}

void outcome_dispose(struct outcome *outcome)
{
    for ( unsigned int i = 0; i < outcome->nr; i++ )
        free(outcome->domains[i].why);
    free(outcome->domains);
    memset(outcome, 0, sizeof(*outcome));
}

static struct json_object *write_nodes(const struct shares *shares,
                                       bool *failed)
{
    struct json_object *array = json_object_new_array();

    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        if ( shares->pages[i] )
            field_append(array, json_object_new_uint64(i), failed);

    return array;
}

/* rows: whether nodes are explained. */
static struct json_object *write_domain(const struct outcome_domain *domain,
                                        bool rows, bool *failed)
{
    struct json_object *object = json_object_new_object();

    field_add_text(object, "name", domain->name, failed);
    if ( domain->has_domid )
        field_add_number(object, "domid", domain->domid, failed);
    else
        field_add_null(object, "domid", failed);
    field_add(object, "nodes", write_nodes(&domain->shares, failed), failed);
    field_add(object, "pages", shares_write(&domain->shares), failed);
    if ( domain->failed )
        field_add_words(object, "error", domain->error, failed);
    else
        field_add_null(object, "error", failed);
    if ( domain->why )
        field_add(object, "why", explain_write(domain->why, rows), failed);

    return object;
}

struct json_object *outcome_write(const struct outcome *outcome)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = json_object_new_array();
    unsigned int rows = 0;
    bool failed = false;

    for ( unsigned int i = 0; i < outcome->nr; i++ )
        if ( outcome->domains[i].why )
            rows += outcome->domains[i].why->nr_nodes;
    for ( unsigned int i = 0; i < outcome->nr; i++ )
        field_append(array, write_domain(&outcome->domains[i],
                                         rows <= EXPLAIN_MAX_ROWS, &failed),
                     &failed);
    field_add(object, "domains", array, &failed);

    return field_end(object, failed);
}

static int read_why(struct outcome_domain *domain,
                    struct json_object *object, char *why, size_t why_size)
{
    if ( !object )
        return 0;
    domain->why = malloc(sizeof(*domain->why));
    if ( !domain->why )
    {
        snprintf(why, why_size, "out of memory");
        return -1;
    }

    return explain_read(domain->why, object, why, why_size);
}

static int read_domain(struct outcome_domain *domain,
                       struct json_object *object, char *why,
                       size_t why_size)
{
    const char *name = "", *error = NULL;
    uint64_t domid = UINT64_MAX;
    struct json_object *nodes = NULL, *pages = NULL, *explain = NULL;
    const struct field fields[] = {
        { "name", FIELD_TEXT, true, 1, sizeof(domain->name) - 1, &name },
        { "domid", FIELD_NUMBER, false, 0, 0x7fef, &domid },
        /* Follows from the pages. */
        { "nodes", FIELD_ARRAY, true, 0, SHARES_MAX_NODES, &nodes },
        { "pages", FIELD_OBJECT, true, 0, 0, &pages },
        { "error", FIELD_TEXT, false, 0, FAULT_TEXT_MAX - 1, &error },
        { "why", FIELD_OBJECT, false, 0, 0, &explain },
    };

    if ( field_read(object, "domain", fields, NR(fields), why, why_size) ||
         shares_read(&domain->shares, pages, why, why_size) ||
         read_why(domain, explain, why, why_size) )
        return -1;
    snprintf(domain->name, sizeof(domain->name), "%s", name);
    domain->has_domid = domid != UINT64_MAX;
    domain->domid = domain->has_domid ? domid : 0;
    domain->failed = error != NULL;
    snprintf(domain->error, sizeof(domain->error), "%s", error ? error : "");

    return 0;
}

int outcome_read(struct outcome *outcome, struct json_object *object,
                 char *why, size_t why_size)
{
    struct json_object *array = NULL;
    const struct field fields[] = {
        { "domains", FIELD_ARRAY, true, 0, BATCH_MAX_DOMAINS, &array },
    };

    memset(outcome, 0, sizeof(*outcome));
    if ( field_read(object, "result", fields, NR(fields), why, why_size) )
        return -1;
    if ( outcome_make(outcome, json_object_array_length(array)) )
    {
        snprintf(why, why_size, "out of memory");
        return -1;
    }
    for ( size_t i = 0; i < json_object_array_length(array); i++ )
        if ( read_domain(&outcome->domains[outcome->nr++],
                         json_object_array_get_idx(array, i), why,
                         why_size) )
        {
            outcome_dispose(outcome);
            return -1;
        }

    return 0;
}
