/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One write a line, so that lines of daemon and builders do not mix.
 */

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "wire/text.h"

static bool to_file;

int log_open(const char *file)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if ( fd < 0 )
        return -1;
    if ( dup2(fd, STDERR_FILENO) < 0 )
    {
        close(fd);
        return -1;
    }
    close(fd);
    to_file = true;

    return 0;
}

static size_t stamp(char *line, size_t size)
{
    time_t now = time(NULL);
    struct tm tm;

    /* The journal has its own. */
    if ( !to_file || !localtime_r(&now, &tm) )
        return 0;

    return strftime(line, size, "%Y-%m-%dT%H:%M:%S%z ", &tm);
}

void log_say(const char *format, ...)
{
    char line[2048];
    size_t used = stamp(line, sizeof(line));
    va_list args;
    int n;

    used += snprintf(line + used, sizeof(line) - used, "xenplaced: ");
    va_start(args, format);
    n = vsnprintf(line + used, sizeof(line) - used - 1, format, args);
    va_end(args);
    if ( n < 0 )
        return;
    text_line(line + used);
    used = strlen(line);
    line[used++] = '\n';
    n = write(STDERR_FILENO, line, used);
    (void)n;
}
