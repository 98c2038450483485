/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A connection to xenplaced(8), and one question on it.
 *
 * JSON-RPC 2.0 over its Unix socket, a message a line; the daemon answers
 * requests of a connection one after the other, within milliseconds.  What is
 * in them is not for here.
 */

#include "libxl_osdeps.h" /* must come before any other headers */

#include "libxl_placed.h"

#define PLACED_SOCKET "xenplaced/socket"
#define PLACED_SECONDS 10
#define PLACED_LINE_MAX (1 << 20)

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

static const libxl__json_object *placed_answer(libxl__gc *gc,
                                               libxl__placed *placed,
                                               const char **code,
                                               const char **why)
{
    const libxl__json_object *error, *data;
    libxl__json_object *answer;
    char *line = placed_receive(gc, placed);

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

yajl_gen libxl__placed_begin(libxl__gc *gc, const char *method)
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

const libxl__json_object *libxl__placed_end(libxl__gc *gc,
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

/*
 * Local variables:
 * mode: C
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
