/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Lists of CPUs: the first byte says how many CPUs there are, the rest is the
 * list.  What was read reads the same when it is written again, and has no
 * CPU beyond the last one.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "xenguest/cpulist.h"

#define BYTES(nr) (((nr) + 7) / 8)

static bool has(const uint8_t *map, unsigned int nr, unsigned int cpu)
{
    return cpu < nr && map[cpu / 8] >> cpu % 8 & 1;
}

/* Ranges where there are some; room for every CPU by itself. */
static char *write_list(const uint8_t *map, unsigned int nr)
{
    char *list = fuzz_text(NULL, 4 * nr);
    size_t length = 0;

    for ( unsigned int cpu = 0; cpu < nr; cpu++ )
    {
        unsigned int first = cpu;

        if ( !has(map, nr, cpu) )
            continue;
        while ( has(map, nr, cpu + 1) )
            cpu++;
        length += sprintf(list + length, "%s%u", length ? "," : "", first);
        if ( first < cpu )
            length += sprintf(list + length, "-%u", cpu);
    }

    return list;
}

static void check(const uint8_t *map, unsigned int nr)
{
    uint8_t *again = malloc(BYTES(nr));
    char *list = write_list(map, nr);
    char why[FUZZ_WHY] = "";

    FUZZ_HOLDS(*list);
    for ( unsigned int cpu = nr; cpu < 8 * BYTES(nr); cpu++ )
        FUZZ_HOLDS(!(map[cpu / 8] >> cpu % 8 & 1));
    if ( cpulist_read(list, again, nr, why, sizeof(why)) )
        fuzz_wrong("%s: what was written is refused", why);
    FUZZ_HOLDS(!memcmp(map, again, BYTES(nr)));
    free(again);
    free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    unsigned int nr = size ? 1 + bytes[0] : 1;
    char *list = fuzz_text(bytes + !!size, size - !!size);
    uint8_t *map = malloc(BYTES(nr));
    char why[FUZZ_WHY] = "";

    if ( cpulist_read(list, map, nr, why, sizeof(why)) )
        fuzz_told(why, "cpus");
    else
        check(map, nr);
    free(map);
    free(list);

    return 0;
}
