/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A file for a test, in the folder that it runs in.
 */

#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>

/*
 * Make one that holds the text, and return its name; ends the program with 1
 * if that cannot be done.  There is one at a time: it takes the place of the
 * one before.
 */
const char *scratch_file(const char *text);

/* The same with any bytes. */
const char *scratch_bytes(const void *bytes, size_t size);

/* What it holds now; the first 64 KiB of it. */
const char *scratch_text(void);

/* Remove it. */
void scratch_remove(void);

#endif /* SCRATCH_H */
