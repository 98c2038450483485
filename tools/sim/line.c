/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Reading lines.
 *
 * To fgets a zero byte is like any other, to all that look at the line it is
 * the end: what follows would be left out without a word.
 */

#include <string.h>

#include "line.h"

int line_read(FILE *from, char *text, size_t size, char *why)
{
    /* The last zero byte then is that of fgets. */
    memset(text, '\n', size);
    if ( !fgets(text, size, from) )
        return 0;
    if ( memrchr(text, '\0', size) != text + strlen(text) )
        snprintf(why, LINE_WHY, "a zero byte in it: this is no text");
    else if ( !strchr(text, '\n') && !feof(from) )
        snprintf(why, LINE_WHY, "too long, at most %zu characters",
                 size - 2);
    else
        return 1;

    return -1;
}
