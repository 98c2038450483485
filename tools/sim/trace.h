/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Loads as CSV: a header line "arrival,lifetime,memory,vcpus", then a domain
 * a line, by arrival.  Times are in seconds with at most 6 decimals, memory
 * in MiB.
 */

#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <stddef.h>
#include <stdio.h>

#include "load.h"

/*
 * Read a trace.  Domains that the host cannot hold stay in it: they are
 * rejected.  0, or -1 with the errno of reading it, ENOMEM or EINVAL, and a
 * message, "FILE:LINE: what: value: why", in why.
 */
int trace_read(const char *path, struct load *load, char *why, size_t size);

/* Write one, which reads back as the same. */
void trace_write(FILE *to, const struct load *load);

#endif /* SIM_TRACE_H */
