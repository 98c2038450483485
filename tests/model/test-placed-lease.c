/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain between the decision where it goes and the moment when it is
 * handed over: what is held for it, who has to wait, what its builder is told.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "host.h"
#include "unit.h"

/* Claimed by a domain of 256 MiB. */
#define CLAIM_PAGES (65536 + 32)

/* A daemon with this script in the builder's place; $record is the record. */
static void begin(const char *description, const char *script,
                  const char *const *options)
{
    char text[1024];

    daemon_begin(description);
    daemon_config("a", 256, NULL);
    daemon_config("b", 256, NULL);
    daemon_config("c", 256, NULL);
    snprintf(text, sizeof(text), "#!/bin/sh\nrecord=$(cat)\n"
             "case $1 in --undo) exit 0;; esac\n%s\n", script);
    daemon_write("builder", text);
    chmod("builder", 0700);
    UNIT_TRUE("daemon starts", daemon_start(options));
}

/* Wait up to five seconds until there are so many domains and claims. */
static void wait_until(const char *row, unsigned int domains,
                       uint64_t claimed)
{
    for ( unsigned int i = 0; i < 500; i++ )
        if ( daemon_domains() == domains && daemon_claimed() == claimed )
            break;
        else
            usleep(10000);
    UNIT_EQUAL(row, daemon_domains(), domains);
    UNIT_EQUAL(row, daemon_claimed(), claimed);
}

/* Whether a domain of so many MiB would find a place now. */
static bool fits(unsigned int mib)
{
    daemon_config("x", mib, NULL);

    return daemon_client("plan x.cfg")->status == 0;
}

static void the_extra_claim_is_reckoned_with(void)
{
    daemon_begin("192M 2 10\n");
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    /* 257 pages a MiB, 304, and 32 that are claimed beyond the memory. */
    UNIT_TRUE("but for the 32 pages", !fits(190));
    UNIT_TRUE("with them", fits(189));
    daemon_end();
}

static void has(const char *record, const char *member)
{
    UNIT_HOLDS(member, record, member);
}

static void what_the_builder_is_told(void)
{
    static const char *const options[] = { "-b", "./builder", NULL };
    char record[4096];
    const char *uuid;

    begin("1536M 4 10 16\n1536M 4 16 10\n",
          "echo \"$record\" >record; echo \"$record\" | $GUEST \"$@\"",
          options);
    daemon_config("a", 256, "vcpus = 2\nextra = \"quiet\"\n");
    UNIT_EQUAL("created", daemon_client("create -n 1 a.cfg")->status, 0);
    snprintf(record, sizeof(record), "%s", daemon_text("record"));
    has(record, "\"domid\":1,");
    has(record, "\"name\":\"a\"");
    has(record, "\"type\":\"pvh\"");
    has(record, "\"vcpus\":2,");
    has(record, "\"memory_pages\":65536,\"max_pages\":65792,");
    has(record, "/kernel\"");
    has(record, "\"cmdline\":\"quiet\"");
    has(record, "\"paused\":false,\"home_node\":1,");
    has(record, "\"shares\":[{\"node\":1,\"pages\":65536}]");
    has(record, "\"cpus\":\"4-7\"");
    /* Version 4, as it makes them itself. */
    uuid = strstr(record, "\"uuid\":\"");
    uuid = uuid ? uuid + strlen("\"uuid\":\"") : "";
    UNIT_EQUAL("uuid", strspn(uuid, "0123456789abcdef-"), 36);
    if ( strlen(uuid) > 36 )
        UNIT_TRUE("uuid", uuid[8] == '-' && uuid[13] == '-' &&
                  uuid[14] == '4' && uuid[18] == '-' &&
                  strchr("89ab", uuid[19]) && uuid[23] == '-');
    daemon_end();
}

static void overhead_is_held_until_the_end(void)
{
    static const char *const options[] = { "-b", "./builder", NULL };
    pid_t clients[3];
    unsigned int mib;

    begin("1536M 2 10\n", "case $record in *'\"name\":\"a\"'*) "
          "echo \"$record\" | $GUEST \"$@\";; *) exec sleep 100;; esac",
          options);
    clients[0] = daemon_client_start("create -p a.cfg b.cfg");
    clients[1] = daemon_client_start("create -p c.cfg");
    wait_until("a is built, b and c are not", 3, 2 * CLAIM_PAGES + 32);
    kill(clients[0], SIGKILL);
    daemon_client_wait(clients[0]);
    wait_until("only c is left", 1, CLAIM_PAGES);

    /* The largest that Xen itself would grant: 257 pages a MiB, and 336. */
    mib = (daemon_free() - daemon_claimed() - 336) / 257;
    UNIT_TRUE("but for the overhead of c", !fits(mib));
    UNIT_TRUE("which is below 4 MiB", fits(mib - 4));

    /* It waits for the end of c. */
    daemon_config("x", mib, NULL);
    clients[2] = daemon_client_start("create -p x.cfg");
    UNIT_HOLDS("meanwhile", daemon_client("list --json")->out,
               "\"name\":\"c\"");
    usleep(300000);
    UNIT_EQUAL("still waits", daemon_domains(), 1);
    kill(clients[1], SIGKILL);
    daemon_client_wait(clients[1]);
    wait_until("created", 1, mib * 256 + 32);
    kill(clients[2], SIGKILL);
    daemon_client_wait(clients[2]);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void who_has_a_place_keeps_it(void)
{
    const struct daemon_run *run;

    daemon_begin("300M 2 10\n");
    daemon_config("a", 256, NULL);
    daemon_config("b", 280, NULL);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    run = daemon_client("create -p --json a.cfg b.cfg");
    UNIT_EQUAL("one of them", run->status, 1);
    UNIT_HOLDS("not the smaller one", run->err, "xenplace: a: memory: 256");
    UNIT_HOLDS("but the larger one", run->out, "\"name\":\"b\","
               "\"domid\":1,\"nodes\":[0],\"pages\":{\"0\":71680}");
    daemon_end();
}

static void a_decision_is_made_anew(void)
{
    const struct daemon_run *run;

    /*
     * Xen takes more for a domain than anybody could know; and there are CPUs
     * enough on node 0 for both to go there.
     */
    daemon_begin("overhead 10240 0\n540M 64 10 16\n580M 2 16 10\n");
    daemon_config("a", 256, NULL);
    daemon_config("b", 256, NULL);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    run = daemon_client("plan --json a.cfg b.cfg");
    UNIT_HOLDS("both on node 0", run->out, "\"name\":\"b\",\"domid\":null,"
               "\"nodes\":[0]");
    run = daemon_client("create -p --json a.cfg b.cfg");
    UNIT_EQUAL("created", run->status, 0);
    UNIT_HOLDS("a on node 0", run->out, "\"domid\":1,\"nodes\":[0]");
    UNIT_HOLDS("b on node 1", run->out,
               "\"nodes\":[1],\"pages\":{\"1\":65536}");
    daemon_end();

    /* But not for what has nothing to do with it. */
    daemon_begin("overhead 262144 0\n512M 2 10\n");
    daemon_config("a", 256, NULL);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    UNIT_HOLDS("Xen's own memory", daemon_client("create a.cfg")->err,
               "domain: cannot be created: Xen has no memory for its own "
               "structures, with home node 0");
    daemon_end();
}

static void claims_of_the_host_are_reckoned_with(void)
{
    struct xennuma_created other;
    xennuma_handle *handle;

    begin("1G 2 10 16\n1G 2 16 10\n", "exec $GUEST", NULL);
    handle = host_open();
    UNIT_EQUAL("claimed", host_create(handle, 0, 0, 458752, 500000, &other,
                                      NULL), 0);
    UNIT_TRUE("fits", fits(200));
    daemon_config("x", 300, NULL);
    UNIT_EQUAL("does not fit", daemon_client("create x.cfg")->status, 1);
    UNIT_HOLDS("does not fit", daemon_client("create x.cfg")->err,
               "are claimed by others, on whatever node: ask for");
    UNIT_EQUAL("released", xennuma_claims_set(handle, other.domid, 0, NULL, 0,
                                              NULL), 0);
    UNIT_TRUE("fits", fits(300));
    xennuma_close(handle);
    daemon_end();
}

static void claims_end_with_any_builder(void)
{
    static const char *const options[] = { "-b", "./builder", NULL };

    begin(NULL, "echo '{\"result\":\"ok\"}'", options);
    UNIT_EQUAL("told", daemon_client("create -p a.cfg")->status, 0);
    UNIT_EQUAL("there", daemon_domains(), 1);
    UNIT_EQUAL("claims", daemon_claimed(), 0);
    daemon_end();
}

static void builders_wait_for_each_other(void)
{
    static const char *const options[] = { "-b", "./builder", "-j", "1",
                                           NULL };

    begin(NULL, "echo begin >>steps; echo \"$record\" | $GUEST \"$@\"; "
          "rc=$?; sleep 0.1; echo end >>steps; exit $rc", options);
    UNIT_EQUAL("told", daemon_client("create -p a.cfg b.cfg c.cfg")->status,
               0);
    UNIT_TEXT("one at a time", daemon_text("steps"),
              "begin\nend\nbegin\nend\nbegin\nend\n");
    daemon_end();
}

/* Create so many domains of 1 MiB that are not built; the reply. */
static const char *create_many(int fd, unsigned int nr)
{
    static unsigned int names;
    char *text = malloc(256 * nr + 256), *end = text;
    char *directory = getcwd(NULL, 0);

    end += sprintf(end, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"create\","
                   "\"params\":{\"build\":false,\"domains\":[");
    for ( unsigned int i = 0; i < nr; i++ )
        end += snprintf(end, 256, "%s{\"name\":\"d%u\",\"type\":\"pvh\","
                        "\"memory_pages\":256,\"vcpus\":1,\"kernel\":"
                        "\"%.100s/kernel\"}", i ? "," : "", names++,
                        directory);
    end += sprintf(end, "]}}\n");
    UNIT_EQUAL("sent", send(fd, text, end - text, 0), end - text);
    free(directory);
    free(text);

    return daemon_line(fd, 30);
}

static void there_are_so_many_at_a_time(void)
{
    int fd;

    daemon_begin("16G 2 10\n");
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    fd = daemon_connect();
    for ( unsigned int i = 0; i < 4; i++ )
        UNIT_HOLDS("256 more", create_many(fd, 256), "\"error\":null}]}}");
    UNIT_EQUAL("1024", daemon_domains(), 1024);
    UNIT_HOLDS("one more", create_many(fd, 1), "domains: 1 more: at most "
               "1024 are created at a time: try again later");
    UNIT_EQUAL("1024", daemon_domains(), 1024);
    daemon_kill(SIGKILL);
    close(fd);
    daemon_end();
}

static void reapers_wait_for_each_other(void)
{
    static const char *const options[] = { "-b", "./builder", "-j", "1",
                                           NULL };
    int fd;

    daemon_begin(NULL);
    daemon_write("builder", "#!/bin/sh\necho begin >>steps\nsleep 0.1\n"
                 "echo end >>steps\n");
    chmod("builder", 0700);
    UNIT_TRUE("daemon starts", daemon_start(options));
    fd = daemon_connect();
    UNIT_HOLDS("created", create_many(fd, 4), "\"error\":null}]}}");
    close(fd);
    UNIT_TRUE("nothing is left", daemon_nothing_left());
    /* Each looks before the domain is gone, and once more after that. */
    for ( unsigned int i = 0; i < 100 && strlen(daemon_text("steps")) <
                                         strlen("begin\nend\n") * 8; i++ )
        usleep(50000);
    UNIT_TEXT("one at a time", daemon_text("steps"),
              "begin\nend\nbegin\nend\nbegin\nend\nbegin\nend\n"
              "begin\nend\nbegin\nend\nbegin\nend\nbegin\nend\n");
    daemon_end();
}

static const struct unit_test tests[] = {
    { "the claim beyond the memory is reckoned with",
      the_extra_claim_is_reckoned_with },
    { "the builder is told all that it needs", what_the_builder_is_told },
    { "overhead is held until a domain is built, or gone",
      overhead_is_held_until_the_end },
    { "who has no place does not take that of another one",
      who_has_a_place_keeps_it },
    { "a decision that Xen does not follow is made anew",
      a_decision_is_made_anew },
    { "claims of the host as a whole are reckoned with",
      claims_of_the_host_are_reckoned_with },
    { "claims end with a builder that left them",
      claims_end_with_any_builder },
    { "builders wait for each other", builders_wait_for_each_other },
    { "reapers wait for each other", reapers_wait_for_each_other },
    { "there are at most 1024 at a time", there_are_so_many_at_a_time },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "leases", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("placed-lease", suites);
}
