/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The builder's reports, written and read.
 *
 * The reader does not trust the writer: a builder parses kernels of guests,
 * so what it says may be anything.
 */

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "field.h"
#include "report.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

char *report_write(const struct report *report)
{
    struct json_object *object = json_object_new_object();
    struct json_object *progress;
    bool failed = false;

    switch ( report->kind )
    {
    case REPORT_PROGRESS:
        progress = json_object_new_object();
        field_add(object, "progress", progress, &failed);
        if ( failed )
            break;
        field_add_text(progress, "stage", report->stage, &failed);
        field_add_number(progress, "done", report->done, &failed);
        field_add_number(progress, "of", report->of, &failed);
        break;

    case REPORT_OK:
        field_add_text(object, "result", "ok", &failed);
        break;

    case REPORT_FAILED:
        field_add_text(object, "result", "failed", &failed);
        field_add_words(object, "why", report->why, &failed);
        break;
    }

    return field_text(object, REPORT_MAX_BYTES, failed);
}

static int read_progress(struct report *report, struct json_object *object,
                         char *why, size_t why_size)
{
    const char *stage = "";
    const struct field fields[] = {
        { "stage", FIELD_TEXT, true, 1, REPORT_STAGE_MAX - 1, &stage },
        { "done", FIELD_NUMBER, false, 0, 0, &report->done },
        { "of", FIELD_NUMBER, false, 0, 0, &report->of },
    };

    if ( field_read(object, "progress", fields, NR(fields), why, why_size) )
        return -1;
    snprintf(report->stage, sizeof(report->stage), "%s", stage);

    return 0;
}

static int read_result(struct report *report, const char *result,
                       const char *text, char *why, size_t why_size)
{
    if ( !strcmp(result, "ok") )
        report->kind = REPORT_OK;
    else if ( !strcmp(result, "failed") )
        report->kind = REPORT_FAILED;
    else
    {
        snprintf(why, why_size, "result: %.80s: must be ok or failed",
                 result);
        return -1;
    }
    snprintf(report->why, sizeof(report->why), "%s", text);

    return 0;
}

int report_read(struct report *report, const char *text, size_t length,
                char *why, size_t why_size)
{
    const char *result = NULL, *reason = "";
    struct json_object *progress = NULL, *object;
    const struct field fields[] = {
        { "progress", FIELD_OBJECT, false, 0, 0, &progress },
        { "result", FIELD_TEXT, false, 1, 0, &result },
        { "why", FIELD_TEXT, false, 0, REPORT_WHY_MAX - 1, &reason },
    };
    int rc = -1;

    memset(report, 0, sizeof(*report));
    object = field_parse(text, length, why, why_size);
    if ( !object ||
         field_read(object, "report", fields, NR(fields), why, why_size) )
        goto out;

    if ( result )
        rc = read_result(report, result, reason, why, why_size);
    else if ( progress )
        rc = read_progress(report, progress, why, why_size);
    else
        snprintf(why, why_size, "report: neither progress nor result");

 out:
    json_object_put(object);

    return rc;
}
