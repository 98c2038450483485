/* SPDX-License-Identifier: LGPL-2.1-only */
/* See mutex.h.  The kinds that check make a misuse known. */

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "mutex.h"

#define CHECKED PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP

static pthread_mutex_t mutexes[MUTEXES] = {
    [0 ... MUTEXES - 1] = CHECKED,
};

/* Now and then others go first, so that there are more ways to meet. */
static void let_others_go(void)
{
    static __thread unsigned int state;

    state = state * 1664525 + 1013904223;
    if ( !(state >> 29) )
        sched_yield();
}

void mutex_lock(unsigned int nr)
{
    let_others_go();
    if ( pthread_mutex_lock(&mutexes[nr]) )
        abort();
}

int mutex_try(unsigned int nr)
{
    if ( !pthread_mutex_trylock(&mutexes[nr]) )
        return 1;
    sched_yield();

    return 0;
}

void mutex_unlock(unsigned int nr)
{
    if ( pthread_mutex_unlock(&mutexes[nr]) )
        abort();
}
