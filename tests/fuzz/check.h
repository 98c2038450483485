/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a hypercall on claims should have come to: from the caller's memory as
 * it was before and from tests/harness's second implementation of the rules.
 * A difference ends the process.
 */

#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

#include <stdint.h>

#include "expect.h"
#include "hypercall.h"
#include "node_claim.h"

/* As the interface has it, without what is not of claims. */
struct fuzz_domctl {
    uint32_t cmd, version;
    uint16_t domain, pad[3];
    union {
        struct xen_domctl_set_node_claims set;
        struct xen_domctl_get_node_claims get;
        struct xen_domctl_create_on_nodes create;
        uint8_t size[128];
    } u;
};
struct fuzz_sysctl {
    uint32_t cmd, version;
    union {
        struct xen_sysctl_node_heap heap;
        uint8_t size[128];
    } u;
};

extern struct expect expect;

void __attribute__((__noreturn__, __format__(__printf__, 1, 2)))
check_wrong(const char *format, ...);

void check_begin(unsigned long address, int is_sysctl, enum fuzz_fault fault);
void check_end(long rc);
/* Domains and the heap are as expected; figures of chunks are Xen's own. */
void check_state(void);

#endif /* FUZZ_CHECK_H */
