/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Hosts of the simulator: what the built-in ones are, and files that are read
 * or refused.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"
#include "sim/sim-host.h"
#include "unit.h"

#define GIB (UINT64_C(1) << 18)  /* in pages */

static struct sim_host host;
static char why[512];

static void all_have_what_the_comparison_fixes(void)
{
    static const struct {
        const char *name;
        unsigned int nr_nodes;
        uint64_t free_gib;
        uint64_t cpus;
    } rows[] = {
        { "2", 2, 504, 64 }, { "4", 4, 1016, 128 }, { "8", 8, 2040, 256 },
        { "8-ring", 8, 2040, 256 }, { "16", 16, 4088, 512 },
        { "64", 64, 16376, 2048 }, { "uneven", 4, 952, 128 },
        { "no-cpus", 5, 1272, 128 }, { "unreachable", 4, 1016, 128 },
    };
    unsigned int nr = 0;

    for ( const struct sim_host_kind *kind = sim_host_kinds; kind->name;
          kind++, nr++ )
    {
        UNIT_TEXT("in order", kind->name, rows[nr].name);
        UNIT_EQUAL(kind->name, sim_host_find(kind->name, &host), 0);
        UNIT_EQUAL(kind->name, place_host_check(&host.place), 0);
        UNIT_EQUAL(kind->name, host.place.nr_nodes, rows[nr].nr_nodes);
        UNIT_EQUAL(kind->name, sim_host_free(&host),
                   rows[nr].free_gib * GIB);
        UNIT_EQUAL(kind->name, sim_host_cpus(&host), rows[nr].cpus);
        UNIT_EQUAL(kind->name, host.place.nodes[0].present_pages -
                   host.place.nodes[0].free_pages, 8 * GIB);
        UNIT_EQUAL(kind->name, host.place.nodes[1].cores, 32);
    }
    UNIT_EQUAL("hosts", nr, sizeof(rows) / sizeof(rows[0]));
    UNIT_EQUAL("none", sim_host_find("3", &host), -1);
    UNIT_EQUAL("none", errno, ENOENT);
}

static void distances(void)
{
    static const struct {
        const char *name;
        unsigned int a, b;
        uint32_t distance;
    } rows[] = {
        { "2", 0, 0, 10 }, { "2", 0, 1, 32 }, { "4", 0, 1, 12 },
        { "4", 1, 2, 32 }, { "8", 4, 7, 12 }, { "8", 3, 4, 32 },
        { "8-ring", 0, 7, 16 }, { "8-ring", 7, 3, 34 },
        { "8-ring", 2, 4, 22 }, { "16", 0, 3, 12 }, { "16", 3, 4, 21 },
        { "16", 7, 8, 32 }, { "64", 0, 15, 21 }, { "64", 15, 16, 32 },
        { "no-cpus", 1, 4, 28 },
        { "unreachable", 1, 3, PLACE_NO_DISTANCE },
        { "unreachable", 3, 3, 10 },
    };

    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        sim_host_find(rows[i].name, &host);
        UNIT_EQUAL(rows[i].name,
                   host.place.nodes[rows[i].a].distances[rows[i].b],
                   rows[i].distance);
        UNIT_EQUAL(rows[i].name,
                   host.place.nodes[rows[i].b].distances[rows[i].a],
                   rows[i].distance);
    }
}

static void written_ones_read_back(void)
{
    static struct sim_host again;

    for ( const struct sim_host_kind *kind = sim_host_kinds; kind->name;
          kind++ )
    {
        const char *path = scratch_file("");
        FILE *to = fopen(path, "w");

        CU_ASSERT_PTR_NOT_NULL_FATAL(to);
        kind->make(&host);
        sim_host_write(to, &host);
        fclose(to);
        UNIT_EQUAL(kind->name,
                   sim_host_read(path, &again, why, sizeof(why)), 0);
        UNIT_EQUAL(kind->name, memcmp(&host, &again, sizeof(host)), 0);
    }
    scratch_remove();
}

static void a_file(void)
{
    static const char text[] =
        "# comment\n\n  1536M 16  10 21  # the smaller one\n"
        "2G 0 21 10\nthreads 2\ndom0 1G\n";

    UNIT_EQUAL("read", sim_host_read(scratch_file(text), &host, why,
                                     sizeof(why)), 0);
    scratch_remove();
    UNIT_EQUAL("nodes", host.place.nr_nodes, 2);
    UNIT_EQUAL("memory", host.place.nodes[0].present_pages, 1536 * 256);
    UNIT_EQUAL("dom0", host.place.nodes[0].free_pages, 512 * 256);
    UNIT_EQUAL("dom0 is on one", host.place.nodes[1].free_pages, 2 * GIB);
    UNIT_EQUAL("threads", host.place.nodes[0].cores, 8);
    UNIT_EQUAL("threads", host.place.nodes[0].cpus, 16);
    UNIT_EQUAL("no CPU", host.place.nodes[1].cpus, 0);
}

static const struct {
    const char *fact;
    const char *text;
    const char *why;             /* without the name of the file             */
} wrong[] = {
    { "no nodes", "# nothing\n", ": nodes: 0: none has a CPU" },
    { "a word of no use", "memory 4\n",
      ":1: line: memory: must start with a node's memory, threads or dom0" },
    { "memory without unit", "16 4 10\n",
      ":1: memory: 16: must be 0 or a size such as 1536M or 256G, at most "
      "4194304G" },
    { "memory with another unit", "16T 4 10\n", ":1: memory: 16T: must be" },
    { "too much memory", "4194305G 4 10\n", ":1: memory: 4194305G: must" },
    { "too many MiB", "4294967297M 4 10\n", ":1: memory: 4294967297M: " },
    { "no distances", "1G 4\n", ":1: node: 1G: want memory, CPUs and" },
    { "CPUs that are no number", "1G x 10\n",
      ":1: CPUs: x: must be a number from 0 to 4096" },
    { "a distance of 0", "1G 4 0\n",
      ":1: distance: 0: must be a number from 1 to 254" },
    { "a distance of 255", "1G 4 255\n", ":1: distance: 255: must be" },
    { "out of its own reach", "1G 4 -\n",
      ": node 0: -: cannot be out of its own reach" },
    { "a distance too few", "1G 4 10 20\n1G 4 10\n",
      ": node 1: 1 distances: must be one for each of 2 nodes" },
    { "no CPU at all", "1G 0 10\n", ": nodes: 1: none has a CPU" },
    { "no memory at all", "0 4 10\n", ": nodes: 1: none has memory" },
    { "nothing left by dom0", "1G 4 10\ndom0 1G\n",
      ": nodes: 1: none has memory" },
    { "more for dom0 than a node has", "1G 4 10 20\n1G 4 20 10\ndom0 2G\n",
      ": dom0: 2048M: no node has that much" },
    { "no value", "threads\n", ":1: threads: 0 values: want one" },
    { "no thread", "threads 0\n",
      ":1: threads: 0: must be a number from 1 to 8" },
    { "half a core", "1G 3 10\nthreads 2\n",
      ": node 0: 3 CPUs: must be a multiple of 2 threads" },
};

static const char *wrong_fact(unsigned int row)
{
    return row < sizeof(wrong) / sizeof(wrong[0]) ? wrong[row].fact : NULL;
}

static void wrong_file(unsigned int row)
{
    const char *path = scratch_file(wrong[row].text);

    why[0] = '\0';
    UNIT_EQUAL(wrong[row].fact,
               sim_host_read(path, &host, why, sizeof(why)), -1);
    UNIT_EQUAL(wrong[row].fact, errno, EINVAL);
    UNIT_EQUAL(wrong[row].fact, strncmp(why, path, strlen(path)), 0);
    UNIT_HOLDS(wrong[row].fact, why, wrong[row].why);
    scratch_remove();
}

static void no_file(void)
{
    UNIT_EQUAL("none", sim_host_read("no-such-file", &host, why,
                                     sizeof(why)), -1);
    UNIT_EQUAL("none", errno, ENOENT);
    UNIT_TEXT("none", why,
              "no-such-file: cannot be opened: No such file or directory");
}

static void too_many_nodes(void)
{
    static char text[65 * 16];

    for ( unsigned int i = 0; i < 65; i++ )
        strcat(text, "1G 1 10\n");
    UNIT_EQUAL("65", sim_host_read(scratch_file(text), &host, why,
                                   sizeof(why)), -1);
    UNIT_HOLDS("65", why, ":65: node: 64: one too many, at most 64");
    scratch_remove();
}

static void no_text(void)
{
    static const char *const rows[] = {
        "1G 1 10\n@threads 2\n", "1G 1 10\nthreads 1@", "1G 1 10\n@",
    };

    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        char *text = strdup(rows[i]);
        size_t size = strlen(text);

        *strchr(text, '@') = '\0';
        why[0] = '\0';
        UNIT_EQUAL(rows[i], sim_host_read(scratch_bytes(text, size), &host,
                                          why, sizeof(why)), -1);
        UNIT_EQUAL(rows[i], errno, EINVAL);
        UNIT_HOLDS(rows[i], why, ":2: line: ");
        UNIT_HOLDS(rows[i], why, "...: a zero byte in it: this is no text");
        scratch_remove();
        free(text);
    }
}

static void a_line_at_its_maximum(void)
{
    char text[1100];

    for ( unsigned int more = 0; more < 2; more++ )
    {
        memset(text, ' ', sizeof(text));
        strcpy(text + 1022 - strlen("1G 1 10") + more, "1G 1 10\n");
        why[0] = '\0';
        UNIT_EQUAL("line", sim_host_read(scratch_file(text), &host, why,
                                         sizeof(why)), more ? -1 : 0);
        UNIT_HOLDS("line", why, more ? "too long, at most 1022 characters"
                                     : "");
        scratch_remove();
    }
}

static const struct unit_test hosts[] = {
    { "built-in hosts have what the comparison fixes",
      all_have_what_the_comparison_fixes },
    { "built-in hosts have their distances", distances },
    { "a host that was written reads back as the same",
      written_ones_read_back },
    { "a file says memory, CPUs, distances, threads and dom0", a_file },
    { "a file that is not there is told of", no_file },
    { "65 nodes are one too many", too_many_nodes },
    { "a zero byte does not end a line", no_text },
    { "a line is as long as it may be", a_line_at_its_maximum },
    { NULL, NULL }
};

static const struct unit_test nothing[] = {
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "hosts", NULL, NULL, hosts, NULL, NULL },
        { "files that are wrong", NULL, NULL, nothing, wrong_fact,
          wrong_file },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };

    return unit_main("sim-host", suites);
}
