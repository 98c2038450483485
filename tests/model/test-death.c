/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Processes that die at any moment leave a sound host.
 *
 * A child does operations in a loop until it is killed: after a random time
 * from outside, or, traced, after a random number of instructions of its
 * own.  Afterwards everything is added up, and must fit; then the child's
 * domains are destroyed and all memory must be free.
 *
 * Seed and number of deaths may be given as arguments.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "unit.h"

#define NODE_PAGES 4096u

static unsigned int seed = 1, deaths = 300;

static unsigned int below(unsigned int limit)
{
    return rand_r(&seed) % limit;
}

/* One random operation on one of the child's domains. */
static void operate(xennuma_handle *handle, struct xennuma_created *domain)
{
    struct xennuma_claim claims[2] = {
        { .pages = 1 + below(300) }, { .pages = 1 + below(300), .target = 1 },
    };

    if ( !domain->unique_id )
    {
        if ( host_create(handle, below(400), below(400), below(100), 2000,
                         domain, NULL) )
            domain->unique_id = 0;
        return;
    }

    switch ( below(6) )
    {
    case 0:
        xennuma_domain_destroy(handle, domain->domid, domain->unique_id);
        domain->unique_id = 0;
        break;

    case 1:
        xennuma_model_populate(handle, domain->domid, XENNUMA_HOST,
                               below(300), false);
        break;

    case 2:
        xennuma_model_free(handle, domain->domid, below(2), below(200));
        break;

    case 3:
        xennuma_model_unpause(handle, domain->domid);
        break;

    default:
        xennuma_claims_set(handle, domain->domid, domain->unique_id, claims,
                           below(3), NULL);
        break;
    }
}

static void child_run(bool traced, int at_work)
{
    struct xennuma_created domains[16] = { { 0 } };
    xennuma_handle *handle = host_open();

    if ( write(at_work, "", 1) != 1 ||
         (traced && (ptrace(PTRACE_TRACEME, 0, NULL, NULL) ||
                     raise(SIGSTOP))) )
        _exit(1);
    for ( ; ; )
        operate(handle, &domains[below(16)]);
}

/* Whoever comes next finds the host sound, and can bring it back to empty. */
static int clean_up(const char *row, uint64_t *undone)
{
    static struct xennuma_listed domids[MODEL_MAX_DOMAINS];
    unsigned int nr = MODEL_MAX_DOMAINS, i;
    xennuma_handle *handle = host_open();
    struct xennuma_domain domain;
    struct xennuma_heap heap;
    int bad = host_audit(handle, row);

    bad |= xennuma_domain_list(handle, domids, &nr);
    for ( i = 1; i < nr; i++ )
        bad |= xennuma_claims_get(handle, domids[i].domid, &domain) ||
               xennuma_domain_destroy(handle, domids[i].domid,
                                      domain.unique_id);
    bad |= host_audit(handle, row) || xennuma_heap_get(handle, &heap) ||
           heap.free_pages != 2 * NODE_PAGES || heap.claimed_pages;
    *undone = xennuma_model_undone(handle);
    xennuma_close(handle);

    return bad;
}

/* Returns once the child is at work, however busy this machine is. */
static pid_t start_child(bool traced)
{
    int at_work[2];
    char byte;
    pid_t child;

    /* To kill process -1 is to kill them all. */
    if ( pipe(at_work) || (child = fork()) < 0 )
    {
        perror("test-death: cannot start a child");
        exit(2);
    }
    if ( !child )
        child_run(traced, at_work[1]);
    close(at_work[1]);
    UNIT_EQUAL("the child is at work", read(at_work[0], &byte, 1), 1);
    close(at_work[0]);
    /* The next child does other things. */
    below(2);

    return child;
}

static bool end_child(pid_t child)
{
    int status;

    kill(child, SIGKILL);
    while ( waitpid(child, &status, 0) == child && WIFSTOPPED(status) )
        ;

    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* The test is worth nothing if no death hits an operation. */
static void report(uint64_t before, uint64_t after, unsigned int nr,
                   unsigned int least)
{
    printf("\n    %u deaths, %llu of them within an operation\n", nr,
           (unsigned long long)(after - before));
    UNIT_TRUE("deaths within an operation", after - before >= least);
}

/* Few may hit one on a busy machine: then it goes on, for so many times. */
static bool go_on(uint64_t before, uint64_t after, unsigned int nr,
                  unsigned int least)
{
    return nr < deaths || (after - before < least && nr < 20 * deaths);
}

static void die_at_random_times(void)
{
    uint64_t before, undone;
    unsigned int i;
    char row[32];

    clean_up("before", &before);
    undone = before;
    for ( i = 0; go_on(before, undone, i, 1); i++ )
    {
        pid_t child = start_child(false);
        struct timespec time = { .tv_nsec = 300000 + below(3000000) };

        nanosleep(&time, NULL);
        snprintf(row, sizeof(row), "death %u", i);
        UNIT_TRUE(row, end_child(child));
        if ( !UNIT_EQUAL(row, clean_up(row, &undone), 0) )
            return;
    }
    report(before, undone, i, 1);
}

/* On to a system call, which is one for the lock, and from there on. */
static void step(pid_t child, unsigned int calls, unsigned int instructions)
{
    unsigned int i;
    int status = 0;

    for ( i = 0; i < calls + instructions; i++ )
        if ( ptrace(i < calls ? PTRACE_SYSCALL : PTRACE_SINGLESTEP, child,
                    NULL, NULL) ||
             waitpid(child, &status, 0) != child || !WIFSTOPPED(status) )
            return;
}

/* Let it go for a while, stop it, and then count instructions. */
static void die_at_any_instruction(void)
{
    const unsigned int least = 1 + deaths / 60;
    uint64_t before, undone;
    unsigned int i;
    char row[32];
    int status;

    clean_up("before", &before);
    undone = before;
    for ( i = 0; go_on(before, undone, i, least); i++ )
    {
        struct timespec time = { .tv_nsec = 300000 + below(2000000) };
        pid_t child = start_child(true);

        waitpid(child, &status, 0);
        ptrace(PTRACE_CONT, child, NULL, NULL);
        nanosleep(&time, NULL);
        kill(child, SIGSTOP);
        waitpid(child, &status, 0);
        step(child, 1 + below(4), below(1500));

        snprintf(row, sizeof(row), "death %u", i);
        UNIT_TRUE(row, end_child(child));
        if ( !UNIT_EQUAL(row, clean_up(row, &undone), 0) )
            return;
    }
    report(before, undone, i, least);
}

static int begin(void)
{
    host_make("16M 4 10 21\n16M 2 21 10\noverhead 3 5\n");

    return 0;
}

static int end(void)
{
    host_remove();

    return 0;
}

int main(int argc, char **argv)
{
    static const struct unit_test tests[] = {
        { "die at random times", die_at_random_times },
        { "die at any instruction", die_at_any_instruction },
        { NULL, NULL }
    };
    static const struct unit_suite suites[] = {
        { "death", begin, end, tests },
        { NULL, NULL, NULL, NULL }
    };

    if ( argc > 1 )
        seed = strtoul(argv[1], NULL, 0);
    if ( argc > 2 )
        deaths = strtoul(argv[2], NULL, 0);
    printf("%s %u %u\n", argv[0], seed, deaths);

    return unit_main("test-death", suites);
}
