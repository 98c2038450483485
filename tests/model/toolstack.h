/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A toolstack on a model host, for tests: it asks the daemon on a connection
 * of its own, and creates domains itself.
 */

#ifndef TOOLSTACK_H
#define TOOLSTACK_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"

/* Of a MiB. */
#define TOOLSTACK_PAGES 256u

/* Send a request with these params, without its braces. */
void say(int fd, const char *method, const char *params);

/* The same, and the reply: a line, valid until the next one. */
const char *ask(int fd, const char *method, const char *params);

/*
 * Reserve for a domain "r" of so many MiB with a vCPU; more params begin with
 * a comma.  The reply.
 */
const char *reserve(int fd, unsigned int mib, const char *more);

/* The lease in a reply, or 0. */
unsigned int lease_of(const char *reply);

/* "bind" or "release"; domid 0: without.  The reply. */
const char *call(int fd, const char *method, unsigned int lease,
                 unsigned int domid);

/* Whether a reply tells a lease, and no error. */
bool is_done(const char *reply);

/* Whether a domain of so many MiB would find a place now. */
bool fits(unsigned int mib);

/*
 * As a toolstack does: with a cookie, and claims on a node, in superpages if
 * that is possible, which is if mib is even.
 */
struct xennuma_created create(unsigned int node, unsigned int mib,
                              uint64_t owner);

/* Its memory, on one node; then it runs, and has no claims any more. */
void build(struct xennuma_created domain, unsigned int node,
           unsigned int mib);

/* Take it away. */
void destroy(struct xennuma_created domain);

#endif /* TOOLSTACK_H */
