/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What xenplaced(8) is asked, and what it answers: the messages, written and
 * read, one function for each method.  libxl_placed.c carries them.
 */

#include "libxl_osdeps.h" /* must come before any other headers */

#include "libxl_placed.h"

static void add_number(yajl_gen hand, const char *name, uint64_t number)
{
    libxl__yajl_gen_asciiz(hand, name);
    yajl_gen_integer(hand, number);
}

static void add_text(yajl_gen hand, const char *name, const char *text)
{
    libxl__yajl_gen_asciiz(hand, name);
    libxl__yajl_gen_asciiz(hand, text);
}

static void add_nodes(yajl_gen hand, const char *name, uint64_t mask)
{
    unsigned int i;

    if (!mask)
        return;
    libxl__yajl_gen_asciiz(hand, name);
    yajl_gen_array_open(hand);
    for (i = 0; i < PLACE_MAX_NODES; i++)
        if (mask & (UINT64_C(1) << i))
            yajl_gen_integer(hand, i);
    yajl_gen_array_close(hand);
}

static const char *superpages(const struct place_request *request)
{
    switch (request->chunks) {
    case PLACE_NO_CHUNKS:
        return "off";
    case PLACE_CHUNKS_PREFERRED:
        return "preferred";
    default:
        return request->chunk_order == PLACE_CHUNK_ORDER(0) ? "2M" : "1G";
    }
}

static void add_wanted(yajl_gen hand, const libxl__place_wanted *wanted)
{
    const struct place_request *request = &wanted->request;
    unsigned int i;

    add_text(hand, "name", wanted->name);
    add_number(hand, "memory_pages", request->guest_pages);
    add_number(hand, "overhead_pages", request->overhead_pages);
    add_number(hand, "vcpus", request->vcpus);
    add_nodes(hand, "nodes", request->nodes);
    add_text(hand, "policy", place_policy_name(request->policy));
    if (request->max_nodes)
        add_number(hand, "max_nodes", request->max_nodes);
    add_text(hand, "superpages", superpages(request));
    add_nodes(hand, "near", request->near);
    if (request->vnuma) {
        libxl__yajl_gen_asciiz(hand, "vnuma");
        yajl_gen_bool(hand, 1);
    }
    if (!wanted->group)
        return;

    add_text(hand, request->group == PLACE_SPREAD ? "spread" : "pack",
             wanted->group);
    libxl__yajl_gen_asciiz(hand, "members");
    yajl_gen_array_open(hand);
    for (i = 0; i < wanted->num_members; i++)
        yajl_gen_integer(hand, wanted->members[i]);
    yajl_gen_array_close(hand);
}

static bool read_number(const libxl__json_object *map, const char *name,
                        uint64_t *number)
{
    const libxl__json_object *value = libxl__json_map_get(name, map,
                                                          JSON_INTEGER);
    long long found = libxl__json_object_get_integer(value);

    *number = found;

    return value && found >= 0;
}

static bool read_mask(const libxl__json_object *map, const char *name,
                      uint64_t *mask)
{
    const libxl__json_object *array = libxl__json_map_get(name, map,
                                                          JSON_ARRAY);
    const libxl__json_object *node;
    unsigned int i;

    *mask = 0;
    for (i = 0; (node = libxl__json_array_get(array, i)); i++) {
        long long id = libxl__json_object_get_integer(node);

        if (id < 0 || id >= PLACE_MAX_NODES)
            return false;
        *mask |= UINT64_C(1) << id;
    }

    return array;
}

/* { "NODE": number, ... } */
static bool read_by_node(const libxl__json_object *map, const char *name,
                         uint64_t *numbers)
{
    const libxl__json_object *by_node = libxl__json_map_get(name, map,
                                                            JSON_MAP);
    libxl__json_map_node *entry;
    unsigned int i;

    for (i = 0; (entry = libxl__json_map_node_get(by_node, i)); i++) {
        long long number = libxl__json_object_get_integer(entry->obj);
        char *end;
        unsigned long node = strtoul(entry->map_key, &end, 10);

        if (*end || node >= PLACE_MAX_NODES || number < 0)
            return false;
        numbers[node] = number;
    }

    return by_node;
}

/* Another version's might not. */
static bool makes_sense(const struct place_plan *plan)
{
    unsigned int i;

    for (i = 0; i < PLACE_MAX_NODES; i++) {
        uint64_t left = plan->pages[i];
        unsigned int level;

        for (level = 0; level < PLACE_LEVELS; level++) {
            if (plan->chunks[level][i] > left / PLACE_CHUNK_PAGES(level))
                return false;
            left -= plan->chunks[level][i] * PLACE_CHUNK_PAGES(level);
        }
    }

    return plan->overhead_pages >= LIBXL__PLACE_EXTRA_PAGES;
}

static bool read_plan(const libxl__json_object *result,
                      struct place_plan *plan)
{
    uint64_t home, overhead;

    memset(plan, 0, sizeof(*plan));
    if (!read_number(result, "home_node", &home) || home >= PLACE_MAX_NODES ||
        !read_number(result, "overhead_pages", &overhead) ||
        !read_mask(result, "nodes", &plan->nodes) ||
        !read_mask(result, "cpu_nodes", &plan->cpu_nodes) ||
        !read_by_node(result, "pages", plan->pages) ||
        !read_by_node(result, "chunks_2m", plan->chunks[0]) ||
        !read_by_node(result, "chunks_1g", plan->chunks[1]))
        return false;

    plan->home_node = home;
    plan->overhead_pages = overhead;

    return makes_sense(plan);
}

libxl_numa_policy libxl__placed_default(libxl__gc *gc, libxl__placed *placed)
{
    libxl_numa_policy policy = LIBXL_NUMA_POLICY_DEFAULT;
    yajl_gen hand = libxl__placed_begin(gc, "version");
    const libxl__json_object *result;
    const char *code, *why, *word;

    result = libxl__placed_end(gc, placed, hand, &code, &why);
    word = libxl__json_object_get_string(
        libxl__json_map_get("default_policy", result, JSON_STRING));
    if (!result && why)
        LOG(WARN, "xenplaced: default policy: %s: placing without it", why);
    if (word && libxl_numa_policy_from_string(word, &policy))
        LOG(WARN, "xenplaced: default policy \"%s\": not known here: placing "
            "without it", word);

    return policy;
}

int libxl__placed_reserve(libxl__gc *gc, libxl__placed *placed,
                          const libxl__place_wanted *wanted,
                          struct place_plan *plan, const char **why)
{
    const libxl__json_object *result;
    yajl_gen hand = libxl__placed_begin(gc, "reserve");
    const char *code;
    uint64_t lease;

    add_wanted(hand, wanted);
    result = libxl__placed_end(gc, placed, hand, &code, why);
    if (!result && code && !strcmp(code, "no-space"))
        return ERROR_NOMEM;
    if (!result) {
        if (!*why)
            *why = "it does not answer";
        return ERROR_NI;
    }

    if (!read_number(result, "lease", &lease) || !read_plan(result, plan)) {
        *why = "its answer to reserve is not understood";
        return ERROR_NI;
    }
    placed->lease = lease;
    if (!read_number(result, "owner", &placed->owner))
        placed->owner = 0;

    return 0;
}

uint64_t libxl__placed_owner(const libxl__placed *placed)
{
    return placed ? placed->owner : 0;
}

static int placed_call(libxl__gc *gc, libxl__placed *placed, yajl_gen hand,
                       const char *what)
{
    const char *code, *why;

    if (libxl__placed_end(gc, placed, hand, &code, &why)) {
        placed->lease = 0;
        return 0;
    }
    LOG(WARN, "xenplaced: %s: %s", what, why ? why : "no answer");

    return ERROR_FAIL;
}

int libxl__placed_bind(libxl__gc *gc, libxl__placed *placed, uint32_t domid)
{
    yajl_gen hand = libxl__placed_begin(gc, "bind");

    add_number(hand, "lease", placed->lease);
    add_number(hand, "domid", domid);

    return placed_call(gc, placed, hand, "bind");
}

int libxl__placed_release(libxl__gc *gc, libxl__placed *placed)
{
    yajl_gen hand;

    if (!placed->lease)
        return 0;
    hand = libxl__placed_begin(gc, "release");
    add_number(hand, "lease", placed->lease);

    return placed_call(gc, placed, hand, "release");
}

/*
 * Local variables:
 * mode: C
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
