/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the checks of the single operations share.  Each tells what the
 * operation should return, and notes what it may write and change.
 */

#ifndef FUZZ_CHECK_PRIVATE_H
#define FUZZ_CHECK_PRIVATE_H

#include "check.h"
#include "guest.h"

/* An entry cannot be; which of several things is wrong is not foretold. */
#define BAD_ENTRY 1

/* Of this hypercall. */
extern unsigned long check_address;
extern enum fuzz_fault check_fault;

/* The caller's memory as it was and is; where it is, it can be read. */
static inline const void *check_was(uint64_t at)
{
    return (void *)((uintptr_t)guest.before + (at - GUEST_START));
}

static inline void *check_is(uint64_t at)
{
    return (void *)((uintptr_t)guest.memory + (at - GUEST_START));
}

void check_may_write(uint64_t at, uint64_t len);
/* That is copied to the caller: rc, or -EFAULT. */
long check_copied_back(long rc, uint64_t at, uint64_t len);
long check_entries(uint64_t at, uint32_t nr, struct heap_claim *claims);

long check_set(const struct fuzz_domctl *op, unsigned int slot);
long check_get(const struct fuzz_domctl *op, unsigned int slot);
long check_create(const struct fuzz_domctl *op);

#endif /* FUZZ_CHECK_PRIVATE_H */
