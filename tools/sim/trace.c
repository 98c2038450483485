/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Traces, read and written.
 */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "trace.h"

#define HEADER         "arrival,lifetime,memory,vcpus"
#define NR_FIELDS      4u
#define MAX_LINE       256
#define US             1000000u
#define MAX_SECONDS    UINT64_C(1000000000000)  /* sums fit 64 bits in us */
#define PAGES_PER_MIB  256u
#define MAX_VCPUS      4096u
/* 32 bytes each: what a machine of today can hold. */
#define MAX_ARRIVALS   (1u << 26)

struct reader {
    const char *path;
    unsigned int line;
    char *why;
    size_t size;
};

static int __attribute__((format(printf, 2, 3)))
refuse(const struct reader *reader, const char *format, ...)
{
    int length = snprintf(reader->why, reader->size, "%s:%u: ",
                          reader->path, reader->line);
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
                       const char *text, uint64_t low, uint64_t high,
                       uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(text, &end, 10);
    if ( !isdigit((unsigned char)*text) || *end || errno || *number < low ||
         *number > high )
        return refuse(reader, "%s: %s: must be a number from %" PRIu64
                      " to %" PRIu64, what, *text ? text : "nothing", low,
                      high);

    return 0;
}

/* Digit by digit: a binary fraction would not give back what was written. */
static int read_seconds(const struct reader *reader, const char *what,
                        const char *text, uint64_t *us)
{
    uint64_t seconds, part = 0, unit = US;
    char *end;

    errno = 0;
    seconds = strtoull(text, &end, 10);
    if ( !isdigit((unsigned char)*text) || errno || seconds > MAX_SECONDS )
        goto wrong;
    if ( *end == '.' )
        while ( isdigit((unsigned char)*++end) && unit > 1 )
        {
            unit /= 10;
            part += unit * (*end - '0');
        }
    if ( *end )
        goto wrong;
    *us = seconds * US + part;

    return 0;

 wrong:
    return refuse(reader, "%s: %s: must be seconds from 0 to %" PRIu64
                  " with at most 6 decimals", what, *text ? text : "nothing",
                  MAX_SECONDS);
}

static char *trim(char *text)
{
    size_t length;

    while ( isspace((unsigned char)*text) )
        text++;
    length = strlen(text);
    while ( length && isspace((unsigned char)text[length - 1]) )
        text[--length] = '\0';

    return text;
}

static int read_arrival(const struct reader *reader, char *text,
                        struct load_arrival *arrival)
{
    char *fields[NR_FIELDS], *rest = text;
    uint64_t mib, vcpus;

    for ( unsigned int i = 0; i < NR_FIELDS; i++ )
    {
        char *field = strsep(&rest, ",");

        if ( !field || (rest != NULL) != (i + 1 < NR_FIELDS) )
            return refuse(reader, "line: %s %u values: must be " HEADER,
                          field && rest ? "more than" : "only",
                          field && rest ? NR_FIELDS : i + !!field);
        fields[i] = trim(field);
    }

    if ( read_seconds(reader, "arrival", fields[0], &arrival->at_us) ||
         read_seconds(reader, "lifetime", fields[1],
                      &arrival->lifetime_us) ||
         read_number(reader, "memory", fields[2], 1,
                     PLACE_MAX_PAGES / PAGES_PER_MIB, &mib) ||
         read_number(reader, "vcpus", fields[3], 1, MAX_VCPUS, &vcpus) )
        return -1;
    arrival->pages = mib * PAGES_PER_MIB;
    arrival->vcpus = vcpus;

    return 0;
}

static int append(const struct reader *reader, struct load *load,
                  size_t *room, const struct load_arrival *arrival)
{
    if ( load->nr && load->arrivals[load->nr - 1].at_us > arrival->at_us )
        return refuse(reader, "arrival: %" PRIu64 ".%06" PRIu64 ": must not "
                      "be before the line above", arrival->at_us / US,
                      arrival->at_us % US);
    if ( load->nr == MAX_ARRIVALS )
        return refuse(reader, "line: %zu domains: one too many", load->nr);
    if ( load->nr == *room )
    {
        size_t wanted = *room ? 2 * *room : 1024;
        void *larger = realloc(load->arrivals,
                               wanted * sizeof(*load->arrivals));

        if ( !larger )
        {
            snprintf(reader->why, reader->size, "%s: out of memory",
                     reader->path);
            return -1;
        }
        load->arrivals = larger;
        *room = wanted;
    }
    load->arrivals[load->nr++] = *arrival;

    return 0;
}

static int read_lines(struct reader *reader, FILE *from, struct load *load)
{
    struct load_arrival arrival;
    char text[MAX_LINE], wrong[LINE_WHY];
    size_t room = 0;
    int rc;

    while ( (rc = line_read(from, text, sizeof(text), wrong)) != 0 )
    {
        char *line = text;

        reader->line++;
        if ( rc < 0 )
            return refuse(reader, "line: %.20s...: %s", text, wrong);
        line = trim(text);
        if ( reader->line == 1 )
        {
            if ( strcmp(line, HEADER) )
                return refuse(reader, "header: %s: must be " HEADER,
                              *line ? line : "nothing");
            continue;
        }
        if ( *line && (read_arrival(reader, line, &arrival) ||
                       append(reader, load, &room, &arrival)) )
            return -1;
    }
    if ( ferror(from) )
    {
        snprintf(reader->why, reader->size, "%s: cannot be read: %s",
                 reader->path, strerror(errno));
        return -1;
    }
    if ( !load->nr )
    {
        reader->line++;
        return refuse(reader, "line: nothing: want at least one domain");
    }

    return 0;
}

int trace_read(const char *path, struct load *load, char *why, size_t size)
{
    struct reader reader = { .path = path, .why = why, .size = size };
    FILE *from = fopen(path, "re");
    int rc, saved_errno;

    *load = (struct load){ 0 };
    if ( !from )
    {
        saved_errno = errno;
        snprintf(why, size, "%s: cannot be opened: %s", path,
                 strerror(saved_errno));
        errno = saved_errno;
        return -1;
    }

    rc = read_lines(&reader, from, load);
    saved_errno = errno;
    if ( rc )
        load_dispose(load);
    fclose(from);
    errno = saved_errno;

    return rc;
}

void trace_write(FILE *to, const struct load *load)
{
    fprintf(to, HEADER "\n");
    for ( size_t i = 0; i < load->nr; i++ )
    {
        const struct load_arrival *arrival = &load->arrivals[i];

        fprintf(to, "%" PRIu64 ".%06" PRIu64 ",%" PRIu64 ".%06" PRIu64
                ",%" PRIu64 ",%" PRIu32 "\n",
                arrival->at_us / US, arrival->at_us % US,
                arrival->lifetime_us / US, arrival->lifetime_us % US,
                arrival->pages / PAGES_PER_MIB, arrival->vcpus);
    }
}
