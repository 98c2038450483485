/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Hosts as text files; see sim-host.h for the format.
 */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "sim-host.h"

#define MAX_LINE      1024
#define MAX_WORDS     (PLACE_MAX_NODES + 2)
#define MAX_MIB       (UINT64_C(1) << 32)  /* PLACE_MAX_PAGES, 4 PiB */
#define MAX_CPUS      4096u
#define MAX_THREADS   8u
#define MAX_DISTANCE  254u                 /* a SLIT has no higher one */

struct reader {
    const char *path;
    unsigned int line;           /* 0: it is about all of them               */
    unsigned int nr;
    const char *words[MAX_WORDS];
    unsigned int nr_distances[PLACE_MAX_NODES];
    unsigned int threads;
    uint64_t dom0_pages;
    struct sim_host *host;
    char *why;
    size_t size;
};

static int __attribute__((format(printf, 2, 3)))
refuse(const struct reader *reader, const char *format, ...)
{
    int length = reader->line
                 ? snprintf(reader->why, reader->size, "%s:%u: ",
                            reader->path, reader->line)
                 : snprintf(reader->why, reader->size, "%s: ", reader->path);
    va_list args;

    if ( length >= 0 && (size_t)length < reader->size )
    {
        va_start(args, format);
        vsnprintf(reader->why + length, reader->size - length, format, args);
        va_end(args);
    }
    errno = EINVAL;

    return -1;
}

static int read_number(const struct reader *reader, const char *what,
                       const char *text, unsigned long low,
                       unsigned long high, uint32_t *number)
{
    unsigned long value;
    char *end;

    errno = 0;
    value = strtoul(text, &end, 10);
    if ( !isdigit((unsigned char)*text) || *end || errno || value < low ||
         value > high )
        return refuse(reader, "%s: %s: must be a number from %lu to %lu",
                      what, text, low, high);
    *number = value;

    return 0;
}

static int read_memory(const struct reader *reader, const char *what,
                       const char *text, uint64_t *pages)
{
    unsigned long long value;
    uint64_t mib;
    char *end;

    errno = 0;
    value = strtoull(text, &end, 10);
    mib = value;
    if ( !isdigit((unsigned char)*text) || errno || value > MAX_MIB )
        goto wrong;
    if ( !strcasecmp(end, "G") && value <= MAX_MIB / 1024 )
        mib = value * 1024;
    else if ( strcasecmp(end, "M") && (value || *end) )
        goto wrong;
    *pages = mib * 256;

    return 0;

 wrong:
    return refuse(reader, "%s: %s: must be 0 or a size such as 1536M or "
                  "256G, at most %" PRIu64 "G", what, text, MAX_MIB / 1024);
}

static int read_distance(const struct reader *reader, const char *text,
                         uint32_t *distance)
{
    if ( !strcmp(text, "-") )
    {
        *distance = PLACE_NO_DISTANCE;
        return 0;
    }

    return read_number(reader, "distance", text, 1, MAX_DISTANCE, distance);
}

static int read_node(struct reader *reader)
{
    unsigned int node = reader->host->place.nr_nodes;
    uint64_t pages;
    uint32_t cpus;

    if ( node == PLACE_MAX_NODES )
        return refuse(reader, "node: %u: one too many, at most %u", node,
                      PLACE_MAX_NODES);
    if ( reader->nr < 3 )
        return refuse(reader, "node: %s: want memory, CPUs and distances",
                      reader->words[0]);
    if ( read_memory(reader, "memory", reader->words[0], &pages) ||
         read_number(reader, "CPUs", reader->words[1], 0, MAX_CPUS, &cpus) )
        return -1;

    sim_host_node(reader->host, node, pages, cpus);
    reader->nr_distances[node] = reader->nr - 2;
    for ( unsigned int i = 0; i + 2 < reader->nr; i++ )
        if ( read_distance(reader, reader->words[i + 2],
                           &reader->host->place.nodes[node].distances[i]) )
            return -1;

    return 0;
}

static int read_line(struct reader *reader)
{
    const char *what = reader->words[0];
    bool threads = !strcmp(what, "threads");

    if ( !threads && strcmp(what, "dom0") )
        return isdigit((unsigned char)*what) ? read_node(reader)
               : refuse(reader, "line: %s: must start with a node's memory, "
                        "threads or dom0", what);
    if ( reader->nr != 2 )
        return refuse(reader, "%s: %u values: want one", what,
                      reader->nr - 1);

    return threads ? read_number(reader, what, reader->words[1], 1,
                                 MAX_THREADS, &reader->threads)
                   : read_memory(reader, what, reader->words[1],
                                 &reader->dom0_pages);
}

/* In place. */
static int split(struct reader *reader, char *text)
{
    char *save = NULL;

    text[strcspn(text, "#\n")] = '\0';
    reader->nr = 0;
    for ( char *word = strtok_r(text, " \t\r", &save); word;
          word = strtok_r(NULL, " \t\r", &save) )
    {
        if ( reader->nr == MAX_WORDS )
            return refuse(reader, "distance: %s: one too many, at most %u",
                          word, PLACE_MAX_NODES);
        reader->words[reader->nr++] = word;
    }

    return 0;
}

static int read_lines(struct reader *reader, FILE *from)
{
    char text[MAX_LINE], wrong[LINE_WHY];
    int rc;

    while ( (rc = line_read(from, text, sizeof(text), wrong)) != 0 )
    {
        reader->line++;
        if ( rc < 0 )
            return refuse(reader, "line: %.20s...: %s", text, wrong);
        if ( split(reader, text) || (reader->nr && read_line(reader)) )
            return -1;
    }
    if ( ferror(from) )
    {
        snprintf(reader->why, reader->size, "%s: cannot be read: %s",
                 reader->path, strerror(errno));
        return -1;
    }

    return 0;
}

/* What can be said only when all lines are known. */
static int finish(struct reader *reader)
{
    struct place_host *place = &reader->host->place;

    reader->line = 0;
    for ( unsigned int i = 0; i < place->nr_nodes; i++ )
    {
        struct place_node *node = &place->nodes[i];

        if ( reader->nr_distances[i] != place->nr_nodes )
            return refuse(reader, "node %u: %u distances: must be one for "
                          "each of %u nodes", i, reader->nr_distances[i],
                          place->nr_nodes);
        if ( node->distances[i] == PLACE_NO_DISTANCE )
            return refuse(reader, "node %u: -: cannot be out of its own "
                          "reach", i);
        if ( node->cpus % reader->threads )
            return refuse(reader, "node %u: %u CPUs: must be a multiple of "
                          "%u threads", i, node->cpus, reader->threads);
        node->cores = node->cpus / reader->threads;
    }

    if ( !sim_host_cpus(reader->host) )
        return refuse(reader, "nodes: %u: none has a CPU", place->nr_nodes);
    if ( sim_host_dom0(reader->host, reader->dom0_pages) )
        return refuse(reader, "dom0: %" PRIu64 "M: no node has that much",
                      reader->dom0_pages / 256);
    if ( !sim_host_free(reader->host) )
        return refuse(reader, "nodes: %u: none has memory", place->nr_nodes);

    return 0;
}

int sim_host_read(const char *path, struct sim_host *host, char *why,
                  size_t size)
{
    struct reader reader = { .path = path, .threads = 1, .host = host,
                             .why = why, .size = size };
    FILE *from = fopen(path, "re");
    int rc = -1, saved_errno;

    memset(host, 0, sizeof(*host));
    if ( !from )
    {
        saved_errno = errno;
        snprintf(why, size, "%s: cannot be opened: %s", path,
                 strerror(saved_errno));
        errno = saved_errno;
        return -1;
    }

    if ( !read_lines(&reader, from) )
        rc = finish(&reader);

    saved_errno = errno;
    fclose(from);
    errno = saved_errno;

    return rc;
}

static void write_memory(FILE *to, uint64_t pages, int width)
{
    char text[32];

    if ( pages % (256 * 1024) )
        snprintf(text, sizeof(text), "%" PRIu64 "M", pages / 256);
    else
        snprintf(text, sizeof(text), "%" PRIu64 "G", pages / (256 * 1024));
    fprintf(to, "%-*s", width, text);
}

void sim_host_write(FILE *to, const struct sim_host *host)
{
    const struct place_host *place = &host->place;
    uint64_t dom0 = 0;
    unsigned int threads = 1;

    fprintf(to, "# memory CPUs distances\n");
    for ( unsigned int i = 0; i < place->nr_nodes; i++ )
    {
        const struct place_node *node = &place->nodes[i];

        dom0 += node->present_pages - node->free_pages;
        if ( node->cores )
            threads = node->cpus / node->cores;
        write_memory(to, node->present_pages, 8);
        fprintf(to, " %-4u", node->cpus);
        for ( unsigned int j = 0; j < place->nr_nodes; j++ )
            if ( node->distances[j] == PLACE_NO_DISTANCE )
                fprintf(to, "  -");
            else
                fprintf(to, " %2u", node->distances[j]);
        fputc('\n', to);
    }
    fprintf(to, "threads %u\ndom0 ", threads);
    write_memory(to, dom0, 0);
    fputc('\n', to);
}
