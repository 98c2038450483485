/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The model of a host: what guests and builders do there.
 *
 * xennuma_open with "model:FILE" opens one; these functions are for the
 * builder and for tests, and are not installed.  They stand for what on a
 * real host goes through other libraries, and fail with ENOTTY on a handle of
 * the running Xen.
 *
 * FILE has a line a node, in order: memory, CPUs, distances to all nodes.
 *
 *     1536M 2  10 16
 *     0     4  16 10      # a node without memory
 *
 * and may have, anywhere:
 *
 *     features none       # or of: claims create; both without this line
 *     threads 2           # of a core, 1 without; CPUs then come in pairs
 *     overhead 40 270     # pages that a domain costs, and each of its vCPUs
 *
 * The host's state is FILE.state, shared by all that open it and kept when
 * none does.  Any of them may die at any moment: what it was at is undone.
 */

#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xennuma.h"

#define MODEL_MAX_DOMAINS 2048u

/*
 * Is FILE a good description, and does a FILE.state that is there belong to
 * it?  0, or -1 with a message for people, that names line and value, in why.
 */
int xennuma_model_check(const char *file, char *why, size_t size);

/*
 * Give a domain memory: all pages or none.  node: that one first, and only
 * that one if exact; or XENNUMA_HOST.  Without exact the domain's claimed
 * nodes come first, in order, then the others of its mask, then all.
 *
 * errno: ESRCH (no such domain, or dying), EINVAL (node), ENOMEM (also when
 * it is over max_pages).
 */
int xennuma_model_populate(xennuma_handle *handle, uint32_t domid,
                           uint32_t node, uint64_t pages, bool exact);

/* Take pages back.  errno: ESRCH, EINVAL (it has not that many there). */
int xennuma_model_free(xennuma_handle *handle, uint32_t domid, uint32_t node,
                       uint64_t pages);

/*
 * The host-wide claim of old: how many pages it shall have in the end; 0 gives
 * the claim up.  With a claim set it only tells whether that would do.
 *
 * errno: ESRCH, EINVAL (it has one, or as many pages, or not that), ENOMEM.
 */
int xennuma_model_claim_pages(xennuma_handle *handle, uint32_t domid,
                              uint64_t pages);

/* The limit of old; errno: ESRCH. */
int xennuma_model_max_pages(xennuma_handle *handle, uint32_t domid,
                            uint64_t pages);

/* Let it run, or stop it.  The first ends its claims.  errno: ESRCH. */
int xennuma_model_unpause(xennuma_handle *handle, uint32_t domid);
int xennuma_model_pause(xennuma_handle *handle, uint32_t domid);

/*
 * Begin to destroy a domain and stop half way: its claims are gone, its
 * memory is not.  xennuma_domain_destroy goes on from there.
 */
int xennuma_model_kill(xennuma_handle *handle, uint32_t domid);

/*
 * Walk everything and compare it with the counters: sums of claims and of
 * pages, nothing negative, nothing promised that is not there.  0, or -1
 * with what is wrong in why.
 */
int xennuma_model_audit(xennuma_handle *handle, char *why, size_t size);

/* How often an operation was undone because its process died within it. */
uint64_t xennuma_model_undone(xennuma_handle *handle);

#endif /* MODEL_H */
