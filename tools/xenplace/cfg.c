/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Text to settings.  Knows no key; looks at each byte once.
 */

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cfg.h"

struct parser {
    const char *file;
    const char *next;
    const char *end;
    unsigned int line;
    struct cfg_setting setting;
    char *why;
    size_t why_size;
};

static int __attribute__((format(printf, 2, 3)))
wrong(struct parser *parser, const char *format, ...)
{
    size_t used = snprintf(parser->why, parser->why_size, "%s:%u: ",
                           parser->file, parser->line);
    va_list args;

    if ( used < parser->why_size )
    {
        va_start(args, format);
        vsnprintf(parser->why + used, parser->why_size - used, format, args);
        va_end(args);
    }

    return -1;
}

/* The next byte, or 0 at the end (there are no zero bytes in the text). */
static char peek(const struct parser *parser)
{
    return parser->next < parser->end ? *parser->next : '\0';
}

static void skip_blanks(struct parser *parser)
{
    while ( peek(parser) == ' ' || peek(parser) == '\t' ||
            peek(parser) == '\r' )
        parser->next++;
    if ( peek(parser) == '#' )
        while ( parser->next < parser->end && *parser->next != '\n' )
            parser->next++;
}

static bool is_key(char c, bool first)
{
    return c == '_' || (first ? isalpha((unsigned char)c)
                              : isalnum((unsigned char)c));
}

static int unexpected(struct parser *parser, const char *expected)
{
    char c = peek(parser);

    if ( c == '\0' || c == '\n' )
        return wrong(parser, "%s expected, not the end of the line",
                     expected);

    return wrong(parser, "%s expected, not \"%c\"", expected,
                 isprint((unsigned char)c) ? c : '?');
}

static int read_key(struct parser *parser)
{
    char *key = parser->setting.key;
    size_t length = 0;

    if ( !is_key(peek(parser), true) )
        return unexpected(parser, "a key");
    while ( is_key(peek(parser), false) )
    {
        if ( length == CFG_MAX_KEY - 1 )
            return wrong(parser, "%.20s...: a key has at most %u letters",
                         key, CFG_MAX_KEY - 1);
        key[length++] = *parser->next++;
        key[length] = '\0';
    }

    return 0;
}

static int put(struct parser *parser, size_t *length, char c)
{
    if ( *length == CFG_MAX_VALUE - 1 )
        return wrong(parser, "%s: longer than %u bytes", parser->setting.key,
                     CFG_MAX_VALUE - 1);
    parser->setting.value[(*length)++] = c;
    parser->setting.value[*length] = '\0';

    return 0;
}

static int read_escape(struct parser *parser, char *c)
{
    static const char names[] = "nrt\\'\"";
    static const char meanings[] = "\n\r\t\\'\"";
    const char *name;

    parser->next++;
    name = peek(parser) ? strchr(names, peek(parser)) : NULL;
    if ( !name )
        return wrong(parser, "%s: unknown escape after \"\\\"",
                     parser->setting.key);
    *c = meanings[name - names];

    return 0;
}

static int read_text(struct parser *parser)
{
    char quote = *parser->next++;
    size_t length = 0;

    parser->setting.value[0] = '\0';
    for ( ; peek(parser) != quote; parser->next++ )
    {
        char c = peek(parser);

        if ( c == '\0' || c == '\n' )
            return wrong(parser, "%s: the closing quote is missing",
                         parser->setting.key);
        if ( (c == '\\' && read_escape(parser, &c)) ||
             put(parser, &length, c) )
            return -1;
    }
    parser->next++;

    return 0;
}

static int read_number(struct parser *parser)
{
    size_t length = 0;

    while ( isalnum((unsigned char)peek(parser)) )
        if ( put(parser, &length, *parser->next++) )
            return -1;

    return 0;
}

static int read_value(struct parser *parser)
{
    char c = peek(parser);

    if ( c == '"' || c == '\'' )
        return read_text(parser);
    if ( isdigit((unsigned char)c) )
        return read_number(parser);
    if ( c == '[' )
        return wrong(parser, "%s: a list: lists are not supported",
                     parser->setting.key);

    return unexpected(parser, "a number or text in quotes");
}

static int read_setting(struct parser *parser)
{
    parser->setting.line = parser->line;
    if ( read_key(parser) )
        return -1;
    skip_blanks(parser);
    if ( peek(parser) == '+' )
        return wrong(parser, "%s: +=: not supported: use one =",
                     parser->setting.key);
    if ( peek(parser) != '=' )
        return unexpected(parser, "=");
    parser->next++;
    skip_blanks(parser);

    return read_value(parser);
}

/* A setting ends with its line, a semicolon, or the file. */
static int read_end(struct parser *parser)
{
    skip_blanks(parser);
    if ( parser->next == parser->end )
        return 0;
    if ( *parser->next == '\n' )
        parser->line++;
    else if ( *parser->next != ';' )
        return unexpected(parser, "the end of the line");
    parser->next++;

    return 0;
}

int cfg_parse(const char *file, const char *text, size_t length,
              int (*set)(void *argument, const struct cfg_setting *setting),
              void *argument, char *why, size_t why_size)
{
    struct parser parser = {
        .file = file,
        .next = text,
        .end = text + length,
        .line = 1,
        .why = why,
        .why_size = why_size,
    };

    if ( memchr(text, '\0', length) )
        return wrong(&parser, "a zero byte: this is no configuration file");

    while ( parser.next < parser.end )
    {
        char c;

        skip_blanks(&parser);
        c = peek(&parser);
        if ( c != '\n' && c != ';' && c != '\0' &&
             (read_setting(&parser) || set(argument, &parser.setting)) )
            return -1;
        if ( read_end(&parser) )
            return -1;
    }

    return 0;
}
