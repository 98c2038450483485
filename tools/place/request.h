/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a domain needs, and how strictly its place is to be chosen.
 */

#ifndef PLACE_REQUEST_H
#define PLACE_REQUEST_H

#include <stdint.h>

/* 2^40 pages are 4 PiB: 64 nodes of it can be summed in 64 bits. */
#define PLACE_MAX_PAGES (UINT64_C(1) << 40)

enum place_policy {
    PLACE_STRICT,                /* one node, or refuse                      */
    PLACE_PREFERRED,             /* one node, else the nearest that fit      */
};

struct place_request {
    uint64_t guest_pages;        /* memory of the domain, > 0                */
    uint64_t overhead_pages;     /* taken by Xen for it, on its home node    */
    uint32_t vcpus;              /* > 0                                      */
    uint64_t nodes;              /* mask of allowed nodes; 0: all            */
    enum place_policy policy;
};

/*
 * The pages that Xen takes for a domain of that size by itself: vCPUs, page
 * tables, pool.  An upper estimate, and at least what the builder's paging
 * pool takes.
 */
uint64_t place_request_overhead(uint64_t guest_pages, uint32_t vcpus);

/* "strict", "preferred".  0, or -1 with EINVAL. */
int place_policy_parse(const char *text, enum place_policy *policy);
const char *place_policy_name(enum place_policy policy);

#endif /* PLACE_REQUEST_H */
