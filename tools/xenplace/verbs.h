/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What xenplace can do: one row of the table in xenplace.c and one function
 * each.
 */

#ifndef XENPLACE_VERBS_H
#define XENPLACE_VERBS_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"

/* The options of the command line; each verb takes some of them. */
struct verb_options {
    const char *socket;
    const char *policy;          /* NULL: as the daemon has it               */
    const char *superpages;      /* likewise                                 */
    unsigned int max_nodes;      /* 0: likewise                              */
    uint64_t nodes;              /* mask; 0: any                             */
    bool json;
    bool paused;
};

typedef enum client_status verb(const struct verb_options *options, int argc,
                                char *argv[]);

/* verb-create.c */
verb verb_capacity, verb_create, verb_explain, verb_plan;
/* verb-show.c */
verb verb_list, verb_nodes, verb_show, verb_version;
/* verb-sim.c; it gets the arguments with its own name first */
verb verb_sim;

#endif /* XENPLACE_VERBS_H */
