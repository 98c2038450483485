/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Domains as Xen has them, written and read.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "field.h"
#include "listing.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

void listing_dispose(struct listing *listing)
{
    if ( !listing )
        return;
    free(listing->domains);
    memset(listing, 0, sizeof(*listing));
}

static struct json_object *write_plan(const struct listing_plan *plan)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_number(object, "home_node", plan->home_node, &failed);
    field_add(object, "pages", shares_write(&plan->pages), &failed);
    field_add_number(object, "structures_pages", plan->structures_pages,
                     &failed);

    return field_end(object, failed);
}

static struct json_object *write_domain(const struct listing_domain *domain,
                                        bool *failed)
{
    struct json_object *object = json_object_new_object();
    char unique_id[17];

    /* As text: many readers of JSON keep 53 bits of a number only. */
    snprintf(unique_id, sizeof(unique_id), "%016" PRIx64, domain->unique_id);
    field_add_number(object, "domid", domain->domid, failed);
    field_add_text(object, "unique_id", unique_id, failed);
    if ( domain->name[0] )
        field_add_text(object, "name", domain->name, failed);
    else
        field_add_null(object, "name", failed);
    field_add_bool(object, "own", domain->own, failed);
    field_add_text(object, "state", domain->state, failed);
    field_add(object, "pages", shares_write(&domain->pages), failed);
    field_add(object, "claimed_pages", shares_write(&domain->claimed),
              failed);
    field_add_number(object, "host_claimed_pages",
                     domain->host_claimed_pages, failed);

    return object;
}

static void write_details(struct json_object *object,
                          const struct listing_domain *domain, bool *failed)
{
    if ( domain->plan.known )
        field_add(object, "plan", write_plan(&domain->plan), failed);
    else
        field_add_null(object, "plan", failed);
    field_add(object, "structures_pages", shares_write(&domain->structures),
              failed);
    if ( domain->left[0] )
        field_add_text(object, "structures_left", domain->left, failed);
    else
        field_add_null(object, "structures_left", failed);
}

struct json_object *listing_write(const struct listing *listing)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = json_object_new_array();
    bool failed = false;

    for ( unsigned int i = 0; i < listing->nr; i++ )
    {
        struct json_object *domain = write_domain(&listing->domains[i],
                                                  &failed);

        if ( listing->details )
            write_details(domain, &listing->domains[i], &failed);
        field_append(array, domain, &failed);
    }
    field_add(object, "domains", array, &failed);

    return field_end(object, failed);
}

/* NULL: not known. */
static int read_plan(struct listing_plan *plan, struct json_object *object,
                     char *why, size_t why_size)
{
    struct json_object *pages = NULL;
    uint64_t home_node = 0;
    const struct field fields[] = {
        { "home_node", FIELD_NUMBER, true, 0, SHARES_MAX_NODES - 1,
          &home_node },
        { "pages", FIELD_OBJECT, true, 0, 0, &pages },
        { "structures_pages", FIELD_NUMBER, true, 0, FIELD_MAX_PAGES,
          &plan->structures_pages },
    };

    memset(plan, 0, sizeof(*plan));
    if ( !object )
        return 0;
    if ( field_read(object, "plan", fields, NR(fields), why, why_size) ||
         shares_read(&plan->pages, pages, why, why_size) )
        return -1;
    plan->home_node = home_node;
    plan->known = true;

    return 0;
}

static int read_unique_id(uint64_t *id, const char *text, char *why,
                          size_t why_size)
{
    if ( text[strspn(text, "0123456789abcdefABCDEF")] )
    {
        snprintf(why, why_size, "unique_id: %.80s: must be 16 hexadecimal "
                 "digits", text);
        return -1;
    }
    *id = strtoull(text, NULL, 16);

    return 0;
}

static int read_domain(struct listing_domain *domain,
                       struct json_object *object, char *why,
                       size_t why_size)
{
    const char *unique_id = "", *name = "", *state = "", *left = "";
    struct json_object *pages = NULL, *claimed = NULL, *plan = NULL;
    struct json_object *structures = NULL;
    uint64_t domid = 0;
    const struct field fields[] = {
        { "domid", FIELD_NUMBER, true, 0, 0x7fff, &domid },
        { "unique_id", FIELD_TEXT, true, 16, 16, &unique_id },
        { "name", FIELD_TEXT, false, 0, sizeof(domain->name) - 1, &name },
        { "own", FIELD_BOOL, true, 0, 0, &domain->own },
        { "state", FIELD_TEXT, true, 1, sizeof(domain->state) - 1, &state },
        { "plan", FIELD_OBJECT, false, 0, 0, &plan },
        { "pages", FIELD_OBJECT, true, 0, 0, &pages },
        { "structures_pages", FIELD_OBJECT, false, 0, 0, &structures },
        { "claimed_pages", FIELD_OBJECT, true, 0, 0, &claimed },
        { "host_claimed_pages", FIELD_NUMBER, true, 0, FIELD_MAX_PAGES,
          &domain->host_claimed_pages },
        { "structures_left", FIELD_TEXT, false, 0, sizeof(domain->left) - 1,
          &left },
    };

    if ( field_read(object, "domain", fields, NR(fields), why, why_size) ||
         read_unique_id(&domain->unique_id, unique_id, why, why_size) ||
         read_plan(&domain->plan, plan, why, why_size) ||
         shares_read(&domain->pages, pages, why, why_size) ||
         (structures && shares_read(&domain->structures, structures, why,
                                    why_size)) ||
         shares_read(&domain->claimed, claimed, why, why_size) )
        return -1;
    domain->domid = domid;
    snprintf(domain->name, sizeof(domain->name), "%s", name);
    snprintf(domain->state, sizeof(domain->state), "%s", state);
    snprintf(domain->left, sizeof(domain->left), "%s", left);

    return 0;
}

int listing_read(struct listing *listing, struct json_object *object,
                 char *why, size_t why_size)
{
    struct json_object *array = NULL;
    const struct field fields[] = {
        { "domains", FIELD_ARRAY, true, 0, 32752, &array },
    };
    size_t nr;

    memset(listing, 0, sizeof(*listing));
    if ( field_read(object, "result", fields, NR(fields), why, why_size) )
        return -1;

    nr = json_object_array_length(array);
    listing->domains = calloc(nr ? nr : 1, sizeof(*listing->domains));
    if ( !listing->domains )
    {
        snprintf(why, why_size, "out of memory");
        return -1;
    }
    while ( listing->nr < nr )
    {
        struct json_object *domain =
            json_object_array_get_idx(array, listing->nr);

        listing->details |= json_object_object_get_ex(domain, "plan", NULL);
        if ( read_domain(&listing->domains[listing->nr++], domain, why,
                         why_size) )
        {
            listing_dispose(listing);
            return -1;
        }
    }

    return 0;
}
