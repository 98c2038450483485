/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the daemon makes of bytes on its socket: any bytes, from any number of
 * clients, fast or slow.  It answers, and goes on.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define CALL(method, params) \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" method "\",\"params\":" \
    params "}\n"

static int begin(void)
{
    daemon_begin(NULL);
    daemon_config("a", 256, NULL);

    return daemon_start(NULL) ? 0 : -1;
}

static int end(void)
{
    daemon_end();

    return 0;
}

static void still_there(const char *row)
{
    UNIT_EQUAL(row, daemon_client("version")->status, 0);
    UNIT_TRUE(row, daemon_nothing_left());
}

static const struct {
    const char *fact;
    const char *bytes;
    const char *reply;           /* holds this                               */
} frames[] = {
    { "no JSON", "hello\n", "\"id\":null,\"error\":{\"code\":-32700,"
      "\"message\":\"request: not JSON: " },
    { "an empty line", "\n", "\"code\":\"parse-error\"" },
    { "control characters", "\x1b[2J\x07\n", "\"code\":\"parse-error\"" },
    { "no UTF-8", "{\"\xff\xfe\":1}\n", "invalid utf-8" },
    { "a truncated frame", "{\"jsonrpc\":\"2.0\",\"id\":1",
      "request: cut off: a request is one line of JSON and ends with a "
      "newline" },
    { "nothing but an array", "[]\n", "\"code\":\"invalid-request\"" },
    { "no id", "{\"jsonrpc\":\"2.0\",\"method\":\"nodes\"}\n",
      "request: id: missing" },
    { "another version", "{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"x\"}\n",
      "\"id\":7,\"error\":{\"code\":-32600,\"message\":\"jsonrpc: 1.0: must "
      "be 2.0\"" },
    { "an unknown method", CALL("destroy", "{}"),
      "\"code\":-32601,\"message\":\"method: destroy: unknown: see "
      "xenplaced(8)\",\"data\":{\"code\":\"unknown-method\"}" },
    { "an unknown parameter", CALL("nodes", "{\"node\":1}"),
      "params: node: unknown member" },
    { "a missing parameter", CALL("show", "{}"), "params: domid: missing" },
    { "a parameter out of bounds", CALL("show", "{\"domid\":40000}"),
      "params: domid: it must be from 0 to 32767, not 40000" },
    { "a domain that is not there", CALL("show", "{\"domid\":99}"),
      "\"code\":\"no-domain\"" },
    { "no domains", CALL("create", "{\"domains\":[]}"),
      "params: domains: its length must be from 1 to 256, not 0" },
    { "a domain without anything", CALL("create", "{\"domains\":[{}]}"),
      "domain 1 (without name): name: missing" },
    { "build of another's domain", CALL("build", "{\"domid\":1}"),
      "\"code\":\"no-domain\"" },
    { "something in order", CALL("version", "{}"), "\"protocol\":6" },
};

static void wrong_frames_are_answered(void)
{
    for ( size_t i = 0; i < NR(frames); i++ )
    {
        const char *reply = daemon_ask(frames[i].bytes,
                                       strlen(frames[i].bytes), true);

        UNIT_HOLDS(frames[i].fact, reply, frames[i].reply);
        still_there(frames[i].fact);
    }
}

static void zero_bytes_are_answered(void)
{
    static const char bytes[] = "{\"jsonrpc\":\"2.0\",\0\"id\":1}\n";

    UNIT_HOLDS("zero byte", daemon_ask(bytes, sizeof(bytes) - 1, false),
               "not JSON: a zero byte in it");
}

static void deep_and_long_frames_are_answered(void)
{
    size_t length = (1u << 20) + 2;
    char *bytes = malloc(length);

    memset(bytes, '[', length);
    bytes[1000] = '\n';
    UNIT_HOLDS("deep", daemon_ask(bytes, 1001, false), "nesting too deep");
    bytes[1000] = '[';
    UNIT_HOLDS("long, without end", daemon_ask(bytes, length, false),
               "request: longer than 1048576 bytes: split it");
    bytes[length - 1] = '\n';
    UNIT_HOLDS("long", daemon_ask(bytes, length, false),
               "request: longer than 1048576 bytes: split it");
    memset(bytes, ' ', length);
    bytes[(1u << 20) - 1] = '\n';
    UNIT_HOLDS("as long as may be", daemon_ask(bytes, 1u << 20, false),
               "unexpected end of data");
    free(bytes);
    still_there("deep and long");
}

static void requests_ahead_are_answered_in_order(void)
{
    char bytes[100 * 80] = "";
    int fd = daemon_connect();

    for ( unsigned int i = 0; i < 100; i++ )
        sprintf(bytes + strlen(bytes),
                "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"version\"}\n",
                i);
    UNIT_EQUAL("sent", send(fd, bytes, strlen(bytes), 0), strlen(bytes));
    for ( unsigned int i = 0; i < 100; i++ )
    {
        char expected[48];

        snprintf(expected, sizeof(expected), "{\"jsonrpc\":\"2.0\",\"id\":%u,"
                 "\"result\"", i);
        UNIT_HOLDS("in order", daemon_line(fd, 5), expected);
    }
    close(fd);
}

static void a_frame_may_come_byte_by_byte(void)
{
    static const char call[] = CALL("version", "{}");
    int fd = daemon_connect();

    for ( size_t i = 0; i < sizeof(call) - 1; i++ )
        UNIT_EQUAL("byte", send(fd, call + i, 1, 0), 1);
    UNIT_HOLDS("byte by byte", daemon_line(fd, 5), "\"protocol\":6");
    close(fd);
}

/* A request of one domain, by its parts. */
static const char *create_call(const char *name, const char *more)
{
    static char text[4096];
    char *directory = getcwd(NULL, 0);

    snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
             "\"create\",\"params\":{%s\"domains\":[{\"name\":\"%s\","
             "\"type\":\"pvh\",\"memory_pages\":65536,\"vcpus\":1,"
             "\"kernel\":\"%s/kernel\"}]}}\n", more, name, directory);
    free(directory);

    return text;
}

static void created_first_built_later(void)
{
    const char *call = create_call("late", "\"build\":false,");
    int fd = daemon_connect(), other;

    UNIT_TRUE("sent", send(fd, call, strlen(call), 0) > 0);
    UNIT_HOLDS("created", daemon_line(fd, 5), "\"pages\":{\"0\":65536},"
               "\"error\":null}]}}");
    UNIT_EQUAL("claimed", daemon_claimed(), 65536 + 32);

    call = create_call("late", "");
    UNIT_HOLDS("its name is taken", daemon_ask(call, strlen(call), false),
               "late: name: a domain of that name is being created");

    /* Nobody else can have it built. */
    other = daemon_connect();
    call = CALL("build", "{\"domid\":1,\"paused\":true}");
    UNIT_TRUE("sent", send(other, call, strlen(call), 0) > 0);
    UNIT_HOLDS("another's", daemon_line(other, 5), "\"code\":\"no-domain\"");
    close(other);

    UNIT_TRUE("sent", send(fd, call, strlen(call), 0) > 0);
    UNIT_HOLDS("built", daemon_line(fd, 5), "\"domid\":1,\"nodes\":[0],"
               "\"pages\":{\"0\":65536},\"error\":null}]}}");
    close(fd);
    UNIT_TRUE("it stays", daemon_settled(1));
    daemon_end();
    UNIT_EQUAL("anew", begin(), 0);
}

static void created_and_left(void)
{
    const char *call = create_call("left", "\"build\":false,");
    int fd = daemon_connect();

    UNIT_TRUE("sent", send(fd, call, strlen(call), 0) > 0);
    UNIT_HOLDS("created", daemon_line(fd, 5), "\"error\":null}]}}");
    UNIT_EQUAL("there", daemon_domains(), 1);
    close(fd);
    UNIT_TRUE("gone with its client", daemon_nothing_left());
}

static void clients_beyond_the_cap_are_told(void)
{
    enum { CLIENTS = 512 };
    static int fds[CLIENTS];

    for ( unsigned int i = 0; i < CLIENTS; i++ )
        fds[i] = daemon_connect();
    UNIT_HOLDS("one more", daemon_ask("", 0, false),
               "client: there are 512 already: try again later");
    for ( unsigned int i = 0; i < CLIENTS; i++ )
        close(fds[i]);
    still_there("afterwards");
}

static void mute_clients_are_timed_out(void)
{
    int fd = daemon_connect();

    UNIT_EQUAL("half a frame", send(fd, "{", 1, 0), 1);
    still_there("meanwhile");
    sleep(6);
    /* More of the same frame does not give it more time. */
    UNIT_EQUAL("a byte", send(fd, "\"", 1, 0), 1);
    UNIT_HOLDS("told", daemon_line(fd, 6), "request: none for 10 seconds");
    UNIT_TEXT("closed", daemon_line(fd, 5), "");
    close(fd);
}

static void clients_that_do_not_read(void)
{
    static const char call[] = CALL("nodes", "{}");
    unsigned int before = daemon_memory(), waits = 0;
    int fd = daemon_connect();

    /* Until neither side takes more. */
    while ( waits < 10 )
        if ( send(fd, call, sizeof(call) - 1, MSG_DONTWAIT) > 0 )
            waits = 0;
        else
        {
            usleep(20000);
            waits++;
        }
    still_there("does not read");
    UNIT_TRUE("the daemon knows its size", before);
    UNIT_TRUE("4 MiB for a client", daemon_memory() < before + 4096);
    close(fd);
    still_there("closed");
}

static void other_users_are_refused(void)
{
    int status = -1;
    pid_t pid;

    /* Even if the files let them in. */
    UNIT_EQUAL("open", chmod("run/socket", 0666) || chmod("run", 0755) ||
               chmod(".", 0755), 0);
    fflush(stdout);
    pid = fork();
    if ( pid == 0 )
    {
        const char *line;

        /* What lies above is closed to others; so is only the socket named. */
        if ( setgid(65534) || setuid(65534) )
            _exit(3);
        line = daemon_ask("", 0, false);
        _exit(line && strstr(line, "client: uid 65534: not permitted: only "
                             "root is") ? 0 : 4);
    }
    waitpid(pid, &status, 0);
    UNIT_EQUAL("refused", status, 0);
}

static void garbage_changes_nothing(void)
{
    unsigned int seed = 1;

    for ( unsigned int n = 0; n < 300; n++ )
    {
        char bytes[512];
        const char *call = create_call("g", "\"build\":false,");
        size_t length = strlen(call);

        /* A good request with some bytes of it changed. */
        memcpy(bytes, call, length < sizeof(bytes) ? length : 0);
        for ( unsigned int i = 0; i < 1 + n % 4; i++ )
            bytes[rand_r(&seed) % (length - 1)] = rand_r(&seed);
        UNIT_TRUE("an answer", daemon_ask(bytes, length, true) != NULL);
    }
    still_there("garbage");
}

static const struct unit_test tests[] = {
    { "wrong frames are answered with a code", wrong_frames_are_answered },
    { "zero bytes are answered", zero_bytes_are_answered },
    { "deep and long frames are answered",
      deep_and_long_frames_are_answered },
    { "requests sent ahead are answered in order",
      requests_ahead_are_answered_in_order },
    { "a frame may come byte by byte", a_frame_may_come_byte_by_byte },
    { "a domain is created first and built later",
      created_first_built_later },
    { "a domain that was only created goes with its client",
      created_and_left },
    { "clients beyond the cap are told", clients_beyond_the_cap_are_told },
    { "mute clients are timed out", mute_clients_are_timed_out },
    { "clients that do not read stop nobody", clients_that_do_not_read },
    { "garbage changes nothing", garbage_changes_nothing },
    { NULL, NULL }
};

/* Only root can be somebody else. */
static const struct unit_test root_tests[] = {
    { "other users are refused", other_users_are_refused },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "bytes", begin, end, tests },
        { geteuid() ? NULL : "users", begin, end, root_tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("protocol", suites);
}
