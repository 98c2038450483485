/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Reservations on the wire: there and back, bounded, and nothing unknown.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "unit.h"
#include "wire/explain.h"
#include "wire/field.h"
#include "wire/message.h"
#include "wire/reserve.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct json_object *parse(const char *text)
{
    char why[256] = "";
    struct json_object *object = field_parse(text, strlen(text), why,
                                             sizeof(why));

    UNIT_TEXT(text, why, "");

    return object;
}

static const char documented[] =
    "{\"name\":\"web 1\",\"memory_pages\":65536,\"overhead_pages\":0,"
    "\"vcpus\":4,\"nodes\":[0,63],\"policy\":\"strict\","
    "\"superpages\":\"2M\",\"max_nodes\":2,\"near\":[1],\"vnuma\":true,"
    "\"spread\":\"web\",\"members\":[0,32751,7]}";

static void params_there_and_back(void)
{
    struct json_object *object = parse(documented), *again;
    struct reserve reserve;
    char why[256] = "";

    UNIT_EQUAL("read", reserve_read(&reserve, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_TEXT("name", reserve.name, "web 1");
    UNIT_EQUAL("memory", reserve.memory_pages, 65536);
    UNIT_TRUE("overhead", reserve.has_overhead && !reserve.overhead_pages);
    UNIT_EQUAL("vcpus", reserve.vcpus, 4);
    UNIT_EQUAL("nodes", reserve.nodes, 1 | UINT64_C(1) << 63);
    UNIT_TEXT("policy", reserve.policy, "strict");
    UNIT_TEXT("superpages", reserve.superpages, "2M");
    UNIT_EQUAL("max_nodes", reserve.max_nodes, 2);
    UNIT_EQUAL("near", reserve.near, 2);
    UNIT_TRUE("vnuma", reserve.vnuma);
    UNIT_TEXT("spread", reserve.spread, "web");
    UNIT_TEXT("pack", reserve.pack, "");
    UNIT_EQUAL("members", reserve.nr_members, 3);
    if ( reserve.nr_members == 3 )
        UNIT_TRUE("members", reserve.members[0] == 0 &&
                  reserve.members[1] == 32751 && reserve.members[2] == 7);
    again = reserve_write(&reserve);
    UNIT_TEXT("written",
              json_object_to_json_string_ext(again, JSON_C_TO_STRING_PLAIN),
              documented);
    json_object_put(again);
    json_object_put(object);
    reserve_dispose(&reserve);
}

static void what_may_be_left_out(void)
{
    struct json_object *object = parse("{\"name\":\"a\",\"memory_pages\":1,"
                                       "\"vcpus\":8192,\"pack\":\"g\"}");
    struct reserve reserve;
    char why[256] = "";

    UNIT_EQUAL("read", reserve_read(&reserve, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_TRUE("overhead", !reserve.has_overhead && !reserve.overhead_pages);
    UNIT_TEXT("policy", reserve.policy, "preferred");
    UNIT_TEXT("superpages", reserve.superpages, "preferred");
    UNIT_TEXT("group", reserve.pack, "g");
    UNIT_TRUE("the rest", !reserve.nodes && !reserve.near &&
              !reserve.max_nodes && !reserve.vnuma && !reserve.spread[0] &&
              !reserve.nr_members && !reserve.members);
    json_object_put(object);
    reserve_dispose(&reserve);
}

#define NEEDED "\"name\":\"a\",\"memory_pages\":1,\"vcpus\":1"

static const struct {
    const char *text;
    const char *why;
} wrong[] = {
    { "{\"memory_pages\":1,\"vcpus\":1}", "params: name: missing" },
    { "{\"name\":\"\",\"memory_pages\":1,\"vcpus\":1}",
      "params: name: its length must be from 1 to 255, not 0" },
    { "{\"name\":\"a\",\"vcpus\":1}", "params: memory_pages: missing" },
    { "{\"name\":\"a\",\"memory_pages\":0,\"vcpus\":1}",
      "params: memory_pages: it must be from 1 to 1099511627776, not 0" },
    { "{\"name\":\"a\",\"memory_pages\":1}", "params: vcpus: missing" },
    { "{\"name\":\"a\",\"memory_pages\":1,\"vcpus\":8193}",
      "params: vcpus: it must be from 1 to 8192, not 8193" },
    { "{" NEEDED ",\"overhead_pages\":1099511627777}",
      "params: overhead_pages: it must be from 0 to 1099511627776, not "
      "1099511627777" },
    { "{" NEEDED ",\"overhead_pages\":-1}",
      "params: overhead_pages: must not be negative, not -1" },
    { "{" NEEDED ",\"nodes\":[64]}",
      "nodes: 64: not a node, they go from 0 to 63" },
    { "{" NEEDED ",\"near\":[\"0\"]}",
      "near: \"0\": not a node, they go from 0 to 63" },
    { "{" NEEDED ",\"vnuma\":1}", "params: vnuma: must be true or false, "
      "not 1" },
    { "{" NEEDED ",\"spread\":\"a\",\"pack\":\"b\"}",
      "pack: b: not together with spread" },
    { "{" NEEDED ",\"spread\":\"\"}",
      "params: spread: its length must be from 1 to 255, not 0" },
    { "{" NEEDED ",\"members\":[1]}",
      "members: of no group: name it by spread or pack" },
    { "{" NEEDED ",\"pack\":\"a\",\"members\":[1,32752]}",
      "members: 32752: not a domid, they go from 0 to 32751" },
    { "{" NEEDED ",\"pack\":\"a\",\"members\":[-1]}",
      "members: -1: not a domid, they go from 0 to 32751" },
    { "{" NEEDED ",\"kernel\":\"/k\"}", "params: kernel: unknown member" },
    { "{" NEEDED ",\"max_nodes\":0}",
      "params: max_nodes: it must be from 1 to 64, not 0" },
};

static void wrong_ones_are_refused(void)
{
    for ( size_t i = 0; i < NR(wrong); i++ )
    {
        struct json_object *object = parse(wrong[i].text);
        struct reserve reserve;
        char why[256] = "";

        UNIT_EQUAL(wrong[i].why,
                   reserve_read(&reserve, object, why, sizeof(why)), -1);
        UNIT_TEXT(wrong[i].text, why, wrong[i].why);
        UNIT_TRUE("left empty", !reserve.members && !reserve.name[0]);
        json_object_put(object);
    }
}

static void as_many_members_as_there_may_be(void)
{
    struct reserve reserve = {
        .name = "a", .memory_pages = 1, .vcpus = 1, .policy = "strict",
        .superpages = "off", .pack = "g",
        .nr_members = RESERVE_MAX_MEMBERS,
    }, again;
    char why[256] = "";
    struct json_object *object;

    reserve.members = calloc(RESERVE_MAX_MEMBERS + 1, sizeof(uint32_t));
    object = reserve_write(&reserve);
    UNIT_EQUAL("all", reserve_read(&again, object, why, sizeof(why)), 0);
    UNIT_EQUAL("all", again.nr_members, RESERVE_MAX_MEMBERS);
    reserve_dispose(&again);
    json_object_put(object);

    reserve.nr_members++;
    object = reserve_write(&reserve);
    UNIT_EQUAL("more", reserve_read(&again, object, why, sizeof(why)), -1);
    UNIT_TEXT("more", why, "params: members: its length must be from 0 to "
              "4096, not 4097");
    json_object_put(object);
    reserve_dispose(&reserve);
}

static void replies_there_and_back(void)
{
    const struct reserve_reply reply = {
        .lease = 9, .owner = 77, .home_node = 63,
        .cpu_nodes = UINT64_C(1) << 63,
        .pages.pages = { [1] = 262657, [63] = 512 },
        .chunks_2m.pages = { [1] = 1, [63] = 1 },
        .chunks_1g.pages = { [1] = 1 }, .overhead_pages = 300,
    };
    struct reserve_reply again;
    struct json_object *object = reserve_write_reply(&reply);
    char why[256] = "";

    UNIT_TEXT("as documented",
              json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
              "{\"lease\":9,\"home_node\":63,\"nodes\":[1,63],"
              "\"cpu_nodes\":[63],\"pages\":{\"1\":262657,\"63\":512},"
              "\"chunks_2m\":{\"1\":1,\"63\":1},\"chunks_1g\":{\"1\":1},"
              "\"overhead_pages\":300,\"owner\":77}");
    UNIT_EQUAL("read", reserve_read_reply(&again, object, why, sizeof(why)),
               0);
    UNIT_TEXT("read", why, "");
    UNIT_EQUAL("the same", memcmp(&again, &reply, sizeof(again)), 0);
    json_object_object_add(object, "more", json_object_new_int(1));
    UNIT_EQUAL("more", reserve_read_reply(&again, object, why, sizeof(why)),
               -1);
    UNIT_TEXT("more", why, "result: more: unknown member");
    json_object_put(object);
}

static const struct {
    const char *text;
    const char *bind;            /* what is wrong of it, or ""               */
    const char *release;
} leases[] = {
    { "{\"lease\":7,\"domid\":5}", "", "params: domid: unknown member" },
    { "{\"lease\":7}", "params: domid: missing", "" },
    { "{\"domid\":5}", "params: lease: missing",
      "params: domid: unknown member" },
    { "{\"lease\":0,\"domid\":5}", "params: lease: it must be at least 1, "
      "not 0", "params: lease: it must be at least 1, not 0" },
    { "{\"lease\":7,\"domid\":0}", "params: domid: it must be from 1 to "
      "32751, not 0", "params: domid: unknown member" },
    { "{\"lease\":\"7\",\"domid\":5}", "params: lease: must be a whole "
      "number, not \"7\"", "params: lease: must be a whole number, not "
      "\"7\"" },
};

static void leases_are_named(void)
{
    struct json_object *object;

    for ( size_t i = 0; i < NR(leases); i++ )
    {
        char why[256] = "";
        uint64_t lease;
        uint32_t domid = 0;

        object = parse(leases[i].text);
        UNIT_EQUAL(leases[i].text,
                   reserve_read_bind(&lease, &domid, object, why,
                                     sizeof(why)),
                   leases[i].bind[0] ? -1 : 0);
        UNIT_TEXT("bind", why, leases[i].bind);
        UNIT_TRUE("bind", leases[i].bind[0] || (lease == 7 && domid == 5));
        why[0] = '\0';
        UNIT_EQUAL(leases[i].text,
                   reserve_read_release(&lease, object, why, sizeof(why)),
                   leases[i].release[0] ? -1 : 0);
        UNIT_TEXT("release", why, leases[i].release);
        UNIT_TRUE("release", leases[i].release[0] || lease == 7);
        json_object_put(object);
    }
    object = reserve_write_bind(7, 5);
    UNIT_TEXT("bind", json_object_to_json_string_ext(object,
                                                     JSON_C_TO_STRING_PLAIN),
              "{\"lease\":7,\"domid\":5}");
    json_object_put(object);
    object = reserve_write_release(7);
    UNIT_TEXT("release",
              json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
              "{\"lease\":7}");
    json_object_put(object);
}

static void refusals_can_be_explained(void)
{
    static struct explain explain = { .need_pages = 7, .binding = "nodes" },
                          again;
    struct message_reply reply;
    struct fault fault;
    char why[256] = "", *text;

    fault_set(&fault, FAULT_NO_SPACE, "memory: 1 MiB");
    text = message_write_refusal(NULL, &fault, explain_write(&explain, true));
    UNIT_TEXT("as documented", text,
              "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,"
              "\"message\":\"memory: 1 MiB\",\"data\":{\"code\":\"no-space\","
              "\"why\":{\"need_pages\":7,\"binding\":\"nodes\",\"changes\":[],"
              "\"nodes\":[]}}}}");
    UNIT_EQUAL("read", message_read_reply(&reply, text, strlen(text), why,
                                          sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_EQUAL("code", reply.fault.code, FAULT_NO_SPACE);
    UNIT_EQUAL("why", explain_read(&again, reply.why, why, sizeof(why)), 0);
    UNIT_EQUAL("the same", memcmp(&again, &explain, sizeof(again)), 0);
    message_dispose_reply(&reply);
    free(text);
}

static const struct unit_test tests[] = {
    { "what is asked for is read as it was written", params_there_and_back },
    { "what may be left out", what_may_be_left_out },
    { "wrong ones are refused by member and value", wrong_ones_are_refused },
    { "a group has so many members", as_many_members_as_there_may_be },
    { "plans are read as they were written", replies_there_and_back },
    { "leases are named to bind and release them", leases_are_named },
    { "a refusal can be explained", refusals_can_be_explained },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "reservations", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("wire-reserve", suites);
}
