/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a daemon may answer: each reader of results refuses it with a message,
 * or what it read reads the same when it is written again.
 */

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "agree.h"
#include "fuzz.h"
#include "wire/about.h"
#include "wire/capacity.h"
#include "wire/listing.h"
#include "wire/message.h"
#include "wire/nodes.h"
#include "wire/outcome.h"

/* Is "off" where it did not come. */
#define POLICY  " default_policy "
/* Left out if no domain has a plan. */
#define DETAILS " structures_pages structures_left "
/* They follow from the pages. */
#define NODES   " nodes "

union value {
    struct about about;
    struct capacity capacity;
    struct listing listing;
    struct nodes nodes;
    struct outcome outcome;
};

#define ADAPT(noun)                                                        \
static int read_##noun(union value *value, struct json_object *object,     \
                       char *why, size_t why_size)                         \
{                                                                          \
    return noun##_read(&value->noun, object, why, why_size);               \
}                                                                          \
static struct json_object *write_##noun(const union value *value)          \
{                                                                          \
    return noun##_write(&value->noun);                                     \
}

ADAPT(about)
ADAPT(capacity)
ADAPT(listing)
ADAPT(nodes)
ADAPT(outcome)

static void dispose_listing(union value *value)
{
    listing_dispose(&value->listing);
}

static void dispose_outcome(union value *value)
{
    outcome_dispose(&value->outcome);
}

static const struct kind {
    int (*read)(union value *value, struct json_object *object, char *why,
                size_t why_size);
    struct json_object *(*write)(const union value *value);
    void (*dispose)(union value *value);   /* or NULL                        */
    const char *loose;
} kinds[] = {
    { read_about, write_about, NULL, POLICY },
    { read_capacity, write_capacity, NULL, "" },
    { read_listing, write_listing, dispose_listing, DETAILS },
    { read_nodes, write_nodes, NULL, "" },
    { read_outcome, write_outcome, dispose_outcome, NODES },
};

/* Reads it; the text that it is when written, or NULL if it is refused. */
static char *rewrite(const struct kind *kind, struct json_object *result)
{
    static union value value;
    char why[FUZZ_WHY] = "", *text;

    if ( kind->read(&value, result, why, sizeof(why)) )
    {
        fuzz_told(why, NULL);
        return NULL;
    }
    text = message_write_result(NULL, kind->write(&value));
    FUZZ_HOLDS(text);
    if ( kind->dispose )
        kind->dispose(&value);

    return text;
}

static void check(const struct kind *kind, struct json_object *result)
{
    char *text = rewrite(kind, result), *again;
    struct message_reply reply;
    char why[FUZZ_WHY] = "";

    if ( !text )
        return;
    if ( message_read_reply(&reply, text, strlen(text), why, sizeof(why)) ||
         reply.failed )
        fuzz_wrong("%s: %s", why, text);
    fuzz_agree(reply.result, result, kind->loose);
    again = rewrite(kind, reply.result);
    if ( !again )
        fuzz_wrong("what was written is refused: %s", text);
    fuzz_same(again, text);
    message_dispose_reply(&reply);
    free(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = fuzz_text(bytes, size);
    struct message_reply reply;
    char why[FUZZ_WHY] = "";

    if ( message_read_reply(&reply, text, size, why, sizeof(why)) )
        fuzz_told(why, NULL);
    else if ( reply.failed )
        FUZZ_HOLDS(!reply.result);
    else
        for ( size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++ )
            check(&kinds[i], reply.result);
    message_dispose_reply(&reply);
    free(text);

    return 0;
}
