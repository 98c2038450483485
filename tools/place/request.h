/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a domain needs, and how strictly its place is to be chosen.
 */

#ifndef PLACE_REQUEST_H
#define PLACE_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"

/* 2^40 pages are 4 PiB: 64 nodes of it can be summed in 64 bits. */
#define PLACE_MAX_PAGES (UINT64_C(1) << 40)

enum place_policy {
    PLACE_STRICT,                /* one node, or max_nodes, or refuse        */
    PLACE_PREFERRED,             /* one node, else the nearest that fit      */
    PLACE_INTERLEAVE,            /* on all nodes, in equal parts             */
};

/* Where other domains of the same kind are wanted. */
enum place_group {
    PLACE_NO_GROUP,
    PLACE_SPREAD,                /* where the fewest of them are             */
    PLACE_PACK,                  /* where one is, else near it               */
};

/* Whether chunks of 2 MiB and 1 GiB are promised, or pages only. */
enum place_chunks {
    PLACE_NO_CHUNKS,
    PLACE_CHUNKS_PREFERRED,      /* as many as there are                     */
    PLACE_CHUNKS_REQUIRED,       /* of each share all that fit into it       */
};

/* Whatever is in it, storm.c has to tell requests apart by. */
struct place_request {
    uint64_t guest_pages;        /* memory of the domain, > 0                */
    uint64_t overhead_pages;     /* taken by Xen for it, on its home node    */
    uint32_t vcpus;              /* > 0                                      */
    uint64_t nodes;              /* mask of allowed nodes; 0: all            */
    enum place_policy policy;
    uint32_t max_nodes;          /* 0: one if strict, else any number        */
    bool vnuma;                  /* several nodes: memory and vCPUs evenly   */
    enum place_chunks chunks;
    unsigned int chunk_order;    /* the largest promised: 9 or 18            */

    /*
     * Wishes: of nodes, or homes, that are as good otherwise, and of single
     * nodes whatever they cost later, the one that meets them best is taken.
     * The device comes before the group.  They refuse nothing.
     */
    uint64_t near;               /* mask: nodes of a device; 0: no wish      */
    enum place_group group;
    uint16_t members[PLACE_MAX_NODES];   /* of the group, by home node       */

    /* Of PLACE_INTERLEAVE: parts of the memory, by node; all 0: equal ones. */
    uint16_t weights[PLACE_MAX_NODES];
};

/*
 * The pages that Xen takes for a domain of that size by itself: vCPUs, page
 * tables, pool.  An upper estimate, and at least what the builder's paging
 * pool takes; hap: page tables are in hardware.
 */
uint64_t place_request_overhead(uint64_t guest_pages, uint32_t vcpus,
                                bool hap);

/* Of them, those outside of the pool: for who knows how large that is. */
uint64_t place_request_structures(uint32_t vcpus);

/* "strict", "preferred", "interleave".  0, or -1 with EINVAL. */
int place_policy_parse(const char *text, enum place_policy *policy);
const char *place_policy_name(enum place_policy policy);

/*
 * "off"; "preferred": as large and as many as there are; "2M" and "1G":
 * required, of that size, and of 2 MiB for what is left.  0, or -1 with
 * EINVAL.
 */
int place_chunks_parse(const char *text, struct place_request *request);

#endif /* PLACE_REQUEST_H */
