/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Asking xenplaced(8) where a domain goes.
 *
 * JSON-RPC 2.0 over its Unix socket, a message a line; the daemon answers
 * requests of a connection one after the other, within milliseconds.
 */

#include "libxl_osdeps.h" /* must come before any other headers */

#include "libxl_place.h"

#define PLACED_SOCKET "xenplaced/socket"
#define PLACED_SECONDS 10
#define PLACED_LINE_MAX (1 << 20)

struct libxl__placed {
    libxl__carefd *cfd;
    int64_t lease; /* 0: nothing is reserved */
    uint64_t owner; /* cookie by which the daemon knows the domain */
};

/* Not there: ECONNREFUSED and ENOENT are no errors. */
static int placed_connect(libxl__gc *gc, int fd)
{
    const struct timeval limit = { .tv_sec = PLACED_SECONDS };
    const char *path = GCSPRINTF("%s/" PLACED_SOCKET, libxl__run_dir_path());
    struct sockaddr_un un;
    int rc;

    rc = libxl__prepare_sockaddr_un(gc, &un, path, "xenplaced");
    if (rc) return rc;

    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) ||
        connect(fd, (struct sockaddr *)&un, sizeof(un))) {
        if (errno != ENOENT && errno != ECONNREFUSED)
            LOGE(WARN, "%s: cannot connect", path);
        return ERROR_FAIL;
    }

    return 0;
}

libxl__placed *libxl__placed_open(libxl__gc *gc)
{
    libxl__placed *placed;
    int fd;

    GCNEW(placed);
    libxl__carefd_begin();
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    placed->cfd = libxl__carefd_opened(CTX, fd);
    if (!placed->cfd) {
        LOGE(WARN, "xenplaced: no socket to ask it");
        return NULL;
    }

    if (placed_connect(gc, fd)) {
        libxl__carefd_close(placed->cfd);
        return NULL;
    }

    return placed;
}

void libxl__placed_close(libxl__gc *gc, libxl__placed *placed)
{
    if (placed)
        libxl__carefd_close(placed->cfd);
}

/* The daemon may be gone: that is no reason for SIGPIPE. */
static int send_all(libxl__gc *gc, int fd, const void *data, size_t size)
{
    const char *next = data;
    ssize_t sent;

    while (size) {
        sent = send(fd, next, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            LOGE(WARN, "xenplaced: cannot be asked");
            return ERROR_FAIL;
        }
        next += sent;
        size -= sent;
    }

    return 0;
}

static int placed_send(libxl__gc *gc, libxl__placed *placed, yajl_gen hand)
{
    const unsigned char *text;
    libxl_yajl_length size;
    int fd = libxl__carefd_fd(placed->cfd);
    int rc;

    if (yajl_gen_get_buf(hand, &text, &size) != yajl_gen_status_ok)
        return ERROR_NOMEM;

    rc = send_all(gc, fd, text, size);

    return rc ? rc : send_all(gc, fd, "\n", 1);
}

/* A line without its end; NULL if none comes. */
static char *placed_receive(libxl__gc *gc, libxl__placed *placed)
{
    const time_t limit = time(NULL) + PLACED_SECONDS;
    size_t room = 4096, size = 0;
    char *line = libxl__malloc(gc, room);
    ssize_t got;

    while (!size || line[size - 1] != '\n') {
        if (time(NULL) > limit) {
            LOG(WARN, "xenplaced: does not end its answer");
            return NULL;
        }
        if (size == room - 1) {
            room *= 2;
            if (room > PLACED_LINE_MAX) {
                LOG(WARN, "xenplaced: answers without an end");
                return NULL;
            }
            line = libxl__realloc(gc, line, room);
        }
        got = read(libxl__carefd_fd(placed->cfd), line + size,
                   room - 1 - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            if (got < 0)
                LOGE(WARN, "xenplaced: does not answer");
            else
                LOG(WARN, "xenplaced: closed the connection");
            return NULL;
        }
        size += got;
    }
    line[size - 1] = '\0';

    return line;
}

/* NULL without a result; *code and *why then are the daemon's, or NULL. */
static const libxl__json_object *placed_answer(libxl__gc *gc,
                                               libxl__placed *placed,
                                               const char **code,
                                               const char **why)
{
    const libxl__json_object *error, *data;
    libxl__json_object *answer;
    char *line = placed_receive(gc, placed);

    *code = *why = NULL;
    if (!line)
        return NULL;

    answer = libxl__json_parse(gc, line);
    if (!answer) {
        LOG(WARN, "xenplaced: its answer is not JSON");
        return NULL;
    }

    error = libxl__json_map_get("error", answer, JSON_MAP);
    data = libxl__json_map_get("data", error, JSON_MAP);
    *why = libxl__json_object_get_string(
        libxl__json_map_get("message", error, JSON_STRING));
    *code = libxl__json_object_get_string(
        libxl__json_map_get("code", data, JSON_STRING));

    return libxl__json_map_get("result", answer, JSON_MAP);
}

static yajl_gen placed_begin(libxl__gc *gc, const char *method)
{
    yajl_gen hand = libxl_yajl_gen_alloc(NULL);

    if (!hand)
        libxl__alloc_failed(CTX, __func__, 1, 1);
#ifdef HAVE_YAJL_V2
    /* A message is a line. */
    yajl_gen_config(hand, yajl_gen_beautify, 0);
#endif
    yajl_gen_map_open(hand);
    libxl__yajl_gen_asciiz(hand, "jsonrpc");
    libxl__yajl_gen_asciiz(hand, "2.0");
    libxl__yajl_gen_asciiz(hand, "id");
    yajl_gen_integer(hand, 1);
    libxl__yajl_gen_asciiz(hand, "method");
    libxl__yajl_gen_asciiz(hand, method);
    libxl__yajl_gen_asciiz(hand, "params");
    yajl_gen_map_open(hand);

    return hand;
}

static const libxl__json_object *placed_end(libxl__gc *gc,
                                            libxl__placed *placed,
                                            yajl_gen hand, const char **code,
                                            const char **why)
{
    int rc;

    yajl_gen_map_close(hand);
    yajl_gen_map_close(hand);
    rc = placed_send(gc, placed, hand);
    yajl_gen_free(hand);
    *code = *why = NULL;

    return rc ? NULL : placed_answer(gc, placed, code, why);
}

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
    const libxl__json_object *result;
    const char *code, *why, *word;

    result = placed_end(gc, placed, placed_begin(gc, "version"), &code, &why);
    word = libxl__json_object_get_string(
        libxl__json_map_get("default_policy", result, JSON_STRING));
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
    yajl_gen hand = placed_begin(gc, "reserve");
    const char *code;
    uint64_t lease;

    add_wanted(hand, wanted);
    result = placed_end(gc, placed, hand, &code, why);
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

    if (placed_end(gc, placed, hand, &code, &why)) {
        placed->lease = 0;
        return 0;
    }
    LOG(WARN, "xenplaced: %s: %s", what, why ? why : "no answer");

    return ERROR_FAIL;
}

int libxl__placed_bind(libxl__gc *gc, libxl__placed *placed, uint32_t domid)
{
    yajl_gen hand = placed_begin(gc, "bind");

    add_number(hand, "lease", placed->lease);
    add_number(hand, "domid", domid);

    return placed_call(gc, placed, hand, "bind");
}

int libxl__placed_release(libxl__gc *gc, libxl__placed *placed)
{
    yajl_gen hand;

    if (!placed->lease)
        return 0;
    hand = placed_begin(gc, "release");
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
