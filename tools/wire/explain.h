/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Why a domain was, or was not, placed: what each node had, what there was
 * not enough of, and what would have made it fit.  Words are the engine's;
 * a reader passes on those that it does not know.
 */

#ifndef WIRE_EXPLAIN_H
#define WIRE_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

#define EXPLAIN_MAX_NODES   64u
#define EXPLAIN_MAX_CHANGES 8u
/* With the terminating zero: words of a-z, 0-9 and "-", and a line. */
#define EXPLAIN_WORD_MAX    16u
#define EXPLAIN_TEXT_MAX    128u

/* Nodes of all domains of a reply, so that it fits a frame. */
#define EXPLAIN_MAX_ROWS    2048u

struct explain_node {
    unsigned int node;
    char verdict[EXPLAIN_WORD_MAX];
    char by[EXPLAIN_WORD_MAX];   /* what spoke against it; may be empty      */
    uint64_t free_pages;         /* for the domain                           */
    uint64_t missing_pages;      /* of what it needs of a single node        */
    uint32_t cpus;
    bool scored;
    uint64_t regret;             /* if scored: the less, the better          */
    uint64_t load;               /* likewise                                 */
    uint64_t distance;           /* from the home node; 0: not told          */
};

/* One of the members says what the change is, beside its word. */
struct explain_change {
    char change[EXPLAIN_WORD_MAX];
    uint64_t pages;              /* 0: not told                              */
    uint64_t vcpus;              /* likewise                                 */
    uint64_t max_nodes;          /* likewise                                 */
    char policy[EXPLAIN_WORD_MAX];       /* may be empty                     */
    char superpages[EXPLAIN_WORD_MAX];   /* likewise                         */
    bool has_node;
    unsigned int node;
    char text[EXPLAIN_TEXT_MAX]; /* for people                               */
};

struct explain {
    uint64_t need_pages;         /* memory, and what Xen takes beside it     */
    char binding[EXPLAIN_WORD_MAX];      /* empty: it was placed             */
    unsigned int nr_changes;
    struct explain_change changes[EXPLAIN_MAX_CHANGES];
    unsigned int nr_nodes;
    struct explain_node nodes[EXPLAIN_MAX_NODES];
};

/* With its nodes or as if it had none.  NULL with ENOMEM. */
struct json_object *explain_write(const struct explain *explain, bool nodes);

/* 0, or -1 with a message in why. */
int explain_read(struct explain *explain, struct json_object *object,
                 char *why, size_t why_size);

#endif /* WIRE_EXPLAIN_H */
