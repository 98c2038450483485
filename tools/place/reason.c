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

uint64_t place_mib(uint64_t pages)
{
    return pages / PAGES_PER_MIB + (pages % PAGES_PER_MIB ? 1 : 0);
}

static uint32_t cpus_of(const struct place_host *host, unsigned int node)
{
    const struct place_node *from = &host->nodes[node];

    return from->cpus > from->cores ? from->cpus : from->cores;
}

static void append_node(struct line *line, const struct place_reason *reason,
                        const struct place_host *host, unsigned int node)
{
    const uint32_t cpus = cpus_of(host, node);

    append(line, "%snode %u: ", node ? ", " : "", node);
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
               place_mib(reason->missing_pages[node]));
        if ( cpus < reason->need_cpus )
            append(line, " and only %u CPUs", cpus);
        break;

    case PLACE_NO_CORES:
        append(line, "only %u CPUs", cpus);
        break;

    case PLACE_NO_CHUNKS_LEFT:
        append(line, "too few superpages");
        break;
    }
}

static void append_reason(struct line *line,
                          const struct place_reason *reason,
                          const struct place_host *host)
{
    for ( unsigned int i = 0; i < host->nr_nodes && i < PLACE_MAX_NODES; i++ )
        append_node(line, reason, host, i);
    if ( reason->host_missing_pages )
        append(line, ", all together: %" PRIu64 " MiB short",
               place_mib(reason->host_missing_pages));
}

void place_reason_text(const struct place_reason *reason,
                       const struct place_host *host, char *text,
                       size_t size)
{
    struct line line = { .text = text, .size = size };

    if ( size == 0 )
        return;
    text[0] = '\0';
    append_reason(&line, reason, host);
}

static void append_memory(struct line *line,
                          const struct place_request *request)
{
    append(line, "memory: %" PRIu64 " MiB and %" PRIu64 " MiB overhead",
           place_mib(request->guest_pages),
           place_mib(request->overhead_pages));
}

static void append_claimed(struct line *line,
                           const struct place_request *request,
                           const struct place_reason *reason)
{
    append_memory(line, request);
    append(line, ": %" PRIu64 " MiB of them are claimed by others, on "
           "whatever node: ask for less, or have them released: ",
           place_mib(reason->claimed_missing_pages));
}

static void append_strict(struct line *line,
                          const struct place_request *request,
                          const struct place_reason *reason,
                          const struct place_host *host)
{
    bool has_memory = false, has_cpus = false, has_pages = false;

    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        has_memory |= reason->verdict[i] == PLACE_NO_CORES;
        has_pages |= reason->verdict[i] == PLACE_NO_CHUNKS_LEFT;
        has_cpus |= reason->verdict[i] == PLACE_NO_MEMORY &&
                    cpus_of(host, i) >= reason->need_cpus;
    }

    if ( has_memory && !has_cpus )
    {
        append(line, "vcpus: %u: no single node has so many CPUs, ask for "
               "fewer or use the policy preferred: ", request->vcpus);
        return;
    }

    append_memory(line, request);
    if ( has_memory )
        append(line, ", vcpus: %u: no single node has both", request->vcpus);
    else if ( has_pages )
        append(line, ": no single node has so many superpages");
    else
        append(line, ": no single node has them");
    append(line, ", ask for less or use the policy preferred: ");
}

/* Why several nodes do not hold it either. */
static const char *several_lack(const struct place_request *request,
                                const struct place_reason *reason)
{
    if ( reason->host_missing_pages )
        return "the nodes do not have them";
    if ( request->chunks == PLACE_CHUNKS_REQUIRED )
        return "the nodes do not have so many superpages";
    if ( request->max_nodes )
        return "so few nodes do not have them";

    return "no node has the overhead, which is not split";
}

static void append_several(struct line *line,
                           const struct place_request *request,
                           const struct place_reason *reason)
{
    append_memory(line, request);
    append(line, ": %s, ask for less or destroy other domains: ",
           several_lack(request, reason));
}

void place_refusal_text(const struct place_request *request,
                        const struct place_reason *reason,
                        const struct place_host *host, char *text,
                        size_t size)
{
    struct line line = { .text = text, .size = size };

    if ( size == 0 )
        return;
    text[0] = '\0';
    if ( reason->claimed_missing_pages && !reason->host_missing_pages )
        append_claimed(&line, request, reason);
    else if ( request->policy == PLACE_STRICT && request->max_nodes <= 1 )
        append_strict(&line, request, reason, host);
    else
        append_several(&line, request, reason);
    append_reason(&line, reason, host);
}
