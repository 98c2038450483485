/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Lines of the simulator's files, all of which are text.
 */

#ifndef SIM_LINE_H
#define SIM_LINE_H

#include <stddef.h>
#include <stdio.h>

#define LINE_WHY 64u             /* of what is wrong with a line             */

/*
 * Read the next line, with its newline unless it is the last one and has
 * none.  1; or 0: there is none, or it cannot be read (ferror); or -1: text
 * holds how it begins, and why, which has room for LINE_WHY, what is wrong.
 */
int line_read(FILE *from, char *text, size_t size, char *why);

#endif /* SIM_LINE_H */
