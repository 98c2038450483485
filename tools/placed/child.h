/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Processes that the daemon starts.  Each dies with the daemon, and tells
 * its end once.
 */

#ifndef PLACED_CHILD_H
#define PLACED_CHILD_H

#include <sys/types.h>

struct child {
    pid_t pid;                   /* 0: none                                  */
    void (*ended)(struct child *child, int status);   /* as waitpid has it   */
    struct child *next;
};

/*
 * Fork.  The child gets the given descriptors as standard input and output,
 * the daemon's standard error, nothing else that is open, default signals,
 * and ends with what run returns.  0, or -1 with errno; the descriptors stay
 * the caller's.
 */
int child_start(struct child *child, int in, int out,
                int (*run)(void *argument), void *argument);

/*
 * The same with a program: no copy of the daemon is made on the way.  -1 with
 * errno also if the program cannot be run.
 */
int child_spawn(struct child *child, int in, int out, char *const argv[]);

/* On SIGCHLD: tell the ends of all that ended. */
void child_collect(void);

/* "exited with status 1", "killed by signal 9". */
void child_status_text(int status, char *text, size_t size);

#endif /* PLACED_CHILD_H */
