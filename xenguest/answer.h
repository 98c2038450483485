/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The builder's reports on standard output, each written at once as a line.
 */

#ifndef XENGUEST_ANSWER_H
#define XENGUEST_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

/* 0, or -1 with errno: nobody reads, and a build then must not go on. */
int answer_progress(const char *stage, uint64_t done, uint64_t of);

/* why is NULL for success. */
int answer_result(const char *why);

/* Whether standard output is a pipe or socket that nobody reads any more. */
bool answer_unread(void);

#endif /* XENGUEST_ANSWER_H */
