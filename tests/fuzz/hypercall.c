/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * From a hypercall to the operations of claims, as do_domctl and do_sysctl
 * go, and the parts of Xen that those operations call; among them as much of
 * creating a domain as they depend on.  Compiled with Xen's headers.
 */

#include <xen/domain.h>
#include <xen/domain-nodes.h>
#include <xen/err.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/sched.h>

#include <public/domctl.h>
#include <public/sysctl.h>
#include <xsm/xsm.h>

#include "guest.h"
#include "heap.h"
#include "hypercall.h"
#include "platform.h"

enum fuzz_fault fuzz_fault;
int fuzz_again;

unsigned long harness_copy_from_guest(void *to, const void *from,
                                      unsigned long len)
{
    harness_check_unlocked();

    return guest_read(to, (unsigned long)from, len);
}

unsigned long harness_copy_to_guest(void *to, const void *from,
                                    unsigned long len)
{
    harness_check_unlocked();

    return guest_write((unsigned long)to, from, len);
}

bool domctl_lock_acquire(void)
{
    if ( fuzz_fault == FAULT_LOCK )
        fuzz_fault = FAULT_NONE;
    else
        return true;

    fuzz_again = 1;

    return false;
}

void domctl_lock_release(void)
{
}

unsigned long hypercall_create_continuation(unsigned int op,
                                            const char *format, ...)
{
    return 0;
}

/* Who calls may do all of this, or nothing. */
static void set_caller(void)
{
    static struct domain caller;
    static struct vcpu vcpu = { .domain = &caller };

    caller.is_privileged = fuzz_fault != FAULT_ACCESS;
    set_current(&vcpu);
}

static struct domain *domain_by_id(domid_t domid)
{
    return domid && domid <= FUZZ_DOMAINS ? harness_domain(domid - 1) : NULL;
}

int domctl_choose_domid(domid_t wanted, domid_t *domid)
{
    *domid = wanted;
    if ( wanted )
        return wanted > FUZZ_DOMAINS || domain_by_id(wanted) ? -EEXIST : 0;

    for ( *domid = 1; *domid <= FUZZ_DOMAINS; (*domid)++ )
        if ( !domain_by_id(*domid) )
            return 0;

    return -ENOMEM;
}

static int put_in_place(struct domain *d, struct domain_placement *placement)
{
    int rc;

    if ( fuzz_fault == FAULT_EARLY )
        return -ENOMEM;

    d->nodes->owner = placement->owner;
    d->max_pages = placement->max_pages;
    rc = domain_set_claims(d, 0, placement->claims, &placement->shortage);
    if ( rc )
        return rc;
    if ( fuzz_fault == FAULT_LATE )
        return -ENOMEM;

    rc = publish_placement(placement, d);

    return rc ?: fuzz_fault == FAULT_LAST ? -EINVAL : 0;
}

struct domain *domain_create_on_nodes(domid_t domid,
                                      struct xen_domctl_createdomain *config,
                                      unsigned int flags,
                                      struct domain_placement *placement)
{
    const nodemask_t *nodes = nodes_empty(placement->nodes)
                              ? &node_online_map : &placement->nodes;
    struct domain *d;
    int rc;

    heap_domain_create(domid - 1, nodes->bits[0], 0, placement->home_node);
    d = harness_domain(domid - 1);
    rc = put_in_place(d, placement);
    if ( !rc )
        return d;

    d->is_dying = DOMDYING_dead;
    domain_release_claims(d);
    heap_domain_destroy(domid - 1);

    return ERR_PTR(rc);
}

static long claims_of(struct xen_domctl *op, bool *copyback)
{
    struct domain *d = domain_by_id(op->domain);
    long rc;

    if ( !d )
        return -ESRCH;

    if ( op->cmd == XEN_DOMCTL_set_node_claims )
    {
        rc = xsm_claim_pages(XSM_PRIV, d);

        return rc ?: set_node_claims(d, &op->u.set_node_claims, copyback);
    }

    rc = xsm_get_claims(XSM_PRIV, d);

    return rc ?: get_node_claims(d, &op->u.get_node_claims, copyback);
}

long fuzz_domctl(unsigned long address)
{
    XEN_GUEST_HANDLE_PARAM(xen_domctl_t) handle = { .p = (void *)address };
    struct xen_domctl op;
    bool copyback = false;
    long rc;

    set_caller();
    if ( copy_from_guest(&op, handle, 1) )
        return -EFAULT;
    if ( op.interface_version != XEN_DOMCTL_INTERFACE_VERSION )
        return -EACCES;

    switch ( op.cmd )
    {
    case XEN_DOMCTL_create_on_nodes:
        return create_on_nodes(&op, handle);

    case XEN_DOMCTL_set_node_claims:
    case XEN_DOMCTL_get_node_claims:
        rc = claims_of(&op, &copyback);
        break;

    default:
        return -ENOSYS;
    }

    return copyback && copy_to_guest(handle, &op, 1) ? -EFAULT : rc;
}

long fuzz_sysctl(unsigned long address)
{
    XEN_GUEST_HANDLE_PARAM(xen_sysctl_t) handle = { .p = (void *)address };
    struct xen_sysctl op;
    long rc;

    set_caller();
    if ( copy_from_guest(&op, handle, 1) )
        return -EFAULT;
    if ( op.interface_version != XEN_SYSCTL_INTERFACE_VERSION )
        return -EACCES;
    rc = xsm_sysctl(XSM_PRIV, op.cmd);
    if ( rc )
        return rc;
    if ( op.cmd != XEN_SYSCTL_node_heap )
        return -ENOSYS;

    rc = node_heap(&op.u.node_heap);
    if ( rc && rc != -ENOBUFS )
        return rc;

    return copy_to_guest(handle, &op, 1) ? -EFAULT : rc;
}

unsigned long fuzz_unique_id(int slot)
{
    return harness_domain(slot)->unique_id;
}

unsigned long fuzz_owner(int slot)
{
    return harness_domain(slot)->nodes->owner;
}

int fuzz_exists(int slot)
{
    return harness_domain(slot) != NULL;
}

unsigned int fuzz_domctl_size(void)
{
    return sizeof(struct xen_domctl);
}

unsigned int fuzz_sysctl_size(void)
{
    return sizeof(struct xen_sysctl);
}

unsigned int fuzz_createdomain_size(void)
{
    return sizeof(struct xen_domctl_createdomain);
}

unsigned int fuzz_domctl_version(void)
{
    return XEN_DOMCTL_INTERFACE_VERSION;
}

unsigned int fuzz_sysctl_version(void)
{
    return XEN_SYSCTL_INTERFACE_VERSION;
}
