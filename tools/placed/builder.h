/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A builder: the process that builds one domain, from its record to its one
 * result.
 */

#ifndef PLACED_BUILDER_H
#define PLACED_BUILDER_H

#include <stdbool.h>

struct builder;
struct event_base;
struct record;

struct builder_settings {
    const char *path;            /* of the program                           */
    const char *where;           /* as given to the daemon; may be NULL      */
    unsigned int deadline;       /* seconds without progress                 */
};

/* why is NULL when it was built, and valid during the call only. */
typedef void builder_ended(void *owner, const char *why);

/*
 * Start it.  The end is told exactly once, later; then the builder is gone.
 * NULL with errno.
 */
struct builder *builder_start(struct event_base *base,
                              const struct builder_settings *settings,
                              const struct record *record,
                              builder_ended *ended, void *owner);

/* Kill it, for this reason; its end is still told. */
void builder_kill(struct builder *builder, const char *why);

/* In a child: become the builder, to build or to undo.  Returns on failure. */
int builder_exec(const struct builder_settings *settings, bool undo);

/* A record as a file to be read from its start, or -1 with errno. */
int builder_record_file(const struct record *record);

#endif /* PLACED_BUILDER_H */
