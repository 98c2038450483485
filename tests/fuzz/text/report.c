/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a builder may say: nothing of it leaves its bounds, and it reads the
 * same when it is written again.
 */

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "agree.h"
#include "fuzz.h"
#include "wire/field.h"
#include "wire/report.h"

static char *write_again(const struct report *report)
{
    char *text = report_write(report);

    FUZZ_HOLDS(text && !strchr(text, '\n'));
    FUZZ_HOLDS(strlen(text) <= REPORT_MAX_BYTES);

    return text;
}

/* Beside a result progress is of no use, nor is a reason beside others. */
static const char *const loose[] = {
    [REPORT_PROGRESS] = " why ",
    [REPORT_OK] = " progress why ",
    [REPORT_FAILED] = " progress ",
};

static void check(const struct report *report, const char *came)
{
    char why[FUZZ_WHY] = "", *text = write_again(report), *again;
    struct json_object *first, *second;
    struct report same;

    FUZZ_HOLDS(report->kind != REPORT_PROGRESS || report->stage[0]);
    if ( report_read(&same, text, strlen(text), why, sizeof(why)) )
        fuzz_wrong("%s: %s", why, text);
    FUZZ_HOLDS(same.kind == report->kind);
    again = write_again(&same);
    fuzz_same(again, text);
    first = field_parse(came, strlen(came), why, sizeof(why));
    second = field_parse(again, strlen(again), why, sizeof(why));
    fuzz_agree(second, first, loose[report->kind]);
    json_object_put(first);
    json_object_put(second);
    free(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = fuzz_text(bytes, size);
    struct report report;
    char why[FUZZ_WHY] = "";

    if ( report_read(&report, text, size, why, sizeof(why)) )
        fuzz_told(why, NULL);
    else
        check(&report, text);
    free(text);

    return 0;
}
