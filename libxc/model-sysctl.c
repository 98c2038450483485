/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The model's answers to sysctl: heap, topology, domains.  They only read.
 */

#include <errno.h>
#include <string.h>

#include "model-private.h"

static int node_heap(const struct model *model,
                     struct xen_sysctl_node_heap *op)
{
    const struct model_file *file = &model->state->file;
    const struct node_claim_heap *heap = &model->state->host.heap;
    struct xen_node_heap *nodes = model_guest(op->nodes);
    uint32_t room = op->nr_nodes;
    unsigned int node;

    if ( !file->features )
        return -ENOSYS;

    if ( op->pad )
        return -EINVAL;

    op->nr_nodes = file->nr_nodes;
    if ( room && room < file->nr_nodes )
        return -ENOBUFS;

    op->abi = XEN_NODE_CLAIM_ABI;
    op->features = file->features;
    op->generation = heap->generation;
    op->free_pages = heap->free_pages;
    op->claimed_pages = heap->claimed_pages;
    op->host_claimed_pages = heap->host_claimed_pages;
    op->online = 0;

    for ( node = 0; node < file->nr_nodes; node++ )
    {
        op->online |= 1ULL << node;
        if ( !room )
            continue;
        nodes[node] = (struct xen_node_heap){
            .present_pages = file->nodes[node].pages,
        };
        node_claim_report(heap, node, &nodes[node]);
    }

    return 0;
}

static int physinfo(const struct model *model, struct layout_physinfo *op)
{
    const struct model_file *file = &model->state->file;
    unsigned int node;

    memset(op, 0, sizeof(*op));
    op->threads_per_core = file->threads;
    op->nr_nodes = file->nr_nodes;
    op->max_node_id = file->nr_nodes - 1;
    op->capabilities = LAYOUT_PHYSCAP_HAP | LAYOUT_PHYSCAP_GRANT_V1 |
                       LAYOUT_PHYSCAP_GRANT_V2;
    op->free_pages = model->state->host.heap.free_pages;
    op->outstanding_pages = model->state->host.heap.claimed_pages;
    for ( node = 0; node < file->nr_nodes; node++ )
    {
        op->nr_cpus += file->nodes[node].cpus;
        op->total_pages += file->nodes[node].pages;
    }
    op->max_cpu_id = op->nr_cpus - 1;

    return 0;
}

/* In the order of ids; slots are in another. */
static int domains(struct model *model, struct layout_domains *op)
{
    struct layout_domain *to = model_guest(op->buffer);
    const struct model_domain *domain;
    uint16_t next[MODEL_MAX_DOMAINS];
    unsigned int nr = 0, i, j;

    /* Keep the op->max lowest, sorted, in next. */
    for ( i = 0; i < MODEL_MAX_DOMAINS; i++ )
    {
        domain = &model->state->domains[i];
        if ( !domain->unique_id || domain->domid < op->first )
            continue;

        if ( nr == op->max )
        {
            if ( !nr || next[nr - 1] < domain->domid )
                continue;
            nr--;
        }
        else if ( nr == MODEL_MAX_DOMAINS )
            break;

        for ( j = nr++; j && next[j - 1] > domain->domid; j-- )
            next[j] = next[j - 1];
        next[j] = domain->domid;
    }

    for ( i = 0; i < nr; i++ )
    {
        domain = model_domain(model, next[i]);
        to[i] = (struct layout_domain){
            .domid = domain->domid,
            .flags = domain->flags & XEN_NODE_CLAIM_DOM_DYING
                     ? LAYOUT_DOMAIN_DYING : 0,
            .tot_pages = domain->pages,
            .max_pages = domain->max_pages,
            .outstanding_pages = domain->claims.total_pages,
            .max_vcpu_id = domain->vcpus - 1,
        };
    }
    op->nr = nr;

    return 0;
}

/* Nodes have CPUs in order; each node is a socket. */
static int cputopo(const struct model *model, struct layout_cputopo *op)
{
    const struct model_file *file = &model->state->file;
    struct layout_cpu *cpus = model_guest(op->cpus);
    unsigned int node, cpu = 0, i;

    for ( node = 0; node < file->nr_nodes; node++ )
        for ( i = 0; i < file->nodes[node].cpus; i++, cpu++ )
            if ( cpus && cpu < op->nr_cpus )
                cpus[cpu] = (struct layout_cpu){
                    .core = i / file->threads, .socket = node, .node = node,
                };

    if ( !cpus || cpu < op->nr_cpus )
        op->nr_cpus = cpu;

    return 0;
}

static int numa(const struct model *model, struct layout_numa *op)
{
    const struct model_file *file = &model->state->file;
    uint32_t *distances = model_guest(op->distances);
    unsigned int nr = file->nr_nodes, i, j;

    if ( distances && nr > op->nr_nodes )
        nr = op->nr_nodes;

    for ( i = 0; distances && i < nr; i++ )
        for ( j = 0; j < nr; j++ )
            distances[i * nr + j] = file->nodes[i].distances[j];
    op->nr_nodes = nr;

    return 0;
}

int model_sysctl(struct model *model, struct layout_sysctl *op)
{
    switch ( op->cmd )
    {
    case XEN_SYSCTL_node_heap:
        return node_heap(model, &op->u.node_heap);

    case LAYOUT_SYSCTL_PHYSINFO:
        return physinfo(model, &op->u.physinfo);

    case LAYOUT_SYSCTL_DOMAINS:
        return domains(model, &op->u.domains);

    case LAYOUT_SYSCTL_CPUTOPO:
        return cputopo(model, &op->u.cputopo);

    case LAYOUT_SYSCTL_NUMA:
        return numa(model, &op->u.numa);

    default:
        return -ENOSYS;
    }
}
