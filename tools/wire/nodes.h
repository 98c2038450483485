/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The reply to "nodes": the memory and CPUs of the host, by node.
 */

#ifndef WIRE_NODES_H
#define WIRE_NODES_H

#include <stddef.h>
#include <stdint.h>

struct json_object;

#define NODES_MAX 64u
#define NODES_NO_DISTANCE UINT32_MAX   /* on the wire: null */

struct nodes_entry {
    unsigned int node;
    uint64_t present_pages;
    uint64_t free_pages;         /* claimed or not                           */
    uint64_t claimed_pages;
    uint32_t cpus;
    unsigned int nr_distances;   /* from node 0 up                           */
    uint32_t distances[NODES_MAX];
};

struct nodes {
    unsigned int nr;
    struct nodes_entry entries[NODES_MAX];   /* online nodes, ascending      */
};

/* NULL with ENOMEM. */
struct json_object *nodes_write(const struct nodes *nodes);

/* 0, or -1 with a message in why. */
int nodes_read(struct nodes *nodes, struct json_object *object, char *why,
               size_t why_size);

#endif /* WIRE_NODES_H */
