/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the files of the model share: the description of a host, its state,
 * and how an operation on the state begins and ends.
 *
 * An operation changes the host and at most one domain.  model_begin takes
 * the lock and writes both to an undo record; model_end makes the change
 * stand.  If a process dies in between, the lock is free again, and whoever
 * takes it next puts the record back.
 */

#ifndef MODEL_PRIVATE_H
#define MODEL_PRIVATE_H

#include <xen/node-claim.h>

#include "model.h"
#include "private.h"

#define MODEL_MAX_CPUS 4096u

/* What FILE says.  Plain values, no pointer, no padding: compared as bytes. */
struct model_file {
    uint32_t nr_nodes;
    uint32_t features;           /* XEN_NODE_CLAIM_F_*; 0: a Xen without     */
    uint32_t threads;
    uint32_t domain_overhead;    /* pages a domain                           */
    uint32_t vcpu_overhead;      /* pages a vCPU                             */
    uint32_t pad;
    struct {
        uint64_t pages;
        uint32_t cpus;
        uint32_t pad;
        uint32_t distances[XENNUMA_MAX_NODES];
    } nodes[XENNUMA_MAX_NODES];
};

struct model_host {
    struct node_claim_heap heap;
    uint64_t nr_created;
    uint32_t last_domid;
};

struct model_domain {
    uint64_t unique_id;          /* 0: there is none                         */
    uint32_t domid;
    uint32_t flags;              /* XEN_NODE_CLAIM_DOM_*                     */
    uint64_t owner;
    uint64_t nodes;              /* affinity; 0: all                         */
    uint64_t pages;
    uint64_t max_pages;
    uint32_t max_vcpus;
    uint32_t vcpus;              /* made                                     */
    struct node_claim_set claims;
    uint64_t guest_pages[XENNUMA_MAX_NODES];
    uint64_t overhead_pages[XENNUMA_MAX_NODES];
};

struct model_undo {
    uint32_t armed;
    uint32_t slot;               /* MODEL_MAX_DOMAINS: no domain             */
    struct model_host host;
    struct model_domain domain;
};

struct model_state {
    uint64_t magic;              /* last to be written                       */
    struct model_file file;
    struct model_undo undo;
    uint64_t undone;             /* how often a dead process left that       */
    struct model_host host;
    struct model_domain domains[MODEL_MAX_DOMAINS];
};

/* handle->host of the model. */
struct model {
    int fd;
    struct model_state *state;
};

/* Read a description.  0, or -1 with errno and a message in why. */
int model_file_read(const char *path, struct model_file *file, char *why,
                    size_t size);
void model_say(char *why, size_t size, const char *format, ...)
    __attribute__((__format__(__printf__, 3, 4)));

/* Map FILE.state, made first if need be.  NULL with errno and a message. */
struct model *model_state_open(const char *path, char *why, size_t size);
void model_state_close(struct model *model);

/* Wait for the lock, and undo what the one before left unfinished. */
int model_lock(struct model *model);
void model_unlock(struct model *model);

/* As model_lock, and from here on all or nothing.  domain may be NULL, or a
 * domain that is about to be. */
void model_begin(struct model *model, struct model_domain *domain);
/* Let it stand if rc is 0, or undo it.  Returns rc. */
int model_end(struct model *model, int rc);

/* One that no domain of this host ever had. */
uint64_t model_unique_id(struct model_host *host);

/* The slot that an id has, whatever is in it; the domain, or NULL. */
struct model_domain *model_slot(struct model *model, uint32_t domid);
struct model_domain *model_domain(struct model *model, uint32_t domid);

/* What a handle of a hypercall points to. */
static inline void *model_guest(uint64_t handle)
{
    return (void *)(uintptr_t)handle;
}

/* As hypercalls are answered: 0 or -errno.  The lock is theirs. */
int model_domctl(struct model *model, struct layout_domctl *op);
int model_sysctl(struct model *model, struct layout_sysctl *op);

int model_create(struct model *model, struct layout_domctl *op);
int model_create_on_nodes(struct model *model, struct layout_domctl *op);
/* What follows on a plain creation: nodes, largest memory, vCPUs. */
int model_create_step(struct model *model, struct model_domain *domain,
                      const struct layout_domctl *op);

/* Claims of a caller, checked as far as they can be without a domain. */
int model_parse(const struct model *model, uint64_t claims, uint32_t nr,
                struct node_claim_request *request);

/* Take pages of a node out of the heap for a domain, as many of want as may
 * be had.  claims NULL: unclaimed memory only.  Returns how many. */
uint64_t model_take(struct node_claim_heap *heap, struct node_claim_set *claims,
                    enum node_claim_kind kind, unsigned int node,
                    uint64_t want);
/* Pages of a node are free again. */
void model_give(struct node_claim_heap *heap, unsigned int node, uint64_t pages);

#endif /* MODEL_PRIVATE_H */
