/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain on a simulated host: where its memory and vCPUs came to lie.
 */

#ifndef SIM_TENANT_H
#define SIM_TENANT_H

#include "rule.h"

enum sim_mode {
    SIM_PREFERRED,               /* wherever there is memory                 */
    SIM_STRICT,                  /* on the rule's nodes, or rejected         */
    SIM_ONE_NODE,                /* and on one, if it fits an empty node     */
    SIM_MIXED,                   /* in turn preferred, and on one node       */
    NR_SIM_MODES,
};

/* "preferred", "strict", "one-node", "mixed"; and the same in a sentence. */
const char *sim_mode_name(enum sim_mode mode);
const char *sim_mode_about(enum sim_mode mode);

struct tenant {
    uint64_t nodes;              /* of its vCPUs                             */
    uint64_t held;               /* with pages > 0                           */
    uint64_t outside_pages;      /* neither claimed nor on its nodes         */
    uint32_t vcpus;
    uint32_t cpus;               /* of its nodes                             */
    uint64_t pages[PLACE_MAX_NODES];     /* of the nodes in held only        */
};

/*
 * Find the pages for a choice: what is claimed comes from its nodes; the rest
 * evenly from the nodes of the choice, and when these are full evenly from
 * all others.  Nodes without any CPU among them stand for all nodes of the
 * host, as 0 does: a vCPU has to run somewhere.  The host is not changed.
 * Returns 0, or -1 with ENOSPC: that the host has not, or not on those nodes
 * and it is not only preferred; EPROTO: the choice makes no sense, as it
 * claims what is not there, or has nodes that are not there.
 */
int tenant_settle(struct tenant *tenant, const struct sim_host *host,
                  const struct place_request *request,
                  const struct sim_choice *choice, enum sim_mode mode);

/* Whether all of it is on one node, memory and vCPUs. */
bool tenant_is_single(const struct tenant *tenant);

/* It comes, or goes: all that the host tells of it follows. */
void tenant_enter(const struct tenant *tenant, struct sim_host *host);
void tenant_leave(const struct tenant *tenant, struct sim_host *host);

/*
 * How much farther than its own its memory is: the distance from its CPUs to
 * its memory, on average, over that to the memory beside each CPU, less 1.
 * A node that cannot be reached counts as distance 255.
 */
double tenant_excess(const struct tenant *tenant,
                     const struct sim_host *host);

#endif /* SIM_TENANT_H */
