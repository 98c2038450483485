/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Hosts to simulate, empty but for dom0: built-in ones, and files.
 *
 * A file is text.  "#" starts a comment.  A line with numbers is a node, in
 * order from node 0: MEMORY CPUS DISTANCE..., as in xennuma-model(5), where
 * "-" is the distance of a node that cannot be reached.  "threads N": threads
 * of a core.  "dom0 MEMORY": what dom0 takes of the first node that has it.
 */

#ifndef SIM_HOST_H
#define SIM_HOST_H

#include <stddef.h>
#include <stdio.h>

#include "rule.h"

struct sim_host_kind {
    const char *name;
    const char *about;           /* a line for people                        */
    void (*make)(struct sim_host *host);
};

/* Built-in hosts, ended by one without a name. */
extern const struct sim_host_kind sim_host_kinds[];

/* A built-in host.  0, or -1 with ENOENT. */
int sim_host_find(const char *name, struct sim_host *host);

/*
 * Read a file.  0, or -1 with the errno of reading it or EINVAL, and a
 * message, "FILE:LINE: what: value: why", in why.
 */
int sim_host_read(const char *path, struct sim_host *host, char *why,
                  size_t size);

/* Write a host as such a file, which reads back as the same. */
void sim_host_write(FILE *to, const struct sim_host *host);

/* A node's part of a new host, whose distances are still to be set. */
void sim_host_node(struct sim_host *host, unsigned int node, uint64_t pages,
                   uint32_t cpus);

/* Take dom0's memory.  0, or -1 with ENOSPC if no node has that much. */
int sim_host_dom0(struct sim_host *host, uint64_t pages);

/* Free memory, and CPUs, of the nodes that are online. */
uint64_t sim_host_free(const struct sim_host *host);
uint64_t sim_host_cpus(const struct sim_host *host);

/* Mask of the nodes that are online. */
uint64_t sim_host_online(const struct sim_host *host);

#endif /* SIM_HOST_H */
