/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the daemon refuses to create for the sake of other domains, and that
 * its refusals can be read whatever they quote.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define UUID "01234567-89ab-cdef-0123-456789abcdef"
#define OTHER "11234567-89ab-cdef-0123-456789abcdef"

static char directory[2048];

static int begin(void)
{
    daemon_begin(NULL);

    return getcwd(directory, sizeof(directory)) && daemon_start(NULL) ? 0
                                                                      : -1;
}

static int end(void)
{
    daemon_end();

    return 0;
}

/* A domain of a batch; uuid may be NULL. */
static const char *domain(char *text, size_t size, const char *name,
                          const char *uuid)
{
    snprintf(text, size, "{\"name\":\"%s\",\"type\":\"pvh\",\"vcpus\":1,"
             "\"memory_pages\":65536,\"kernel\":\"%s/kernel\"%s%s%s}", name,
             directory, uuid ? ",\"uuid\":\"" : "", uuid ? uuid : "",
             uuid ? "\"" : "");

    return text;
}

/* A call for one domain or two; more may be NULL. */
static const char *call(const char *method, const char *one,
                        const char *more)
{
    static char text[8192];

    snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
             "\"%s\",\"params\":{\"build\":false,\"domains\":[%s%s%s]}}\n",
             method, one, more ? "," : "", more ? more : "");

    return text;
}

static const struct {
    const char *fact;
    const char *uuid1, *uuid2;
    const char *reply;           /* holds this                               */
} batches[] = {
    { "no uuid at all", NULL, NULL, "\"error\":null" },
    { "a uuid each", UUID, OTHER, "\"error\":null" },
    { "one alone", NULL, UUID, "\"error\":null" },
    { "the same", UUID, UUID, "\"message\":\"b: uuid: " UUID ": a has it, "
      "too: each domain needs its own\"" },
    { "the same in other letters", "01234567-89AB-CDEF-0123-456789ABCDEF",
      UUID, "\"message\":\"b: uuid: " UUID ": a has it, too" },
    { "the nil uuid", NULL, "00000000-0000-0000-0000-000000000000",
      "\"message\":\"domain 2 (b): uuid: 00000000-0000-0000-0000-"
      "000000000000: belongs to no domain: leave it out, and one is made" },
};

static void a_uuid_is_of_one_domain_of_a_batch(void)
{
    for ( size_t i = 0; i < NR(batches); i++ )
    {
        char a[2560], b[2560];
        const char *bytes = call("plan", domain(a, sizeof(a), "a",
                                                batches[i].uuid1),
                                 domain(b, sizeof(b), "b",
                                        batches[i].uuid2));

        UNIT_HOLDS(batches[i].fact,
                   daemon_ask(bytes, strlen(bytes), false),
                   batches[i].reply);
    }
}

static void a_lease_keeps_its_uuid(void)
{
    char one[2560];
    const char *bytes = call("create", domain(one, sizeof(one), "a", UUID),
                             NULL);
    int fd = daemon_connect();

    UNIT_TRUE("sent", send(fd, bytes, strlen(bytes), MSG_NOSIGNAL) > 0);
    UNIT_HOLDS("created", daemon_line(fd, 5), "\"error\":null");
    bytes = call("create", domain(one, sizeof(one), "b", UUID), NULL);
    UNIT_HOLDS("refused", daemon_ask(bytes, strlen(bytes), false),
               "b: uuid: " UUID ": a domain with it is being created: choose "
               "another one");
    UNIT_EQUAL("one domain", daemon_domains(), 1);
    close(fd);
    UNIT_TRUE("nothing left", daemon_nothing_left());
}

/* The daemon looks at no file; a and b may still be on their way out. */
static void a_file_that_is_not_there_fails_its_domain(void)
{
    const char *bytes =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"create\",\"params\":"
        "{\"domains\":[{\"name\":\"f\",\"type\":\"pvh\",\"vcpus\":1,"
        "\"memory_pages\":256,\"kernel\":\"/absent\"}]}}\n";
    int fd = daemon_connect();

    UNIT_TRUE("sent", send(fd, bytes, strlen(bytes), MSG_NOSIGNAL) > 0);
    UNIT_HOLDS("told", daemon_line(fd, 5), "\"error\":\"kernel: /absent: No "
               "such file or directory\"");
    close(fd);
    UNIT_TRUE("nothing left", daemon_nothing_left());
}

/* More than is quoted of it, in characters of three bytes. */
static void a_long_path_is_named(void)
{
    char config[1024] = "name = \"k\"\nmemory = 64\nkernel = \"/a";
    const char *err;

    for ( unsigned int i = 0; i < 200; i++ )
        strcat(config, "\xe6\xbc\xa2");
    strcat(config, "\"\ntype = \"pvh\"\n");
    daemon_write("k.cfg", config);
    UNIT_EQUAL("refused", daemon_client("create k.cfg")->status, 1);
    err = daemon_client("create k.cfg")->err;
    UNIT_HOLDS("by its name", err, "xenplace: k: kernel: /a\xe6\xbc\xa2");
    UNIT_HOLDS("with the reason", err, ": File name too long");
}

static const struct unit_test tests[] = {
    { "a uuid is of one domain of a batch",
      a_uuid_is_of_one_domain_of_a_batch },
    { "a uuid is of one domain under construction", a_lease_keeps_its_uuid },
    { "a file that is not there fails its domain",
      a_file_that_is_not_there_fails_its_domain },
    { "a long path is named", a_long_path_is_named },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "refusals", begin, end, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("placed-refusals", suites);
}
