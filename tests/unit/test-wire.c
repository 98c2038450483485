/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What crosses a process border: frames however they come, values by their
 * table, and every message there and back.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "unit.h"
#include "wire/about.h"
#include "wire/batch.h"
#include "wire/capacity.h"
#include "wire/field.h"
#include "wire/frame.h"
#include "wire/listing.h"
#include "wire/message.h"
#include "wire/nodes.h"
#include "wire/outcome.h"
#include "wire/record.h"
#include "wire/report.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Frames. */

static void frames_however_they_come(void)
{
    static const char stream[] = "one\n\nthree and more\nrest";
    static const char *const expected[] = { "one", "", "three and more" };

    for ( size_t step = 1; step < sizeof(stream); step++ )
    {
        struct frame_reader reader;
        const char *frame;
        size_t length;
        unsigned int nr = 0;

        frame_init(&reader, 100);
        for ( size_t at = 0; at < sizeof(stream) - 1; at += step )
        {
            size_t rest = sizeof(stream) - 1 - at;

            UNIT_EQUAL("feed", frame_feed(&reader, stream + at,
                                          rest < step ? rest : step), 0);
            while ( frame_next(&reader, &frame, &length) > 0 )
            {
                if ( nr < NR(expected) )
                    UNIT_TEXT("frame", frame, expected[nr]);
                UNIT_EQUAL("length", length, strlen(frame));
                nr++;
            }
        }
        UNIT_EQUAL("frames", nr, NR(expected));
        UNIT_TRUE("the rest is partial", frame_is_partial(&reader));
        frame_dispose(&reader);
        UNIT_TRUE("disposed", !frame_is_partial(&reader));
    }
}

static void frames_at_their_maximum(void)
{
    struct frame_reader reader;
    const char *frame;
    size_t length = 0;

    frame_init(&reader, 8);
    UNIT_EQUAL("8", frame_feed(&reader, "12345678", 8), 0);
    UNIT_EQUAL("8", frame_next(&reader, &frame, &length), 0);
    UNIT_EQUAL("newline", frame_feed(&reader, "\n", 1), 0);
    UNIT_EQUAL("newline", frame_next(&reader, &frame, &length), 1);
    UNIT_EQUAL("length", length, 8);

    UNIT_EQUAL("9", frame_feed(&reader, "123456789", 9), 0);
    UNIT_EQUAL("9", frame_next(&reader, &frame, &length), -1);
    UNIT_EQUAL("9", errno, EMSGSIZE);
    frame_dispose(&reader);

    UNIT_EQUAL("9 and newline", frame_feed(&reader, "123456789\n", 10), 0);
    UNIT_EQUAL("9 and newline", frame_next(&reader, &frame, &length), -1);
    frame_dispose(&reader);

    UNIT_EQUAL("ahead", frame_feed(&reader, "1\n3\n5\n7\n9\nb\nd\nf\n", 16),
               0);
    UNIT_EQUAL("too far ahead", frame_feed(&reader, "x", 1), -1);
    UNIT_EQUAL("too far ahead", errno, EMSGSIZE);
    frame_dispose(&reader);
}

static void frames_hold_any_byte(void)
{
    struct frame_reader reader;
    const char *frame = "";
    size_t length = 0;

    frame_init(&reader, 100);
    UNIT_EQUAL("feed", frame_feed(&reader, "a\0b\n", 4), 0);
    UNIT_EQUAL("next", frame_next(&reader, &frame, &length), 1);
    UNIT_EQUAL("length", length, 3);
    UNIT_EQUAL("byte", frame[2], 'b');
    frame_dispose(&reader);
}

/* Values. */

static const struct {
    const char *text;
    const char *why;             /* NULL: it is good                         */
} values[] = {
    { "{}", NULL },
    { " {} \r", NULL },
    { "3", NULL },
    { "", "not JSON: unexpected end of data at byte 0" },
    { "{", "not JSON: unexpected end of data at byte 0" },
    { "{} x", "not JSON: unexpected character at byte 3" },
    { "{}{}", "not JSON: unexpected character at byte 2" },
    { "null", "null where a JSON object is expected" },
    { "{\"a\":\"\xff\"}", "not JSON: invalid utf-8 string at byte 6" },
    { "\"a\xed\xa0\x80\"", "not JSON: invalid utf-8 string at byte 2" },
    { "\"\xc0\xaf\"", "not JSON: invalid utf-8 string at byte 1" },
    { "\"\xf4\x90\x80\x80\"", "not JSON: invalid utf-8 string at byte 1" },
    { "\"\xe2\x82", "not JSON: invalid utf-8 string at byte 1" },
    { "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
      "not JSON: nesting too deep at byte 16" },
};

static void values_parsed(void)
{
    struct json_object *value;
    char why[256];

    for ( size_t i = 0; i < NR(values); i++ )
    {
        why[0] = '\0';
        value = field_parse(values[i].text, strlen(values[i].text), why,
                            sizeof(why));
        UNIT_TRUE(values[i].text, !value == !!values[i].why);
        UNIT_TEXT(values[i].text, why, values[i].why ? values[i].why : "");
        json_object_put(value);
    }
    value = field_parse("{}\0{}", 5, why, sizeof(why));
    UNIT_TRUE("zero byte", !value);
    UNIT_TEXT("zero byte", why, "not JSON: a zero byte in it");
}

static const struct {
    const char *text;
    const char *why;
} objects[] = {
    { "{\"text\":\"abc\",\"number\":5}", "" },
    { "{\"text\":\"abc\",\"number\":5,\"flag\":true,\"list\":[1]}", "" },
    { "{\"text\":\"abc\",\"number\":5,\"flag\":null}", "" },
    { "{\"text\":\"abc\"}", "x: number: missing" },
    { "{\"text\":null,\"number\":5}", "x: text: must be text, not null" },
    { "{\"text\":7,\"number\":5}", "x: text: must be text, not 7" },
    { "{\"text\":\"abc\",\"number\":\"5\"}",
      "x: number: must be a whole number, not \"5\"" },
    { "{\"text\":\"abc\",\"number\":5.5}",
      "x: number: must be a whole number, not 5.5" },
    { "{\"text\":\"abc\",\"number\":-1}",
      "x: number: must not be negative, not -1" },
    { "{\"text\":\"abc\",\"number\":1}",
      "x: number: it must be from 2 to 9, not 1" },
    { "{\"text\":\"abc\",\"number\":10}",
      "x: number: it must be from 2 to 9, not 10" },
    { "{\"text\":\"abc\",\"number\":99999999999999999999999}",
      "x: number: it must be from 2 to 9, not 18446744073709551615" },
    { "{\"text\":\"\",\"number\":5}",
      "x: text: its length must be from 1 to 3, not 0" },
    { "{\"text\":\"abcd\",\"number\":5}",
      "x: text: its length must be from 1 to 3, not 4" },
    { "{\"text\":\"a\\u0000b\",\"number\":5}",
      "x: text: has a zero byte in it" },
    { "{\"text\":\"abc\",\"number\":5,\"flag\":1}",
      "x: flag: must be true or false, not 1" },
    { "{\"text\":\"abc\",\"number\":5,\"list\":{}}",
      "x: list: must be an array, not { }" },
    { "{\"text\":\"abc\",\"number\":5,\"list\":[1,2,3]}",
      "x: list: its length must be from 0 to 2, not 3" },
    { "{\"text\":\"abc\",\"number\":5,\"other\":1}",
      "x: other: unknown member" },
    { "[]", "x: must be an object, not [ ]" },
};

static void objects_read_by_a_table(void)
{
    for ( size_t i = 0; i < NR(objects); i++ )
    {
        const char *text = NULL;
        uint64_t number = 0;
        bool flag = false;
        struct json_object *list = NULL, *object;
        const struct field fields[] = {
            { "text", FIELD_TEXT, true, 1, 3, &text },
            { "number", FIELD_NUMBER, true, 2, 9, &number },
            { "flag", FIELD_BOOL, false, 0, 0, &flag },
            { "list", FIELD_ARRAY, false, 0, 2, &list },
        };
        char why[256] = "";
        int rc;

        object = field_parse(objects[i].text, strlen(objects[i].text), why,
                             sizeof(why));
        rc = field_read(object, "x", fields, NR(fields), why, sizeof(why));
        UNIT_TEXT(objects[i].text, why, objects[i].why);
        UNIT_EQUAL(objects[i].text, rc, objects[i].why[0] ? -1 : 0);
        if ( !rc )
        {
            UNIT_TEXT(objects[i].text, text, "abc");
            UNIT_EQUAL(objects[i].text, number, 5);
        }
        json_object_put(object);
    }
}

/* The record. */

static char kernel[] = "/boot/vmlinuz", ramdisk[] = "/boot/initrd";
static char cmdline[] = "console=hvc0 \"quoted\" \\ \xc3\xa4";
static char cpus[] = "0-1,4";

static const struct record full_record = {
    .domid = 7,
    .unique_id = UINT64_MAX,
    .name = "web",
    .uuid = "01234567-89ab-cdef-0123-456789abcdef",
    .type = "pvh",
    .vcpus = 4,
    .memory_pages = 65536,
    .max_pages = 65792,
    .kernel = kernel,
    .ramdisk = ramdisk,
    .cmdline = cmdline,
    .paused = true,
    .home_node = 63,
    .nr_shares = 2,
    .shares = { { 2, 1536 }, { 63, 64000 } },
    .cpus = cpus,
};

static void record_there_and_back(void)
{
    struct record record = { 0 };
    char why[256] = "", *text, *again;

    text = record_write(&full_record);
    if ( !text )
    {
        CU_FAIL("written");
        return;
    }
    UNIT_EQUAL("read", record_read(&record, text, strlen(text), why,
                                   sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_EQUAL("domid", record.domid, 7);
    UNIT_TRUE("unique_id", record.unique_id == UINT64_MAX);
    UNIT_TEXT("name", record.name, "web");
    UNIT_TEXT("uuid", record.uuid, full_record.uuid);
    UNIT_TEXT("type", record.type, "pvh");
    UNIT_EQUAL("vcpus", record.vcpus, 4);
    UNIT_EQUAL("memory_pages", record.memory_pages, 65536);
    UNIT_EQUAL("max_pages", record.max_pages, 65792);
    UNIT_TEXT("kernel", record.kernel, kernel);
    UNIT_TEXT("ramdisk", record.ramdisk, ramdisk);
    UNIT_TEXT("cmdline", record.cmdline, cmdline);
    UNIT_TEXT("cpus", record.cpus, cpus);
    UNIT_EQUAL("paused", record.paused, true);
    UNIT_EQUAL("home_node", record.home_node, 63);
    UNIT_EQUAL("nr_shares", record.nr_shares, 2);
    UNIT_EQUAL("share 1", record.shares[1].node, 63);
    UNIT_EQUAL("share 1", record.shares[1].pages, 64000);
    again = record_write(&record);
    UNIT_TEXT("written again", again, text);
    free(again);
    free(text);
    record_dispose(&record);
    UNIT_TRUE("disposed", !record.kernel && record.domid == 0);
    record_dispose(NULL);
}

/* A good record with one piece of its text replaced. */
static const struct {
    const char *from;
    const char *to;
    const char *why;
} wrong_records[] = {
    { "\"domid\":7", "\"domid\":0",
      "record: domid: it must be from 1 to 32751, not 0" },
    { "\"domid\":7", "\"domid\":32752",
      "record: domid: it must be from 1 to 32751, not 32752" },
    { "\"unique_id\":18446744073709551615", "\"unique_id\":0",
      "record: unique_id: it must be at least 1, not 0" },
    { "\"name\":\"web\",", "", "record: name: missing" },
    { "01234567-", "", "record: uuid: its length must be from 36 to 36, "
      "not 27" },
    { "\"vcpus\":4", "\"vcpus\":513",
      "record: vcpus: it must be from 1 to 512, not 513" },
    { "\"paused\":true", "\"paused\":1",
      "record: paused: must be true or false, not 1" },
    { "\"home_node\":63", "\"home_node\":64",
      "record: home_node: it must be from 0 to 63, not 64" },
    { "\"node\":2,", "\"node\":64,",
      "share: node: it must be from 0 to 63, not 64" },
    { "\"node\":2,", "\"node\":63,", "shares: node 63: twice" },
    { "64000", "64001", "shares: 65537 pages: memory_pages is 65536" },
    { "64000", "63999", "shares: 65535 pages: memory_pages is 65536" },
    { "64000", "0", "share: pages: it must be from 1 to 1099511627776, "
      "not 0" },
    { "\"type\"", "\"typo\"", "record: typo: unknown member" },
};

static void wrong_records_are_refused(void)
{
    char *good = record_write(&full_record);

    for ( size_t i = 0; good && i < NR(wrong_records); i++ )
    {
        const char *at = strstr(good, wrong_records[i].from);
        struct record record;
        char text[2048], why[256] = "";

        if ( !at )
        {
            UNIT_TEXT("in the record", "nothing", wrong_records[i].from);
            continue;
        }
        snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good,
                 wrong_records[i].to, at + strlen(wrong_records[i].from));
        UNIT_EQUAL(wrong_records[i].why,
                   record_read(&record, text, strlen(text), why,
                               sizeof(why)), -1);
        UNIT_TEXT(wrong_records[i].to, why, wrong_records[i].why);
        UNIT_TRUE("left empty", !record.kernel && !record.name[0]);
    }
    free(good);
}

static void records_are_bounded(void)
{
    struct record record = full_record;
    char *huge = malloc(RECORD_MAX_BYTES + 2), why[256];

    memset(huge, 'x', RECORD_MAX_BYTES + 1);
    huge[RECORD_MAX_BYTES + 1] = '\0';
    record.cpus = huge;
    UNIT_TRUE("too long to write", !record_write(&record));
    UNIT_EQUAL("too long to write", errno, E2BIG);
    UNIT_EQUAL("too long to read",
               record_read(&record, huge, RECORD_MAX_BYTES + 1, why,
                           sizeof(why)), -1);
    UNIT_TEXT("too long to read", why, "record: 65537 bytes: at most 65536");
    free(huge);
}

/* Nodes without CPUs, for one, give an empty list. */
static void what_is_empty_is_left_out(void)
{
    struct record record = full_record, again;
    char empty[] = "", why[256] = "", *text;

    record.cpus = empty;
    record.cmdline = empty;
    record.ramdisk = NULL;
    text = record_write(&record);
    UNIT_EQUAL("read", record_read(&again, text ? text : "",
                                   text ? strlen(text) : 0, why,
                                   sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_TRUE("absent", !again.cpus && !again.cmdline && !again.ramdisk);
    record_dispose(&again);
    free(text);
}

/* Reports. */

static const struct {
    const char *text;
    const char *why;
    const char *again;
} reports[] = {
    { "{\"result\":\"ok\"}", "", "{\"result\":\"ok\"}" },
    { "{\"result\":\"failed\",\"why\":\"kernel: /x: no such file\"}", "",
      "{\"result\":\"failed\",\"why\":\"kernel: /x: no such file\"}" },
    { "{\"progress\":{\"stage\":\"memory\",\"done\":5,\"of\":9}}", "",
      "{\"progress\":{\"stage\":\"memory\",\"done\":5,\"of\":9}}" },
    { "{\"progress\":{\"stage\":\"boot\"}}", "",
      "{\"progress\":{\"stage\":\"boot\",\"done\":0,\"of\":0}}" },
    { "{\"result\":\"fine\"}", "result: fine: must be ok or failed", NULL },
    { "{\"progress\":{}}", "progress: stage: missing", NULL },
    { "{\"progress\":{\"stage\":\"x\",\"done\":-1}}",
      "progress: done: must not be negative, not -1", NULL },
    { "{}", "report: neither progress nor result", NULL },
    { "{\"results\":\"ok\"}", "report: results: unknown member", NULL },
    { "ok", "not JSON: unexpected character at byte 0", NULL },
};

static void reports_there_and_back(void)
{
    for ( size_t i = 0; i < NR(reports); i++ )
    {
        struct report report;
        char why[256] = "", *again = NULL;

        if ( !report_read(&report, reports[i].text, strlen(reports[i].text),
                          why, sizeof(why)) )
            again = report_write(&report);
        UNIT_TEXT(reports[i].text, why, reports[i].why);
        UNIT_TEXT(reports[i].text, again, reports[i].again);
        free(again);
    }
}

static void long_reasons_fit(void)
{
    struct report report = { .kind = REPORT_FAILED }, again;
    char why[256], *text;

    /* A byte that takes six as JSON. */
    memset(report.why, 1, sizeof(report.why) - 1);
    text = report_write(&report);
    UNIT_TRUE("written", text != NULL);
    UNIT_EQUAL("read", report_read(&again, text ? text : "",
                                   text ? strlen(text) : 0, why,
                                   sizeof(why)), 0);
    UNIT_TEXT("the same", again.why, report.why);
    free(text);
}

/* The envelope. */

static const struct {
    const char *text;
    enum fault_code code;
    const char *why;             /* NULL: it is good                         */
    bool has_id;
} requests[] = {
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nodes\"}", 0, NULL, true },
    { "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"nodes\",\"params\":{}}",
      0, NULL, true },
    { "{\"jsonrpc\":\"2.0\",\"id\":1", FAULT_PARSE,
      "request: not JSON: unexpected end of data at byte 0", false },
    { "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"nodes\"}", FAULT_REQUEST,
      "jsonrpc: 1.0: must be 2.0", true },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"nodes\"}", FAULT_REQUEST,
      "request: id: missing", false },
    { "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"nodes\"}",
      FAULT_REQUEST,
      "id: null: must be a whole number or text of at most 64 bytes",
      false },
    { "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"nodes\"}", FAULT_REQUEST,
      "id: [ 1 ]: must be a whole number or text of at most 64 bytes",
      false },
    { "{\"jsonrpc\":\"2.0\",\"id\":5}", FAULT_REQUEST,
      "request: method: missing", true },
    { "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"x\",\"params\":[1]}",
      FAULT_REQUEST, "request: params: must be an object, not [ 1 ]", true },
    { "[{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"x\"}]", FAULT_REQUEST,
      "request: must be an object, not [ { \"jsonrpc\": \"2.0\", \"id\": 5, "
      "\"method\": \"x\" } ]", false },
};

static void ids_are_bounded(void)
{
    for ( int length = 64; length <= 65; length++ )
    {
        struct message_request request;
        struct fault fault = { 0 };
        char text[160];

        snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":\"%0*d"
                 "\",\"method\":\"nodes\"}", length, 1);
        UNIT_EQUAL(text, message_read_request(&request, text, strlen(text),
                                              &fault), length > 64 ? -1 : 0);
        UNIT_HOLDS(text, fault.text, length > 64 ? "must be a whole number "
                   "or text of at most 64 bytes" : "");
        message_dispose_request(&request);
    }
}

static void requests_read(void)
{
    for ( size_t i = 0; i < NR(requests); i++ )
    {
        struct message_request request;
        struct fault fault = { 0 };
        int rc = message_read_request(&request, requests[i].text,
                                      strlen(requests[i].text), &fault);

        UNIT_EQUAL(requests[i].text, rc, requests[i].why ? -1 : 0);
        UNIT_TEXT(requests[i].text, fault.text,
                  requests[i].why ? requests[i].why : "");
        if ( rc )
            UNIT_EQUAL(requests[i].text, fault.code, requests[i].code);
        else
            UNIT_TEXT(requests[i].text, request.method, "nodes");
        UNIT_TRUE(requests[i].text, !request.id == !requests[i].has_id);
        message_dispose_request(&request);
    }
}

static void replies_there_and_back(void)
{
    struct json_object *id = json_object_new_string("x\"y");
    struct message_reply reply;
    char why[256], *text;

    text = message_write_result(id, json_object_new_object());
    UNIT_TEXT("result", text,
              "{\"jsonrpc\":\"2.0\",\"id\":\"x\\\"y\",\"result\":{}}");
    UNIT_EQUAL("result", message_read_reply(&reply, text, strlen(text), why,
                                            sizeof(why)), 0);
    UNIT_TRUE("result", !reply.failed && reply.result);
    message_dispose_reply(&reply);
    free(text);

    for ( unsigned int code = 0; code < FAULT_NR_CODES; code++ )
    {
        struct fault fault;

        fault_set(&fault, code, "a\nb");
        text = message_write_fault(code & 1 ? id : NULL, &fault);
        UNIT_EQUAL(text, message_read_reply(&reply, text, strlen(text), why,
                                            sizeof(why)), 0);
        UNIT_TRUE(text, reply.failed && !reply.result);
        UNIT_EQUAL(text, reply.fault.code, code);
        UNIT_TEXT(text, reply.fault.text, "a?b");
        message_dispose_reply(&reply);
        free(text);
    }
    json_object_put(id);
}

static void wrong_replies_are_refused(void)
{
    static const char *const texts[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{\"code\":1,"
        "\"message\":\"\",\"data\":{\"code\":\"x\"}}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":3}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1}}",
        "{",
    };

    for ( size_t i = 0; i < NR(texts); i++ )
    {
        struct message_reply reply;
        char why[256];

        UNIT_EQUAL(texts[i], message_read_reply(&reply, texts[i],
                                                strlen(texts[i]), why,
                                                sizeof(why)), -1);
        message_dispose_reply(&reply);
    }
}

/* What is inside. */

static struct json_object *through_text(struct json_object *object)
{
    const char *text = json_object_to_json_string(object);
    struct json_object *copy;
    char why[256];

    copy = field_parse(text, strlen(text), why, sizeof(why));
    json_object_put(object);

    return copy;
}

static void batch_there_and_back(void)
{
    struct batch_domain domains[2] = {
        { .name = "a", .type = "pvh", .policy = "strict",
          .memory_pages = 65536, .vcpus = 2,
          .nodes = UINT64_C(1) << 63 | 1, .kernel = kernel,
          .ramdisk = ramdisk, .cmdline = cmdline },
        { .name = "b", .type = "pvh", .memory_pages = 1, .vcpus = 1,
          .uuid = "01234567-89AB-cdef-0123-456789aBcdEF", .kernel = kernel,
          .superpages = "2M", .max_nodes = 3 },
    };
    struct batch batch = { .paused = true, .build = true, .nr = 2,
                           .domains = domains }, again;
    struct json_object *object = through_text(batch_write(&batch));
    char why[256] = "";

    UNIT_EQUAL("read", batch_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_EQUAL("paused", again.paused, true);
    UNIT_EQUAL("build", again.build, true);
    UNIT_EQUAL("nr", again.nr, 2);
    UNIT_TEXT("name", again.domains[0].name, "a");
    UNIT_TRUE("nodes", again.domains[0].nodes == domains[0].nodes);
    UNIT_TEXT("policy", again.domains[0].policy, "strict");
    UNIT_TEXT("cmdline", again.domains[0].cmdline, cmdline);
    UNIT_TEXT("ramdisk", again.domains[0].ramdisk, ramdisk);
    UNIT_TEXT("default policy", again.domains[1].policy, "preferred");
    UNIT_TEXT("superpages", again.domains[1].superpages, "2M");
    UNIT_TEXT("default", again.domains[0].superpages, "preferred");
    UNIT_EQUAL("most nodes", again.domains[1].max_nodes, 3);
    UNIT_EQUAL("any number", again.domains[0].max_nodes, 0);
    UNIT_TEXT("uuid", again.domains[1].uuid,
              "01234567-89ab-cdef-0123-456789abcdef");
    UNIT_TEXT("no uuid", again.domains[0].uuid, "");
    UNIT_TRUE("no ramdisk", !again.domains[1].ramdisk);
    UNIT_EQUAL("any node", again.domains[1].nodes, 0);
    batch_dispose(&again);
    batch_dispose(NULL);
    json_object_put(object);
}

static const struct {
    const char *text;
    const char *why;
} wrong_batches[] = {
    { "{}", "params: domains: missing" },
    { "{\"domains\":[]}",
      "params: domains: its length must be from 1 to 256, not 0" },
    { "{\"domains\":[3]}",
      "domain 1 (without name): message: must be an object, not 3" },
    { "{\"domains\":[{\"name\":\"a\"}]}", "domain 1 (a): type: missing" },
    { "{\"domains\":[{\"name\":\"a b\",\"type\":\"pvh\",\"vcpus\":1,"
      "\"memory_pages\":1,\"kernel\":\"/k\"}]}",
      "domain 1 (a b): name: a b: may hold letters, digits and -_.+:@, and "
      "not begin with -" },
    { "{\"domains\":[{\"name\":\"-a\",\"type\":\"pvh\",\"vcpus\":1,"
      "\"memory_pages\":1,\"kernel\":\"/k\"}]}",
      "domain 1 (-a): name: -a: may hold letters, digits and -_.+:@, and "
      "not begin with -" },
    { "{\"domains\":[{\"name\":\"a\",\"type\":\"pvh\",\"vcpus\":1,"
      "\"memory_pages\":1,\"kernel\":\"k\"}]}",
      "domain 1 (a): kernel: k: must be an absolute path" },
    { "{\"domains\":[{\"name\":\"a\",\"type\":\"pvh\",\"vcpus\":1,"
      "\"memory_pages\":1,\"kernel\":\"/k\",\"ramdisk\":\"r\"}]}",
      "domain 1 (a): ramdisk: r: must be an absolute path" },
    { "{\"domains\":[{\"name\":\"a\",\"type\":\"pvh\",\"vcpus\":1,"
      "\"memory_pages\":1,\"kernel\":\"/k\",\"nodes\":[0,64]}]}",
      "domain 1 (a): nodes: 64: not a node, they go from 0 to 63" },
    { "{\"domains\":[{\"name\":\"a\",\"type\":\"pvh\",\"vcpus\":1,"
      "\"memory_pages\":1,\"kernel\":\"/k\",\"nodes\":[-1]}]}",
      "domain 1 (a): nodes: -1: not a node, they go from 0 to 63" },
    { "{\"domains\":[{\"name\":\"a\",\"type\":\"pvh\",\"vcpus\":1,"
      "\"memory_pages\":1,\"kernel\":\"/k\",\"uuid\":"
      "\"01234567-89ab-cdef-0123-456789abcdeg\"}]}",
      "domain 1 (a): uuid: 01234567-89ab-cdef-0123-456789abcdeg: must look "
      "like 01234567-89ab-cdef-0123-456789abcdef" },
    { "{\"domains\":[{\"name\":\"a\",\"type\":\"pvh\",\"vcpus\":1,"
      "\"memory_pages\":1,\"kernel\":\"/k\",\"uuid\":"
      "\"00000000-0000-0000-0000-000000000000\"}]}",
      "domain 1 (a): uuid: 00000000-0000-0000-0000-000000000000: belongs to "
      "no domain: leave it out, and one is made" },
    { "{\"domains\":[{\"name\":\"a\",\"type\":\"pvh\",\"vcpus\":0,"
      "\"memory_pages\":1,\"kernel\":\"/k\"}]}",
      "domain 1 (a): vcpus: it must be from 1 to 512, not 0" },
    { "{\"domains\":[{\"name\":\"a\",\"type\":\"pvh\",\"vcpus\":1,"
      "\"memory_pages\":1099511627777,\"kernel\":\"/k\"}]}",
      "domain 1 (a): memory_pages: it must be from 1 to 1099511627776, not "
      "1099511627777" },
    { "{\"domains\":[{\"name\":\"a\",\"memory_mib\":1}]}",
      "domain 1 (a): memory_mib: unknown member" },
};

static void wrong_batches_are_refused(void)
{
    for ( size_t i = 0; i < NR(wrong_batches); i++ )
    {
        char why[512] = "";
        struct json_object *object = field_parse(wrong_batches[i].text,
            strlen(wrong_batches[i].text), why, sizeof(why));
        struct batch batch;

        UNIT_EQUAL(wrong_batches[i].why, batch_read(&batch, object, why,
                                                    sizeof(why)), -1);
        UNIT_TEXT(wrong_batches[i].text, why, wrong_batches[i].why);
        UNIT_TRUE("left empty", !batch.domains && !batch.nr);
        json_object_put(object);
    }
}

static void outcome_there_and_back(void)
{
    static struct outcome_domain domains[2];
    struct outcome outcome = { 2, domains }, again;
    struct json_object *object;
    char why[256] = "";

    strcpy(domains[0].name, "a");
    domains[0].has_domid = true;
    domains[0].domid = 12;
    domains[0].shares.pages[0] = 100;
    domains[0].shares.pages[63] = 200;
    strcpy(domains[1].name, "b");
    domains[1].failed = true;
    strcpy(domains[1].error, "memory: too much");
    object = outcome_write(&outcome);
    UNIT_TEXT("as documented",
              json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
              "{\"domains\":[{\"name\":\"a\",\"domid\":12,\"nodes\":[0,63],"
              "\"pages\":{\"0\":100,\"63\":200},\"error\":null},"
              "{\"name\":\"b\",\"domid\":null,\"nodes\":[],\"pages\":{},"
              "\"error\":\"memory: too much\"}]}");
    object = through_text(object);
    UNIT_EQUAL("read", outcome_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_EQUAL("both", again.nr, 2);
    UNIT_EQUAL("the same", memcmp(again.domains, domains, sizeof(domains)),
               0);
    outcome_dispose(&again);
    json_object_put(object);
}

static void wrong_outcomes_are_refused(void)
{
    static const char text[] = "{\"domains\":[{\"name\":\"a\","
        "\"domid\":32752,\"nodes\":[],\"pages\":{},\"error\":null}]}";
    struct outcome outcome;
    char why[256] = "";
    struct json_object *object = field_parse(text, strlen(text), why,
                                             sizeof(why));

    UNIT_EQUAL("an id that no domain has",
               outcome_read(&outcome, object, why, sizeof(why)), -1);
    UNIT_TEXT("an id that no domain has", why,
              "domain: domid: it must be from 0 to 32751, not 32752");
    UNIT_TRUE("left empty", !outcome.nr && !outcome.domains);
    json_object_put(object);
}

static void nodes_there_and_back(void)
{
    static const struct nodes nodes = {
        .nr = 2,
        .entries = {
            { .node = 0, .present_pages = 1000, .free_pages = 900,
              .claimed_pages = 100, .cpus = 2, .nr_distances = 3,
              .distances = { 10, NODES_NO_DISTANCE, 255 } },
            { .node = 2, .present_pages = UINT64_C(1) << 40, .cpus = 4096,
              .nr_distances = 3, .distances = { 255, 20, 10 } },
        },
    };
    struct json_object *object = nodes_write(&nodes);
    struct nodes again;
    char why[256] = "";

    UNIT_TEXT("as documented",
              json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
              "{\"nodes\":[{\"node\":0,\"present_pages\":1000,"
              "\"free_pages\":900,\"claimed_pages\":100,\"cpus\":2,"
              "\"distances\":[10,null,255]},{\"node\":2,"
              "\"present_pages\":1099511627776,\"free_pages\":0,"
              "\"claimed_pages\":0,\"cpus\":4096,"
              "\"distances\":[255,20,10]}]}");
    object = through_text(object);
    UNIT_EQUAL("read", nodes_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_EQUAL("the same", memcmp(&again, &nodes, sizeof(again)), 0);
    json_object_put(object);
}

static void listing_there_and_back(void)
{
    struct listing_domain domains[2] = {
        { .domid = 0, .state = "running" },
        { .domid = 5, .unique_id = UINT64_MAX, .name = "a", .own = true,
          .state = "building", .host_claimed_pages = 3 },
    };
    struct listing listing = { true, 2, domains }, again;
    struct json_object *object;
    char why[256] = "";

    snprintf(domains[1].left, sizeof(domains[1].left), "struct domain");
    domains[1].plan.known = true;
    domains[1].plan.home_node = 4;
    domains[1].plan.structures_pages = 79;
    domains[1].plan.pages.pages[4] = 76;
    domains[1].structures.pages[6] = 80;
    domains[1].pages.pages[4] = 77;
    domains[1].claimed.pages[5] = 78;
    object = through_text(listing_write(&listing));
    UNIT_EQUAL("read", listing_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_EQUAL("nr", again.nr, 2);
    UNIT_EQUAL("details", again.details, true);
    UNIT_EQUAL("the same", memcmp(again.domains, domains, sizeof(domains)),
               0);
    listing_dispose(&again);
    json_object_put(object);

    listing.details = false;
    object = through_text(listing_write(&listing));
    UNIT_EQUAL("read", listing_read(&again, object, why, sizeof(why)), 0);
    UNIT_EQUAL("no details", again.details, false);
    UNIT_EQUAL("no plan", again.nr ? again.domains[1].plan.known : 1, 0);
    UNIT_EQUAL("claimed", again.nr ? again.domains[1].claimed.pages[5] : 0,
               78);
    listing_dispose(&again);
    json_object_put(object);
}

static void ids_are_hexadecimal(void)
{
    static const char *const ids[] = {
        "000000000000000g", "               1", "0x00000000000001",
        "-000000000000001",
    };

    for ( size_t i = 0; i < NR(ids); i++ )
    {
        struct listing_domain domain = { .state = "running" };
        struct listing listing = { false, 1, &domain };
        struct json_object *object = listing_write(&listing);
        char why[256] = "";

        json_object_object_add(
            json_object_array_get_idx(
                json_object_object_get(object, "domains"), 0),
            "unique_id", json_object_new_string(ids[i]));
        UNIT_EQUAL(ids[i], listing_read(&listing, object, why, sizeof(why)),
                   -1);
        UNIT_HOLDS(ids[i], why, "must be 16 hexadecimal digits");
        json_object_put(object);
    }
}

static void about_there_and_back(void)
{
    struct about about = { .version = "1.2", .protocol = 1, .host = "xen",
                           .default_policy = "strict", .claims = true,
                           .create_on_nodes = true, .abi = 1 }, again;
    struct json_object *object = through_text(about_write(&about));
    char why[256] = "";

    UNIT_EQUAL("read", about_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("version", again.version, "1.2");
    UNIT_TEXT("host", again.host, "xen");
    UNIT_TEXT("default policy", again.default_policy, "strict");
    UNIT_EQUAL("claims", again.claims, true);
    UNIT_EQUAL("creates", again.create_on_nodes, true);
    UNIT_EQUAL("abi", again.abi, 1);
    json_object_put(object);
}

static void about_of_an_older_daemon(void)
{
    struct about about = { .version = "1.2", .protocol = 5, .host = "xen",
                           .default_policy = "strict" }, again;
    struct json_object *object = through_text(about_write(&about));
    char why[256] = "";

    json_object_object_del(object, "default_policy");
    UNIT_EQUAL("read", about_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("default policy", again.default_policy, "off");
    json_object_put(object);
}

static void capacity_there_and_back(void)
{
    struct capacity capacity = {
        .complete = true,
        .count = {
            .domains = 3, .spanning = 1, .alone.pages = { [63] = 2 },
            .spanning_pages.pages = { 5, 7 },
        },
    }, again;
    struct json_object *object = through_text(capacity_write(&capacity));
    char why[256] = "";

    UNIT_TEXT("as before mixes", json_object_to_json_string_ext(object,
              JSON_C_TO_STRING_PLAIN),
              "{\"complete\":true,\"domains\":3,\"spanning\":1,"
              "\"alone\":{\"63\":2},\"spanning_pages\":{\"0\":5,\"1\":7}}");
    UNIT_EQUAL("read", capacity_read(&again, object, why, sizeof(why)), 0);
    UNIT_EQUAL("same", memcmp(&again, &capacity, sizeof(again)), 0);
    json_object_object_add(object, "more", json_object_new_int(1));
    UNIT_EQUAL("unknown", capacity_read(&again, object, why, sizeof(why)), -1);
    UNIT_HOLDS("unknown", why, "more");
    json_object_put(object);
}

static void mix_there_and_back(void)
{
    struct capacity_domain domains[] = {
        { .name = "small", .count = { .domains = 2,
                                      .alone.pages = { [1] = 2 } } },
        { .name = "large", .count = { .domains = 1, .spanning = 1,
                                      .spanning_pages.pages = { 5, 7 } } },
    };
    struct capacity capacity = {
        .complete = true, .count.domains = 3, .nr = 2, .domains = domains,
        .rounds = 1, .last = 1, .error = "memory: \"all\" of it",
    }, again;
    struct json_object *object = through_text(capacity_write(&capacity));
    char why[256] = "";

    UNIT_EQUAL("read", capacity_read(&again, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_EQUAL("all", again.count.domains, 3);
    UNIT_EQUAL("rounds", again.rounds, 1);
    UNIT_EQUAL("last", again.last, 1);
    UNIT_TEXT("error", again.error, capacity.error);
    UNIT_EQUAL("nr", again.nr, 2);
    UNIT_TRUE("domains", again.nr == 2 &&
              !memcmp(again.domains, domains, sizeof(domains)));
    capacity_dispose(&again);
    UNIT_EQUAL("nothing then", again.nr, 0);
    json_object_put(object);

    capacity.error[0] = '\0';
    object = through_text(capacity_write(&capacity));
    UNIT_EQUAL("none refused", capacity_read(&again, object, why,
                                             sizeof(why)), 0);
    UNIT_TEXT("none refused", again.error, "");
    capacity_dispose(&again);
    json_object_put(object);
}

#define MIX(text) "{\"complete\":true,\"domains\":1,\"spanning\":0," \
                  "\"alone\":{},\"spanning_pages\":{},\"mix\":" text "}"
#define MIX_OF(last, domain) \
    MIX("{\"rounds\":1,\"last\":" last ",\"error\":null,\"domains\":[" \
        domain "]}")

static void wrong_mixes_are_refused(void)
{
    static const struct {
        const char *text;
        const char *why;         /* NULL: it is right                        */
    } mixes[] = {
        { MIX_OF("0", "{\"name\":\"a\",\"domains\":1,\"spanning\":0,"
                 "\"alone\":{\"0\":1},\"spanning_pages\":{}}"), NULL },
        { MIX_OF("1", "{\"name\":\"a\",\"domains\":1,\"spanning\":0,"
                 "\"alone\":{\"0\":1},\"spanning_pages\":{}}"),
          "mix: last: 1: must be less than the number of domains, 1" },
        { MIX_OF("256", ""), "last" },
        { MIX_OF("0", ""), "domains" },
        { MIX_OF("0", "7"), "must be an object" },
        { MIX_OF("0", "{\"name\":\"a\"}"), "domain: domains: missing" },
        { MIX_OF("0", "{\"name\":\"a\",\"domains\":1,\"spanning\":0,"
                 "\"alone\":{\"64\":1},\"spanning_pages\":{}}"),
          "64: not a node" },
        { MIX_OF("0", "{\"name\":\"a\",\"domains\":1,\"spanning\":0,"
                 "\"alone\":{},\"spanning_pages\":{},\"some\":1}"),
          "some: unknown member" },
        { MIX("{\"rounds\":1,\"last\":0,\"error\":null}"),
          "mix: domains: missing" },
        { MIX("{\"rounds\":-1}"), "rounds" },
        { MIX("[]"), "mix" },
    };

    for ( size_t i = 0; i < NR(mixes); i++ )
    {
        struct capacity capacity;
        struct json_object *object;
        char why[256] = "";

        object = field_parse(mixes[i].text, strlen(mixes[i].text), why,
                             sizeof(why));
        UNIT_TEXT(mixes[i].text, why, "");
        UNIT_EQUAL(mixes[i].text,
                   capacity_read(&capacity, object, why, sizeof(why)),
                   mixes[i].why ? -1 : 0);
        UNIT_HOLDS(mixes[i].text, why, mixes[i].why ? mixes[i].why : "");
        if ( mixes[i].why )
            UNIT_TRUE("holds nothing", !capacity.nr && !capacity.domains);
        capacity_dispose(&capacity);
        json_object_put(object);
    }
}

/* On 64 nodes, and on all of them. */
static void the_largest_mix_fits_a_frame(void)
{
    struct capacity capacity;
    char *text;

    UNIT_EQUAL("room", capacity_make(&capacity, BATCH_MAX_DOMAINS), 0);
    for ( unsigned int i = 0; i < BATCH_MAX_DOMAINS; i++ )
    {
        struct capacity_domain *domain = &capacity.domains[i];

        memset(domain->name, 'x', sizeof(domain->name) - 1);
        domain->count.domains = domain->count.spanning = 9999;
        for ( unsigned int node = 0; node < SHARES_MAX_NODES; node++ )
        {
            domain->count.alone.pages[node] = 9999;
            domain->count.spanning_pages.pages[node] = FIELD_MAX_PAGES;
        }
    }
    text = field_text(capacity_write(&capacity), FRAME_MAX_BYTES / 2 +
                      FRAME_MAX_BYTES / 4, false);
    UNIT_TRUE("with room to spare", text != NULL);
    free(text);
    capacity_dispose(&capacity);
}

static void wrong_shares_are_refused(void)
{
    static const char *const texts[] = {
        "{\"64\":1}", "{\"-1\":1}", "{\"01\":1}", "{\"\":1}", "{\"x\":1}",
        "{\"4294967296\":1}", "{\"0\":-1}", "{\"0\":\"1\"}", "{\"0\":1.5}",
        "{\"0\":1099511627777}",
    };

    for ( size_t i = 0; i < NR(texts); i++ )
    {
        char why[256];
        struct json_object *object = field_parse(texts[i], strlen(texts[i]),
                                                 why, sizeof(why));
        struct shares shares;

        UNIT_EQUAL(texts[i], shares_read(&shares, object, why, sizeof(why)),
                   -1);
        json_object_put(object);
    }
}

static const struct unit_test frames[] = {
    { "frames come out whole, however they come", frames_however_they_come },
    { "a frame has a hard maximum", frames_at_their_maximum },
    { "a frame holds any byte", frames_hold_any_byte },
    { NULL, NULL }
};

static const struct unit_test fields[] = {
    { "only JSON is parsed, of bounded depth", values_parsed },
    { "objects are read by a table", objects_read_by_a_table },
    { NULL, NULL }
};

static const struct unit_test builder[] = {
    { "a record is read as it was written", record_there_and_back },
    { "wrong records are refused by field and value",
      wrong_records_are_refused },
    { "records are bounded", records_are_bounded },
    { "what is empty is left out", what_is_empty_is_left_out },
    { "reports are read as they were written", reports_there_and_back },
    { "the longest reason fits a report", long_reasons_fit },
    { NULL, NULL }
};

static const struct unit_test messages[] = {
    { "requests are read, or refused with a code", requests_read },
    { "ids of requests are bounded", ids_are_bounded },
    { "replies are read as they were written", replies_there_and_back },
    { "wrong replies are refused", wrong_replies_are_refused },
    { "a batch is read as it was written", batch_there_and_back },
    { "wrong batches are refused by domain, field and value",
      wrong_batches_are_refused },
    { "an outcome is read as it was written", outcome_there_and_back },
    { "wrong outcomes are refused", wrong_outcomes_are_refused },
    { "nodes are read as they were written", nodes_there_and_back },
    { "a listing is read as it was written", listing_there_and_back },
    { "unique ids are hexadecimal", ids_are_hexadecimal },
    { "a version is read as it was written", about_there_and_back },
    { "an older daemon has no default policy", about_of_an_older_daemon },
    { "what fits is read as it was written", capacity_there_and_back },
    { "and what fits of a mix", mix_there_and_back },
    { "wrong mixes are refused", wrong_mixes_are_refused },
    { "the largest mix fits a frame", the_largest_mix_fits_a_frame },
    { "wrong pages by node are refused", wrong_shares_are_refused },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "frames", NULL, NULL, frames },
        { "fields", NULL, NULL, fields },
        { "builder", NULL, NULL, builder },
        { "messages", NULL, NULL, messages },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("wire", suites);
}
