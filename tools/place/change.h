/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a request was refused for, and the smallest changes, of it or of the
 * host, each of which alone would have made it fit.
 */

#ifndef PLACE_CHANGE_H
#define PLACE_CHANGE_H

#include "place.h"

/* What there is not enough of; of several the first that applies. */
enum place_binding {
    PLACE_BINDING_NONE,          /* it was placed                            */
    PLACE_BINDING_CLAIMS,        /* claims without a node                    */
    PLACE_BINDING_NODES,         /* other nodes than those asked for hold it */
    PLACE_BINDING_MAX_NODES,     /* more nodes than those asked for hold it  */
    PLACE_BINDING_CHUNKS,        /* there is the memory, but in pages        */
    PLACE_BINDING_NODE_CPUS,     /* nodes with the memory lack the CPUs      */
    PLACE_BINDING_POLICY,        /* one node has the memory, one the CPUs    */
    PLACE_BINDING_HOST_MEMORY,   /* of all nodes asked for together          */
    PLACE_BINDING_NODE_MEMORY,   /* of any one of them                       */
    PLACE_BINDING_OVERHEAD,      /* of one node, since it is not split       */
};

/* What can be changed; the order is that in which changes are told. */
enum place_change_kind {
    PLACE_CHANGE_CLAIMS,         /* release so many pages claimed on no node */
    PLACE_CHANGE_NODES,          /* ask for any node; this one alone does    */
    PLACE_CHANGE_POLICY,         /* ask for this one                         */
    PLACE_CHANGE_MAX_NODES,      /* ask for at most so many, which are more  */
    PLACE_CHANGE_CHUNKS,         /* ask for as many as there are             */
    PLACE_CHANGE_MEMORY,         /* ask for so many pages of guest memory    */
    PLACE_CHANGE_VCPUS,          /* ask for so many                          */
    PLACE_CHANGE_NODE_MEMORY,    /* free so many pages more of this node     */
    PLACE_CHANGE_KINDS,
};

struct place_change {
    enum place_change_kind kind;
    uint64_t pages;              /* CLAIMS, MEMORY, NODE_MEMORY              */
    uint32_t vcpus;              /* VCPUS                                    */
    enum place_policy policy;    /* POLICY                                   */
    uint32_t max_nodes;          /* MAX_NODES                                */
    unsigned int node;           /* NODE_MEMORY; NODES, or PLACE_MAX_NODES if
                                    it takes several                         */
};

struct place_changes {
    enum place_binding binding;
    unsigned int nr;
    struct place_change change[PLACE_CHANGE_KINDS];  /* one of a kind        */
};

/*
 * For a request that place() refuses with ENOSPC; for one that it accepts
 * there is nothing to change.  With any one of the changes it is accepted;
 * with a page, vCPU or node less of it, not.  Memory is in whole MiB: with one
 * more, not.  The overhead changes with size and vCPUs as by
 * place_request_overhead with hap, what the request has beyond that staying;
 * if it has less, all of it stays.  Of nodes, the one that lacks least.  No
 * two of the changes are combined, so there may be none.  Memory of a node is
 * left out where its chunks count as well, where nodes are limited to several,
 * and for a domain of less than PLACE_MAX_NODES pages that may span nodes.
 * held may be NULL.  Returns 0, or -1 with EINVAL.
 */
int place_changes_find(const struct place_host *host,
                       const struct place_held *held,
                       const struct place_request *request, bool hap,
                       struct place_changes *changes);

/* One for people: "memory: at most 12 MiB", in MiB that are enough. */
void place_change_text(const struct place_change *change, char *text,
                       size_t size);

/* "host-memory", and so on; NULL for what is none. */
const char *place_binding_name(enum place_binding binding);
const char *place_change_name(enum place_change_kind kind);

#endif /* PLACE_CHANGE_H */
