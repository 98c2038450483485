/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The description of a model host: what is accepted, what is refused with
 * which words, and what its options do.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* A refused text, and the message behind the file's name. */
static void errors_name_line_and_value(void)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "", ": no node has memory" },
        { "# nothing\n\n", ": no node has memory" },
        { "0 2 10\n", ": no node has memory" },
        { "1G 0 10\n", ": 0 CPUs in all: want 1 to 4096" },
        { "1G 4096 10 16\n1G 1 16 10\n",
          ": 4097 CPUs in all: want 1 to 4096" },
        { "\n1T 2 10\n",
          ":2: memory: 1T: not 0 or a size such as 1536M or 2G, at most 1048576G" },
        { "1 2 10\n",
          ":1: memory: 1: not 0 or a size such as 1536M or 2G, at most 1048576G" },
        { "-1G 2 10\n",
          ":1: memory: -1G: not 0 or a size such as 1536M or 2G, at most 1048576G" },
        { "1048577G 2 10\n",
          ":1: memory: 1048577G: not 0 or a size such as 1536M or 2G, at most 1048576G" },
        { "99999999999999999999M 2 10\n",
          ":1: memory: 99999999999999999999M: not 0 or a size such as 1536M or 2G, at most 1048576G" },
        { "1GB 2 10\n",
          ":1: memory: 1GB: not 0 or a size such as 1536M or 2G, at most 1048576G" },
        { "1G x 10\n", ":1: CPUs: x: not a number from 0 to 4096" },
        { "1G -1 10\n", ":1: CPUs: -1: not a number from 0 to 4096" },
        { "1G 4097 10\n", ":1: CPUs: 4097: not a number from 0 to 4096" },
        { "1G 2 9\n", ":1: distance: 9: not a number from 10 to 254" },
        { "1G 2 10 255\n", ":1: distance: 255: not a number from 10 to 254" },
        { "1G 2 16\n",
          ":1: distance: 16: 10 is for a node to itself, and only that" },
        { "1G 2 10 10\n1G 2 10 10\n",
          ":1: distance: 10: 10 is for a node to itself, and only that" },
        { "1G 2 10 16\n", ": node 0: 2 distances for 1 nodes" },
        { "1G 2 10 16\n1G 2 16 10 16\n",
          ": node 1: 3 distances for 2 nodes" },
        { "1G 2\n", ":1: node: 1G: want memory, CPUs and distances" },
        { "feature none\n",
          ":1: node: feature: want memory, CPUs and distances" },
        { "features\n", ":1: features: nothing: want claims, create, "
          "superpages, overhead or none" },
        { "features superpage\n",
          ":1: features: superpage: not one of claims, create, superpages and "
          "overhead, or none alone" },
        { "features claims none\n",
          ":1: features: none: not one of claims, create, superpages and "
          "overhead, or none alone" },
        { "threads 0\n", ":1: threads: 0: not a number from 1 to 8" },
        { "threads\n", ":1: threads: threads: want one number" },
        { "overhead 1\n",
          ":1: overhead: overhead: want pages a domain and pages a vCPU" },
        { "overhead 1 -1\n",
          ":1: overhead: -1: not a number from 0 to 1048576" },
    };
    char why[512], expected[512];
    unsigned int i;

    for ( i = 0; i < NR(rows); i++ )
    {
        host_make(rows[i].text);
        snprintf(expected, sizeof(expected), "%s%s", host_file(),
                 rows[i].why);
        errno = 0;
        UNIT_EQUAL(rows[i].text,
                   xennuma_model_check(host_file(), why, sizeof(why)), -1);
        UNIT_EQUAL(rows[i].text, errno, EINVAL);
        UNIT_TEXT(rows[i].text, why, expected);
        host_remove();
    }
}

static void a_missing_file_is_named(void)
{
    char why[256];

    UNIT_EQUAL("check", xennuma_model_check("/nowhere/host", why,
                                            sizeof(why)), -1);
    UNIT_EQUAL("check", errno, ENOENT);
    UNIT_TEXT("check", why,
              "/nowhere/host: cannot be opened: No such file or directory");
    UNIT_TRUE("open", !xennuma_open(NULL, 0, "model:/nowhere/host"));
    UNIT_EQUAL("open", errno, ENOENT);
}

static void long_messages_are_cut(void)
{
    char why[8] = "*******";

    UNIT_EQUAL("check", xennuma_model_check("/nowhere/host", why, 7), -1);
    UNIT_TEXT("cut", why, "/nowhe");
}

static void as_many_nodes_as_there_may_be(void)
{
    char *text = malloc(1 << 20), why[256], *to;
    unsigned int nr, i, j;

    for ( nr = 63; nr <= 65; nr++ )
    {
        to = text;
        for ( i = 0; i < nr; i++ )
        {
            to += sprintf(to, "1G 1");
            for ( j = 0; j < (nr < 64 ? nr : 64); j++ )
                to += sprintf(to, " %d", i == j ? 10 : 254);
            to += sprintf(to, "\n");
        }
        host_make(text);
        UNIT_EQUAL("nodes", xennuma_model_check(host_file(), why,
                                                sizeof(why)),
                   nr > 64 ? -1 : 0);
        if ( nr > 64 )
            UNIT_TRUE("65", strstr(why, ":65: node: 64: one node too many"));
        host_remove();
    }

    sprintf(text, "1G 1 10");
    for ( i = 0; i < 64; i++ )
        strcat(text, " 16");
    host_make(text);
    UNIT_EQUAL("65 distances", xennuma_model_check(host_file(), why,
                                                   sizeof(why)), -1);
    UNIT_TRUE("65 distances", strstr(why, ":1: distance: 16: one too many"));
    host_remove();

    memset(text, ' ', 2000);
    strcpy(text + 2000, "1G 1 10\n");
    host_make(text);
    UNIT_EQUAL("long", xennuma_model_check(host_file(), why, sizeof(why)),
               -1);
    UNIT_TRUE("long", strstr(why, ":1: line: too long"));
    host_remove();
    free(text);
}

/* The text is there up to the place that becomes a zero byte. */
static void a_zero_byte_does_not_end_a_line(void)
{
    static const char text[] = "1G 1 10\nthreads 1@";
    char why[256];
    FILE *file;

    host_make(text);
    file = fopen(host_file(), "r+");
    UNIT_EQUAL("seek", fseek(file, strlen(text) - 1, SEEK_SET), 0);
    UNIT_EQUAL("zero", fputc('\0', file), 0);
    UNIT_EQUAL("close", fclose(file), 0);
    UNIT_EQUAL("check", xennuma_model_check(host_file(), why, sizeof(why)),
               -1);
    UNIT_EQUAL("errno", errno, EINVAL);
    UNIT_TRUE("why", strstr(why, ":2: line: a zero byte in it: this is no "
                            "text"));
    host_remove();
}

static void nodes_may_lack_memory_or_cpus(void)
{
    static struct xennuma_topology topology;
    struct xennuma_heap heap;
    xennuma_handle *handle;

    host_make("# comment\n0 4 10 20 # no memory\n\n 1g\t0  20 10\r\n");
    handle = host_open();
    UNIT_EQUAL("heap", xennuma_heap_get(handle, &heap), 0);
    UNIT_EQUAL("nodes", heap.nr_nodes, 2);
    UNIT_EQUAL("node 0", heap.nodes[0].present_pages, 0);
    UNIT_EQUAL("node 0", heap.nodes[0].online, true);
    UNIT_EQUAL("node 1", heap.nodes[1].present_pages, 1 << 18);
    UNIT_EQUAL("topology", xennuma_topology_get(handle, &topology), 0);
    UNIT_EQUAL("node 1", topology.nodes[1].cpus, 0);
    UNIT_EQUAL("node 0", topology.nodes[0].cores, 4);
    xennuma_close(handle);
    host_remove();
}

/* The library answers as on a Xen without the patches. */
static void features_may_be_missing(void)
{
    static const struct {
        const char *text;
        struct xennuma_abilities abilities;
        int claims, create;      /* errno of both */
    } rows[] = {
        { "1G 1 10\nfeatures none\n", { .abi = 0 }, EOPNOTSUPP, EOPNOTSUPP },
        { "1G 1 10\nfeatures claims\n", { .claims = true, .abi = 1 },
          ESRCH, 0 },
        { "1G 1 10\nfeatures create\n", { .create = true, .abi = 1 },
          EOPNOTSUPP, 0 },
        { "features create claims\n1G 1 10\n",
          { .claims = true, .create = true, .abi = 1 }, ESRCH, 0 },
        { "1G 1 10\n", { .claims = true, .create = true, .abi = 1 }, ESRCH,
          0 },
    };
    static struct xennuma_topology topology;
    const struct xennuma_domain_config config = { .max_vcpus = 1 };
    const struct xennuma_placement placement = { .nodes = 1 };
    struct xennuma_abilities found;
    struct xennuma_created created;
    xennuma_handle *handle;
    unsigned int i;
    int rc;

    for ( i = 0; i < NR(rows); i++ )
    {
        host_make(rows[i].text);
        handle = host_open();
        xennuma_probe(handle, &found);
        UNIT_EQUAL(rows[i].text, found.claims, rows[i].abilities.claims);
        UNIT_EQUAL(rows[i].text, found.create, rows[i].abilities.create);
        UNIT_EQUAL(rows[i].text, found.abi, rows[i].abilities.abi);
        rc = xennuma_claims_set(handle, 1, 0, NULL, 0, NULL);
        UNIT_EQUAL(rows[i].text, rc ? errno : 0, rows[i].claims);
        rc = xennuma_domain_create(handle, &config, &placement, &created,
                                   NULL);
        UNIT_EQUAL(rows[i].text, rc ? errno : 0, rows[i].create);
        UNIT_EQUAL(rows[i].text, xennuma_topology_get(handle, &topology), 0);
        xennuma_close(handle);
        host_remove();
    }
}

/* 256 pages; a domain with one vCPU costs 30. */
static void overhead_comes_out_of_unclaimed_memory(void)
{
    struct xennuma_shortage shortage = { 9, 9 };
    struct xennuma_created first, second;
    struct xennuma_domain domain;
    xennuma_handle *handle;

    host_make("1M 1 10 16\n1M 1 16 10\noverhead 10 20\n");
    handle = host_open();
    UNIT_EQUAL("create", host_create(handle, 200, 0, 0, 200, &first, NULL),
               0);
    xennuma_claims_get(handle, first.domid, &domain);
    UNIT_EQUAL("home node", domain.nodes[0].overhead_pages, 30);
    UNIT_EQUAL("create", host_create(handle, 0, 240, 0, 240, &second, NULL),
               0);
    xennuma_claims_get(handle, second.domid, &domain);
    UNIT_EQUAL("home node", domain.nodes[0].overhead_pages, 26);
    UNIT_EQUAL("the rest elsewhere", domain.nodes[1].overhead_pages, 4);
    UNIT_EQUAL("create", host_create(handle, 0, 0, 0, 0, &second, &shortage),
               -1);
    UNIT_EQUAL("create", errno, ENOMEM);
    UNIT_EQUAL("no claim was short", shortage.pages, 0);
    UNIT_EQUAL("audit", host_audit(handle, "overhead"), 0);
    UNIT_EQUAL("destroy", xennuma_domain_destroy(handle, first.domid,
                                                 first.unique_id), 0);
    UNIT_EQUAL("audit", host_audit(handle, "overhead"), 0);
    xennuma_close(handle);
    host_remove();
}

static void the_state_is_kept_and_belongs_to_its_description(void)
{
    struct xennuma_created created;
    struct xennuma_domain domain;
    char why[256], state[160], expected[300];
    xennuma_handle *handle;
    struct stat stat_buf;

    host_make("1G 1 10\n");
    snprintf(state, sizeof(state), "%s.state", host_file());
    handle = host_open();
    UNIT_EQUAL("create", host_create(handle, 0, 0, 0, 0, &created, NULL), -1);
    UNIT_EQUAL("two nodes asked for", errno, ENOENT);
    xennuma_close(handle);
    UNIT_EQUAL("stat", stat(state, &stat_buf), 0);
    UNIT_EQUAL("mode", stat_buf.st_mode & 07777, 0600);

    host_rewrite("1G 1 10 16\n1G 1 16 10\n");
    UNIT_EQUAL("check", xennuma_model_check(host_file(), why, sizeof(why)),
               -1);
    UNIT_EQUAL("check", errno, EINVAL);
    snprintf(expected, sizeof(expected), "%s: belongs to another description of the host: remove it",
             state);
    UNIT_TEXT("check", why, expected);

    unlink(state);
    handle = host_open();
    UNIT_EQUAL("create", host_create(handle, 5, 0, 0, 9, &created, NULL), 0);
    xennuma_close(handle);
    handle = host_open();
    UNIT_EQUAL("kept", xennuma_claims_get(handle, created.domid, &domain), 0);
    UNIT_EQUAL("kept", domain.claims[0].pages, 5);
    xennuma_close(handle);

    UNIT_EQUAL("cut", truncate(state, 100), 0);
    UNIT_EQUAL("check", xennuma_model_check(host_file(), why, sizeof(why)),
               -1);
    snprintf(expected, sizeof(expected), "%s: 100 bytes: not the state of a model of this version, remove it",
             state);
    UNIT_TEXT("check", why, expected);

    /* Whoever made it died right after. */
    UNIT_EQUAL("grow", truncate(state, 0), 0);
    UNIT_EQUAL("grow", truncate(state, stat_buf.st_size), 0);
    handle = host_open();
    UNIT_EQUAL("made anew", xennuma_claims_get(handle, 0, &domain), 0);
    UNIT_EQUAL("audit", host_audit(handle, "made anew"), 0);
    xennuma_close(handle);
    host_remove();
}

static const struct unit_test tests[] = {
    { "errors name line and value", errors_name_line_and_value },
    { "a missing file is named", a_missing_file_is_named },
    { "long messages are cut", long_messages_are_cut },
    { "as many nodes as there may be", as_many_nodes_as_there_may_be },
    { "a zero byte does not end a line", a_zero_byte_does_not_end_a_line },
    { "nodes may lack memory or CPUs", nodes_may_lack_memory_or_cpus },
    { "features may be missing", features_may_be_missing },
    { "overhead comes out of unclaimed memory",
      overhead_comes_out_of_unclaimed_memory },
    { "the state is kept and belongs to its description",
      the_state_is_kept_and_belongs_to_its_description },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "description", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-description", suites);
}
