/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Memory of a caller of Xen: a few pages that are at no address of this
 * process, of which any byte may fault, and which no hypercall may read twice,
 * as somebody else may have changed it.
 */

#ifndef FUZZ_GUEST_H
#define FUZZ_GUEST_H

#ifdef __XEN__
#include <xen/types.h>
#else
#include <stdbool.h>
#include <stdint.h>
#endif

#define GUEST_START 0x100000UL
#define GUEST_SIZE 0x3000UL

struct guest {
    uint8_t memory[GUEST_SIZE];
    uint8_t before[GUEST_SIZE];      /* when the hypercall began            */
    bool fetched[GUEST_SIZE], written[GUEST_SIZE];
    bool may_share;                  /* what is read may lie in two things  */
    unsigned long no_read, no_write; /* an offset, from which on it faults  */
    bool faulted;                    /* so a write did                      */
    unsigned long first, end;        /* what is written lies between        */
};

extern struct guest guest;

/* A hypercall begins. */
void guest_begin(void);

/* All of it is there; len may be 0. */
bool guest_readable(uint64_t address, uint64_t len);
bool guest_writable(uint64_t address, uint64_t len);

/* How many bytes were not copied; for Xen's side. */
unsigned long guest_read(void *to, uint64_t address, unsigned long len);
unsigned long guest_write(uint64_t address, const void *from,
                          unsigned long len);

#endif /* FUZZ_GUEST_H */
