/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Explanations, written and read.  What is zero or empty, and may be, is left
 * out.
 */

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "explain.h"
#include "field.h"
#include "text.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define MAX_CPUS 65536u

static void add_optional_number(struct json_object *object, const char *name,
                                uint64_t number, bool *failed)
{
    if ( number )
        field_add_number(object, name, number, failed);
}

static struct json_object *write_node(const struct explain_node *node,
                                      bool *failed)
{
    struct json_object *object = json_object_new_object();

    field_add_number(object, "node", node->node, failed);
    field_add_text(object, "verdict", node->verdict, failed);
    field_add_optional(object, "by", node->by, failed);
    field_add_number(object, "free_pages", node->free_pages, failed);
    add_optional_number(object, "missing_pages", node->missing_pages, failed);
    field_add_number(object, "cpus", node->cpus, failed);
    if ( node->scored )
    {
        field_add_number(object, "regret", node->regret, failed);
        field_add_number(object, "load", node->load, failed);
    }
    add_optional_number(object, "distance", node->distance, failed);

    return object;
}

static struct json_object *write_change(const struct explain_change *change,
                                        bool *failed)
{
    struct json_object *object = json_object_new_object();

    field_add_text(object, "change", change->change, failed);
    add_optional_number(object, "pages", change->pages, failed);
    add_optional_number(object, "vcpus", change->vcpus, failed);
    add_optional_number(object, "max_nodes", change->max_nodes, failed);
    field_add_optional(object, "policy", change->policy, failed);
    field_add_optional(object, "superpages", change->superpages, failed);
    if ( change->has_node )
        field_add_number(object, "node", change->node, failed);
    field_add_words(object, "text", change->text, failed);

    return object;
}

struct json_object *explain_write(const struct explain *explain, bool nodes)
{
    struct json_object *object = json_object_new_object();
    struct json_object *changes = json_object_new_array();
    struct json_object *array = json_object_new_array();
    bool failed = false;

    for ( unsigned int i = 0; i < explain->nr_changes; i++ )
        field_append(changes, write_change(&explain->changes[i], &failed),
                     &failed);
    for ( unsigned int i = 0; nodes && i < explain->nr_nodes; i++ )
        field_append(array, write_node(&explain->nodes[i], &failed), &failed);

    field_add_number(object, "need_pages", explain->need_pages, &failed);
    if ( explain->binding[0] )
        field_add_text(object, "binding", explain->binding, &failed);
    else
        field_add_null(object, "binding", &failed);
    field_add(object, "changes", changes, &failed);
    field_add(object, "nodes", array, &failed);

    return field_end(object, failed);
}

/* Looked up, and shown if not found; NULL leaves it empty. */
static int copy_word(char *copy, const char *what, const char *word,
                     char *why, size_t why_size)
{
    if ( !word )
        return 0;
    if ( word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-")] )
    {
        snprintf(why, why_size, "%s: %.80s: not a word", what, word);
        return -1;
    }
    snprintf(copy, EXPLAIN_WORD_MAX, "%s", word);

    return 0;
}

static int read_node(struct explain_node *node, struct json_object *object,
                     char *why, size_t why_size)
{
    const char *verdict = NULL, *by = NULL;
    uint64_t id = 0, cpus = 0, load = UINT64_MAX, regret = UINT64_MAX;
    const struct field fields[] = {
        { "node", FIELD_NUMBER, true, 0, EXPLAIN_MAX_NODES - 1, &id },
        { "verdict", FIELD_TEXT, true, 1, EXPLAIN_WORD_MAX - 1, &verdict },
        { "by", FIELD_TEXT, false, 1, EXPLAIN_WORD_MAX - 1, &by },
        { "free_pages", FIELD_NUMBER, true, 0, FIELD_MAX_PAGES,
          &node->free_pages },
        { "missing_pages", FIELD_NUMBER, false, 0, 2 * FIELD_MAX_PAGES,
          &node->missing_pages },
        { "cpus", FIELD_NUMBER, true, 0, MAX_CPUS, &cpus },
        { "regret", FIELD_NUMBER, false, 0, INT64_MAX, &regret },
        { "load", FIELD_NUMBER, false, 0, INT64_MAX, &load },
        { "distance", FIELD_NUMBER, false, 0, UINT32_MAX, &node->distance },
    };

    if ( field_read(object, "node", fields, NR(fields), why, why_size) ||
         copy_word(node->verdict, "verdict", verdict, why, why_size) ||
         copy_word(node->by, "by", by, why, why_size) )
        return -1;
    if ( (regret == UINT64_MAX) != (load == UINT64_MAX) )
    {
        snprintf(why, why_size, "node: must have both regret and load, or "
                 "neither");
        return -1;
    }
    node->node = id;
    node->cpus = cpus;
    node->scored = load != UINT64_MAX;
    node->regret = node->scored ? regret : 0;
    node->load = node->scored ? load : 0;

    return 0;
}

static int read_change(struct explain_change *change,
                       struct json_object *object, char *why,
                       size_t why_size)
{
    const char *word = NULL, *policy = NULL, *superpages = NULL, *text = "";
    uint64_t node = UINT64_MAX;
    const struct field fields[] = {
        { "change", FIELD_TEXT, true, 1, EXPLAIN_WORD_MAX - 1, &word },
        /* Others may have claimed more than there is. */
        { "pages", FIELD_NUMBER, false, 1, INT64_MAX, &change->pages },
        { "vcpus", FIELD_NUMBER, false, 1, UINT32_MAX, &change->vcpus },
        { "max_nodes", FIELD_NUMBER, false, 1, EXPLAIN_MAX_NODES,
          &change->max_nodes },
        { "policy", FIELD_TEXT, false, 1, EXPLAIN_WORD_MAX - 1, &policy },
        { "superpages", FIELD_TEXT, false, 1, EXPLAIN_WORD_MAX - 1,
          &superpages },
        { "node", FIELD_NUMBER, false, 0, EXPLAIN_MAX_NODES - 1, &node },
        { "text", FIELD_TEXT, true, 1, EXPLAIN_TEXT_MAX - 1, &text },
    };

    if ( field_read(object, "change", fields, NR(fields), why, why_size) ||
         copy_word(change->change, "change", word, why, why_size) ||
         copy_word(change->policy, "policy", policy, why, why_size) ||
         copy_word(change->superpages, "superpages", superpages, why,
                   why_size) )
        return -1;
    change->has_node = node != UINT64_MAX;
    change->node = change->has_node ? node : 0;
    snprintf(change->text, sizeof(change->text), "%s", text);
    text_line(change->text);

    return 0;
}

int explain_read(struct explain *explain, struct json_object *object,
                 char *why, size_t why_size)
{
    struct json_object *changes = NULL, *nodes = NULL;
    const char *binding = NULL;
    const struct field fields[] = {
        { "need_pages", FIELD_NUMBER, true, 1, 2 * FIELD_MAX_PAGES,
          &explain->need_pages },
        { "binding", FIELD_TEXT, false, 1, EXPLAIN_WORD_MAX - 1, &binding },
        { "changes", FIELD_ARRAY, true, 0, EXPLAIN_MAX_CHANGES, &changes },
        { "nodes", FIELD_ARRAY, true, 0, EXPLAIN_MAX_NODES, &nodes },
    };

    memset(explain, 0, sizeof(*explain));
    if ( field_read(object, "why", fields, NR(fields), why, why_size) ||
         copy_word(explain->binding, "binding", binding, why, why_size) )
        return -1;
    for ( size_t i = 0; i < json_object_array_length(changes); i++ )
        if ( read_change(&explain->changes[explain->nr_changes++],
                         json_object_array_get_idx(changes, i), why,
                         why_size) )
            return -1;
    for ( size_t i = 0; i < json_object_array_length(nodes); i++ )
        if ( read_node(&explain->nodes[explain->nr_nodes++],
                       json_object_array_get_idx(nodes, i), why, why_size) )
            return -1;

    return 0;
}
