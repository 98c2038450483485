/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A logger that remembers: see reason.h.
 */

#include <stdio.h>
#include <string.h>

#include "reason.h"

/*
 * libxenguest begins its errors with "panic: FILE:LINE: " and the function,
 * which tell nothing to the operator.
 */
static const char *skip_place(const char *text)
{
    const char *end;

    if ( strncmp(text, "panic: ", 7) )
        return text;
    text += 7;
    for ( unsigned int i = 0; i < 2; i++ )
    {
        end = strstr(text, ": ");
        if ( end && !memchr(text, ' ', end - text) )
            text = end + 2;
    }

    return text;
}

static void keep(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", skip_place(text));
    to[strcspn(to, "\n")] = '\0';
}

static void __attribute__((format(printf, 5, 0)))
take_message(struct xentoollog_logger *logger, xentoollog_level level,
             int errnum, const char *context, const char *format,
             va_list args)
{
    struct reason *reason = (struct reason *)logger;
    char text[256];

    vsnprintf(text, sizeof(text), format, args);
    if ( level < XTL_ERROR )
        keep(reason->remark, sizeof(reason->remark), text);
    else if ( !*reason->error )
        keep(reason->error, sizeof(reason->error), text);
    (void)errnum;
    (void)context;
}

static void take_progress(struct xentoollog_logger *logger,
                          const char *context, const char *doing_what,
                          int percent, unsigned long done,
                          unsigned long total)
{
    (void)logger;
    (void)context;
    (void)doing_what;
    (void)percent;
    (void)done;
    (void)total;
}

static void destroy(struct xentoollog_logger *logger)
{
    (void)logger;
}

void reason_init(struct reason *reason)
{
    memset(reason, 0, sizeof(*reason));
    reason->logger = (struct xentoollog_logger){
        .vmessage = take_message,
        .progress = take_progress,
        .destroy = destroy,
    };
}

void reason_clear(struct reason *reason)
{
    reason->error[0] = '\0';
    reason->remark[0] = '\0';
}

const char *reason_text(const struct reason *reason, int errnum)
{
    if ( *reason->error )
        return reason->error;

    return *reason->remark ? reason->remark : strerror(errnum);
}
