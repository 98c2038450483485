/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The description of a model host: text to struct model_file.  See model.h
 * for the format.  Every message names file, line and value.
 */

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model-private.h"

/* A line with 64 distances fits; a word is at most as long as a line. */
#define MAX_LINE   1024
#define MAX_WORDS  (XENNUMA_MAX_NODES + 2)

/* 1 PiB a node: sums of 64 of them are far from any limit. */
#define MAX_MIB    (1u << 30)

struct line {
    const char *path;
    unsigned int number;
    unsigned int nr;
    const char *words[MAX_WORDS];
    char *why;
    size_t size;
};

void model_say(char *why, size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, size, format, args);
    va_end(args);
}

/* The name says it: an error of this line. */
static int refuse(const struct line *line, const char *what,
                  const char *value, const char *text)
{
    model_say(line->why, line->size, "%s:%u: %s: %s: %s", line->path,
              line->number, what, value, text);
    errno = EINVAL;

    return -1;
}

static int read_number(const struct line *line, unsigned int word,
                       const char *what, unsigned long low,
                       unsigned long high, uint32_t *number)
{
    const char *text = line->words[word];
    unsigned long value;
    char expected[64];
    char *end;

    errno = 0;
    value = strtoul(text, &end, 10);
    if ( !isdigit((unsigned char)*text) || *end || errno || value < low ||
         value > high )
    {
        snprintf(expected, sizeof(expected), "not a number from %lu to %lu",
                 low, high);
        return refuse(line, what, text, expected);
    }
    *number = value;

    return 0;
}

static int read_memory(const struct line *line, uint64_t *pages)
{
    const char *text = line->words[0];
    unsigned long value;
    unsigned int unit;
    char *end;

    errno = 0;
    value = strtoul(text, &end, 10);
    unit = toupper((unsigned char)*end);
    if ( !strcmp(text, "0") )
        *pages = 0;
    else if ( isdigit((unsigned char)*text) && !errno && value &&
              (unit == 'M' || unit == 'G') && !end[1] &&
              value <= (unit == 'G' ? MAX_MIB / 1024 : MAX_MIB) )
        *pages = (uint64_t)value << (unit == 'G' ? 18 : 8);
    else
        return refuse(line, "memory", text,
                      "not 0 or a size such as 1536M or 2G, at most 1048576G");

    return 0;
}

/* All but the first word are distances, whose number is checked later. */
static int read_node(const struct line *line, struct model_file *file,
                     unsigned int *nr_distances)
{
    unsigned int node = file->nr_nodes, i;

    if ( node == XENNUMA_MAX_NODES )
        return refuse(line, "node", "64", "one node too many, at most 64");

    if ( line->nr < 3 )
        return refuse(line, "node", line->words[0],
                      "want memory, CPUs and distances");

    if ( read_memory(line, &file->nodes[node].pages) ||
         read_number(line, 1, "CPUs", 0, MODEL_MAX_CPUS,
                     &file->nodes[node].cpus) )
        return -1;

    *nr_distances = line->nr - 2;
    for ( i = 0; i < *nr_distances; i++ )
    {
        if ( read_number(line, i + 2, "distance", 10, 254,
                         &file->nodes[node].distances[i]) )
            return -1;
        if ( (file->nodes[node].distances[i] == 10) != (i == node) )
            return refuse(line, "distance", line->words[i + 2],
                          "10 is for a node to itself, and only that");
    }

    file->nr_nodes++;

    return 0;
}

static int read_features(const struct line *line, struct model_file *file)
{
    unsigned int i;

    file->features = 0;
    for ( i = 1; i < line->nr; i++ )
        if ( !strcmp(line->words[i], "claims") )
            file->features |= XEN_NODE_CLAIM_F_CLAIMS;
        else if ( !strcmp(line->words[i], "create") )
            file->features |= XEN_NODE_CLAIM_F_CREATE;
        else if ( !strcmp(line->words[i], "superpages") )
            file->features |= XEN_NODE_CLAIM_F_SUPERPAGES;
        else if ( !strcmp(line->words[i], "overhead") )
            file->features |= XEN_NODE_CLAIM_F_OVERHEAD;
        else if ( strcmp(line->words[i], "none") || line->nr > 2 )
            return refuse(line, "features", line->words[i],
                          "not one of claims, create, superpages and "
                          "overhead, or none alone");

    if ( line->nr == 1 )
        return refuse(line, "features", "nothing",
                      "want claims, create, superpages, overhead or none");

    return 0;
}

static int read_line(const struct line *line, struct model_file *file,
                     unsigned int *nr_distances)
{
    if ( !strcmp(line->words[0], "features") )
        return read_features(line, file);

    if ( !strcmp(line->words[0], "threads") )
        return line->nr == 2
               ? read_number(line, 1, "threads", 1, 8, &file->threads)
               : refuse(line, "threads", line->words[0], "want one number");

    if ( !strcmp(line->words[0], "overhead") )
    {
        if ( line->nr != 3 )
            return refuse(line, "overhead", line->words[0],
                          "want pages a domain and pages a vCPU");
        return read_number(line, 1, "overhead", 0, 1 << 20,
                           &file->domain_overhead) ||
               read_number(line, 2, "overhead", 0, 1 << 20,
                           &file->vcpu_overhead) ? -1 : 0;
    }

    return read_node(line, file, nr_distances);
}

/* Split in place.  A word too many is an error of a node's line. */
static int split_line(struct line *line, char *text)
{
    char *save = NULL, *word;

    text[strcspn(text, "#\n")] = '\0';
    line->nr = 0;
    for ( word = strtok_r(text, " \t\r", &save); word;
          word = strtok_r(NULL, " \t\r", &save) )
    {
        if ( line->nr == MAX_WORDS )
            return refuse(line, "distance", word, "one too many, at most 64");
        line->words[line->nr++] = word;
    }

    return 0;
}

/* What can be said only when all lines are known. */
static int check(const char *path, const struct model_file *file,
                 const unsigned int *nr_distances, char *why, size_t size)
{
    uint64_t pages = 0, cpus = 0;
    unsigned int node;

    for ( node = 0; node < file->nr_nodes; node++ )
    {
        pages += file->nodes[node].pages;
        cpus += file->nodes[node].cpus;
        if ( nr_distances[node] != file->nr_nodes )
        {
            model_say(why, size, "%s: node %u: %u distances for %u nodes",
                      path, node, nr_distances[node], file->nr_nodes);
            goto bad;
        }
    }

    if ( !pages )
        model_say(why, size, "%s: no node has memory", path);
    else if ( !cpus || cpus > MODEL_MAX_CPUS )
        model_say(why, size, "%s: %llu CPUs in all: want 1 to %u", path,
                  (unsigned long long)cpus, MODEL_MAX_CPUS);
    else
        return 0;

 bad:
    errno = EINVAL;
    return -1;
}

int model_file_read(const char *path, struct model_file *file, char *why,
                    size_t size)
{
    struct line line = { .path = path, .why = why, .size = size };
    unsigned int nr_distances[XENNUMA_MAX_NODES] = { 0 };
    FILE *from = fopen(path, "re");
    char text[MAX_LINE];
    int rc = -1, saved_errno;

    memset(file, 0, sizeof(*file));
    file->threads = 1;
    file->features = XEN_NODE_CLAIM_F_CLAIMS | XEN_NODE_CLAIM_F_CREATE |
                     XEN_NODE_CLAIM_F_SUPERPAGES | XEN_NODE_CLAIM_F_OVERHEAD;

    if ( !from )
    {
        saved_errno = errno;
        model_say(why, size, "%s: cannot be opened: %s", path,
                  strerror(saved_errno));
        errno = saved_errno;
        return -1;
    }

    /* Filled, so that the last zero byte is that of fgets. */
    while ( memset(text, '\n', sizeof(text)),
            fgets(text, sizeof(text), from) )
    {
        unsigned int node = file->nr_nodes;

        line.number++;
        if ( memrchr(text, '\0', sizeof(text)) != text + strlen(text) )
        {
            refuse(&line, "line", "a zero byte in it", "this is no text");
            goto out;
        }
        if ( !strchr(text, '\n') && !feof(from) )
        {
            refuse(&line, "line", "too long", "at most 1022 characters");
            goto out;
        }
        if ( split_line(&line, text) ||
             (line.nr && read_line(&line, file,
                                   &nr_distances[node % XENNUMA_MAX_NODES])) )
            goto out;
    }

    if ( ferror(from) )
    {
        saved_errno = errno;
        model_say(why, size, "%s: cannot be read: %s", path,
                  strerror(saved_errno));
        errno = saved_errno;
        goto out;
    }

    rc = check(path, file, nr_distances, why, size);

 out:
    saved_errno = errno;
    fclose(from);
    errno = saved_errno;

    return rc;
}
