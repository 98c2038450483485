/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A model host for a test: its description and state in a directory of its
 * own, which is gone when the test is done.
 */

#ifndef HOST_H
#define HOST_H

#include "model.h"

/*
 * Make a description with this text.  Returns "model:FILE", valid until
 * host_remove; ends the program if there is no room for it.
 */
const char *host_make(const char *text);
/* FILE itself. */
const char *host_file(void);
/* A second description in its place; the state stays. */
void host_rewrite(const char *text);
void host_remove(void);

/* Open it, or end the program. */
xennuma_handle *host_open(void);

/* Audit it: 0, or -1 after having printed what is wrong. */
int host_audit(xennuma_handle *handle, const char *row);

/* Create a domain with claims on nodes 0, 1 and the host; 0 for none.  Its
 * limit is max_pages.  Returns as xennuma_domain_create. */
int host_create(xennuma_handle *handle, uint64_t node0, uint64_t node1,
                uint64_t host, uint64_t max_pages,
                struct xennuma_created *created,
                struct xennuma_shortage *shortage);

#endif /* HOST_H */
