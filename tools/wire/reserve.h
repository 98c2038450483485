/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a toolstack that creates its domains itself asks for: "reserve" a
 * place, "bind" it to the domain that was created, or "release" it.
 */

#ifndef WIRE_RESERVE_H
#define WIRE_RESERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch.h"
#include "shares.h"

struct json_object;

/* Names are the toolstack's: of any characters; with the terminating zero. */
#define RESERVE_NAME_MAX    256u
/* As Xen has for PV domains, which have most. */
#define RESERVE_MAX_VCPUS   8192u
/* Each is looked up in Xen, while everybody else waits. */
#define RESERVE_MAX_MEMBERS 4096u
/* The highest id that a domain can have. */
#define RESERVE_MAX_DOMID   0x7fefu

/* The parameters of "reserve". */
struct reserve {
    char name[RESERVE_NAME_MAX];
    uint64_t memory_pages;
    bool has_overhead;
    uint64_t overhead_pages;     /* else the daemon reckons them             */
    unsigned int vcpus;
    uint64_t nodes;              /* mask; 0: any                             */
    char policy[BATCH_POLICY_MAX];
    char superpages[BATCH_SUPERPAGES_MAX];
    unsigned int max_nodes;      /* 0: as the policy has it                  */
    uint64_t near;               /* mask: nodes of a device; 0: none         */
    bool vnuma;
    char spread[RESERVE_NAME_MAX];       /* a group's name; or empty         */
    char pack[RESERVE_NAME_MAX];         /* likewise, and not both           */
    unsigned int nr_members;
    uint32_t *members;           /* domids of the group, owned               */
};

/* Dispose leaves an empty one; NULL is allowed. */
void reserve_dispose(struct reserve *reserve);

/* NULL with ENOMEM. */
struct json_object *reserve_write(const struct reserve *reserve);

/*
 * 0, or -1 with a message in why; it then is empty.  Defaults: policy and
 * superpages "preferred", any node, no group.
 */
int reserve_read(struct reserve *reserve, struct json_object *object,
                 char *why, size_t why_size);

/* The reply: the plan, which the toolstack follows. */
struct reserve_reply {
    uint64_t lease;
    uint64_t owner;              /* cookie to create the domain with         */
    unsigned int home_node;
    uint64_t cpu_nodes;          /* mask: where the vCPUs should run         */
    struct shares pages;
    struct shares chunks_2m;     /* of these pages: chunks, not pages        */
    struct shares chunks_1g;     /* likewise, others                         */
    uint64_t overhead_pages;     /* on the home node                         */
};

/* NULL with ENOMEM. */
struct json_object *reserve_write_reply(const struct reserve_reply *reply);
int reserve_read_reply(struct reserve_reply *reply,
                       struct json_object *object, char *why,
                       size_t why_size);

/*
 * The parameters of "bind", and its reply.  NULL with ENOMEM; 0, or -1 with a
 * message in why.
 */
struct json_object *reserve_write_bind(uint64_t lease, uint32_t domid);
int reserve_read_bind(uint64_t *lease, uint32_t *domid,
                      struct json_object *object, char *why,
                      size_t why_size);

/* The same of "release". */
struct json_object *reserve_write_release(uint64_t lease);
int reserve_read_release(uint64_t *lease, struct json_object *object,
                         char *why, size_t why_size);

#endif /* WIRE_RESERVE_H */
