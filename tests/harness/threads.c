/* SPDX-License-Identifier: LGPL-2.1-only */
/* Phases of threads on one heap: see threads.h. */

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "threads.h"

struct heap_layout layout;
struct thread threads[THREADS];
struct thread_domain domains[THREAD_DOMAINS];
unsigned long max_mfn, nr_broken;
unsigned char *is_memory, *leaving, *broken, *node_of;

static unsigned long start_free[HEAP_NODES][HEAP_LEVELS];

/*
 * Plain accesses without a lock that Xen has on purpose, with claims or
 * without: a domain is dying from one moment to the next; who looks for
 * something to scrub, or for what a domain claims, may see an old figure.
 */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race_top:set_dying\n"
           "race_top:node_to_scrub\n"
           "race_top:domain_outstanding_pages\n";
}

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "halt_on_error=1";
}

void AnnotateBenignRaceSized(const char *file, int line, void *address,
                             unsigned long size, const char *why);

/*
 * A page changes hands by its own state, which Xen reads and writes plainly,
 * with and without a lock: in assigning it, in scrubbing it.  That each page
 * is in one place is checked after each phase.
 */
static void pages_have_no_lock(void)
{
    unsigned long size;
    void *frames = heap_frames(&size);

    AnnotateBenignRaceSized(__FILE__, __LINE__, frames, size, "pages");
}

void __attribute__((__noreturn__, __format__(__printf__, 2, 3)))
thread_wrong(const struct thread *t, const char *format, ...)
{
    va_list args;

    fprintf(stderr, t ? "thread %u: " : "all threads: ", t ? t->nr : 0);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\non a host of %u nodes\n", layout.nr_nodes);
    abort();
}

static unsigned char *table(unsigned long nr)
{
    unsigned char *p = calloc(nr, 1);

    if ( !p )
        thread_wrong(NULL, "no memory for a table of %lu", nr);

    return p;
}

static int page_first_seen(unsigned long mfn)
{
    if ( is_memory[mfn] )
        return 1;
    is_memory[mfn] = 1;

    return 0;
}

static void create(struct random *r)
{
    struct heap_walk walk;
    const char *error;
    unsigned int i;

    layout_random(&layout, r);
    max_mfn = layout.range[layout.nr_ranges - 1].end;
    is_memory = table(max_mfn);
    leaving = table(max_mfn);
    broken = table(max_mfn);
    node_of = table(max_mfn);
    for ( i = 0; i < layout.nr_ranges; i++ )
        memset(node_of + layout.range[i].start, layout.range[i].node,
               layout.range[i].end - layout.range[i].start);

    heap_create(&layout);
    pages_have_no_lock();
    error = heap_walk(&walk, page_first_seen);
    if ( error )
        thread_wrong(NULL, "%s", error);
    memcpy(start_free, walk.free, sizeof(start_free));

    for ( i = 0; i < THREADS; i++ )
    {
        threads[i].nr = i;
        threads[i].bias = 450;
        threads[i].random.state = random_next(r);
    }
    for ( i = 0; i < THREAD_DOMAINS; i++ )
        thread_create_domain(&threads[0], i);
}

static void *run(void *argument)
{
    struct thread *t = argument;
    unsigned long end = t->counts.operations + t->quota;

    heap_set_cpu(t->nr);
    while ( t->counts.operations < end )
    {
        thread_op(t);
        t->counts.operations++;
    }

    return NULL;
}

static void add(struct drive_counts *sum, struct drive_counts *counts)
{
    unsigned long *to = (void *)sum, *from = (void *)counts;
    size_t i;

    for ( i = 0; i < sizeof(*sum) / sizeof(*to); i++ )
        to[i] += from[i];
    memset(counts, 0, sizeof(*counts));
}

/* All run at once until each has done its part. */
static void phase(unsigned long quota, struct drive_counts *counts)
{
    pthread_t id[THREADS];
    const char *error;
    unsigned int i;

    for ( i = 0; i < THREADS; i++ )
    {
        threads[i].quota = quota;
        if ( pthread_create(&id[i], NULL, run, &threads[i]) )
            thread_wrong(NULL, "no thread");
    }
    for ( i = 0; i < THREADS; i++ )
    {
        pthread_join(id[i], NULL);
        add(counts, &threads[i].counts);
    }

    error = threads_check();
    if ( error )
        thread_wrong(NULL, "%s", error);
    counts->walks++;
}

static void free_all_of(struct thread *t)
{
    while ( t->nr_blocks )
        thread_free_block(t, t->nr_blocks - 1);
}

/* When all is over, all is as it was. */
static void finish(void)
{
    struct heap_walk walk;
    const char *error;
    unsigned long mfn;
    unsigned int i;

    for ( i = 0; i < THREAD_DOMAINS; i++ )
    {
        if ( !domains[i].exists )
            continue;
        heap_domain_kill(i);
        while ( heap_domain_give_up(i) )
            ;
        if ( !heap_domain_unused(i) )
            thread_wrong(NULL, "domain %u still has memory", i);
        heap_domain_destroy(i);
        domains[i].exists = false;
    }
    for ( i = 0; i < THREADS; i++ )
        free_all_of(&threads[i]);
    for ( i = 0; i < THREADS; i++ )
        while ( threads[i].nr_offline )
            thread_online(&threads[i], threads[i].nr_offline - 1);
    for ( mfn = 0; mfn < max_mfn; mfn++ )
        if ( leaving[mfn] && !broken[mfn] )
        {
            threads[0].offline[0] = mfn;
            threads[0].nr_offline = 1;
            thread_online(&threads[0], 0);
        }

    error = threads_check();
    if ( !error )
        error = heap_walk(&walk, NULL);
    if ( !error && !nr_broken &&
         memcmp(start_free, walk.free, sizeof(start_free)) )
        error = "not all that was free is free again";
    if ( error )
        thread_wrong(NULL, "at the end: %s", error);
}

void drive(const struct drive_options *options, struct drive_counts *counts)
{
    struct random r = { .state = options->seed };

    create(&r);
    while ( counts->operations < options->operations )
        phase(options->every, counts);
    finish();
}
