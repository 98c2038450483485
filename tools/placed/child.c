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

static void reset_signals(void)
{
    sigset_t none;

    for ( int number = 1; number < NSIG; number++ )
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void __attribute__((noreturn))
run_child(pid_t parent, int in, int out, int (*run)(void *argument),
          void *argument)
{
    /* The parent may have died before this took effect. */
    if ( prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent )
        _exit(EXIT_FAILURE);
    reset_signals();
    if ( dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
         close_range(STDERR_FILENO + 1, ~0u, 0) )
        _exit(EXIT_FAILURE);
    _exit(run(argument));
}

int child_start(struct child *child, int in, int out,
                int (*run)(void *argument), void *argument)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if ( pid < 0 )
        return -1;
    if ( pid == 0 )
        run_child(parent, in, out, run, argument);
    child->pid = pid;
    child->next = children;
    children = child;

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
