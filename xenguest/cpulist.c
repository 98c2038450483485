/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Reading a list of CPUs: see cpulist.h.
 */

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpulist.h"

/* A number at *text, which moves behind it; false without one. */
static bool read_cpu(const char **text, unsigned long *cpu)
{
    char *end;

    if ( !isdigit((unsigned char)**text) )
        return false;
    *cpu = strtoul(*text, &end, 10);
    *text = end;

    return true;
}

int cpulist_read(const char *list, uint8_t *map, unsigned int nr_cpus,
                 char *why, size_t why_size)
{
    const char *text = list;
    unsigned long first, last;

    memset(map, 0, (nr_cpus + 7) / 8);
    do {
        if ( !read_cpu(&text, &first) )
            goto malformed;
        last = first;
        if ( *text == '-' )
        {
            text++;
            if ( !read_cpu(&text, &last) || last < first )
                goto malformed;
        }
        if ( last >= nr_cpus )
        {
            snprintf(why, why_size,
                     "cpus: %.80s: CPU %lu: the highest of this host is %u",
                     list, last, nr_cpus - 1);
            return -1;
        }
        for ( unsigned long cpu = first; cpu <= last; cpu++ )
            map[cpu / 8] |= 1u << (cpu % 8);
    } while ( *text == ',' && *++text );

    if ( !*text && text[-1] != ',' )
        return 0;

 malformed:
    snprintf(why, why_size, "cpus: %.80s: not a list such as 0-3,6", list);

    return -1;
}
