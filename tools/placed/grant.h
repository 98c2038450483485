/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the daemon asks of Xen: the host as it is, domains with their claims.
 * The only module that knows the library.
 *
 * Functions return 0, or -1 with errno as the library sets it; EOPNOTSUPP is
 * a Xen without node claims.
 */

#ifndef PLACED_GRANT_H
#define PLACED_GRANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "place/place.h"
#include "wire/nodes.h"
#include "wire/shares.h"

/*
 * By this cookie a daemon knows the domains that it, or one before it, made:
 * "xenplace" in ASCII.
 */
#define GRANT_OWNER UINT64_C(0x78656e706c616365)

/*
 * Claimed on the home node beyond the memory: special pages, ACPI tables and
 * so on take fewer, so that a domain under construction always has a claim
 * left.  That is how a new daemon knows it from one that was built.
 */
#define GRANT_EXTRA_PAGES 32u

/* As every toolstack of Xen allows beyond the memory. */
#define GRANT_SLACK_PAGES 256u

struct grant;

/*
 * NULL with a message in why.  where: NULL, or "model:FILE".  Does not
 * survive fork: a child opens its own.
 */
struct grant *grant_open(const char *where, char *why, size_t why_size);
void grant_close(struct grant *grant);

/* Whether there are node claims, and the version of their interface. */
bool grant_has_claims(const struct grant *grant, uint32_t *abi);

/* Whether superpages can be claimed. */
bool grant_has_chunks(const struct grant *grant);

/* Whether page tables are in hardware; false before the host was read. */
bool grant_has_hap(const struct grant *grant);

/*
 * Of what Xen takes whole pages for, for a domain that is created here, that
 * which it may put on any node, in words for people; NULL without claims, or
 * if Xen creates on nodes.
 */
const char *grant_left(const struct grant *grant);

/* Leave so many pages of low memory on each node to devices. */
void grant_leave_low(struct grant *grant, uint64_t pages);

/* The host for the engine, and for people. */
int grant_host(struct grant *grant, struct place_host *host);
int grant_nodes(struct grant *grant, struct nodes *nodes);

/* The CPUs of some nodes as a list, "0-1,4", for the caller to free. */
char *grant_cpus(struct grant *grant, uint64_t nodes);

struct grant_domain {
    uint32_t domid;
    uint64_t unique_id;
    uint64_t owner;              /* cookie of its creator                    */
    bool own;                    /* it is ours                               */
    bool finished;               /* was unpaused once                        */
    bool dying;
    struct shares pages;
    struct shares structures;    /* taken by Xen for it since its creation   */
    struct shares claimed;
    struct shares structures_claimed;    /* of that: for Xen itself          */
    uint64_t host_claimed_pages;
    uint64_t lives;              /* mask of nodes: where its vCPUs should be */
};

/*
 * uuid as text; only PVH so far.  own_memory is written when it fails: whether
 * it was memory for Xen's structures that was missing, and not for a claim.
 * On a Xen that cannot create on nodes, one that fails half way is destroyed
 * before this returns; it has no memory yet, so that is quick.
 */
int grant_create(struct grant *grant, const char *uuid, unsigned int vcpus,
                 uint64_t max_pages, const struct place_plan *plan,
                 uint32_t *domid, uint64_t *unique_id,
                 bool *own_memory);

int grant_read(struct grant *grant, uint32_t domid,
               struct grant_domain *domain);

/* Give up the claims of a domain that was built. */
int grant_release(struct grant *grant, uint32_t domid, uint64_t unique_id);

/* Waits for Xen, which can take seconds: for a process of its own. */
int grant_destroy(struct grant *grant, uint32_t domid, uint64_t unique_id);

/* Ids of domains are below. */
#define GRANT_NR_DOMIDS 0x7ff0u

struct grant_listed {
    uint32_t domid;
    uint32_t vcpus;              /* that were made for it                    */
};

/* All domains, by id, for the caller to free. */
int grant_list(struct grant *grant, struct grant_listed **domains,
               unsigned int *nr);

#endif /* PLACED_GRANT_H */
