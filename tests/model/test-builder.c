/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The builder alone, with records that a daemon would not give it: it looks
 * at the domain before it touches it, and its status tells what it did.
 */

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "host.h"
#include "unit.h"

#define PAGES        256u
/* As a daemon claims: more than it takes. */
#define CLAIM_PAGES  (PAGES + 32)
#define RECORD_BYTES 65536u

/* Build with this text as record; the status, what it says is in ./answer. */
static int build(const char *record)
{
    char line[4200];

    daemon_write("record", record);
    snprintf(line, sizeof(line), "timeout 10 $GUEST -w model:%s <record "
             ">answer 2>&1", host_file());

    return WEXITSTATUS(system(line));
}

static const char *record(uint64_t unique_id, unsigned int max_pages,
                          const char *kernel)
{
    static char text[RECORD_BYTES + 2];

    snprintf(text, sizeof(text), "{\"domid\":1,\"unique_id\":%" PRIu64 ","
             "\"name\":\"a\",\"uuid\":\"01234567-89ab-cdef-0123-456789abcdef"
             "\",\"type\":\"pvh\",\"vcpus\":1,\"memory_pages\":%u,"
             "\"max_pages\":%u,\"kernel\":\"%s\",\"paused\":false,"
             "\"home_node\":0,\"shares\":[{\"node\":0,\"pages\":%u}]}",
             unique_id, PAGES, max_pages, kernel, PAGES);

    return text;
}

/* The same of a domain that is not to run. */
static const char *paused_record(uint64_t unique_id)
{
    static char text[RECORD_BYTES];
    const char *running = record(unique_id, 2 * PAGES, "kernel");
    const char *at = strstr(running, "false");

    snprintf(text, sizeof(text), "%.*strue%s", (int)(at - running), running,
             at + strlen("false"));

    return text;
}

/* A good record with so many blanks behind it that it has this length. */
static const char *long_record(uint64_t unique_id, size_t length)
{
    static char text[RECORD_BYTES + 2];

    strcpy(text, record(unique_id, 2 * PAGES, "kernel"));
    memset(text + strlen(text), ' ', length - strlen(text));
    text[length] = '\0';

    return text;
}

static void wrong(const char *row, const char *text, const char *why)
{
    uint64_t before = daemon_free();

    UNIT_EQUAL(row, build(text), 1);
    UNIT_HOLDS(row, daemon_text("answer"), "{\"result\":\"failed\"");
    UNIT_HOLDS(row, daemon_text("answer"), why);
    UNIT_EQUAL(row, daemon_free(), before);
    UNIT_EQUAL(row, daemon_claimed(), CLAIM_PAGES);
}

static uint64_t create(void)
{
    struct xennuma_created created = { 0 };
    xennuma_handle *handle = host_open();

    UNIT_EQUAL("created", host_create(handle, CLAIM_PAGES, 0, 0, 2 * PAGES,
                                      &created, NULL), 0);
    xennuma_close(handle);

    return created.unique_id;
}

static void what_it_does_not_build(void)
{
    uint64_t id;

    daemon_begin(NULL);
    id = create();
    daemon_write("empty", "");
    mkfifo("fifo", 0600);

    wrong("another domain", record(id + 1, 2 * PAGES, "kernel"),
          "another domain took its place");
    wrong("a limit below the memory", record(id, PAGES - 1, "kernel"),
          "max_pages: 255: memory is 256 pages");
    wrong("an empty kernel", record(id, PAGES, "empty"), "the file is empty");
    wrong("a FIFO", record(id, PAGES, "fifo"), "not a regular file");
    wrong("too long", long_record(id, RECORD_BYTES + 1),
          "record: 65537 bytes: at most 65536");

    UNIT_EQUAL("as long as may be", build(long_record(id, RECORD_BYTES)), 0);
    UNIT_HOLDS("built", daemon_text("answer"), "{\"result\":\"ok\"}\n");
    UNIT_EQUAL("built", daemon_claimed(), 0);
    UNIT_EQUAL("again", build(record(id, 2 * PAGES, "kernel")), 1);
    UNIT_HOLDS("again", daemon_text("answer"), "was built and has run");
    daemon_end();
}

static void claims_stay_if_it_does_not_run(void)
{
    daemon_begin(NULL);
    UNIT_EQUAL("built", build(paused_record(create())), 0);
    UNIT_EQUAL("there", daemon_domains(), 1);
    UNIT_EQUAL("claims", daemon_claimed(), 32);
    daemon_end();
}

static void it_dies_with_its_parent(void)
{
    struct pollfd alive = { .events = POLLIN };
    char line[4200], byte;
    pid_t parent;

    daemon_begin(NULL);
    daemon_write("record", paused_record(create()));
    mkfifo("alive", 0600);
    alive.fd = open("alive", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    snprintf(line, sizeof(line), "XENGUEST_TEST_STOP=image $GUEST -w "
             "model:%s <record >alive & wait", host_file());
    fflush(stdout);
    parent = fork();
    if ( parent == 0 )
    {
        execl("/bin/sh", "sh", "-c", line, NULL);
        _exit(127);
    }
    UNIT_EQUAL("under way", poll(&alive, 1, 5000), 1);
    UNIT_EQUAL("under way", daemon_claimed(), CLAIM_PAGES);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    /* Its reports first, then the end. */
    while ( poll(&alive, 1, 5000) == 1 && read(alive.fd, &byte, 1) == 1 )
        ;
    UNIT_EQUAL("it ends", poll(&alive, 1, 0), 1);
    UNIT_EQUAL("it ends", alive.revents, POLLHUP);
    close(alive.fd);
    daemon_end();
}

static const struct unit_test tests[] = {
    { "a builder looks before it touches", what_it_does_not_build },
    { "the rest of a claim stays with a domain that stays paused",
      claims_stay_if_it_does_not_run },
    { "a builder dies with its parent", it_dies_with_its_parent },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "builder", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("builder", suites);
}
