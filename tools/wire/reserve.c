/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Reservations, written and read.
 *
 * Checks form and bounds.  Whether a node exists, a policy is known or a
 * domain is there is for the daemon to say.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "field.h"
#include "mask.h"
#include "reserve.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

void reserve_dispose(struct reserve *reserve)
{
    if ( !reserve )
        return;
    free(reserve->members);
    memset(reserve, 0, sizeof(*reserve));
}

static struct json_object *write_members(const struct reserve *reserve)
{
    struct json_object *array = json_object_new_array();
    bool failed = !array;

    for ( unsigned int i = 0; i < reserve->nr_members; i++ )
        field_append(array, json_object_new_uint64(reserve->members[i]),
                     &failed);

    return field_end(array, failed);
}

struct json_object *reserve_write(const struct reserve *reserve)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_text(object, "name", reserve->name, &failed);
    field_add_number(object, "memory_pages", reserve->memory_pages, &failed);
    if ( reserve->has_overhead )
        field_add_number(object, "overhead_pages", reserve->overhead_pages,
                         &failed);
    field_add_number(object, "vcpus", reserve->vcpus, &failed);
    field_add(object, "nodes", mask_write(reserve->nodes), &failed);
    field_add_optional(object, "policy", reserve->policy, &failed);
    field_add_optional(object, "superpages", reserve->superpages, &failed);
    if ( reserve->max_nodes )
        field_add_number(object, "max_nodes", reserve->max_nodes, &failed);
    field_add(object, "near", mask_write(reserve->near), &failed);
    field_add_bool(object, "vnuma", reserve->vnuma, &failed);
    field_add_optional(object, "spread", reserve->spread, &failed);
    field_add_optional(object, "pack", reserve->pack, &failed);
    field_add(object, "members", write_members(reserve), &failed);

    return field_end(object, failed);
}

static int read_members(struct reserve *reserve, struct json_object *array,
                        char *why, size_t why_size)
{
    const size_t nr = array ? json_object_array_length(array) : 0;

    if ( nr == 0 )
        return 0;
    reserve->members = calloc(nr, sizeof(*reserve->members));
    if ( !reserve->members )
    {
        snprintf(why, why_size, "out of memory");
        return -1;
    }
    for ( size_t i = 0; i < nr; i++ )
    {
        struct json_object *value = json_object_array_get_idx(array, i);
        const int64_t domid = json_object_get_int64(value);

        if ( !json_object_is_type(value, json_type_int) || domid < 0 ||
             domid > RESERVE_MAX_DOMID )
        {
            snprintf(why, why_size, "members: %.80s: not a domid, they go "
                     "from 0 to %u", json_object_to_json_string(value),
                     RESERVE_MAX_DOMID);
            return -1;
        }
        reserve->members[reserve->nr_members++] = domid;
    }

    return 0;
}

static int check_group(const char *spread, const char *pack,
                       const struct reserve *reserve, char *why,
                       size_t why_size)
{
    if ( spread[0] && pack[0] )
        snprintf(why, why_size, "pack: %.80s: not together with spread",
                 pack);
    else if ( !spread[0] && !pack[0] && reserve->nr_members )
        snprintf(why, why_size, "members: of no group: name it by spread or "
                 "pack");
    else
        return 0;

    return -1;
}

static void copy(struct reserve *reserve, const char *name,
                 const char *policy, const char *superpages,
                 const char *spread, const char *pack)
{
    snprintf(reserve->name, sizeof(reserve->name), "%s", name);
    snprintf(reserve->policy, sizeof(reserve->policy), "%s", policy);
    snprintf(reserve->superpages, sizeof(reserve->superpages), "%s",
             superpages);
    snprintf(reserve->spread, sizeof(reserve->spread), "%s", spread);
    snprintf(reserve->pack, sizeof(reserve->pack), "%s", pack);
}

int reserve_read(struct reserve *reserve, struct json_object *object,
                 char *why, size_t why_size)
{
    const char *name = "", *policy = "preferred", *superpages = "preferred";
    const char *spread = "", *pack = "";
    struct json_object *nodes = NULL, *near = NULL, *members = NULL;
    uint64_t overhead = UINT64_MAX, vcpus = 1, max_nodes = 0;
    const struct field fields[] = {
        { "name", FIELD_TEXT, true, 1, RESERVE_NAME_MAX - 1, &name },
        { "memory_pages", FIELD_NUMBER, true, 1, FIELD_MAX_PAGES,
          &reserve->memory_pages },
        { "overhead_pages", FIELD_NUMBER, false, 0, FIELD_MAX_PAGES,
          &overhead },
        { "vcpus", FIELD_NUMBER, true, 1, RESERVE_MAX_VCPUS, &vcpus },
        { "nodes", FIELD_ARRAY, false, 0, MASK_MAX_NODES, &nodes },
        { "policy", FIELD_TEXT, false, 1, BATCH_POLICY_MAX - 1, &policy },
        { "max_nodes", FIELD_NUMBER, false, 1, MASK_MAX_NODES, &max_nodes },
        { "superpages", FIELD_TEXT, false, 1, BATCH_SUPERPAGES_MAX - 1,
          &superpages },
        { "near", FIELD_ARRAY, false, 0, MASK_MAX_NODES, &near },
        { "vnuma", FIELD_BOOL, false, 0, 0, &reserve->vnuma },
        { "spread", FIELD_TEXT, false, 1, RESERVE_NAME_MAX - 1, &spread },
        { "pack", FIELD_TEXT, false, 1, RESERVE_NAME_MAX - 1, &pack },
        { "members", FIELD_ARRAY, false, 0, RESERVE_MAX_MEMBERS, &members },
    };

    memset(reserve, 0, sizeof(*reserve));
    if ( field_read(object, "params", fields, NR(fields), why, why_size) ||
         mask_read(&reserve->nodes, nodes, "nodes", why, why_size) ||
         mask_read(&reserve->near, near, "near", why, why_size) ||
         read_members(reserve, members, why, why_size) ||
         check_group(spread, pack, reserve, why, why_size) )
    {
        reserve_dispose(reserve);
        return -1;
    }
    copy(reserve, name, policy, superpages, spread, pack);
    reserve->has_overhead = overhead != UINT64_MAX;
    reserve->overhead_pages = reserve->has_overhead ? overhead : 0;
    reserve->vcpus = vcpus;
    reserve->max_nodes = max_nodes;

    return 0;
}

/* Those with pages. */
static uint64_t nodes_of(const struct shares *pages)
{
    uint64_t nodes = 0;

    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        nodes |= pages->pages[i] ? UINT64_C(1) << i : 0;

    return nodes;
}

struct json_object *reserve_write_reply(const struct reserve_reply *reply)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_number(object, "lease", reply->lease, &failed);
    field_add_number(object, "home_node", reply->home_node, &failed);
    field_add(object, "nodes", mask_write(nodes_of(&reply->pages)), &failed);
    field_add(object, "cpu_nodes", mask_write(reply->cpu_nodes), &failed);
    field_add(object, "pages", shares_write(&reply->pages), &failed);
    field_add(object, "chunks_2m", shares_write(&reply->chunks_2m), &failed);
    field_add(object, "chunks_1g", shares_write(&reply->chunks_1g), &failed);
    field_add_number(object, "overhead_pages", reply->overhead_pages,
                     &failed);
    field_add_number(object, "owner", reply->owner, &failed);

    return field_end(object, failed);
}

int reserve_read_reply(struct reserve_reply *reply,
                       struct json_object *object, char *why,
                       size_t why_size)
{
    struct json_object *nodes = NULL, *cpu_nodes = NULL, *pages = NULL;
    struct json_object *chunks_2m = NULL, *chunks_1g = NULL;
    uint64_t home = 0;
    const struct field fields[] = {
        { "lease", FIELD_NUMBER, true, 1, 0, &reply->lease },
        { "owner", FIELD_NUMBER, true, 1, 0, &reply->owner },
        { "home_node", FIELD_NUMBER, true, 0, SHARES_MAX_NODES - 1, &home },
        /* Follows from the pages. */
        { "nodes", FIELD_ARRAY, true, 0, MASK_MAX_NODES, &nodes },
        { "cpu_nodes", FIELD_ARRAY, true, 0, MASK_MAX_NODES, &cpu_nodes },
        { "pages", FIELD_OBJECT, true, 0, 0, &pages },
        { "chunks_2m", FIELD_OBJECT, true, 0, 0, &chunks_2m },
        { "chunks_1g", FIELD_OBJECT, true, 0, 0, &chunks_1g },
        { "overhead_pages", FIELD_NUMBER, true, 0, FIELD_MAX_PAGES,
          &reply->overhead_pages },
    };

    memset(reply, 0, sizeof(*reply));
    if ( field_read(object, "result", fields, NR(fields), why, why_size) ||
         mask_read(&reply->cpu_nodes, cpu_nodes, "cpu_nodes", why,
                   why_size) ||
         shares_read(&reply->pages, pages, why, why_size) ||
         shares_read(&reply->chunks_2m, chunks_2m, why, why_size) ||
         shares_read(&reply->chunks_1g, chunks_1g, why, why_size) )
        return -1;
    reply->home_node = home;

    return 0;
}

struct json_object *reserve_write_bind(uint64_t lease, uint32_t domid)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_number(object, "lease", lease, &failed);
    field_add_number(object, "domid", domid, &failed);

    return field_end(object, failed);
}

int reserve_read_bind(uint64_t *lease, uint32_t *domid,
                      struct json_object *object, char *why, size_t why_size)
{
    uint64_t id = 0;
    /* Nobody creates the control domain. */
    const struct field fields[] = {
        { "lease", FIELD_NUMBER, true, 1, 0, lease },
        { "domid", FIELD_NUMBER, true, 1, RESERVE_MAX_DOMID, &id },
    };

    *lease = 0;
    if ( field_read(object, "params", fields, NR(fields), why, why_size) )
        return -1;
    *domid = id;

    return 0;
}

struct json_object *reserve_write_release(uint64_t lease)
{
    struct json_object *object = json_object_new_object();
    bool failed = false;

    field_add_number(object, "lease", lease, &failed);

    return field_end(object, failed);
}

int reserve_read_release(uint64_t *lease, struct json_object *object,
                         char *why, size_t why_size)
{
    const struct field fields[] = {
        { "lease", FIELD_NUMBER, true, 1, 0, lease },
    };

    *lease = 0;

    return field_read(object, "params", fields, NR(fields), why, why_size);
}
