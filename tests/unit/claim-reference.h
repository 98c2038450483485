/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A reference for the accounting of claims: no counters, but an owner for each
 * page, and a token for each promised page or chunk.  A state is sound if each
 * token can be laid on a free page, or aligned run of free pages, of its own.
 *
 * A node has up to 64 pages here, its chunks have 4 and 16.  Pages are bits of
 * a mask, an owner has one a node.
 */

#ifndef CLAIM_REFERENCE_H
#define CLAIM_REFERENCE_H

#include <xen/node-claim.h>

#define NODES    NODE_CLAIM_NODES
#define PAGES    64u
#define DOMAINS  4u

/* Owners: the domains, and */
enum {
    OTHER = DOMAINS,             /* whatever has no claims                   */
    FREE,
    OFFLINE,
    NR_OWNERS
};

/* Sorts of tokens on a node: chunks by level, and Xen's own pages. */
enum {
    OWN = NODE_CLAIM_LEVELS,
    SORTS
};

extern const unsigned int chunk_order[SORTS];

extern unsigned int nr_nodes;
extern uint64_t pages_of[NODES][NR_OWNERS];
extern unsigned int tokens[NODES][DOMAINS][SORTS];
extern unsigned int host_tokens[DOMAINS];
extern uint64_t recalled[NODES][DOMAINS];

/* Pages of a mask; an aligned run of them; the starts of runs within one. */
unsigned int count_pages(uint64_t mask);
uint64_t page_run(unsigned int first, unsigned int order);
uint64_t page_runs(uint64_t mask, unsigned int sort);

/* The order of the free block that a free page is part of. */
unsigned int reference_block_order(unsigned int node, unsigned int page);
void reference_move(unsigned int node, uint64_t mask, unsigned int from,
                    unsigned int to);

/* Can all tokens of a node and of the host be laid? */
bool reference_sound(unsigned int node);
/* Pages that a domain's tokens of a node stand for. */
unsigned int token_pages(unsigned int node, unsigned int d);
void reference_drop_all(unsigned int d);

/* What install should say; the tokens are as it should leave them. */
int reference_install(unsigned int d, const struct xen_node_claim *entries,
                      uint32_t nr, unsigned int memory, unsigned int max,
                      struct node_claim_shortage *shortage);
/* Tokens of a domain go as 2^order pages of the node are taken for it. */
void reference_redeem(unsigned int node, unsigned int d, bool own,
                      unsigned int order);
/* Tokens go until the others can be laid again. */
void reference_recall(unsigned int node);

#endif /* CLAIM_REFERENCE_H */
