/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The daemon, its builder and its client as processes on a model host, for
 * tests.  Programs are those of the build tree (environment PLACED, PLACE
 * and GUEST).
 */

#ifndef DAEMON_H
#define DAEMON_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A host with this description, a kernel and a place for the rest, which is
 * the working directory from now on.  NULL: four nodes of 1536 MiB.
 */
void daemon_begin(const char *description);
/* Everything gone, the daemon too. */
void daemon_end(void);

/* Write name.cfg: a PVH domain; more settings may be appended. */
void daemon_config(const char *name, unsigned int mib, const char *more);
/* Write a file. */
void daemon_write(const char *name, const char *text);

/*
 * Start the daemon with more options (ended by NULL, may be NULL) and wait
 * until it is ready.  Its log is ./log.  False: it ended instead.
 */
bool daemon_start(const char *const *options);
/* Kill it and wait for its end. */
void daemon_kill(int number);
/* Its log so far. */
const char *daemon_log(void);

/* KiB of memory that it has. */
unsigned int daemon_memory(void);

/* Start another one beside it, with another socket or NULL; its log's file. */
pid_t daemon_second(const char *socket, const char *log);
/* A file's text, valid until the next call. */
const char *daemon_text(const char *file);

/* What a program left behind: valid until the next one. */
struct daemon_run {
    int status;                  /* of exit; -1: killed                      */
    char out[32768];
    char err[16384];
};

/* Run the client, arguments separated by blanks, and wait for it. */
const struct daemon_run *daemon_client(const char *arguments);
/* Start it only; its output is lost. */
pid_t daemon_client_start(const char *arguments);
/* Wait for one that was started, up to a minute: then it is killed. */
int daemon_client_wait(pid_t pid);

/* Connect; the caller closes. */
int daemon_connect(void);
/*
 * Read one line, for at most so many seconds; "" at the end of the stream,
 * NULL when it takes too long.  Valid until the next call.
 */
const char *daemon_line(int fd, unsigned int seconds);
/* Send bytes, say that no more come if so, and read one line. */
const char *daemon_ask(const char *bytes, size_t length, bool last);

/* How many domains there are beside the control domain. */
unsigned int daemon_domains(void);
/* Pages that are claimed, and free, on the whole host. */
uint64_t daemon_claimed(void);
uint64_t daemon_free(void);
/* Wait up to five seconds until there are just so many, nothing claimed. */
bool daemon_settled(unsigned int domains);
/* Wait up to five seconds until a domain has memory and claims. */
bool daemon_building(void);
/* Nothing at all is left, and all adds up: else it says what is. */
bool daemon_nothing_left(void);

#endif /* DAEMON_H */
