/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The node claim hypercalls, raw.  Layouts are those of Xen 4.20: a header,
 * and a union of 128 bytes.
 */

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <xencall.h>

#include "hypercall.h"

#define HYPERVISOR_SYSCTL 35
#define HYPERVISOR_DOMCTL 36
#define SYSCTL_VERSION    0x15
#define DOMCTL_VERSION    0x17

struct domctl {
    uint32_t cmd;
    uint32_t version;
    uint16_t domid;
    uint16_t pad[3];
    uint8_t op[128];
};

struct sysctl {
    uint32_t cmd;
    uint32_t version;
    uint8_t op[128];
};

/*
 * One CPU for all: Xen's own small things come from the node of the CPU that
 * asks, and a test compares nodes to the page.
 */
static void stay_on_cpu(void)
{
    cpu_set_t cpus;

    CPU_ZERO(&cpus);
    CPU_SET(0, &cpus);
    if ( sched_setaffinity(0, sizeof(cpus), &cpus) )
        perror("sched_setaffinity");
}

static xencall_handle *get_handle(void)
{
    static xencall_handle *handle;

    if ( !handle )
    {
        stay_on_cpu();
        handle = xencall_open(NULL, 0);
    }

    if ( !handle )
    {
        perror("xencall_open");
        exit(1);
    }

    return handle;
}

void *hypercall_alloc(size_t size)
{
    void *memory = xencall_alloc_buffer(get_handle(), size);

    if ( !memory )
    {
        perror("xencall_alloc_buffer");
        exit(1);
    }

    memset(memory, 0, size);

    return memory;
}

void *hypercall_alloc_readonly(const void *contents, size_t size)
{
    void *page = xencall_alloc_buffer_pages(get_handle(), 1);

    if ( page )
        memcpy(page, contents, size);
    if ( !page || mprotect(page, 4096, PROT_READ) )
    {
        perror("mprotect");
        exit(1);
    }

    return page;
}

static int call(unsigned int hypercall, void *buffer)
{
    int rc = xencall1(get_handle(), hypercall, (uintptr_t)buffer);

    return rc < 0 ? -errno : rc;
}

int hypercall_domctl(uint32_t cmd, uint32_t version, uint32_t domid, void *op,
                     size_t size)
{
    static struct domctl *domctl;
    int rc;

    if ( !domctl )
        domctl = hypercall_alloc(sizeof(*domctl));

    memset(domctl, 0, sizeof(*domctl));
    domctl->cmd = cmd;
    domctl->version = version ? version : DOMCTL_VERSION;
    domctl->domid = domid;
    memcpy(domctl->op, op, size);

    rc = call(HYPERVISOR_DOMCTL, domctl);
    memcpy(op, domctl->op, size);

    return rc;
}

int hypercall_sysctl(uint32_t cmd, void *op, size_t size)
{
    static struct sysctl *sysctl;
    int rc;

    if ( !sysctl )
        sysctl = hypercall_alloc(sizeof(*sysctl));

    memset(sysctl, 0, sizeof(*sysctl));
    sysctl->cmd = cmd;
    sysctl->version = SYSCTL_VERSION;
    memcpy(sysctl->op, op, size);

    rc = call(HYPERVISOR_SYSCTL, sysctl);
    memcpy(op, sysctl->op, size);

    return rc;
}

int claims_set(uint32_t domid, uint64_t unique_id,
               const struct xen_node_claim *claims, uint32_t nr,
               struct xen_domctl_set_node_claims *op)
{
    static struct xen_node_claim *buffer;
    struct xen_domctl_set_node_claims own;

    if ( !buffer )
        buffer = hypercall_alloc(512 * sizeof(*buffer));
    if ( !op )
        op = &own;

    memset(op, 0, sizeof(*op));
    op->unique_id = unique_id;
    op->nr_claims = nr;
    if ( claims )
    {
        memcpy(buffer, claims, nr * sizeof(*buffer));
        op->claims = (uintptr_t)buffer;
    }

    return hypercall_domctl(XEN_DOMCTL_set_node_claims, 0, domid, op,
                            sizeof(*op));
}

int claims_get(uint32_t domid, struct claims *claims)
{
    static struct claims *buffer;
    int rc;

    if ( !buffer )
        buffer = hypercall_alloc(sizeof(*buffer));

    memset(buffer, 0, sizeof(*buffer));
    memset(claims, 0, sizeof(*claims));
    claims->op.nr_claims = XEN_NODE_CLAIM_MAX_ENTRIES;
    claims->op.nr_nodes = XEN_NODE_CLAIM_MAX_NODES;
    claims->op.claims = (uintptr_t)buffer->claims;
    claims->op.nodes = (uintptr_t)buffer->nodes;

    rc = hypercall_domctl(XEN_DOMCTL_get_node_claims, 0, domid, &claims->op,
                          sizeof(claims->op));
    memcpy(claims->claims, buffer->claims, sizeof(claims->claims));
    memcpy(claims->nodes, buffer->nodes, sizeof(claims->nodes));

    return rc;
}

uint64_t claims_on(uint32_t domid, uint32_t target)
{
    struct claims claims;
    uint64_t pages = 0;
    uint32_t i;

    if ( claims_get(domid, &claims) )
        return 0;

    for ( i = 0; i < claims.op.nr_claims; i++ )
        if ( claims.claims[i].target == target &&
             claims.claims[i].kind == XEN_NODE_CLAIM_GUEST )
            pages += claims.claims[i].pages;

    return pages;
}

uint64_t pages_on(uint32_t domid, uint32_t node)
{
    struct claims claims;

    return claims_get(domid, &claims) ? 0 : claims.nodes[node].guest_pages;
}

int heap_get(struct heap *heap)
{
    static struct xen_node_heap *buffer;
    int rc;

    if ( !buffer )
        buffer = hypercall_alloc(sizeof(heap->nodes));

    memset(heap, 0, sizeof(*heap));
    heap->op.nr_nodes = XEN_NODE_CLAIM_MAX_NODES;
    heap->op.nodes = (uintptr_t)buffer;

    rc = hypercall_sysctl(XEN_SYSCTL_node_heap, &heap->op, sizeof(heap->op));
    memcpy(heap->nodes, buffer, sizeof(heap->nodes));

    return rc;
}
