/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Xen's locks for threads, in place of lock.c: each is a mutex of the C
 * library, so that ThreadSanitizer knows it.  The rules are checked as a lock
 * is taken: a domain's page_alloc_lock comes first and there is one at most,
 * then heap_lock, and nothing is allocated, copied or printed under that.
 */

#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/spinlock.h>

#include "heap.h"
#include "mutex.h"
#include "platform.h"

static PER_THREAD const spinlock_t *heap_held;
static PER_THREAD const rspinlock_t *domain_held;

void harness_check_unlocked(void)
{
    if ( heap_held )
        host_bug("not to be done with heap_lock held", __FILE__, __LINE__);
}

static void check_heap_order(const spinlock_t *lock)
{
    if ( lock != harness_heap_lock() )
        host_bug("a lock that is not known here", __FILE__, __LINE__);
    if ( heap_held )
        host_bug("heap_lock is taken twice", __FILE__, __LINE__);
}

void _spin_lock(spinlock_t *lock)
{
    check_heap_order(lock);
    mutex_lock(MUTEX_HEAP);
    heap_held = lock;
}

/* Who waits may have to let go what the holder waits for. */
void _spin_lock_cb(spinlock_t *lock, void (*cb)(void *data), void *data)
{
    check_heap_order(lock);
    while ( !mutex_try(MUTEX_HEAP) )
        cb(data);
    heap_held = lock;
}

void _spin_unlock(spinlock_t *lock)
{
    if ( heap_held != lock )
        host_bug("heap_lock is not held", __FILE__, __LINE__);
    heap_held = NULL;
    mutex_unlock(MUTEX_HEAP);
}

bool _spin_is_locked(const spinlock_t *lock)
{
    return heap_held == lock;
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
