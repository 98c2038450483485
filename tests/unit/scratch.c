/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A file for a test: see scratch.h.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"

static char name[64];
static char held[65536];

static FILE *open_or_end(const char *mode)
{
    FILE *file = fopen(name, mode);

    if ( file )
        return file;
    perror(name);
    exit(1);
}

const char *scratch_bytes(const void *bytes, size_t size)
{
    FILE *file;

    snprintf(name, sizeof(name), "scratch.%ld", (long)getpid());
    file = open_or_end("w");
    fwrite(bytes, 1, size, file);
    if ( fclose(file) )
    {
        perror(name);
        exit(1);
    }

    return name;
}

const char *scratch_file(const char *text)
{
    return scratch_bytes(text, strlen(text));
}

const char *scratch_text(void)
{
    FILE *file = open_or_end("r");

    held[fread(held, 1, sizeof(held) - 1, file)] = '\0';
    fclose(file);

    return held;
}

void scratch_remove(void)
{
    unlink(name);
}
