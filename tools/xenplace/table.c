/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A table is one list of cells; the column follows from the number.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "table.h"

struct table {
    unsigned int nr_columns;
    bool right[TABLE_MAX_COLUMNS];
    int widths[TABLE_MAX_COLUMNS];
    size_t nr;
    char **cells;
    bool failed;
};

void table_cell(struct table *table, const char *format, ...)
{
    unsigned int column;
    char **cells, *cell;
    va_list args;
    int width;

    if ( !table || table->failed )
        return;
    column = table->nr % table->nr_columns;
    va_start(args, format);
    width = vasprintf(&cell, format, args);
    va_end(args);
    cells = realloc(table->cells, (table->nr + 1) * sizeof(*cells));
    if ( cells )
        table->cells = cells;
    if ( width < 0 || !cells )
    {
        if ( width >= 0 )
            free(cell);
        table->failed = true;
        return;
    }

    cells[table->nr++] = cell;
    if ( width > table->widths[column] )
        table->widths[column] = width;
}

struct table *table_new(const char *const *headers, unsigned int nr)
{
    struct table *table = calloc(1, sizeof(*table));

    if ( !table )
        return NULL;
    table->nr_columns = nr;
    for ( unsigned int i = 0; i < nr; i++ )
    {
        table->right[i] = headers[i][0] == '>';
        table_cell(table, "%s", headers[i] + table->right[i]);
    }

    return table;
}

static void print_cell(const struct table *table, size_t i)
{
    unsigned int column = i % table->nr_columns;
    bool last = column + 1 == table->nr_columns;

    if ( table->right[column] )
        printf("%*s", table->widths[column], table->cells[i]);
    else if ( last )
        printf("%s", table->cells[i]);
    else
        printf("%-*s", table->widths[column], table->cells[i]);
    printf("%s", last ? "\n" : "  ");
}

void table_print(struct table *table)
{
    if ( !table || table->failed )
        client_say("out of memory");
    for ( size_t i = 0; table && i < table->nr; i++ )
    {
        if ( !table->failed )
            print_cell(table, i);
        free(table->cells[i]);
    }
    if ( table )
        free(table->cells);
    free(table);
}
