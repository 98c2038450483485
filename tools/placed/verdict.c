/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * From the engine's numbers to the words of the wire.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict.h"
#include "place/why.h"

_Static_assert(PLACE_CHANGE_KINDS <= EXPLAIN_MAX_CHANGES, "changes");
_Static_assert(PLACE_MAX_NODES <= EXPLAIN_MAX_NODES, "nodes");

/* Leaves it empty for NULL. */
static void set_word(char *word, const char *name)
{
    snprintf(word, EXPLAIN_WORD_MAX, "%s", name ? name : "");
}

static void set_node(struct explain_node *to, unsigned int node,
                     const struct place_why_node *from)
{
    to->node = node;
    set_word(to->verdict, place_verdict_name(from->verdict));
    if ( from->by )
        set_word(to->by, place_by_name(from->by));
    to->free_pages = from->free_pages;
    to->missing_pages = from->missing_pages;
    to->cpus = from->cpus;
    to->scored = from->scored;
    to->regret = from->regret;
    to->load = from->load;
    to->distance = from->distance;
}

static void set_change(struct explain_change *to,
                       const struct place_change *from)
{
    set_word(to->change, place_change_name(from->kind));
    to->pages = from->pages;
    to->vcpus = from->vcpus;
    if ( from->kind == PLACE_CHANGE_POLICY )
        set_word(to->policy, place_policy_name(from->policy));
    if ( from->kind == PLACE_CHANGE_CHUNKS )
        set_word(to->superpages, "preferred");
    to->max_nodes = from->max_nodes;
    to->has_node = from->node < PLACE_MAX_NODES;
    to->node = to->has_node ? from->node : 0;
    place_change_text(from, to->text, sizeof(to->text));
}

struct explain *verdict_explain(const struct place_host *host,
                                const struct place_held *held,
                                const struct place_request *request,
                                bool hap, const struct place_plan *plan,
                                const struct place_reason *reason)
{
    struct explain *explain = calloc(1, sizeof(*explain));
    struct place_why why;

    if ( !explain || place_why(host, held, request, hap, plan, reason,
                               &why) )
    {
        free(explain);
        return NULL;
    }

    explain->need_pages = why.need_pages;
    if ( why.changes.binding )
        set_word(explain->binding, place_binding_name(why.changes.binding));
    explain->nr_changes = why.changes.nr;
    for ( unsigned int i = 0; i < why.changes.nr; i++ )
        set_change(&explain->changes[i], &why.changes.change[i]);
    explain->nr_nodes = why.nr_nodes;
    for ( unsigned int i = 0; i < why.nr_nodes; i++ )
        set_node(&explain->nodes[i], i, &why.nodes[i]);

    return explain;
}

void verdict_refusal(const struct place_host *host,
                     const struct place_request *request,
                     const struct place_reason *reason,
                     const struct explain *explain, char *text, size_t size)
{
    static const char before[] = "; would fit: ", cut[] = "...";
    const struct explain_change *change = NULL;
    size_t room = size, used;

    /* The text itself says which policy would do. */
    for ( unsigned int i = 0; explain && !change && i < explain->nr_changes;
          i++ )
        if ( !explain->changes[i].policy[0] )
            change = &explain->changes[i];
    if ( change && sizeof(before) + strlen(change->text) < size )
        room -= sizeof(before) - 1 + strlen(change->text);
    place_refusal_text(request, reason, host, text, room);
    used = strlen(text);
    /* Of many nodes the last ones. */
    if ( used + 1 == room && used >= sizeof(cut) )
        memcpy(text + used - strlen(cut), cut, strlen(cut));
    if ( room < size )
        snprintf(text + used, size - used, "%s%s", before, change->text);
}
