/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Starting processes and waiting for them, by pid: a library's own children
 * are left alone.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

static struct child *children;

/* What the daemon handles or ignores: exec keeps what is ignored. */
static void reset_signals(void)
{
    static const int numbers[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE,
                                   SIGCHLD };
    sigset_t none;

    for ( unsigned int i = 0; i < sizeof(numbers) / sizeof(*numbers); i++ )
        signal(numbers[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the new process: system calls only, as memory may be the daemon's. */
static int become_child(pid_t parent, int in, int out)
{
    /* The parent may have died before this took effect. */
    if ( prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent )
        return -1;
    reset_signals();

    return dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
           close_range(STDERR_FILENO + 1, ~0u, 0) ? -1 : 0;
}

static void keep(struct child *child, pid_t pid)
{
    child->pid = pid;
    child->next = children;
    children = child;
}

int child_start(struct child *child, int in, int out,
                int (*run)(void *argument), void *argument)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if ( pid < 0 )
        return -1;
    if ( pid == 0 )
        _exit(become_child(parent, in, out) ? EXIT_FAILURE : run(argument));
    keep(child, pid);

    return 0;
}

int child_spawn(struct child *child, int in, int out, char *const argv[])
{
    pid_t parent = getpid(), pid;
    volatile int error = 0;
    sigset_t all, before;

    /* No handler of the daemon's may run in the child. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid = vfork();
    if ( pid == 0 )
    {
        if ( !become_child(parent, in, out) )
            execv(argv[0], argv);
        error = errno ? errno : ECHILD;
        _exit(EXIT_FAILURE);
    }
    if ( pid < 0 )
        error = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    if ( pid > 0 && error )
        waitpid(pid, NULL, 0);
    errno = error;
    if ( error )
        return -1;
    keep(child, pid);

    return 0;
}

/* The first that ended, taken out of the list. */
static struct child *take_ended(int *status)
{
    for ( struct child **link = &children; *link; link = &(*link)->next )
    {
        struct child *child = *link;

        if ( waitpid(child->pid, status, WNOHANG) == child->pid )
        {
            *link = child->next;
            child->pid = 0;
            return child;
        }
    }

    return NULL;
}

void child_collect(void)
{
    struct child *child;
    int status;

    /* What is told may start or free others: begin anew each time. */
    while ( (child = take_ended(&status)) )
        child->ended(child, status);
}

void child_status_text(int status, char *text, size_t size)
{
    if ( WIFSIGNALED(status) )
        snprintf(text, size, "killed by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(text, size, "exited with status %d", WEXITSTATUS(status));
}
