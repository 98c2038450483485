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
#include "wire/capacity.h"
#include "wire/listing.h"
#include "wire/nodes.h"
#include "wire/outcome.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define PAGES_PER_MIB 256u
#define KIB_PER_PAGE  4u

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

/* "0:128 2:128" in a unit of times / by pages, or "-". */
static void shares_in(const struct shares *shares, unsigned int times,
                      unsigned int by, char *text)
{
    size_t used = 0;

    snprintf(text, SHARES_TEXT_MAX, "-");
    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        if ( shares->pages[i] && used < SHARES_TEXT_MAX )
            used += snprintf(text + used, SHARES_TEXT_MAX - used,
                             "%s%u:%" PRIu64, used ? " " : "", i,
                             shares->pages[i] * times / by);
}

static void shares_text(const struct shares *shares, char *text)
{
    shares_in(shares, 1, PAGES_PER_MIB, text);
}

/* A row for each node that has part in it; the sum is the first line. */
void print_capacity(const struct capacity *capacity)
{
    static const char *const headers[] = { ">NODE", ">DOMAINS", ">SHARED" };
    const struct capacity_count *count = &capacity->count;
    struct table *table;

    printf("%s%" PRIu64 " more fit, %" PRIu64 " of them on several nodes\n",
           capacity->complete ? "" : "at least ", count->domains,
           count->spanning);
    if ( !count->domains )
        return;
    table = table_new(headers, NR(headers));
    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        if ( count->alone.pages[i] || count->spanning_pages.pages[i] )
        {
            table_cell(table, "%u", i);
            table_cell(table, "%" PRIu64, count->alone.pages[i]);
            table_cell(table, "%" PRIu64,
                       count->spanning_pages.pages[i] / PAGES_PER_MIB);
        }
    table_print(table);
}

static const char *plural(uint64_t nr)
{
    return nr == 1 ? "" : "s";
}

/* Rounds, a row for each domain of the mix, and what ends it. */
void print_mix(const struct capacity *capacity)
{
    static const char *const headers[] = {
        "NAME", ">DOMAINS", ">SEVERAL", "NODE:DOMAINS", "NODE:SHARED",
    };
    const struct capacity_count *count = &capacity->count;
    struct table *table = table_new(headers, NR(headers));

    printf("%s%" PRIu64 " more round%s fit%s, and %u domain%s of another: %"
           PRIu64 " domain%s, %" PRIu64 " of them on several nodes\n",
           capacity->complete ? "" : "at least ", capacity->rounds,
           plural(capacity->rounds), capacity->rounds == 1 ? "s" : "",
           capacity->last, plural(capacity->last), count->domains,
           plural(count->domains), count->spanning);
    for ( unsigned int i = 0; i < capacity->nr; i++ )
    {
        const struct capacity_domain *domain = &capacity->domains[i];
        char alone[SHARES_TEXT_MAX], shared[SHARES_TEXT_MAX];

        shares_in(&domain->count.alone, 1, 1, alone);
        shares_text(&domain->count.spanning_pages, shared);
        table_cell(table, "%s", domain->name);
        table_cell(table, "%" PRIu64, domain->count.domains);
        table_cell(table, "%" PRIu64, domain->count.spanning);
        table_cell(table, "%s", alone);
        table_cell(table, "%s", shared);
    }
    table_print(table);
    if ( capacity->error[0] )
        printf("then refused: %s: %s\n",
               capacity->domains[capacity->last].name, capacity->error);
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

/* In pages * times / by, which what names. */
static void print_shares(const char *what, const struct shares *shares,
                         unsigned int times, unsigned int by)
{
    char text[SHARES_TEXT_MAX];

    shares_in(shares, times, by, text);
    printf("%-30s: %s\n", what, text);
}

static void print_plan(const struct listing_domain *domain)
{
    const struct listing_plan *plan = &domain->plan;
    struct shares off = domain->pages, own = { { 0 } };

    if ( !plan->known )
    {
        printf("%-30s: not known\n", "planned");
        return;
    }
    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        if ( plan->pages.pages[i] )
            off.pages[i] = 0;
    own.pages[plan->home_node] = plan->structures_pages;
    print_shares("planned memory (node:MiB)", &plan->pages, 1, PAGES_PER_MIB);
    print_shares("planned structures (node:KiB)", &own, KIB_PER_PAGE, 1);
    print_shares("memory off plan (node:KiB)", &off, KIB_PER_PAGE, 1);
}

void print_domain(const struct listing_domain *domain)
{
    printf("%-30s: %" PRIu32 "\n", "domid", domain->domid);
    printf("%-30s: %016" PRIx64 "\n", "unique_id", domain->unique_id);
    printf("%-30s: %s\n", "name", domain->name[0] ? domain->name : "-");
    printf("%-30s: %s\n", "own", domain->own ? "yes" : "no");
    printf("%-30s: %s\n", "state", domain->state);
    print_plan(domain);
    print_shares("memory (node:MiB)", &domain->pages, 1, PAGES_PER_MIB);
    print_shares("structures (node:KiB)", &domain->structures,
                 KIB_PER_PAGE, 1);
    print_shares("claimed (node:MiB)", &domain->claimed, 1, PAGES_PER_MIB);
    printf("%-30s: %" PRIu64 "\n", "claimed on any node (MiB)",
           domain->host_claimed_pages / PAGES_PER_MIB);
    if ( domain->left[0] )
        printf("%-30s: %s\n", "left on any node", domain->left);
}
