/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The input as a file, which is in memory only.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

static int file = -1;

void fuzz_wrong(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

void fuzz_same(const char *text, const char *expected)
{
    if ( strcmp(text, expected) )
        fuzz_wrong("got\n%s\nexpected\n%s", text, expected);
}

const char *fuzz_file(const void *bytes, size_t size)
{
    static char path[32];

    if ( file < 0 )
        file = memfd_create("input", 0);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    if ( file < 0 || ftruncate(file, 0) ||
         pwrite(file, bytes, size, 0) != (ssize_t)size )
        fuzz_wrong("%s: cannot be written", path);

    return path;
}

char *fuzz_content(size_t *size)
{
    struct stat found;
    char *content;

    if ( fstat(file, &found) )
        fuzz_wrong("the file cannot be looked at");
    *size = found.st_size;
    content = fuzz_text(NULL, *size);
    if ( pread(file, content, *size, 0) != (ssize_t)*size )
        fuzz_wrong("the file cannot be read");

    return content;
}

char *fuzz_text(const uint8_t *bytes, size_t size)
{
    char *text = calloc(1, size + 1);

    if ( !text )
        fuzz_wrong("out of memory");
    if ( bytes )
        memcpy(text, bytes, size);

    return text;
}

void fuzz_told(const char *why, const char *prefix)
{
    size_t length = prefix ? strlen(prefix) : 0;

    if ( prefix && (strncmp(why, prefix, length) || why[length] != ':') )
        fuzz_wrong("%s: does not say that it is about %s", why, prefix);
    if ( strlen(why) <= length + 2 )
        fuzz_wrong("\"%s\": refused, and not said why", why);
}
