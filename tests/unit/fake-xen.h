/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The backend for the running Xen, replaced by one that keeps each call and
 * answers as a test wants.  The layouts are those of Xen 4.20.
 */

#ifndef FAKE_XEN_H
#define FAKE_XEN_H

#include <stdbool.h>
#include <stdint.h>

#include "private.h"

#define FAKE_MAX_CALLS 4096

struct fake_xen {
    /* What came in: numbers; versions and ids of the last one. */
    unsigned int nr_calls;
    uint32_t calls[FAKE_MAX_CALLS];
    uint32_t version;
    uint16_t domid;
    unsigned int nr_buffers, nr_open;
    bool no_memory;
    /* What goes out: 0 or -errno, by number of operation. */
    int (*domctl)(struct layout_domctl *op);
    int (*sysctl)(struct layout_sysctl *op);
    /* What the good sysctl tells. */
    uint32_t abi, features, capabilities;
    int probe_rc;
};

extern struct fake_xen xen;

/* A Xen with claims, that creates on nodes; opened. */
xennuma_handle *fake_start(void);
/* Close it: nothing is left over. */
void fake_finish(xennuma_handle *handle);

/* The buffer that a call points to. */
void *fake_guest(uint64_t handle);

/* Answers the probe, and what the host can do. */
int fake_good_sysctl(struct layout_sysctl *op);
int fake_no_domctl(struct layout_domctl *op);

/* How often an operation was called. */
unsigned int fake_count(uint32_t cmd);

#endif /* FAKE_XEN_H */
