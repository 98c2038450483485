/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Xen's locks for threads, in place of lock.c: each is a mutex of the C
 * library, so that ThreadSanitizer knows it.  The rules are checked as a lock
 * is taken: first the lock of an operation, then a domain's page_alloc_lock,
 * each one at most, then heap_lock, and nothing is allocated, copied or
 * printed under that.
 */

#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/spinlock.h>

#include "heap.h"
#include "mutex.h"
#include "platform.h"

static PER_THREAD const spinlock_t *heap_held, *other_held;
static PER_THREAD const rspinlock_t *domain_held;

void harness_check_unlocked(void)
{
    if ( heap_held )
        host_bug("not to be done with heap_lock held", __FILE__, __LINE__);
}

/* By its address; heap_lock, or the lock of an operation. */
static unsigned int spin_mutex(const spinlock_t *lock)
{
    static const spinlock_t *others[MUTEX_NR_OTHERS];
    unsigned int i;

    if ( lock == harness_heap_lock() )
        return MUTEX_HEAP;

    for ( i = 0; i < MUTEX_NR_OTHERS; i++ )
    {
        const spinlock_t *known = cmpxchg(&others[i], NULL, lock);

        if ( !known || known == lock )
            return MUTEX_OTHERS + i;
    }

    host_bug("more locks than are known here", __FILE__, __LINE__);
}

static void check_order(unsigned int mutex)
{
    if ( heap_held )
        host_bug("a lock is taken after heap_lock", __FILE__, __LINE__);
    if ( mutex != MUTEX_HEAP && (domain_held || other_held) )
        host_bug("an operation's lock is taken after another", __FILE__,
                 __LINE__);
}

static void set_held(const spinlock_t *lock, unsigned int mutex)
{
    if ( mutex == MUTEX_HEAP )
        heap_held = lock;
    else
        other_held = lock;
}

void _spin_lock(spinlock_t *lock)
{
    const unsigned int mutex = spin_mutex(lock);

    check_order(mutex);
    mutex_lock(mutex);
    set_held(lock, mutex);
}

/* Who waits may have to let go what the holder waits for. */
void _spin_lock_cb(spinlock_t *lock, void (*cb)(void *data), void *data)
{
    const unsigned int mutex = spin_mutex(lock);

    check_order(mutex);
    while ( !mutex_try(mutex) )
        cb(data);
    set_held(lock, mutex);
}

void _spin_unlock(spinlock_t *lock)
{
    const unsigned int mutex = spin_mutex(lock);

    if ( !_spin_is_locked(lock) )
        host_bug("a lock is not held", __FILE__, __LINE__);
    set_held(NULL, mutex);
    mutex_unlock(mutex);
}

bool _spin_is_locked(const spinlock_t *lock)
{
    return heap_held == lock || other_held == lock;
}

static unsigned int mutex_of(rspinlock_t *lock)
{
    return container_of(lock, struct domain, page_alloc_lock)->domain_id;
}

void _nrspin_lock(rspinlock_t *lock)
{
    if ( heap_held )
        host_bug("page_alloc_lock is taken after heap_lock", __FILE__,
                 __LINE__);
    if ( domain_held )
        host_bug("a second page_alloc_lock is taken", __FILE__, __LINE__);
    mutex_lock(mutex_of(lock));
    domain_held = lock;
}

void _nrspin_unlock(rspinlock_t *lock)
{
    if ( heap_held )
        host_bug("page_alloc_lock goes before heap_lock", __FILE__, __LINE__);
    if ( domain_held != lock )
        host_bug("page_alloc_lock is not held", __FILE__, __LINE__);
    domain_held = NULL;
    mutex_unlock(mutex_of(lock));
}

void _rspin_lock(rspinlock_t *lock)
{
    _nrspin_lock(lock);
}

void _rspin_unlock(rspinlock_t *lock)
{
    _nrspin_unlock(lock);
}

bool _rspin_is_locked(const rspinlock_t *lock)
{
    return domain_held == lock;
}
