/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The parameters of "create" and "plan": domains that are wanted together.
 */

#ifndef WIRE_BATCH_H
#define WIRE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

struct json_object;

/* So that a reply for all of them fits a frame with room to spare. */
#define BATCH_MAX_DOMAINS 256u
#define BATCH_POLICY_MAX  16u
#define BATCH_SUPERPAGES_MAX 16u

struct batch_domain {
    char name[RECORD_NAME_MAX];
    char uuid[RECORD_UUID_MAX];  /* empty: the daemon makes one; read, it is
                                    in lower case and not nil               */
    char type[8];
    char policy[BATCH_POLICY_MAX];
    char superpages[BATCH_SUPERPAGES_MAX];
    unsigned int max_nodes;      /* 0: as the policy has it                  */
    uint64_t memory_pages;
    unsigned int vcpus;
    uint64_t nodes;              /* mask; 0: any                             */
    char *kernel;                /* owned                                    */
    char *ramdisk;               /* NULL without                             */
    char *cmdline;               /* likewise                                 */
};

struct batch {
    bool paused;                 /* leave them paused                        */
    bool build;                  /* else only create and claim               */
    unsigned int nr;
    struct batch_domain *domains;
};

/* Dispose leaves an empty batch; NULL is allowed. */
void batch_dispose(struct batch *batch);

/* NULL with ENOMEM. */
struct json_object *batch_write(const struct batch *batch);

/*
 * Read parameters.  0, or -1 with a message in why that names domain, member
 * and value; the batch then is empty.  Defaults: policy and superpages
 * "preferred", any node, not paused, build.
 */
int batch_read(struct batch *batch, struct json_object *object, char *why,
               size_t why_size);

#endif /* WIRE_BATCH_H */
