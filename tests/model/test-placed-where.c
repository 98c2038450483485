/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a domain may say of where it wants to be: policies, numbers of nodes,
 * superpages.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon.h"
#include "host.h"
#include "unit.h"

#define FOUR_NODES \
    "2G 2 10 12 20 20\n2G 2 12 10 20 20\n2G 2 20 20 10 12\n2G 2 20 20 12 10\n"

static void start(const char *description)
{
    daemon_begin(description);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    daemon_config("a", 1024, NULL);
}

static void plans(const char *arguments, const char *json)
{
    const struct daemon_run *run = daemon_client(arguments);

    UNIT_EQUAL(arguments, run->status, 0);
    UNIT_TEXT(arguments, run->err, "");
    UNIT_HOLDS(arguments, run->out, json);
}

static void refuses(const char *arguments, int status, const char *words)
{
    const struct daemon_run *run = daemon_client(arguments);

    UNIT_EQUAL(arguments, run->status, status);
    UNIT_HOLDS(arguments, run->err, words);
}

static void interleaved(void)
{
    start(FOUR_NODES);
    plans("plan --json -P interleave a.cfg",
          "\"pages\":{\"0\":65536,\"1\":65536,\"2\":65536,\"3\":65536}");
    plans("plan --json -P interleave -n 0,2 a.cfg",
          "\"pages\":{\"0\":131072,\"2\":131072}");
    plans("plan --json -P interleave -m 2 a.cfg",
          "\"pages\":{\"0\":131072,\"1\":131072}");
    plans("create -p --json -P interleave a.cfg",
          "\"pages\":{\"0\":65536,\"1\":65536,\"2\":65536,\"3\":65536}");
    daemon_end();
}

static void on_so_many_nodes(void)
{
    start(FOUR_NODES);
    daemon_config("wide", 3000, NULL);
    daemon_config("wider", 5000, NULL);
    refuses("plan -m 1 wide.cfg", 1, "wide: memory: 3000 MiB");
    plans("plan --json -m 2 wide.cfg", "\"nodes\":[0,1]");
    plans("plan --json -m 2 -P strict wide.cfg", "\"nodes\":[0,1]");
    refuses("plan -m 2 wider.cfg", 1, "wider: memory: 5000 MiB");
    refuses("plan -m 0 a.cfg", 2,
            "--max-nodes: 0: must be a number from 1 to 64");
    refuses("plan -m 65 a.cfg", 2, "--max-nodes: 65: must be ");
    refuses("plan -m two a.cfg", 2, "--max-nodes: two: must be ");
    daemon_end();
}

/* Chunks of a node that are claimed while a domain waits to be built. */
static void claimed_with(const char *superpages, uint64_t large,
                         uint64_t small)
{
    static struct xennuma_heap heap;
    char call[4096], *directory;
    xennuma_handle *handle;
    int fd;

    start(FOUR_NODES);
    directory = getcwd(NULL, 0);
    fd = daemon_connect();
    snprintf(call, sizeof(call), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
             "\"create\",\"params\":{\"build\":false,\"domains\":[{\"name\":"
             "\"a\",\"type\":\"pvh\",\"vcpus\":1,\"memory_pages\":393730,"
             "\"nodes\":[1],\"kernel\":\"%s/kernel\"%s%s%s}]}}\n", directory,
             superpages ? ",\"superpages\":\"" : "",
             superpages ? superpages : "", superpages ? "\"" : "");
    UNIT_EQUAL("sent", send(fd, call, strlen(call), 0), (int)strlen(call));
    UNIT_HOLDS("created", daemon_line(fd, 30), "\"error\":null");

    handle = host_open();
    UNIT_EQUAL("heap", xennuma_heap_get(handle, &heap), 0);
    UNIT_EQUAL("1 GiB", heap.nodes[1].claimed_1g_chunks, large);
    UNIT_EQUAL("2 MiB", heap.nodes[1].claimed_2m_chunks, small);
    UNIT_TRUE("all of it", heap.nodes[1].claimed_guest_pages >= 393730);
    xennuma_close(handle);
    close(fd);
    free(directory);
    daemon_end();
}

/* Of 1.5 GiB, and two pages and a 2 MiB chunk more. */
static void superpages_are_claimed(void)
{
    claimed_with(NULL, 1, 257);
    claimed_with("preferred", 1, 257);
    claimed_with("1G", 1, 257);
    claimed_with("2M", 0, 769);
    claimed_with("off", 0, 0);
}

static void superpages_of_a_domain_that_is_built(void)
{
    static struct xennuma_heap heap;
    xennuma_handle *handle;

    start(FOUR_NODES);
    plans("create -p --json -S 1G a.cfg", "\"pages\":{\"0\":262144}");
    handle = host_open();
    UNIT_EQUAL("heap", xennuma_heap_get(handle, &heap), 0);
    UNIT_EQUAL("nothing is claimed", heap.claimed_pages, 0);
    xennuma_close(handle);
    refuses("plan -S huge a.cfg", 2,
            "--superpages: huge: must be preferred, 2M, 1G or off");
    daemon_end();
}

static void without_superpages(void)
{
    start("features claims create\n2G 2 10\n");
    refuses("plan -S 2M a.cfg", 1,
            "a: superpages: 2M: this Xen cannot claim them: use preferred");
    plans("create -p --json a.cfg", "\"pages\":{\"0\":262144}");
    daemon_end();
}

static const struct unit_test wheres[] = {
    { "interleaved", interleaved },
    { "on so many nodes", on_so_many_nodes },
    { "superpages are claimed", superpages_are_claimed },
    { "superpages of a domain that is built",
      superpages_of_a_domain_that_is_built },
    { "a Xen without superpage claims", without_superpages },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "where", NULL, NULL, wheres },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("placed-where", suites);
}
