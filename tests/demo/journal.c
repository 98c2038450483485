/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Sections of the demo's journal: see journal.h.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "journal.h"

static int bad(char why[WHY_SIZE], const char *what, struct text line)
{
    snprintf(why, WHY_SIZE, "journal: %.*s: %s",
             line.size < 80 ? (int)line.size : 80, line.at, what);
    errno = EBADMSG;

    return -1;
}

int journal_next(struct text *journal, struct section *section,
                 char why[WHY_SIZE])
{
    struct text line, word;

    if ( !text_take_line(journal, &line) )
        return 0;

    section->title = line;
    if ( !text_take(&section->title, "demo: ") )
        return bad(why, "outside of a section", line);

    section->body = (struct text){ journal->at, 0 };
    while ( text_take_line(journal, &line) )
    {
        word = line;
        if ( text_take(&word, "demo: end") && !word.size )
            return 1;
        if ( text_take(&word, "demo: ") )
            break;
        section->body.size = journal->at - section->body.at;
    }

    return bad(why, "section without an end", section->title);
}

char *journal_load(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    char *text;
    int error;

    if ( !file )
        return NULL;

    text = malloc(JOURNAL_MAX + 1);
    errno = 0;
    *size = text ? fread(text, 1, JOURNAL_MAX + 1, file) : 0;
    error = ferror(file) || !text ? errno : *size > JOURNAL_MAX ? EFBIG : 0;
    fclose(file);
    if ( !error )
        return text;

    free(text);
    errno = error;

    return NULL;
}
