/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Text in memory, taken line by line and word by word: see line.h.
 */

#include <string.h>

#include "line.h"

struct text text_of(const char *string)
{
    return (struct text){ string, strlen(string) };
}

static void skip(struct text *text, size_t size)
{
    text->at += size;
    text->size -= size;
}

bool text_take_line(struct text *text, struct text *line)
{
    const char *end;

    if ( !text->size )
        return false;

    end = memchr(text->at, '\n', text->size);
    *line = *text;
    if ( end )
        line->size = end - text->at;
    skip(text, line->size + !!end);
    if ( line->size && line->at[line->size - 1] == '\r' )
        line->size--;

    return true;
}

bool text_take(struct text *text, const char *literal)
{
    size_t size = strlen(literal);

    if ( text->size < size || memcmp(text->at, literal, size) )
        return false;

    skip(text, size);

    return true;
}

bool text_take_past(struct text *text, const char *literal)
{
    struct text rest = *text;

    for ( ; rest.size; skip(&rest, 1) )
        if ( text_take(&rest, literal) )
        {
            *text = rest;
            return true;
        }

    return false;
}

bool text_take_number(struct text *text, uint64_t *number)
{
    size_t digits = 0;
    uint64_t sum = 0;

    for ( ; digits < text->size; digits++ )
    {
        unsigned int digit = (unsigned char)text->at[digits] - '0';

        if ( digit > 9 )
            break;
        if ( sum > (UINT64_MAX - digit) / 10 )
            return false;
        sum = sum * 10 + digit;
    }

    if ( !digits )
        return false;

    skip(text, digits);
    *number = sum;

    return true;
}

bool text_take_word(struct text *text, char *word, size_t size)
{
    struct text rest = *text;
    size_t length = 0;

    while ( text_take(&rest, " ") )
        ;
    while ( length < rest.size && rest.at[length] != ' ' )
        length++;

    if ( !length || length >= size || memchr(rest.at, '\0', length) )
        return false;

    memcpy(word, rest.at, length);
    word[length] = '\0';
    skip(&rest, length);
    while ( text_take(&rest, " ") )
        ;
    *text = rest;

    return true;
}
