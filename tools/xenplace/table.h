/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Tables for people: a header row, then columns as wide as they need to be.
 */

#ifndef XENPLACE_TABLE_H
#define XENPLACE_TABLE_H

#include <stddef.h>

#define TABLE_MAX_COLUMNS 8u

struct table;

/*
 * A table with these headers; one that begins with ">" is for a column whose
 * cells go to the right.  NULL with ENOMEM.
 */
struct table *table_new(const char *const *headers, unsigned int nr);

/* Append a cell, row by row. */
void table_cell(struct table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Print it and free it; a NULL table is an error message. */
void table_print(struct table *table);

#endif /* XENPLACE_TABLE_H */
