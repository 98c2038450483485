/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the files of libxennuma share.
 *
 * A backend is whatever answers hypercalls: the running Xen, or the model.
 * Everything above speaks the hypervisor's structures to either, so that the
 * same lines run on both.
 */

#ifndef PRIVATE_H
#define PRIVATE_H

#include "layout.h"
#include "xennuma.h"

struct backend {
    /* Fill in handle->host.  where: what follows the prefix, or NULL. */
    int (*open)(xennuma_handle *handle, struct xentoollog_logger *logger,
                const char *where);
    /* Also after a failed open; handle->host may be NULL. */
    void (*close)(xennuma_handle *handle);
    /* Memory that may be handed to a hypercall.  NULL with errno. */
    void *(*alloc)(xennuma_handle *handle, size_t size);
    void (*free)(xennuma_handle *handle, void *buffer);
    /* The hypercalls.  op is in memory of alloc.  0 or more, or -1, errno. */
    int (*domctl)(xennuma_handle *handle, struct layout_domctl *op);
    int (*sysctl)(xennuma_handle *handle, struct layout_sysctl *op);
};

struct xennuma_handle {
    const struct backend *backend;
    void *host;                          /* the backend's own               */
    struct xennuma_abilities abilities;
};

extern const struct backend xen_backend;
extern const struct backend model_backend;

/*
 * A hypercall's memory, cleared: its operation first, and behind it what the
 * operation points to.  Freeing keeps errno; NULL is allowed.
 */
void *call_alloc(xennuma_handle *handle, size_t size);
void call_free(xennuma_handle *handle, void *buffer);

/* Fill in number and version, and call. */
int call_domctl(xennuma_handle *handle, struct layout_domctl *op,
                uint32_t cmd, uint32_t domid);
int call_sysctl(xennuma_handle *handle, struct layout_sysctl *op,
                uint32_t cmd);

/* What the host has: LAYOUT_PHYSCAP_HAP, and what grant tables there are. */
int call_capabilities(xennuma_handle *handle, uint32_t *capabilities);

/* Copy claims, or fail with E2BIG or EINVAL. */
int claims_write(struct xen_node_claim *entries,
                 const struct xennuma_claim *claims, unsigned int nr);

/* Destroy whatever domain has that id now, with memory that the caller has;
 * does not wait for the domain's. */
int domain_destroy(xennuma_handle *handle, struct layout_domctl *op,
                   uint32_t domid);

/* As xennuma_domain_create, where there is no create_on_nodes. */
int create_in_steps(xennuma_handle *handle,
                    const struct layout_createdomain *config,
                    const struct xennuma_placement *placement,
                    struct xennuma_created *created,
                    struct xennuma_shortage *shortage);

/* The abilities that a function needs, or EOPNOTSUPP. */
int need(bool ability);

#endif /* PRIVATE_H */
