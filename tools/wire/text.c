/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * UTF-8 as RFC 3629 has it: neither longer than need be, nor surrogates, nor
 * above U+10FFFF.
 */

#include <stdbool.h>

#include "text.h"

/* Bytes of a character that begins with this one; 0: none does. */
static unsigned int whole(unsigned char first)
{
    if ( first < 0x80 )
        return 1;
    if ( first < 0xc2 || first > 0xf4 )
        return 0;

    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool continues(const unsigned char *c, unsigned int i)
{
    if ( (c[i] & 0xc0) != 0x80 )
        return false;
    if ( i > 1 )
        return true;

    switch ( c[0] )
    {
    case 0xe0:
        return c[1] >= 0xa0;

    case 0xed:
        return c[1] < 0xa0;

    case 0xf0:
        return c[1] >= 0x90;

    case 0xf4:
        return c[1] < 0x90;

    default:
        return true;
    }
}

size_t text_good(const char *text, size_t length)
{
    const unsigned char *c = (const unsigned char *)text;
    size_t good = 0;

    while ( good < length )
    {
        unsigned int wanted = whole(c[good]), n = 1;

        while ( n < wanted && n < length - good && continues(c + good, n) )
            n++;
        if ( n != wanted )
            break;
        good += n;
    }

    return good;
}

void text_repair(char *text)
{
    unsigned char *c = (unsigned char *)text;

    while ( *c )
    {
        unsigned int length = whole(*c), n = 1;

        while ( n < length && continues(c, n) )
            n++;
        if ( n == length )
            c += n;
        else if ( length && !c[n] )
            *c = '\0';
        else
            *c++ = '?';
    }
}

void text_line(char *text)
{
    text_repair(text);
    for ( char *c = text; *c; c++ )
        if ( (unsigned char)*c < ' ' || *c == 0x7f )
            *c = '?';
}
