/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Xen's heap under random load: hosts one after the other, each in a process
 * of its own, until so many operations were done or so much time has passed.
 *
 *     harness-full|harness-small|harness-threads
 *         [-s SEED] [-n OPERATIONS] [-t SECONDS]
 *         [-o OPERATIONS-A-HOST] [-w OPERATIONS-A-WALK]
 *
 * Prints what was done.  0: no difference; 1: one, with the line that replays
 * it, as far as threads do; 2: it could not be tried.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "drive.h"

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);

    return t.tv_sec + t.tv_nsec / 1e9;
}

static unsigned long number(const char *program, int option, const char *text)
{
    char *end;
    unsigned long value = strtoul(text, &end, 0);

    if ( *text && !*end )
        return value;

    fprintf(stderr, "%s: -%c %s: not a number\n", program, option, text);
    exit(2);
}

static const char *base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

#ifdef HARNESS_COVERAGE
/* A process that does not exit() leaves no counts by itself. */
void __gcov_dump(void);
#else
#define __gcov_dump() ((void)0)
#endif

/* One host; whether it went well. */
static int run_host(const struct drive_options *options,
                    struct drive_counts *counts)
{
    int status;
    pid_t pid;

    memset(counts, 0, sizeof(*counts));
    pid = fork();
    if ( pid == 0 )
    {
        const struct rlimit none = { 0, 0 };

        setrlimit(RLIMIT_CORE, &none);
        drive(options, counts);
        __gcov_dump();
        _exit(0);
    }
    if ( pid < 0 || waitpid(pid, &status, 0) != pid )
    {
        perror("harness: a process for a host");
        exit(2);
    }
    if ( WIFEXITED(status) && WEXITSTATUS(status) == 2 )
        exit(2);

    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void add(struct drive_counts *sum, const struct drive_counts *counts)
{
    unsigned long *to = (void *)sum;
    const unsigned long *from = (const void *)counts;
    size_t i;

    for ( i = 0; i < sizeof(*sum) / sizeof(*to); i++ )
        to[i] += from[i];
}

static void summary(const char *program, const struct drive_counts *sum,
                    double seconds)
{
    printf("%s: %lu operations in %.0f s, %.0f a second: %lu allocated, "
           "%lu refused, %lu freed, %lu claims set, %lu short, %lu offlined, "
           "%lu onlined, %lu recalled, %lu scrubs, %lu walks\n",
           base(program), sum->operations, seconds,
           sum->operations / (seconds + 1e-9), sum->allocated, sum->refused,
           sum->freed, sum->claimed, sum->short_of, sum->offlined,
           sum->onlined, sum->recalled, sum->scrubbed, sum->walks);
}

int main(int argc, char **argv)
{
    struct drive_options options = { .seed = 1, .operations = 200000,
                                     .every = 512 };
    struct drive_counts sum = {}, *counts;
    unsigned long most = 1000000, hosts = 0, each;
    double seconds = 1e9, start = now();
    int option;

    while ( (option = getopt(argc, argv, "s:n:t:o:w:")) != -1 )
        switch ( option )
        {
        case 's': options.seed = number(argv[0], option, optarg); break;
        case 'n': most = number(argv[0], option, optarg); break;
        case 't': seconds = number(argv[0], option, optarg); break;
        case 'o': options.operations = number(argv[0], option, optarg); break;
        case 'w': options.every = number(argv[0], option, optarg); break;
        default: return 2;
        }
    if ( !options.every || !options.operations || optind != argc )
    {
        fprintf(stderr, "usage: %s [-s seed] [-n operations] [-t seconds] "
                        "[-o operations a host] [-w operations a walk]\n",
                argv[0]);
        return 2;
    }
    each = options.operations;

    counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if ( counts == MAP_FAILED )
        return 2;

    for ( ; sum.operations < most && now() - start < seconds;
          options.seed++, hosts++ )
    {
        if ( options.operations > most - sum.operations )
            options.operations = most - sum.operations;
        if ( !run_host(&options, counts) )
        {
            fprintf(stderr, "replay: %s -s %lu -o %lu -n %lu -w %u\n", argv[0],
                    (unsigned long)options.seed, each, each, options.every);
            printf("# %s: %lu passed, 1 failed\n", base(argv[0]), hosts);
            return 1;
        }
        add(&sum, counts);
    }

    summary(argv[0], &sum, now() - start);
    printf("# %s: %lu passed, 0 failed\n", base(argv[0]), hosts);

    return 0;
}
