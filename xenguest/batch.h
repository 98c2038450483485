/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Requests to xenstore that are sent together.
 *
 * libxenstore waits for each answer before it sends the next request, which
 * for the fifty entries of a domain takes most of the time of a build.  Here
 * requests are queued, sent, and then all answers are read.  The protocol is
 * that of xen/io/xs_wire.h; there are neither transactions nor watches.
 */

#ifndef XENGUEST_BATCH_H
#define XENGUEST_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include <xenstore.h>

/* Requests in a batch, at most; more are sent in several. */
#define BATCH_MAX 64u

struct batch;

/* Connect to xenstored.  NULL with errno. */
struct batch *batch_open(void);

/* Disconnect; what is queued is dropped.  NULL is allowed. */
void batch_close(struct batch *batch);

/*
 * Queue a request.  None fails by itself: batch_run tells.  A queue that is
 * full is run first, and its answers are lost.
 */
void batch_write(struct batch *batch, const char *path, const char *value);
void batch_mkdir(struct batch *batch, const char *path);
/* It may be that there is no such entry. */
void batch_remove(struct batch *batch, const char *path);
void batch_access(struct batch *batch, const char *path,
                  const struct xs_permissions *perms, unsigned int nr);
void batch_introduce(struct batch *batch, uint32_t domid, uint64_t gfn,
                     uint32_t port);
/* It may be that there is no such entry.  Returns the request's number. */
unsigned int batch_read(struct batch *batch, const char *path);

/*
 * Send what is queued and do not wait: the next run does, and tells of these
 * requests, too.
 */
void batch_send(struct batch *batch);

/*
 * Send what is queued and wait for all that was sent.  0, or -1 with the errno of the
 * first request that was refused, since the last run that the caller made.
 */
int batch_run(struct batch *batch);

/*
 * The answer to a request of the last run, as text; NULL: no such entry.  It
 * stays valid until the next request is queued.
 */
const char *batch_answer(const struct batch *batch, unsigned int request);

#endif /* XENGUEST_BATCH_H */
