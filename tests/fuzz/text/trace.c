/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Traces: what was read is in order and within bounds, and written it reads
 * back as the same.
 */

#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "sim/trace.h"

static void check(const struct load *load)
{
    uint64_t before = 0;

    FUZZ_HOLDS(load->nr);
    for ( size_t i = 0; i < load->nr; i++ )
    {
        const struct load_arrival *arrival = &load->arrivals[i];

        FUZZ_HOLDS(arrival->at_us >= before);
        FUZZ_HOLDS(arrival->at_us < UINT64_C(1) << 62);
        FUZZ_HOLDS(arrival->lifetime_us < UINT64_C(1) << 62);
        FUZZ_HOLDS(arrival->pages && arrival->pages <= PLACE_MAX_PAGES);
        FUZZ_HOLDS(arrival->vcpus);
        before = arrival->at_us;
    }
}

static void check_same(const struct load *load, const struct load *again)
{
    FUZZ_HOLDS(again->nr == load->nr);
    for ( size_t i = 0; i < load->nr; i++ )
    {
        const struct load_arrival *a = &load->arrivals[i];
        const struct load_arrival *b = &again->arrivals[i];

        FUZZ_HOLDS(a->at_us == b->at_us);
        FUZZ_HOLDS(a->lifetime_us == b->lifetime_us);
        FUZZ_HOLDS(a->pages == b->pages && a->vcpus == b->vcpus);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = fuzz_file(bytes, size);
    char why[FUZZ_WHY] = "";
    struct load load, again;
    FILE *to;

    errno = 0;
    if ( trace_read(path, &load, why, sizeof(why)) )
    {
        FUZZ_HOLDS(errno == EINVAL && !load.nr && !load.arrivals);
        fuzz_told(why, path);
        return 0;
    }
    FUZZ_HOLDS(!memchr(bytes, 0, size));
    check(&load);

    to = fopen(path, "we");
    FUZZ_HOLDS(to);
    trace_write(to, &load);
    FUZZ_HOLDS(!fclose(to));
    if ( trace_read(path, &again, why, sizeof(why)) )
        fuzz_wrong("%s: what was written is refused", why);
    check_same(&load, &again);
    load_dispose(&load);
    load_dispose(&again);

    return 0;
}
