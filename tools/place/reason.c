/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Why a request was not, or not better, placed: in words.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "place.h"

#define PAGES_PER_MIB 256u

struct line {
    char *text;
    size_t size;
    size_t used;
};

static void __attribute__((format(printf, 2, 3)))
append(struct line *line, const char *format, ...)
{
    va_list args;
    int length;

    if ( line->used >= line->size )
        return;
    va_start(args, format);
    length = vsnprintf(line->text + line->used, line->size - line->used,
                       format, args);
    va_end(args);
    if ( length > 0 )
        line->used += length;
}

static uint64_t to_mib(uint64_t pages)
{
    return pages / PAGES_PER_MIB + (pages % PAGES_PER_MIB ? 1 : 0);
}

static void append_node(struct line *line, const struct place_reason *reason,
                        const struct place_host *host, unsigned int node)
{
    append(line, "%snode %u: ", line->used ? ", " : "", node);
    switch ( reason->verdict[node] )
    {
    case PLACE_CHOSEN:
        append(line, "chosen");
        break;

    case PLACE_WORSE:
        append(line, "would do");
        break;

    case PLACE_OFFLINE:
        append(line, "offline");
        break;

    case PLACE_NOT_ALLOWED:
        append(line, "not asked for");
        break;

    case PLACE_NO_MEMORY:
        append(line, "%" PRIu64 " MiB short",
               to_mib(reason->missing_pages[node]));
        break;

    case PLACE_NO_CORES:
        append(line, "only %u CPUs", host->nodes[node].cpus >
               host->nodes[node].cores ? host->nodes[node].cpus :
               host->nodes[node].cores);
        break;
    }
}

void place_reason_text(const struct place_reason *reason,
                       const struct place_host *host, char *text,
                       size_t size)
{
    struct line line = { .text = text, .size = size };

    if ( size == 0 )
        return;
    text[0] = '\0';
    for ( unsigned int i = 0; i < host->nr_nodes && i < PLACE_MAX_NODES; i++ )
        append_node(&line, reason, host, i);
    if ( reason->host_missing_pages )
        append(&line, "%sall together: %" PRIu64 " MiB short",
               line.used ? ", " : "", to_mib(reason->host_missing_pages));
}
