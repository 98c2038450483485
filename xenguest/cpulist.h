/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * CPUs as a list in text, "0-1,4", and as a bitmap.
 */

#ifndef XENGUEST_CPULIST_H
#define XENGUEST_CPULIST_H

#include <stddef.h>
#include <stdint.h>

/*
 * Set the listed CPUs in map, whose bit n is CPU n, and which has room for
 * nr_cpus of them; the others are cleared.  0, or -1 with a message for
 * people, which names the list, in why: not a list, or a CPU that the host
 * does not have.
 */
int cpulist_read(const char *list, uint8_t *map, unsigned int nr_cpus,
                 char *why, size_t why_size);

#endif /* XENGUEST_CPULIST_H */
