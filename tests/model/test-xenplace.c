/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The client at its limits: what it refuses without asking the daemon, and
 * what it shows of others' domains.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "daemon.h"
#include "host.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

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

/* By the shell; $PLACE is the client, and ./err what it says. */
static const struct {
    const char *fact;
    const char *command;
    int status;
    const char *message;
} commands[] = {
    { "nodes that descend", "$PLACE create -n 3-1 a.cfg", 2,
      "--nodes: 3-1: must be a list of nodes from 0 to 63, as 0,2-3" },
    { "an id that no domain can have", "$PLACE show 32768", 2,
      "show: 32768: must be a domain id, a number from 0 to 32767" },
    { "the highest id", "$PLACE show 32767", 1,
      "domain 32767: no such domain" },
    { "more than a batch", "$PLACE plan $(yes a.cfg | head -n 257)", 1,
      "257 domains: at most 256 in one batch: create them in parts" },
    { "a batch", "$PLACE plan $(yes a.cfg | head -n 256)", 1,
      "a: name: given twice" },
    { "output that is lost", "$PLACE nodes >/dev/full", 1,
      "standard output: cannot be written" },
};

static void limits_are_told(void)
{
    for ( size_t i = 0; i < NR(commands); i++ )
    {
        char line[256];
        int status;

        snprintf(line, sizeof(line), "%s 2>err", commands[i].command);
        status = system(line);
        UNIT_EQUAL(commands[i].fact, WEXITSTATUS(status),
                   commands[i].status);
        UNIT_HOLDS(commands[i].fact, daemon_text("err"),
                   commands[i].message);
    }
    UNIT_TRUE("nothing left", daemon_nothing_left());
}

static void claims_of_others_are_shown(void)
{
    xennuma_handle *handle = host_open();
    struct xennuma_created created;

    UNIT_EQUAL("created", host_create(handle, 0, 1024, 2560, 4096, &created,
                                      NULL), 0);
    UNIT_HOLDS("node and host", daemon_client("list")->out,
               "1  -     building  no        0       14  -\n");
    UNIT_HOLDS("node", daemon_client("show 1")->out,
               "claimed (node:MiB)            : 1:4\n"
               "claimed on any node (MiB)     : 10\n");
    UNIT_EQUAL("gone", xennuma_domain_destroy(handle, created.domid,
                                              created.unique_id), 0);
    xennuma_close(handle);
}

static const struct unit_test tests[] = {
    { "limits are told", limits_are_told },
    { "claims of others are shown, by node and of the host",
      claims_of_others_are_shown },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "client", begin, end, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("xenplace", suites);
}
