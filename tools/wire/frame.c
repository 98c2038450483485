/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Lines out of a stream of bytes.
 *
 * Knows neither sockets nor JSON.  What was handed out is dropped when the
 * next bytes come in, so a peer that sends many frames ahead is held back by
 * whoever stops feeding.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

#define FIRST_ROOM 4096u

void frame_init(struct frame_reader *reader, size_t max)
{
    *reader = (struct frame_reader){ .max = max };
}

void frame_dispose(struct frame_reader *reader)
{
    free(reader->bytes);
    *reader = (struct frame_reader){ .max = reader->max };
}

static void drop_read(struct frame_reader *reader)
{
    if ( reader->start == 0 )
        return;
    memmove(reader->bytes, reader->bytes + reader->start,
            reader->used - reader->start);
    reader->used -= reader->start;
    reader->seen -= reader->start;
    reader->start = 0;
}

static int grow(struct frame_reader *reader, size_t length)
{
    size_t room = reader->room ? reader->room : FIRST_ROOM;
    char *bytes;

    while ( room - reader->used < length )
        room *= 2;
    if ( room == reader->room )
        return 0;
    bytes = realloc(reader->bytes, room);
    if ( !bytes )
        return -1;
    reader->bytes = bytes;
    reader->room = room;

    return 0;
}

int frame_feed(struct frame_reader *reader, const char *bytes, size_t length)
{
    if ( length == 0 )
        return 0;

    drop_read(reader);
    if ( length > 2 * reader->max - reader->used )
    {
        errno = EMSGSIZE;
        return -1;
    }
    if ( grow(reader, length) )
        return -1;
    memcpy(reader->bytes + reader->used, bytes, length);
    reader->used += length;

    return 0;
}

int frame_next(struct frame_reader *reader, const char **frame,
               size_t *length)
{
    char *newline = NULL;
    size_t end;

    if ( reader->seen < reader->used )
        newline = memchr(reader->bytes + reader->seen, '\n',
                         reader->used - reader->seen);
    end = newline ? (size_t)(newline - reader->bytes) : reader->used;
    reader->seen = end;
    if ( end - reader->start > reader->max )
    {
        errno = EMSGSIZE;
        return -1;
    }
    if ( !newline )
        return 0;

    *newline = '\0';
    *frame = reader->bytes + reader->start;
    *length = end - reader->start;
    reader->start = reader->seen = end + 1;

    return 1;
}

bool frame_is_partial(const struct frame_reader *reader)
{
    return reader->used > reader->start;
}
