/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Frames: the first byte says how long one may be, the second how the rest
 * comes in pieces and when frames are taken.  They are those between the
 * newlines, up to the first one that is too long.
 */

#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "wire/frame.h"

struct run {
    struct frame_reader reader;
    const uint8_t *next;         /* of the input: where the next frame is    */
    const uint8_t *fed;
    const uint8_t *end;
    size_t max;
    uint32_t chance;
};

static unsigned int below(struct run *run, unsigned int bound)
{
    run->chance = run->chance * 1664525 + 1013904223;

    return (run->chance >> 16) % bound;
}

/* Takes all frames that are there; -1 if the stream is lost. */
static int take(struct run *run)
{
    const char *frame;
    size_t length;
    int rc;

    while ( (rc = frame_next(&run->reader, &frame, &length)) > 0 )
    {
        const uint8_t *newline = memchr(run->next, '\n',
                                        run->fed - run->next);

        FUZZ_HOLDS(newline && run->next + length == newline);
        FUZZ_HOLDS(length <= run->max);
        FUZZ_HOLDS(!memcmp(frame, run->next, length) && !frame[length]);
        run->next = newline + 1;
    }
    if ( rc == 0 )
    {
        FUZZ_HOLDS((size_t)(run->fed - run->next) <= run->max);
        FUZZ_HOLDS(!memchr(run->next, '\n', run->fed - run->next));
        FUZZ_HOLDS(frame_is_partial(&run->reader) == (run->next < run->fed));
        return 0;
    }
    FUZZ_HOLDS(errno == EMSGSIZE);
    FUZZ_HOLDS((size_t)(run->fed - run->next) > run->max);
    FUZZ_HOLDS(!memchr(run->next, '\n', run->max + 1));

    return -1;
}

/* -1: there is no room until frames are taken. */
static int feed(struct run *run)
{
    size_t length = 1 + below(run, 2 * run->max);
    size_t waiting = run->fed - run->next;

    if ( length > (size_t)(run->end - run->fed) )
        length = run->end - run->fed;
    if ( frame_feed(&run->reader, (const char *)run->fed, length) )
    {
        FUZZ_HOLDS(errno == EMSGSIZE && waiting + length > 2 * run->max);
        return -1;
    }
    FUZZ_HOLDS(waiting + length <= 2 * run->max);
    run->fed += length;

    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct run run;

    if ( size < 2 )
        return 0;
    run = (struct run){
        .next = bytes + 2, .fed = bytes + 2, .end = bytes + size,
        .max = 1 + bytes[0] % 64, .chance = bytes[1],
    };
    frame_init(&run.reader, run.max);
    while ( run.fed < run.end )
        if ( (feed(&run) || below(&run, 3) == 0) && take(&run) )
            break;
    if ( run.fed == run.end )
        take(&run);
    frame_dispose(&run.reader);

    return 0;
}
