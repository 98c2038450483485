/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Explanations for people: a table of nodes for each domain, and lines below
 * it.  Words that are not known here are shown as they came.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "print.h"
#include "table.h"
#include "wire/outcome.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define PAGES_PER_MIB 256u

/* The longest phrases, and numbers of 64 bits. */
#define VERDICT_MAX 192u

struct phrase {
    const char *word;
    const char *text;
};

static const struct phrase verdicts[] = {
    { "worse", "would do" },
    { "not-allowed", "not asked for" },
    { "no-superpages", "too few superpages" },
};

static const struct phrase bys[] = {
    { "wish", "another one suits its device or group better" },
    { "regret", "fewer domains would fit later" },
    { "load", "its cores are busier" },
    { "memory-left", "more would be left over" },
    { "vcpus", "it has more vCPUs" },
    { "id", "it is like a lower one" },
    { "batch", "it is left to others of the batch" },
    { "distance", "farther" },
};

static const struct phrase bindings[] = {
    { "claims", "memory claimed by others, on whatever node" },
    { "nodes", "the nodes asked for: others have room" },
    { "max-nodes", "the number of nodes asked for" },
    { "superpages", "superpages: there is the memory, but in small pages" },
    { "node-cpus", "CPUs of a node: those with the memory have too few" },
    { "policy", "the policy: no single node has both memory and CPUs" },
    { "host-memory", "memory of the nodes, all together" },
    { "node-memory", "memory of a node: no single one has it" },
    { "overhead", "memory of a node for the overhead, which is not split" },
};

static const char *phrase(const struct phrase *phrases, size_t nr,
                          const char *word)
{
    for ( size_t i = 0; i < nr; i++ )
        if ( !strcmp(phrases[i].word, word) )
            return phrases[i].text;

    return word;
}

/* What is needed, and missing, is not made less by rounding. */
static uint64_t up(uint64_t pages)
{
    return pages / PAGES_PER_MIB + (pages % PAGES_PER_MIB ? 1 : 0);
}

/* What a node is not, on its own, does not matter where several share. */
static const char *before(const struct outcome_domain *domain,
                          const struct explain_node *node)
{
    return !domain->failed && node->distance &&
           strcmp(node->verdict, "chosen") ? "not needed: alone " : "";
}

static void verdict_text(const struct outcome_domain *domain,
                         const struct explain_node *node, char *text)
{
    const char *start = before(domain, node);
    size_t used;

    if ( node->missing_pages )
        used = snprintf(text, VERDICT_MAX, "%s%" PRIu64 " MiB short", start,
                        up(node->missing_pages));
    else if ( !strcmp(node->verdict, "no-cpus") )
        used = snprintf(text, VERDICT_MAX, "%sonly %" PRIu32 " CPUs", start,
                        node->cpus);
    else
        used = snprintf(text, VERDICT_MAX, "%s",
                        phrase(verdicts, NR(verdicts), node->verdict));
    if ( node->by[0] )
        used += snprintf(text + used, VERDICT_MAX - used, ", %s %s",
                         *start ? "and" : "but",
                         phrase(bys, NR(bys), node->by));
    if ( node->scored )
        snprintf(text + used, VERDICT_MAX - used, " (regret %" PRIu64
                 ", load %" PRIu64 ")", node->regret, node->load);
    else if ( node->distance )
        snprintf(text + used, VERDICT_MAX - used, " (distance %" PRIu64 ")",
                 node->distance);
}

static void print_table(const struct outcome_domain *domain)
{
    static const char *const headers[] = {
        ">NODE", ">FREE", ">NEED", ">CPUS", "VERDICT",
    };
    const struct explain *why = domain->why;
    struct table *table = table_new(headers, NR(headers));

    for ( unsigned int i = 0; i < why->nr_nodes; i++ )
    {
        const struct explain_node *node = &why->nodes[i];
        const uint64_t share = node->node < SHARES_MAX_NODES
                               ? domain->shares.pages[node->node] : 0;
        char text[VERDICT_MAX];

        verdict_text(domain, node, text);
        table_cell(table, "%u", node->node);
        table_cell(table, "%" PRIu64, node->free_pages / PAGES_PER_MIB);
        /* A share is of several: the overhead is on one of them. */
        table_cell(table, "%" PRIu64,
                   up(share && node->distance ? share : why->need_pages));
        table_cell(table, "%" PRIu32, node->cpus);
        table_cell(table, "%s", text);
    }
    table_print(table);
}

static void print_domain_why(const struct outcome_domain *domain)
{
    const struct explain *why = domain->why;

    if ( why->nr_nodes )
        print_table(domain);
    else
        printf("nodes are not told: too many for so many domains\n");
    if ( why->binding[0] )
        printf("binding: %s\n", phrase(bindings, NR(bindings),
                                       why->binding));
    for ( unsigned int i = 0; i < why->nr_changes; i++ )
        printf("it would fit: %s\n", why->changes[i].text);
    if ( why->binding[0] && !why->nr_changes )
        printf("it would not fit by any one change\n");
}

void print_why(const struct outcome *outcome)
{
    for ( unsigned int i = 0; i < outcome->nr; i++ )
    {
        const struct outcome_domain *domain = &outcome->domains[i];

        printf("%s%s: %s\n", i ? "\n" : "", domain->name,
               domain->failed ? "does not fit" : "fits");
        if ( domain->why )
            print_domain_why(domain);
    }
}
