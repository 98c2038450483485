/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Texts that were cut anywhere, and what is written of them: every message
 * can be read by who gets it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "unit.h"
#include "wire/fault.h"
#include "wire/field.h"
#include "wire/message.h"
#include "wire/outcome.h"
#include "wire/report.h"
#include "wire/text.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    const char *fact;
    const char *text, *repaired;
} rows[] = {
    { "nothing", "", "" },
    { "ASCII", "kernel: /k", "kernel: /k" },
    { "lengths 2 to 4", "\xc3\xa4\xe2\x82\xac\xf0\x9d\x84\x9e",
      "\xc3\xa4\xe2\x82\xac\xf0\x9d\x84\x9e" },
    { "1 of 2 at the end", "a\xc3", "a" },
    { "1 of 3 at the end", "a\xe2", "a" },
    { "2 of 3 at the end", "a\xe2\x82", "a" },
    { "3 of 4 at the end", "a\xf0\x9d\x84", "a" },
    { "nothing else", "\xe2\x82", "" },
    { "cut in the middle", "a\xe2\x82: no", "a??: no" },
    { "cut before another", "\xe2\x82\xc3\xa4", "??\xc3\xa4" },
    { "Latin-1", "gr\xfc\xdf" "e", "gr??e" },
    { "no first byte", "\x82\xac", "??" },
    { "longer than need be", "\xc0\xaf\xe0\x80\xaf", "?????" },
    { "the last before and the first after", "\xe0\x9f\xbf\xe0\xa0\x80",
      "???\xe0\xa0\x80" },
    { "surrogates", "\xed\xa0\x80\xed\x9f\xbf", "???\xed\x9f\xbf" },
    { "four bytes for what three hold", "\xf0\x8f\xbf\xbf\xf0\x90\x80\x80",
      "????\xf0\x90\x80\x80" },
    { "above the last", "\xf4\x90\x80\x80\xf4\x8f\xbf\xbf",
      "????\xf4\x8f\xbf\xbf" },
    { "bytes that never are", "\xf5\xfe\xff", "???" },
    { "control characters stay", "a\n\x7f", "a\n\x7f" },
};

static void any_text_is_repaired(void)
{
    for ( size_t i = 0; i < NR(rows); i++ )
    {
        char text[64];

        strcpy(text, rows[i].text);
        UNIT_EQUAL(rows[i].fact, text_good(text, strlen(text)) ==
                   strlen(text), !strcmp(rows[i].text, rows[i].repaired));
        text_repair(text);
        UNIT_TEXT(rows[i].fact, text, rows[i].repaired);
        UNIT_EQUAL(rows[i].fact, text_good(text, strlen(text)),
                   strlen(text));
    }
}

static void lines_move_no_cursor(void)
{
    char text[] = "a\x1b[2J\n\x7f\xc3\xa4\xc3";

    text_line(text);
    UNIT_TEXT("line", text, "a?[2J??\xc3\xa4");
}

/* A text of so many bytes, of a character with three. */
static const char *kanji(char *text, size_t length)
{
    text[0] = '\0';
    for ( size_t i = 0; i < length; i += 3 )
        strcpy(text + i, "\xe6\xbc\xa2");
    text[length] = '\0';

    return text;
}

static void same(const char *row, const char *text)
{
    char why[256] = "";
    struct json_object *object = field_parse(text ? text : "",
                                             text ? strlen(text) : 0, why,
                                             sizeof(why));

    UNIT_TEXT(row, why, "");
    json_object_put(object);
}

static void whatever_was_cut_is_read(void)
{
    static struct outcome_domain domain;
    struct outcome outcome = { 1, &domain };
    char text[2 * FAULT_TEXT_MAX];
    struct report report = { .kind = REPORT_FAILED };
    struct json_object *object;
    struct fault fault;
    char *line;

    domain.failed = true;
    strcpy(domain.name, "a");
    for ( size_t length = 395; length < 405; length++ )
    {
        kanji(text, length);
        fault_set(&fault, FAULT_PARAMS, "kernel: %.400s: is empty", text);
        line = message_write_fault(NULL, &fault);
        same("fault", line);
        free(line);

        strcpy(domain.error, text);
        object = outcome_write(&outcome);
        same("outcome", json_object_to_json_string(object));
        json_object_put(object);

        strcpy(report.why, text);
        line = report_write(&report);
        same("report", line);
        free(line);
    }
    fault_set(&fault, FAULT_PARAMS, "ab%s", kanji(text, 1500));
    UNIT_EQUAL("cut at a character", strlen(fault.text), 2 + 340 * 3);
}

static const struct unit_test tests[] = {
    { "any text is repaired", any_text_is_repaired },
    { "lines move no cursor", lines_move_no_cursor },
    { "whatever was cut is read", whatever_was_cut_is_read },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "text", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("text", suites);
}
