/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Builders, clients and the daemon die in the middle: nothing is left of what
 * was not finished, and what was finished is not touched.
 */

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "host.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* In the order of the build; after "unpause" a domain runs, or is paused. */
static const char *const steps[] = {
    "identity", "files", "name", "image", "shell", "memory", "kernel",
    "store", "unpause",
};

/* A daemon whose builders do something after a step. */
static void begin(const char *variable, const char *step,
                  const char *const *options)
{
    daemon_begin(NULL);
    daemon_config("a", 256, NULL);
    daemon_config("b", 256, NULL);
    if ( variable )
        setenv(variable, step, 1);
    UNIT_TRUE("daemon starts", daemon_start(options));
    if ( variable )
        unsetenv(variable);
}

static void builder_killed_at_every_step(void)
{
    for ( size_t i = 0; i < NR(steps); i++ )
    {
        const struct daemon_run *run;

        begin("XENGUEST_TEST_KILL", steps[i], NULL);
        run = daemon_client("create -p --json a.cfg b.cfg");
        UNIT_EQUAL(steps[i], run->status, 1);
        UNIT_HOLDS(steps[i], run->err,
                   "xenplace: a: builder: killed by signal 9");
        UNIT_HOLDS(steps[i], run->out, "{\"name\":\"b\",\"domid\":null,");
        UNIT_TRUE(steps[i], daemon_nothing_left());
        UNIT_HOLDS(steps[i], daemon_log(), "domain 1: unfinished, destroyed");
        daemon_end();
    }
}

static void builder_fails_at_every_step(void)
{
    for ( size_t i = 0; i < NR(steps); i++ )
    {
        const struct daemon_run *run;

        begin("XENGUEST_TEST_FAIL", steps[i], NULL);
        run = daemon_client("create -p a.cfg");
        UNIT_EQUAL(steps[i], run->status, 1);
        UNIT_HOLDS(steps[i], run->err, "failed, as a test asked for");
        UNIT_TRUE(steps[i], daemon_nothing_left());
        daemon_end();
    }
}

static void what_runs_is_not_touched(void)
{
    const struct daemon_run *run;

    /* It runs already when its builder dies. */
    begin("XENGUEST_TEST_KILL", "unpause", NULL);
    run = daemon_client("create --json a.cfg");
    UNIT_EQUAL("told", run->status, 1);
    UNIT_HOLDS("told", run->err, "builder: killed by signal 9");
    UNIT_HOLDS("told", run->out, "\"domid\":1,\"nodes\":[0],"
               "\"pages\":{\"0\":65536},\"error\":\"builder: ");
    UNIT_TRUE("it stays", daemon_settled(1));
    daemon_end();
}

static void builder_stuck(void)
{
    static const char *const options[] = { "-t", "1", NULL };
    const struct daemon_run *run;

    begin("XENGUEST_TEST_STOP", "memory", options);
    run = daemon_client("create -p a.cfg");
    UNIT_EQUAL("told", run->status, 1);
    UNIT_HOLDS("told", run->err,
               "xenplace: a: builder: no progress for 1 seconds "
               "in stage memory: killed");
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void builder_slow_but_not_stuck(void)
{
    static const char *const options[] = { "-b", "./builder", "-t", "2",
                                           NULL };

    daemon_begin(NULL);
    daemon_config("a", 256, NULL);
    daemon_write("builder", "#!/bin/sh\ncase $1 in --undo) exit 0;; esac\n"
                 "for i in 1 2 3 4; do sleep 0.7; echo "
                 "\"{\\\"progress\\\":{\\\"stage\\\":\\\"x\\\",\\\"done\\\":$i}}\"; done\n"
                 "echo '{\"result\":\"ok\"}'\n");
    chmod("builder", 0700);
    UNIT_TRUE("daemon starts", daemon_start(options));
    UNIT_EQUAL("longer than 2 seconds, with progress",
               daemon_client("create -p a.cfg")->status, 0);
    daemon_end();
}

#define KILLED "no progress for 2 seconds in stage x: killed"

/* It says what it said before, and more of it than can be read at once. */
static void builder_that_gets_nowhere(void)
{
    static const char *const options[] = { "-b", "./builder", "-t", "2",
                                           NULL };
    pid_t client;

    daemon_begin(NULL);
    daemon_config("a", 256, NULL);
    daemon_write("builder", "#!/bin/sh\ncase $1 in --undo) exit 0;; esac\n"
                 "exec yes '{\"progress\":{\"stage\":\"x\"}}'\n");
    chmod("builder", 0700);
    UNIT_TRUE("daemon starts", daemon_start(options));
    client = daemon_client_start("create a.cfg");
    for ( unsigned int i = 0; i < 50 && !strstr(daemon_log(), KILLED); i++ )
    {
        UNIT_EQUAL("others are served", daemon_client("version")->status, 0);
        usleep(100000);
    }
    UNIT_HOLDS("killed", daemon_log(), KILLED);
    if ( !strstr(daemon_log(), KILLED) )
        daemon_kill(SIGKILL);
    UNIT_EQUAL("the client is told", daemon_client_wait(client), 1);
    UNIT_TRUE("nothing is left", daemon_nothing_left());
    daemon_end();
}

/* Shell scripts in the builder's place. */
static const struct {
    const char *fact;
    const char *script;
    const char *message;
} builders[] = {
    { "no result", "exit 0", "builder: exited with status 0 in stage start "
      "without a result" },
    { "a result that the status denies", "echo '{\"result\":\"ok\"}'; exit 3",
      "builder: exited with status 3" },
    { "no JSON", "echo hello; sleep 10", "builder: wrong report: not JSON" },
    { "a report that is too long",
      "dd if=/dev/zero bs=5000 count=1 2>/dev/null; sleep 10",
      "builder: a report that is too long" },
    { "no end", "yes '{\"progress\":{\"stage\":\"x\"}}' | head -c 3000000; "
      "exit 0", "builder: exited with status 0 in stage x" },
    { "more after the result", "echo '{\"result\":\"ok\"}'; "
      "echo '{\"result\":\"ok\"}'; sleep 10",
      "builder: a report after its result" },
    { "control characters in the reason",
      "echo '{\"result\":\"failed\",\"why\":\"a\\u001b[2Jb\"}'; exit 1",
      "xenplace: a: a?[2Jb" },
};

static void builders_that_are_none(void)
{
    for ( size_t i = 0; i < NR(builders); i++ )
    {
        static const char *const options[] = { "-b", "./builder", NULL };
        const struct daemon_run *run;
        char script[512];

        daemon_begin(NULL);
        daemon_config("a", 256, NULL);
        snprintf(script, sizeof(script), "#!/bin/sh\ncase $1 in --undo) exit "
                 "0;; esac\n%s\n", builders[i].script);
        daemon_write("builder", script);
        chmod("builder", 0700);
        UNIT_TRUE(builders[i].fact, daemon_start(options));
        run = daemon_client("create -p a.cfg");
        UNIT_EQUAL(builders[i].fact, run->status, 1);
        UNIT_HOLDS(builders[i].fact, run->err, builders[i].message);
        UNIT_TRUE(builders[i].fact, daemon_nothing_left());
        daemon_end();
    }
}

/* The reaper has the builder undo; here that kills the reaper, once. */
static void reaper_killed(void)
{
    static const char *const options[] = { "-b", "./builder", NULL };
    char first[4096];
    const char *second;

    daemon_begin(NULL);
    daemon_config("a", 256, NULL);
    daemon_write("builder", "#!/bin/sh\ncase $1 in --undo) ;; *) exit 1;; "
                 "esac\n(cat; echo) >>undone\n"
                 "[ -e killed ] || { touch killed; kill -9 $PPID; }\n");
    chmod("builder", 0700);
    UNIT_TRUE("daemon starts", daemon_start(options));
    UNIT_EQUAL("told", daemon_client("create -p a.cfg")->status, 1);
    UNIT_EQUAL("killed", access("killed", F_OK), 0);
    UNIT_TRUE("nothing left", daemon_nothing_left());

    /* Both times it was told of which domain. */
    snprintf(first, sizeof(first), "%s", daemon_text("undone"));
    UNIT_HOLDS("record", first, "{\"domid\":1,\"unique_id\":");
    first[strcspn(first, "\n")] = '\0';
    second = strchr(daemon_text("undone"), '\n');
    UNIT_EQUAL("the same again", second &&
               !strncmp(second + 1, first, strlen(first)), 1);
    daemon_end();
}

static void builder_that_is_not_there(void)
{
    static const char *const options[] = { "-b", "/absent", NULL };
    const struct daemon_run *run;

    begin(NULL, NULL, options);
    UNIT_HOLDS("log", daemon_log(),
               "builder: /absent: No such file or directory: "
               "no domain can be built: see -b");
    run = daemon_client("create -p a.cfg");
    UNIT_EQUAL("told", run->status, 1);
    UNIT_HOLDS("told", run->err, "builder: cannot be started: No such file");
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void client_killed(void)
{
    pid_t client;

    begin("XENGUEST_TEST_STOP", "memory", NULL);
    client = daemon_client_start("create -p a.cfg b.cfg");
    UNIT_TRUE("under way", daemon_building());
    kill(client, SIGKILL);
    daemon_client_wait(client);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    UNIT_EQUAL("the daemon is there", daemon_client("version")->status, 0);
    daemon_end();
}

/* A batch of two: a is built, b's builder sleeps. */
static pid_t half_built(void)
{
    static const char *const options[] = { "-b", "./builder", NULL };
    pid_t client;

    daemon_begin(NULL);
    daemon_config("a", 256, NULL);
    daemon_config("b", 256, NULL);
    daemon_write("builder", "#!/bin/sh\nrecord=$(cat)\n"
                 "case $1$record in *--undo*) exit 0;;\n"
                 "*'\"name\":\"b\"'*) exec sleep 100;; esac\n"
                 "echo \"$record\" | $GUEST \"$@\"\n");
    chmod("builder", 0700);
    UNIT_TRUE("daemon starts", daemon_start(options));
    client = daemon_client_start("create -p a.cfg b.cfg");
    /* One is built, with a rest of its claim; the other one is not. */
    for ( unsigned int i = 0; i < 500; i++ )
        if ( daemon_domains() == 2 && daemon_claimed() == 65536 + 64 )
            break;
        else
            usleep(10000);
    UNIT_EQUAL("half built", daemon_claimed(), 65536 + 64);

    return client;
}

static void client_killed_when_half_is_built(void)
{
    pid_t client = half_built();

    kill(client, SIGKILL);
    daemon_client_wait(client);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void daemon_killed_when_half_is_built(void)
{
    pid_t client = half_built();

    daemon_kill(SIGKILL);
    UNIT_EQUAL("told", daemon_client_wait(client), 1);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    /* Nobody was told of the one that was built. */
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void daemon_killed_in_the_middle(void)
{
    pid_t client;

    for ( size_t i = 0; i < NR(steps); i++ )
    {
        /* One that is finished, as far as the daemon goes. */
        begin(NULL, NULL, NULL);
        UNIT_EQUAL("a", daemon_client("create -p a.cfg")->status, 0);
        daemon_kill(SIGKILL);

        setenv("XENGUEST_TEST_STOP", steps[i], 1);
        UNIT_TRUE("daemon starts", daemon_start(NULL));
        unsetenv("XENGUEST_TEST_STOP");
        client = daemon_client_start("create -p b.cfg");
        UNIT_TRUE(steps[i], daemon_building());
        daemon_kill(SIGKILL);
        UNIT_EQUAL(steps[i], daemon_client_wait(client), 1);
        UNIT_EQUAL(steps[i], daemon_domains(), 2);

        UNIT_TRUE("daemon starts", daemon_start(NULL));
        UNIT_TRUE(steps[i], daemon_settled(1));
        UNIT_HOLDS(steps[i], daemon_log(),
                   "domain 2: left unfinished by a daemon " "before");
        UNIT_HOLDS(steps[i], daemon_client("list")->out,
                   "1  -     paused   yes     256        0  0:256");
        /* A builder that were still there would take pages. */
        UNIT_EQUAL(steps[i], daemon_free(), (4 * 1536 - 256) * 256);
        daemon_end();
    }
}

/* Any builder, not only one that sees to it itself. */
static void builders_die_with_the_daemon(void)
{
    static const char *const options[] = { "-b", "./builder", NULL };
    struct pollfd alive = { .events = POLLIN };
    pid_t client;
    char byte;

    daemon_begin(NULL);
    daemon_config("a", 256, NULL);
    daemon_write("builder", "#!/bin/sh\ncase $1 in --undo) exit 0;; esac\n"
                 "exec 9>alive\necho >&9\nexec sleep 100\n");
    chmod("builder", 0700);
    mkfifo("alive", 0600);
    alive.fd = open("alive", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    UNIT_TRUE("daemon starts", daemon_start(options));
    client = daemon_client_start("create -p a.cfg");
    UNIT_EQUAL("it runs", poll(&alive, 1, 5000), 1);
    UNIT_EQUAL("it runs", read(alive.fd, &byte, 1), 1);
    daemon_kill(SIGKILL);
    daemon_client_wait(client);
    UNIT_EQUAL("it ends", poll(&alive, 1, 5000), 1);
    UNIT_EQUAL("it ends", alive.revents, POLLHUP);
    close(alive.fd);
    daemon_end();
}

static void daemon_killed_at_any_time(void)
{
    unsigned int seed = 1;

    begin(NULL, NULL, NULL);
    for ( unsigned int i = 0; i < 40; i++ )
    {
        pid_t clients[4];

        for ( unsigned int n = 0; n < 4; n++ )
        {
            char line[64], name[16];

            snprintf(name, sizeof(name), "k%u", n);
            daemon_config(name, 256, NULL);
            snprintf(line, sizeof(line), "create -p %s.cfg", name);
            clients[n] = daemon_client_start(line);
        }
        usleep(rand_r(&seed) % 60000);
        daemon_kill(SIGKILL);
        for ( unsigned int n = 0; n < 4; n++ )
            daemon_client_wait(clients[n]);
        UNIT_TRUE("daemon starts", daemon_start(NULL));
        /* Those that were built stay; nothing else does. */
        for ( unsigned int n = 0; n < 500 && daemon_claimed(); n++ )
            usleep(10000);
        UNIT_EQUAL("claims", daemon_claimed(), 0);
        UNIT_EQUAL("pages", daemon_free(),
                   (4 * 1536 - 256 * daemon_domains()) * 256);
        if ( daemon_domains() > 16 )
        {
            daemon_end();
            begin(NULL, NULL, NULL);
        }
    }
    daemon_end();
}

/* On a host with these domains a daemon starts. */
static void recovery_knows_what_is_unfinished(void)
{
    struct xennuma_created foreign, dying;
    xennuma_handle *handle;

    begin(NULL, NULL, NULL);
    UNIT_EQUAL("1 runs", daemon_client("create a.cfg")->status, 0);
    UNIT_EQUAL("2 is paused", daemon_client("create -p b.cfg")->status, 0);
    daemon_kill(SIGKILL);
    handle = host_open();
    UNIT_EQUAL("3 is another's", host_create(handle, 1000, 0, 0, 1000,
                                             &foreign, NULL), 0);
    UNIT_EQUAL("4 is another's", host_create(handle, 1000, 0, 0, 1000,
                                             &dying, NULL), 0);
    /* Others destroy them, and have got half way. */
    UNIT_EQUAL("1 is dying", xennuma_model_kill(handle, 1), 0);
    UNIT_EQUAL("2 is dying", xennuma_model_kill(handle, 2), 0);
    UNIT_EQUAL("4 is dying", xennuma_model_kill(handle, dying.domid), 0);
    xennuma_close(handle);

    UNIT_TRUE("daemon starts", daemon_start(NULL));
    for ( unsigned int i = 0; i < 500 && daemon_domains() > 3; i++ )
        usleep(10000);
    UNIT_HOLDS("2 never ran", daemon_log(),
               "domain 2: left unfinished by a daemon before");
    UNIT_EQUAL("only 2 is gone", daemon_domains(), 3);
    UNIT_EQUAL("1 ran", daemon_client("show 1")->status, 0);
    UNIT_EQUAL("claims of 3", daemon_claimed(), 1000);
    UNIT_TRUE("only 2 is unfinished",
              !strstr(daemon_log(), "domain 1: left unfinished") &&
              !strstr(daemon_log(), "domain 3: left unfinished") &&
              !strstr(daemon_log(), "domain 4: left unfinished"));
    daemon_end();
}

static const struct unit_test tests[] = {
    { "a builder is killed after every step", builder_killed_at_every_step },
    { "a builder fails after every step", builder_fails_at_every_step },
    { "a domain that runs is not touched", what_runs_is_not_touched },
    { "a builder without progress is killed", builder_stuck },
    { "a builder with progress has its time", builder_slow_but_not_stuck },
    { "a builder that repeats itself has not", builder_that_gets_nowhere },
    { "builders that talk nonsense are ended", builders_that_are_none },
    { "a reaper that dies is started again", reaper_killed },
    { "a builder that is not there is told", builder_that_is_not_there },
    { "a client is killed in the middle", client_killed },
    { "a client is killed when half of its batch is built",
      client_killed_when_half_is_built },
    { "the daemon is killed when half of a batch is built",
      daemon_killed_when_half_is_built },
    { "the daemon is killed after every step of a builder",
      daemon_killed_in_the_middle },
    { "any builder dies with the daemon", builders_die_with_the_daemon },
    { "a new daemon knows what is unfinished",
      recovery_knows_what_is_unfinished },
    { "the daemon is killed at any time", daemon_killed_at_any_time },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "deaths", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("placed-death", suites);
}
