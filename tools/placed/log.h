/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The daemon's log: standard error, or a file that it appends to.
 */

#ifndef PLACED_LOG_H
#define PLACED_LOG_H

/*
 * Send standard error, and with it the log and what builders say there, to a
 * file.  0, or -1 with errno.
 */
int log_open(const char *file);

/* One line; control characters in it are shown as "?". */
void log_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* PLACED_LOG_H */
