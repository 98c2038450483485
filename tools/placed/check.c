/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Checks of a batch against the host.
 *
 * A batch with one wrong domain is refused as a whole: it was not meant like
 * that.  What merely does not fit is not wrong, and told domain by domain.
 * Files are not looked at here: one on a server that does not answer would
 * stop the daemon.  The client has looked, and the builder will.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "check.h"
#include "grant.h"
#include "lease.h"
#include "placed.h"

static int check_type(const struct batch_domain *domain, struct fault *fault)
{
    if ( !strcmp(domain->type, "pvh") )
        return 0;
    if ( !strcmp(domain->type, "hvm") || !strcmp(domain->type, "pv") )
        return fault_set(fault, FAULT_PARAMS, "%s: type: %s: not supported "
                         "yet: use pvh", domain->name, domain->type);

    return fault_set(fault, FAULT_PARAMS, "%s: type: %s: unknown: use pvh",
                     domain->name, domain->type);
}

static int check_vcpus(const struct batch_domain *domain, struct fault *fault)
{
    if ( domain->vcpus <= PLACED_MAX_VCPUS )
        return 0;

    return fault_set(fault, FAULT_PARAMS, "%s: vcpus: %u: a PVH domain has "
                     "at most %u", domain->name, domain->vcpus,
                     PLACED_MAX_VCPUS);
}

/* Whether they exist; member is where they were named. */
static int check_exist(const char *name, const char *member, uint64_t nodes,
                       const struct place_host *host, struct fault *fault)
{
    for ( unsigned int i = host->nr_nodes; i < PLACE_MAX_NODES; i++ )
        if ( nodes & (UINT64_C(1) << i) )
            return fault_set(fault, FAULT_PARAMS, "%s: %s: %u: no such node: "
                             "this host has the nodes 0 to %u", name, member,
                             i, host->nr_nodes - 1);

    return 0;
}

static int check_nodes(const struct batch_domain *domain,
                       const struct place_host *host, struct fault *fault)
{
    if ( check_exist(domain->name, "nodes", domain->nodes, host, fault) )
        return -1;
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        if ( !(domain->nodes & (UINT64_C(1) << i)) )
            continue;
        if ( !host->nodes[i].online )
            return fault_set(fault, FAULT_PARAMS, "%s: nodes: %u: not "
                             "online: see xenplace nodes", domain->name, i);
    }

    return 0;
}

static int check_name(const struct batch *batch, unsigned int i,
                      struct fault *fault)
{
    const char *name = batch->domains[i].name;

    for ( unsigned int n = 0; n < i; n++ )
        if ( !strcmp(batch->domains[n].name, name) )
            return fault_set(fault, FAULT_PARAMS, "%s: name: given twice: "
                             "each domain needs its own", name);
    if ( lease_by_name(name) )
        return fault_set(fault, FAULT_PARAMS, "%s: name: a domain of that "
                         "name is being created: choose another one", name);

    return 0;
}

/*
 * The uuid is its domain's alone.  Those of domains that Xen has are looked
 * up by the builder.
 */
static int check_own_uuid(const struct batch *batch, unsigned int i,
                          struct fault *fault)
{
    const char *name = batch->domains[i].name;
    const char *uuid = batch->domains[i].uuid;

    if ( !uuid[0] )
        return 0;
    for ( unsigned int n = 0; n < i; n++ )
        if ( !strcmp(batch->domains[n].uuid, uuid) )
            return fault_set(fault, FAULT_PARAMS, "%s: uuid: %s: %s has it, "
                             "too: each domain needs its own", name, uuid,
                             batch->domains[n].name);
    if ( lease_by_uuid(uuid) )
        return fault_set(fault, FAULT_PARAMS, "%s: uuid: %s: a domain with "
                         "it is being created: choose another one", name,
                         uuid);

    return 0;
}

static int check_chunks(const struct batch_domain *domain,
                        const struct grant *grant,
                        struct place_request *request, struct fault *fault)
{
    if ( place_chunks_parse(domain->superpages, request) )
        return fault_set(fault, FAULT_PARAMS, "%s: superpages: %s: unknown: "
                         "use preferred, 2M, 1G or off", domain->name,
                         domain->superpages);
    if ( grant_has_chunks(grant) )
        return 0;
    if ( request->chunks == PLACE_CHUNKS_REQUIRED )
        return fault_set(fault, FAULT_PARAMS, "%s: superpages: %s: this Xen "
                         "cannot claim them: use preferred", domain->name,
                         domain->superpages);
    request->chunks = PLACE_NO_CHUNKS;

    return 0;
}

/* Whatever the type. */
static int check_place(const struct batch_domain *domain,
                       const struct grant *grant,
                       const struct place_host *host,
                       struct place_request *request, struct fault *fault)
{
    if ( check_nodes(domain, host, fault) )
        return -1;

    if ( place_policy_parse(domain->policy, &request->policy) )
        return fault_set(fault, FAULT_PARAMS, "%s: policy: %s: unknown: use "
                         "strict, preferred or interleave", domain->name,
                         domain->policy);
    if ( check_chunks(domain, grant, request, fault) )
        return -1;
    request->max_nodes = domain->max_nodes;
    request->guest_pages = domain->memory_pages;
    request->overhead_pages = place_request_overhead(domain->memory_pages,
                                                     domain->vcpus,
                                                     grant_has_hap(grant)) +
                              GRANT_EXTRA_PAGES;
    request->vcpus = domain->vcpus;
    request->nodes = domain->nodes;

    return 0;
}

int check_size(const struct batch_domain *domain,
               const struct grant *grant, const struct place_host *host,
               struct place_request *request, struct fault *fault)
{
    if ( check_type(domain, fault) || check_vcpus(domain, fault) )
        return -1;

    return check_place(domain, grant, host, request, fault);
}

int check_reserve(const struct reserve *reserve, const struct grant *grant,
                  const struct place_host *host,
                  struct place_request *request, struct fault *fault)
{
    struct batch_domain domain = {
        .max_nodes = reserve->max_nodes,
        .memory_pages = reserve->memory_pages,
        .vcpus = reserve->vcpus,
        .nodes = reserve->nodes,
    };

    /* For faults only: the beginning will do. */
    snprintf(domain.name, sizeof(domain.name), "%.*s",
             (int)sizeof(domain.name) - 1, reserve->name);
    memcpy(domain.policy, reserve->policy, sizeof(domain.policy));
    memcpy(domain.superpages, reserve->superpages,
           sizeof(domain.superpages));
    if ( check_place(&domain, grant, host, request, fault) ||
         check_exist(domain.name, "near", reserve->near, host, fault) )
        return -1;
    if ( reserve->has_overhead )
        request->overhead_pages = reserve->overhead_pages;
    request->near = reserve->near;
    request->vnuma = reserve->vnuma;

    return 0;
}

int check_batch(const struct batch *batch, const struct grant *grant,
                const struct place_host *host, struct place_request *requests,
                struct fault *fault)
{
    for ( unsigned int i = 0; i < batch->nr; i++ )
        if ( check_name(batch, i, fault) || check_own_uuid(batch, i, fault) ||
             check_size(&batch->domains[i], grant, host, &requests[i],
                        fault) )
            return -1;

    return 0;
}

int check_uuid(const char *wanted, char *uuid)
{
    unsigned char bytes[16];
    char *end = uuid;

    if ( wanted[0] )
    {
        snprintf(uuid, RECORD_UUID_MAX, "%s", wanted);
        return 0;
    }
    if ( getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes) )
        return -1;
    bytes[6] = (bytes[6] & 0x0f) | 0x40;   /* version 4, random */
    bytes[8] = (bytes[8] & 0x3f) | 0x80;   /* its variant       */
    for ( unsigned int i = 0; i < sizeof(bytes); i++ )
        end += sprintf(end, "%s%02x",
                       i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                       bytes[i]);

    return 0;
}
