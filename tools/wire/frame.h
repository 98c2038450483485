/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Frames: a stream of bytes cut into lines, one message a line.  The buffer
 * has a hard maximum, and each byte is looked at once, however it comes.
 */

#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include <stdbool.h>
#include <stddef.h>

/* The largest batch that the daemon takes fits several times. */
#define FRAME_MAX_BYTES (1u << 20)

struct frame_reader {
    char *bytes;
    size_t max;                  /* of a frame, without its newline          */
    size_t room;                 /* allocated                                */
    size_t used;
    size_t start;                /* of the next frame                        */
    size_t seen;                 /* no newline from start up to here         */
};

void frame_init(struct frame_reader *reader, size_t max);
void frame_dispose(struct frame_reader *reader);

/*
 * Add bytes that came in.  Returns 0, or -1 with errno ENOMEM, or EMSGSIZE if
 * more than two frames of maximum size would wait.
 */
int frame_feed(struct frame_reader *reader, const char *bytes, size_t length);

/*
 * The next whole frame, without its newline.  It may hold any bytes, is
 * followed by a zero byte, and stays until the next call for this reader.
 * Returns 1, or 0 if there is none yet, or -1 with errno EMSGSIZE if it is,
 * or grows, longer than the maximum: the stream then is lost.
 */
int frame_next(struct frame_reader *reader, const char **frame,
               size_t *length);

/* Whether there are bytes that do not make up a frame yet. */
bool frame_is_partial(const struct frame_reader *reader);

#endif /* WIRE_FRAME_H */
