/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Files of recorded answers: see golden.h.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"

static void broken(const char *what, const char *text)
{
    fprintf(stderr, "recorded answers: %s: %s\n", what, text);
    exit(1);
}

bool golden_line(FILE *file, char line[GOLDEN_LINE])
{
    do {
        if ( !fgets(line, GOLDEN_LINE, file) )
            return false;
        if ( !strchr(line, '\n') )
            broken("line too long", line);
    } while ( line[0] == '#' );

    return true;
}

static void skip_space(const char **text)
{
    while ( isspace((unsigned char)**text) )
        ++*text;
}

bool golden_word(const char **text, const char *word)
{
    size_t length = strlen(word);

    skip_space(text);
    if ( strncmp(*text, word, length) )
        return false;
    *text += length;

    return true;
}

unsigned int golden_numbers(const char **text, uint64_t *values,
                            unsigned int max)
{
    unsigned int nr = 0;

    for ( skip_space(text); isdigit((unsigned char)**text); skip_space(text) )
    {
        char *end;

        if ( nr == max )
            broken("too many numbers", *text);
        values[nr++] = strtoull(*text, &end, 10);
        *text = end;
    }
    golden_word(text, "|");

    return nr;
}
