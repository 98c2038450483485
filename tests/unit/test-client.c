/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How the client's call ends when the daemon does not answer as it should:
 * always, in time, and with the documented status.
 *
 * The daemon is a child that does one wrong thing, or nobody.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <json-c/json.h>

#include "unit.h"
#include "wire/message.h"
#include "xenplace/client.h"

static char directory[] = "/tmp/test-client-XXXXXX";
static struct sockaddr_un address = { .sun_family = AF_UNIX };

static int begin(void)
{
    if ( !mkdtemp(directory) )
        return -1;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket",
             directory);
    signal(SIGPIPE, SIG_IGN);

    return 0;
}

static int end(void)
{
    unlink(address.sun_path);

    return rmdir(directory);
}

static int listen_at(int backlog)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    unlink(address.sun_path);
    if ( fd >= 0 && !bind(fd, (struct sockaddr *)&address,
                          sizeof(address)) && !listen(fd, backlog) )
        return fd;
    perror(address.sun_path);
    exit(1);
}

/* Call with a limit of one second; its end is a second away, not a minute. */
static enum client_status call(const char *row, size_t length)
{
    struct json_object *params = json_object_new_object();
    struct message_reply reply;
    time_t start = time(NULL);
    enum client_status status;
    char *text = calloc(1, length + 1);

    memset(text, 'x', length);
    json_object_object_add(params, "x", json_object_new_string(text));
    free(text);
    status = client_call(address.sun_path, "nodes", params, 1, &reply);
    if ( status == CLIENT_DONE )
        message_dispose_reply(&reply);
    UNIT_TRUE(row, time(NULL) - start < 10);

    return status;
}

static void nobody_is_there(void)
{
    int fd;

    UNIT_EQUAL("no socket", call("no socket", 0), CLIENT_NO_DAEMON);
    fd = listen_at(8);
    close(fd);
    UNIT_EQUAL("nobody listens", call("nobody listens", 0),
               CLIENT_NO_DAEMON);
}

/* As many connections as the kernel keeps, until one would have to wait. */
static void a_daemon_takes_no_connections(void)
{
    int listener = listen_at(0), fds[64];
    unsigned int nr = 0;

    while ( nr < 64 )
    {
        fds[nr] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if ( connect(fds[nr++], (struct sockaddr *)&address,
                     sizeof(address)) )
            break;
    }
    UNIT_EQUAL("full", errno, EAGAIN);
    UNIT_EQUAL("full", call("full", 0), CLIENT_NO_DAEMON);
    while ( nr )
        close(fds[--nr]);
    close(listener);
}

static void a_daemon_reads_nothing(void)
{
    int listener = listen_at(8);

    UNIT_EQUAL("no answer", call("no answer", 0), CLIENT_REFUSED);
    UNIT_EQUAL("more than a socket holds",
               call("more than a socket holds", 1000000), CLIENT_REFUSED);
    close(listener);
}

/* A child that takes one connection, reads, writes that, and dies. */
static pid_t answer_once(int listener, const char *text)
{
    pid_t pid = fork();
    char bytes[4096];
    int fd;

    if ( pid )
        return pid;
    alarm(20);
    fd = accept(listener, NULL, NULL);
    if ( fd < 0 || read(fd, bytes, sizeof(bytes)) < 0 ||
         send(fd, text, strlen(text), MSG_NOSIGNAL) < 0 )
        _exit(1);
    _exit(0);
}

static const struct {
    const char *fact;
    const char *answer;
    enum client_status status;
} answers[] = {
    { "it dies", "", CLIENT_REFUSED },
    { "it dies in the middle", "{\"jsonrpc\":\"2.0\",", CLIENT_REFUSED },
    { "it talks nonsense", "hello\n", CLIENT_REFUSED },
    { "it refuses", "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,"
      "\"message\":\"no\",\"data\":{\"code\":\"no-space\"}}}\n",
      CLIENT_REFUSED },
    { "it has no claims", "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":"
      "1,\"message\":\"no\",\"data\":{\"code\":\"no-node-claims\"}}}\n",
      CLIENT_NO_CLAIMS },
    { "it answers", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n",
      CLIENT_DONE },
};

static void a_daemon_answers_and_dies(void)
{
    for ( size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++ )
    {
        int listener = listen_at(8), status = -1;
        pid_t pid = answer_once(listener, answers[i].answer);

        UNIT_EQUAL(answers[i].fact, call(answers[i].fact, 0),
                   answers[i].status);
        UNIT_EQUAL("the child", waitpid(pid, &status, 0), pid);
        UNIT_EQUAL("the child", status, 0);
        close(listener);
    }
}

static const struct unit_test tests[] = {
    { "nobody is there", nobody_is_there },
    { "a daemon takes no connections", a_daemon_takes_no_connections },
    { "a daemon reads nothing", a_daemon_reads_nothing },
    { "a daemon answers and dies", a_daemon_answers_and_dies },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "client", begin, end, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("client", suites);
}
