/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a client may send to the daemon: a request that is refused can be
 * answered, and domains and reservations that are wanted read the same when
 * written again.
 */

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "agree.h"
#include "fuzz.h"
#include "wire/batch.h"
#include "wire/field.h"
#include "wire/message.h"
#include "wire/reserve.h"
#include "wire/text.h"

/* The answer reaches the client as it was meant. */
static void check_fault(struct json_object *id, const struct fault *fault)
{
    char why[FUZZ_WHY] = "", *text = message_write_fault(id, fault);
    struct fault expected = *fault;
    struct message_reply reply;

    fuzz_told(fault->text, NULL);
    FUZZ_HOLDS(text);
    if ( message_read_reply(&reply, text, strlen(text), why, sizeof(why)) )
        fuzz_wrong("%s: %s", why, text);
    text_repair(expected.text);
    FUZZ_HOLDS(reply.failed && reply.fault.code == fault->code);
    fuzz_same(reply.fault.text, expected.text);
    message_dispose_reply(&reply);
    free(text);
}

static void check_domain(const struct batch_domain *domain)
{
    FUZZ_HOLDS(domain->name[0] && domain->type[0] && domain->policy[0]);
    FUZZ_HOLDS(domain->superpages[0]);
    FUZZ_HOLDS(domain->max_nodes <= RECORD_MAX_NODES);
    FUZZ_HOLDS(domain->kernel && domain->kernel[0] == '/');
    FUZZ_HOLDS(!domain->ramdisk || domain->ramdisk[0] == '/');
    FUZZ_HOLDS(domain->memory_pages >= 1 &&
               domain->memory_pages <= FIELD_MAX_PAGES);
    FUZZ_HOLDS(domain->vcpus >= 1 && domain->vcpus <= RECORD_MAX_VCPUS);
    FUZZ_HOLDS(!domain->uuid[0] || strlen(domain->uuid) == 36);
}

static char *write_batch(const struct batch *batch)
{
    char *text = message_write_request("create", batch_write(batch));

    FUZZ_HOLDS(text);

    return text;
}

/* Those that have a value of their own without one; nodes become a set. */
#define LOOSE " policy superpages vcpus nodes paused build "

static void check_batch(const struct batch *batch, struct json_object *came)
{
    char *text = write_batch(batch), *again;
    struct message_request request;
    struct fault fault;
    struct batch same;
    char why[FUZZ_WHY] = "";

    FUZZ_HOLDS(batch->nr >= 1 && batch->nr <= BATCH_MAX_DOMAINS);
    for ( unsigned int i = 0; i < batch->nr; i++ )
        check_domain(&batch->domains[i]);
    if ( message_read_request(&request, text, strlen(text), &fault) )
        fuzz_wrong("%s: %s", fault.text, text);
    if ( batch_read(&same, request.params, why, sizeof(why)) )
        fuzz_wrong("%s: %s", why, text);
    fuzz_agree(request.params, came, LOOSE);
    again = write_batch(&same);
    fuzz_same(again, text);
    free(again);
    free(text);
    batch_dispose(&same);
    message_dispose_request(&request);
}

static void check_reserve(const struct reserve *reserve,
                          struct json_object *came)
{
    struct json_object *object = reserve_write(reserve), *again;
    struct reserve same;
    char why[FUZZ_WHY] = "";

    FUZZ_HOLDS(object);
    FUZZ_HOLDS(reserve->name[0] && reserve->policy[0]);
    FUZZ_HOLDS(reserve->superpages[0]);
    FUZZ_HOLDS(reserve->memory_pages >= 1 &&
               reserve->memory_pages <= FIELD_MAX_PAGES);
    FUZZ_HOLDS(reserve->overhead_pages <= FIELD_MAX_PAGES);
    FUZZ_HOLDS(reserve->vcpus >= 1 && reserve->vcpus <= RESERVE_MAX_VCPUS);
    FUZZ_HOLDS(!reserve->spread[0] || !reserve->pack[0]);
    FUZZ_HOLDS(reserve->nr_members <= RESERVE_MAX_MEMBERS);
    for ( unsigned int i = 0; i < reserve->nr_members; i++ )
        FUZZ_HOLDS(reserve->members[i] <= RESERVE_MAX_DOMID);
    if ( reserve_read(&same, object, why, sizeof(why)) )
        fuzz_wrong("%s: %s", why, json_object_to_json_string(object));
    fuzz_agree(object, came, LOOSE " near vnuma ");
    again = reserve_write(&same);
    fuzz_same(json_object_to_json_string(again),
              json_object_to_json_string(object));
    json_object_put(again);
    json_object_put(object);
    reserve_dispose(&same);
}

/* A number that is read is within its bounds, and written as it came. */
static void check_lease(struct json_object *came)
{
    struct json_object *object = NULL;
    char why[FUZZ_WHY] = "";
    uint64_t lease;
    uint32_t domid;

    if ( !reserve_read_bind(&lease, &domid, came, why, sizeof(why)) )
    {
        FUZZ_HOLDS(domid >= 1 && domid <= RESERVE_MAX_DOMID);
        object = reserve_write_bind(lease, domid);
    }
    else if ( !reserve_read_release(&lease, came, why, sizeof(why)) )
        object = reserve_write_release(lease);
    else
        return;
    FUZZ_HOLDS(lease >= 1 && object);
    fuzz_agree(object, came, "");
    json_object_put(object);
}

static void check_toolstack(struct json_object *came)
{
    struct reserve reserve;
    char why[FUZZ_WHY] = "";

    if ( !reserve_read(&reserve, came, why, sizeof(why)) )
    {
        check_reserve(&reserve, came);
        reserve_dispose(&reserve);
    }
    else
    {
        FUZZ_HOLDS(!reserve.members && !reserve.name[0]);
        fuzz_told(why, NULL);
    }
    check_lease(came);
}

static void check_request(const struct message_request *request)
{
    FUZZ_HOLDS(request->method[0] && request->id);
    FUZZ_HOLDS(strlen(request->method) <= MESSAGE_METHOD_MAX);
    FUZZ_HOLDS(json_object_is_type(request->id, json_type_int) ||
               (json_object_is_type(request->id, json_type_string) &&
                strlen(json_object_get_string(request->id)) <=
                MESSAGE_ID_MAX));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = fuzz_text(bytes, size);
    struct message_request request;
    struct fault fault = { .text = "" };
    struct batch batch;
    char why[FUZZ_WHY] = "";

    if ( message_read_request(&request, text, size, &fault) )
    {
        check_fault(request.id, &fault);
        goto out;
    }
    FUZZ_HOLDS(!memchr(text, '\0', size));
    check_request(&request);
    if ( !batch_read(&batch, request.params, why, sizeof(why)) )
    {
        check_batch(&batch, request.params);
        batch_dispose(&batch);
    }
    else
    {
        FUZZ_HOLDS(!batch.nr && !batch.domains);
        fault_set(&fault, FAULT_PARAMS, "%s", why);
        check_fault(request.id, &fault);
    }
    check_toolstack(request.params);

 out:
    message_dispose_request(&request);
    free(text);

    return 0;
}
