/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Reporting: see answer.h.  SIGPIPE is ignored by main.
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "wire/report.h"

static int write_line(const char *text)
{
    size_t length = strlen(text);
    char *line = malloc(length + 1);
    int rc = -1;

    if ( !line )
        return -1;
    memcpy(line, text, length);
    line[length] = '\n';
    /* Lines are below PIPE_BUF: a pipe takes all or nothing. */
    for ( size_t done = 0; ; )
    {
        ssize_t n = write(STDOUT_FILENO, line + done, length + 1 - done);

        if ( n < 0 && errno != EINTR )
            break;
        done += n > 0 ? n : 0;
        if ( done == length + 1 )
        {
            rc = 0;
            break;
        }
    }
    free(line);

    return rc;
}

static int write_report(const struct report *report)
{
    char *text = report_write(report);
    int rc = text ? write_line(text) : -1;

    free(text);

    return rc;
}

int answer_progress(const char *stage, uint64_t done, uint64_t of)
{
    struct report report = { .kind = REPORT_PROGRESS, .done = done,
                             .of = of };

    snprintf(report.stage, sizeof(report.stage), "%s", stage);

    return write_report(&report);
}

int answer_result(const char *why)
{
    struct report report = { .kind = why ? REPORT_FAILED : REPORT_OK };

    if ( why )
        snprintf(report.why, sizeof(report.why), "%s", why);

    return write_report(&report);
}

bool answer_unread(void)
{
    struct pollfd poll_stdout = { .fd = STDOUT_FILENO };

    return poll(&poll_stdout, 1, 0) == 1 &&
           (poll_stdout.revents & (POLLERR | POLLHUP | POLLNVAL));
}
