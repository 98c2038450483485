/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A connection to the daemon, for one call.
 */

#ifndef XENPLACE_CLIENT_H
#define XENPLACE_CLIENT_H

struct json_object;
struct message_reply;

/* What the program ends with. */
enum client_status {
    CLIENT_DONE = 0,
    CLIENT_REFUSED = 1,          /* or failed                                */
    CLIENT_USAGE = 2,
    CLIENT_NO_DAEMON = 3,        /* no connection: it was asked nothing      */
    CLIENT_NO_CLAIMS = 4,        /* this Xen lacks them                      */
};

/*
 * Call a method and wait for its reply, for at most so many seconds (0: as
 * long as it takes; not so for the connection).  Takes params.  On success the
 * caller disposes of the reply; otherwise a message was printed.
 */
enum client_status client_call(const char *socket, const char *method,
                               struct json_object *params,
                               unsigned int seconds,
                               struct message_reply *reply);

/* Print a line on standard error, "xenplace: ...". */
void client_say(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif /* XENPLACE_CLIENT_H */
