/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Tables in MiB, and lines "key : value".  Sizes are rounded down.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "client.h"
#include "print.h"
#include "table.h"
#include "wire/listing.h"
#include "wire/nodes.h"
#include "wire/outcome.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define PAGES_PER_MIB 256u

/* 64 nodes of up to 4 PiB each, and what is between them. */
#define SHARES_TEXT_MAX 1200u

void print_json(struct json_object *object)
{
    if ( object )
        puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
                                            JSON_C_TO_STRING_NOSLASHESCAPE));
    else
        client_say("out of memory");
    json_object_put(object);
}

/* "0:128 2:128", or "-". */
static void shares_text(const struct shares *shares, char *text)
{
    size_t used = 0;

    snprintf(text, SHARES_TEXT_MAX, "-");
    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        if ( shares->pages[i] && used < SHARES_TEXT_MAX )
            used += snprintf(text + used, SHARES_TEXT_MAX - used,
                             "%s%u:%" PRIu64, used ? " " : "", i,
                             shares->pages[i] / PAGES_PER_MIB);
}

void print_nodes(const struct nodes *nodes)
{
    static const char *const headers[] = {
        ">NODE", ">MEMORY", ">FREE", ">CLAIMED", ">CPUS", "DISTANCES",
    };
    struct table *table = table_new(headers, NR(headers));

    for ( unsigned int i = 0; i < nodes->nr; i++ )
    {
        const struct nodes_entry *entry = &nodes->entries[i];
        char text[NODES_MAX * 11 + 1] = "";
        size_t used = 0;

        table_cell(table, "%u", entry->node);
        table_cell(table, "%" PRIu64, entry->present_pages / PAGES_PER_MIB);
        table_cell(table, "%" PRIu64, entry->free_pages / PAGES_PER_MIB);
        table_cell(table, "%" PRIu64, entry->claimed_pages / PAGES_PER_MIB);
        table_cell(table, "%" PRIu32, entry->cpus);
        for ( unsigned int n = 0; n < entry->nr_distances; n++ )
            if ( entry->distances[n] == NODES_NO_DISTANCE )
                used += sprintf(text + used, "%s-", n ? " " : "");
            else
                used += sprintf(text + used, "%s%" PRIu32, n ? " " : "",
                                entry->distances[n]);
        table_cell(table, "%s", text);
    }
    table_print(table);
}

void print_outcome(const struct outcome *outcome)
{
    static const char *const headers[] = {
        "NAME", ">DOMID", ">MEMORY", "NODE:MEMORY",
    };
    struct table *table = table_new(headers, NR(headers));

    for ( unsigned int i = 0; i < outcome->nr; i++ )
    {
        const struct outcome_domain *domain = &outcome->domains[i];
        char text[SHARES_TEXT_MAX];

        shares_text(&domain->shares, text);
        table_cell(table, "%s", domain->name);
        if ( domain->has_domid )
            table_cell(table, "%" PRIu32, domain->domid);
        else
            table_cell(table, "-");
        table_cell(table, "%" PRIu64,
                   shares_total(&domain->shares) / PAGES_PER_MIB);
        table_cell(table, "%s", domain->failed ? "failed" : text);
    }
    table_print(table);
}

void print_listing(const struct listing *listing)
{
    static const char *const headers[] = {
        ">DOMID", "NAME", "STATE", "OWN", ">MEMORY", ">CLAIMED",
        "NODE:MEMORY",
    };
    struct table *table = table_new(headers, NR(headers));

    for ( unsigned int i = 0; i < listing->nr; i++ )
    {
        const struct listing_domain *domain = &listing->domains[i];
        char text[SHARES_TEXT_MAX];

        shares_text(&domain->pages, text);
        table_cell(table, "%" PRIu32, domain->domid);
        table_cell(table, "%s", domain->name[0] ? domain->name : "-");
        table_cell(table, "%s", domain->state);
        table_cell(table, "%s", domain->own ? "yes" : "no");
        table_cell(table, "%" PRIu64,
                   shares_total(&domain->pages) / PAGES_PER_MIB);
        table_cell(table, "%" PRIu64, (shares_total(&domain->claimed) +
                   domain->host_claimed_pages) / PAGES_PER_MIB);
        table_cell(table, "%s", text);
    }
    table_print(table);
}

void print_domain(const struct listing_domain *domain)
{
    char pages[SHARES_TEXT_MAX], claimed[SHARES_TEXT_MAX];

    shares_text(&domain->pages, pages);
    shares_text(&domain->claimed, claimed);
    printf("domid               : %" PRIu32 "\n"
           "unique_id           : %016" PRIx64 "\n"
           "name                : %s\n"
           "own                 : %s\n"
           "state               : %s\n"
           "memory (node:MiB)   : %s\n"
           "claimed (node:MiB)  : %s\n"
           "claimed (host, MiB) : %" PRIu64 "\n",
           domain->domid, domain->unique_id,
           domain->name[0] ? domain->name : "-", domain->own ? "yes" : "no",
           domain->state, pages, claimed,
           domain->host_claimed_pages / PAGES_PER_MIB);
}
