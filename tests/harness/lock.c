/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Xen's locks, on the one CPU that there is: they check who holds them.
 * heap_lock is taken after all others.
 */

#include <xen/lib.h>
#include <xen/spinlock.h>

#include "heap.h"
#include "platform.h"

static bool held;               /* heap_lock                                */

void harness_check_unlocked(void)
{
    BUG_ON(held);
}

void _spin_lock(spinlock_t *lock)
{
    BUG_ON(held || lock->tickets.head != lock->tickets.tail);
    lock->tickets.tail++;
    held = lock == harness_heap_lock();
}

void _spin_lock_cb(spinlock_t *lock, void (*cb)(void *data), void *data)
{
    _spin_lock(lock);
}

void _spin_unlock(spinlock_t *lock)
{
    BUG_ON(lock->tickets.head == lock->tickets.tail);
    lock->tickets.head++;
    if ( lock == harness_heap_lock() )
        held = false;
}

bool _spin_is_locked(const spinlock_t *lock)
{
    return lock->tickets.head != lock->tickets.tail;
}

void _nrspin_lock(rspinlock_t *lock)
{
    BUG_ON(held || lock->tickets.head != lock->tickets.tail);
    lock->tickets.tail++;
}

void _nrspin_unlock(rspinlock_t *lock)
{
    BUG_ON(lock->tickets.head == lock->tickets.tail);
    lock->tickets.head++;
}

void _rspin_lock(rspinlock_t *lock)
{
    BUG_ON(held);
    lock->tickets.tail++;
}

void _rspin_unlock(rspinlock_t *lock)
{
    _nrspin_unlock(lock);
}

bool _rspin_is_locked(const rspinlock_t *lock)
{
    return lock->tickets.head != lock->tickets.tail;
}
