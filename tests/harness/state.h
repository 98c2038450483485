/* SPDX-License-Identifier: LGPL-2.1-only */
/* Where page_alloc.c keeps its claims. */

#ifndef HARNESS_STATE_H
#define HARNESS_STATE_H

const struct node_claim_heap *harness_node_claims(void);

#endif /* HARNESS_STATE_H */
