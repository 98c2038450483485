/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Between the library's words and the daemon's.
 *
 * No policy, no log.  The library's structures are large and the daemon is a
 * single thread, so they lie in the handle.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <model.h>
#include <xennuma.h>

#include "grant.h"
#include "plan/plan.h"

/* CPUs come and go seldom, and are many: read again after so many seconds. */
#define TOPOLOGY_SECONDS 1

/* What names a host that exists in memory only, before its file. */
#define MODEL "model:"

struct grant {
    xennuma_handle *handle;
    struct xennuma_abilities abilities;
    struct xennuma_heap heap;
    struct xennuma_topology topology;
    struct timespec topology_read;       /* tv_sec 0: never                  */
    struct xennuma_domain domain;
    uint64_t low_pages;                  /* of each node, for devices        */
};

static const char *open_reason(int error)
{
    switch ( error )
    {
    case ENOENT:
    case ENODEV:
        return "there is no Xen here: boot the host under Xen";

    case ENOTSUP:
        return "this xenplaced was built without support for a running Xen: "
               "configure it with libxencall";

    case EPROTO:
        return "another release than 4.20, which this xenplaced speaks, or "
               "its security policy forbids to ask: boot the host under Xen "
               "4.20";

    case EACCES:
    case EPERM:
        return "not permitted: run it as root in the control domain";

    default:
        return strerror(error);
    }
}

static void say_not_open(const char *where, int error, char *why,
                         size_t why_size)
{
    const char *file = where && !strncmp(where, MODEL, strlen(MODEL))
                       ? where + strlen(MODEL) : NULL;
    char reason[256];

    if ( !where )
        snprintf(why, why_size, "Xen: %s", open_reason(error));
    else if ( !file )
        snprintf(why, why_size, "%s: must be " MODEL "FILE, or absent for "
                 "the running Xen", where);
    else if ( error == ENOENT && access(file, F_OK) )
        snprintf(why, why_size, "%s: no such file", where);
    else if ( xennuma_model_check(file, reason, sizeof(reason)) )
        snprintf(why, why_size, MODEL "%s", reason);
    else
        snprintf(why, why_size, "%s: %s", where, strerror(error));
}

struct grant *grant_open(const char *where, char *why, size_t why_size)
{
    struct grant *grant = calloc(1, sizeof(*grant));

    if ( !grant )
    {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }

    grant->handle = xennuma_open(NULL, 0, where);
    if ( !grant->handle )
    {
        say_not_open(where, errno, why, why_size);
        free(grant);
        return NULL;
    }
    xennuma_probe(grant->handle, &grant->abilities);

    return grant;
}

void grant_close(struct grant *grant)
{
    if ( !grant )
        return;
    xennuma_close(grant->handle);
    free(grant);
}

bool grant_has_claims(const struct grant *grant, uint32_t *abi)
{
    *abi = grant->abilities.abi;

    return grant->abilities.claims;
}

bool grant_has_chunks(const struct grant *grant)
{
    return grant->abilities.superpages;
}

bool grant_has_hap(const struct grant *grant)
{
    return grant->topology.hap;
}

const char *grant_left(const struct grant *grant)
{
    return grant->abilities.create || !grant->abilities.claims ? NULL
           : "struct domain, shared_info, per-domain mappings, first pool of "
             "page tables, grant table, IOMMU tables, struct vcpu, VMCS or "
             "VMCB, MSR bitmaps, waitqueues";
}

static int read_topology(struct grant *grant)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if ( grant->topology_read.tv_sec &&
         now.tv_sec - grant->topology_read.tv_sec <= TOPOLOGY_SECONDS )
        return 0;
    if ( xennuma_topology_get(grant->handle, &grant->topology) )
        return -1;
    grant->topology_read = now;

    return 0;
}

static int read_host(struct grant *grant)
{
    uint32_t abi;

    if ( !grant_has_claims(grant, &abi) )
    {
        errno = EOPNOTSUPP;
        return -1;
    }

    return xennuma_heap_get(grant->handle, &grant->heap) ||
           read_topology(grant) ? -1 : 0;
}

static uint64_t claimed_pages(const struct xennuma_node_heap *node)
{
    return node->claimed_guest_pages + node->claimed_overhead_pages;
}

void grant_leave_low(struct grant *grant, uint64_t pages)
{
    grant->low_pages = pages;
}

int grant_host(struct grant *grant, struct place_host *host)
{
    memset(host, 0, sizeof(*host));
    if ( read_host(grant) )
        return -1;
    plan_host(&grant->heap, &grant->topology, host);
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
        host->nodes[i].reserve_pages =
            grant->heap.nodes[i].dma_pages < grant->low_pages
            ? grant->heap.nodes[i].dma_pages : grant->low_pages;

    return 0;
}

static void copy_distances(uint32_t *to, const struct xennuma_topology *from,
                           unsigned int node, unsigned int nr)
{
    for ( unsigned int i = 0; i < nr; i++ )
        to[i] = from->nodes[node].distances[i] == XENNUMA_NO_DISTANCE
                ? PLACE_NO_DISTANCE : from->nodes[node].distances[i];
}

int grant_nodes(struct grant *grant, struct nodes *nodes)
{
    const struct xennuma_heap *heap = &grant->heap;

    memset(nodes, 0, sizeof(*nodes));
    if ( read_host(grant) )
        return -1;

    for ( unsigned int i = 0; i < heap->nr_nodes; i++ )
    {
        struct nodes_entry *to = &nodes->entries[nodes->nr];

        if ( !heap->nodes[i].online )
            continue;
        to->node = i;
        to->present_pages = heap->nodes[i].present_pages;
        to->free_pages = heap->nodes[i].free_pages;
        to->claimed_pages = claimed_pages(&heap->nodes[i]);
        to->cpus = grant->topology.nodes[i].cpus;
        to->nr_distances = heap->nr_nodes;
        copy_distances(to->distances, &grant->topology, i, heap->nr_nodes);
        nodes->nr++;
    }

    return 0;
}

static bool cpu_is_on(const struct xennuma_topology *topology,
                      unsigned int cpu, uint64_t nodes)
{
    unsigned int node = topology->cpu_node[cpu];

    return node < XENNUMA_MAX_NODES && (nodes & (UINT64_C(1) << node));
}

char *grant_cpus(struct grant *grant, uint64_t nodes)
{
    const struct xennuma_topology *topology = &grant->topology;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if ( !stream )
        return NULL;
    for ( unsigned int cpu = 0; cpu < topology->nr_cpus; cpu++ )
    {
        unsigned int first = cpu;

        if ( !cpu_is_on(topology, cpu, nodes) )
            continue;
        while ( cpu + 1 < topology->nr_cpus &&
                cpu_is_on(topology, cpu + 1, nodes) )
            cpu++;
        fprintf(stream, "%s%u", ftell(stream) > 0 ? "," : "", first);
        if ( cpu > first )
            fprintf(stream, "-%u", cpu);
    }
    if ( fclose(stream) )
    {
        free(text);
        return NULL;
    }

    return text;
}

static void parse_uuid(const char *text, uint8_t *bytes)
{
    for ( unsigned int i = 0; i < 16; i++ )
    {
        unsigned int byte = 0;

        text += *text == '-';
        sscanf(text, "%2x", &byte);
        bytes[i] = byte;
        text += 2;
    }
}

int grant_create(struct grant *grant, const char *uuid, unsigned int vcpus,
                 uint64_t max_pages, const struct place_plan *plan,
                 uint32_t *domid, uint64_t *unique_id,
                 bool *own_memory)
{
    struct xennuma_claim claims[PLAN_MAX_CLAIMS];
    struct xennuma_domain_config config = {
        .type = XENNUMA_DOMAIN_PVH,
        .max_vcpus = vcpus,
    };
    struct xennuma_placement placement = {
        .nodes = plan->nodes | (UINT64_C(1) << plan->home_node),
        .home_node = plan->home_node,
        .max_pages = max_pages,
        .owner = GRANT_OWNER,
        .claims = claims,
        .nr_claims = plan_claims(plan, GRANT_EXTRA_PAGES, claims),
    };
    struct xennuma_shortage missing = { .pages = 0 };
    struct xennuma_created created;

    parse_uuid(uuid, config.uuid);
    if ( xennuma_domain_create(grant->handle, &config, &placement, &created,
                               &missing) )
    {
        *own_memory = errno == ENOMEM && !missing.pages;
        return -1;
    }
    *domid = created.domid;
    *unique_id = created.unique_id;

    return 0;
}

static void add_claim(struct grant_domain *domain,
                      const struct xennuma_claim *claim)
{
    if ( claim->target >= SHARES_MAX_NODES )
        domain->host_claimed_pages += claim->pages;
    else
    {
        domain->claimed.pages[claim->target] += claim->pages;
        if ( claim->kind == XENNUMA_CLAIM_OVERHEAD )
            domain->structures_claimed.pages[claim->target] += claim->pages;
    }
}

int grant_read(struct grant *grant, uint32_t domid,
               struct grant_domain *domain)
{
    const struct xennuma_domain *from = &grant->domain;

    memset(domain, 0, sizeof(*domain));
    if ( xennuma_claims_get(grant->handle, domid, &grant->domain) )
        return -1;

    domain->domid = domid;
    domain->unique_id = from->unique_id;
    domain->owner = from->owner;
    domain->own = from->owner == GRANT_OWNER;
    domain->finished = from->finished;
    domain->dying = from->dying;
    for ( unsigned int i = 0; i < from->nr_nodes; i++ )
    {
        domain->pages.pages[i] = from->nodes[i].guest_pages;
        domain->structures.pages[i] = from->nodes[i].overhead_pages;
    }
    for ( unsigned int i = 0; i < from->nr_claims; i++ )
        add_claim(domain, &from->claims[i]);
    domain->lives = plan_lives(from);

    return 0;
}

int grant_release(struct grant *grant, uint32_t domid, uint64_t unique_id)
{
    return xennuma_claims_set(grant->handle, domid, unique_id, NULL, 0, NULL);
}

int grant_destroy(struct grant *grant, uint32_t domid, uint64_t unique_id)
{
    return xennuma_domain_destroy(grant->handle, domid, unique_id);
}

int grant_list(struct grant *grant, struct grant_listed **domains,
               unsigned int *nr)
{
    struct xennuma_listed *listed = plan_list(grant->handle, nr);

    *domains = listed ? calloc(*nr, sizeof(**domains)) : NULL;
    for ( unsigned int i = 0; *domains && i < *nr; i++ )
        (*domains)[i] = (struct grant_listed){
            .domid = listed[i].domid, .vcpus = listed[i].vcpus,
        };
    free(listed);

    return *domains ? 0 : -1;
}
