/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Texts for people, of any bytes: repaired they can be sent, and nothing in
 * them moves a cursor; what is good already stays as it is.  Whether it is
 * good, the C library knows, too.
 */

#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "fuzz.h"
#include "wire/field.h"
#include "wire/text.h"

static void check_sent(const char *text)
{
    struct json_object *object = json_object_new_object(), *read, *words;
    const char *json;
    char why[FUZZ_WHY] = "";
    bool failed = false;

    field_add_text(object, "words", text, &failed);
    json = json_object_to_json_string(object);
    FUZZ_HOLDS(!failed && json);
    read = field_parse(json, strlen(json), why, sizeof(why));
    if ( !read )
        fuzz_wrong("%s: %s", why, json);
    FUZZ_HOLDS(json_object_object_get_ex(read, "words", &words));
    fuzz_same(json_object_get_string(words), text);
    json_object_put(read);
    json_object_put(object);
}

static bool is_plain(const char *text)
{
    while ( *text >= ' ' && *text < 0x7f )
        text++;

    return !*text;
}

/* As UTF-16 there are neither surrogates nor anything above U+10FFFF. */
static bool is_utf8(const uint8_t *bytes, size_t size)
{
    char *input = (char *)bytes, *output = fuzz_text(NULL, 2 * size);
    char *start = output;
    size_t left = size, room = 2 * size + 1;
    iconv_t descriptor = iconv_open("UTF-16LE", "UTF-8");
    size_t rc;

    FUZZ_HOLDS(descriptor != (iconv_t)-1);
    rc = iconv(descriptor, &input, &left, &output, &room);
    iconv_close(descriptor);
    free(start);

    return rc != (size_t)-1;
}

static void check(const uint8_t *bytes, size_t size, void (*mend)(char *text))
{
    char *text = fuzz_text(bytes, size), *before = strdup(text), *once;
    size_t length = strlen(text), good = text_good(text, length);

    FUZZ_HOLDS(is_utf8(bytes, good));
    FUZZ_HOLDS((good == length) == is_utf8(bytes, length));
    mend(text);
    FUZZ_HOLDS(strlen(text) <= strlen(before));
    FUZZ_HOLDS(!is_plain(before) || !strcmp(text, before));
    FUZZ_HOLDS(mend == text_line || good < length || !strcmp(text, before));
    check_sent(text);
    once = strdup(text);
    mend(text);
    fuzz_same(text, once);
    free(once);
    free(before);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = fuzz_text(bytes, size);

    check(bytes, size, text_repair);
    check(bytes, size, text_line);
    text_line(text);
    for ( const char *c = text; *c; c++ )
        FUZZ_HOLDS((unsigned char)*c >= ' ' && *c != 0x7f);
    free(text);

    return 0;
}
