/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The interface of Xen 4.20 as far as this library speaks it: versions,
 * numbers and layouts of domctl and sysctl.
 *
 * Xen changes them from release to release and refuses a foreign version
 * with -EACCES, so all that is tied to a release is in this file.  What is
 * the same everywhere is in node_claim.h.
 */

#ifndef LAYOUT_H
#define LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include <node_claim.h>

#define LAYOUT_HYPERCALL_SYSCTL    35
#define LAYOUT_HYPERCALL_DOMCTL    36

#define LAYOUT_SYSCTL_VERSION      0x15
#define LAYOUT_DOMCTL_VERSION      0x17

#define LAYOUT_SYSCTL_PHYSINFO     3
#define LAYOUT_SYSCTL_DOMAINS      6
#define LAYOUT_SYSCTL_CPUTOPO      16
#define LAYOUT_SYSCTL_NUMA         17
#define LAYOUT_DOMCTL_CREATE       1
#define LAYOUT_DOMCTL_DESTROY      2
#define LAYOUT_DOMCTL_MAX_MEM      11
#define LAYOUT_DOMCTL_MAX_VCPUS    15
#define LAYOUT_DOMCTL_NODE_AFFINITY 68

/* Ids from here on are not domains. */
#define LAYOUT_DOMID_RESERVED      0x7ff0

/* Guest memory as Xen sees it in these structures: an address, 64 bits. */
#define LAYOUT_HANDLE(pointer)     ((uint64_t)(uintptr_t)(pointer))

/* XEN_DOMCTL_createdomain's argument, on x86. */
struct layout_createdomain {
    uint32_t ssidref;
    uint8_t handle[16];
#define LAYOUT_CDF_HVM             (1u << 0)
#define LAYOUT_CDF_HAP             (1u << 1)
    uint32_t flags;
    uint32_t iommu_opts;
    uint32_t max_vcpus;
    uint32_t max_evtchn_port;
    int32_t max_grant_frames;
    int32_t max_maptrack_frames;
    uint32_t grant_opts;
    uint32_t altp2m_opts;
    uint32_t vmtrace_size;
    uint32_t cpupool_id;
#define LAYOUT_EMU_LAPIC           (1u << 0)
/* All but PIRQs and vPCI. */
#define LAYOUT_EMU_HVM             0x1ffu
    uint32_t emulation_flags;
    uint32_t misc_flags;
};

struct layout_max_mem {
#define LAYOUT_PAGE_KIB            4u
    uint64_t kib;
};

struct layout_max_vcpus {
    uint32_t nr;                 /* what the domain was created with */
};

struct layout_node_affinity {
    uint64_t bitmap;             /* bytes, the lowest first */
    uint32_t nr_bits;
};

struct layout_physinfo {
    uint32_t threads_per_core, cores_per_socket, nr_cpus, max_cpu_id;
    uint32_t nr_nodes, max_node_id, cpu_khz;
#define LAYOUT_PHYSCAP_HAP         (1u << 3)
#define LAYOUT_PHYSCAP_GRANT_V1    (1u << 8)
#define LAYOUT_PHYSCAP_GRANT_V2    (1u << 9)
    uint32_t capabilities, arch_capabilities, pad;
    uint64_t total_pages, free_pages, scrub_pages, outstanding_pages;
    uint64_t max_mfn;
    uint32_t hw_cap[8];
};

/* One domain of LAYOUT_SYSCTL_DOMAINS. */
struct layout_domain {
    uint16_t domid;
    uint16_t pad1;
#define LAYOUT_DOMAIN_DYING        (1u << 0)
    uint32_t flags;
    uint64_t tot_pages, max_pages, outstanding_pages, shr_pages;
    uint64_t paged_pages, shared_info_frame, cpu_time;
    uint32_t nr_online_vcpus, max_vcpu_id, ssidref;
    uint8_t handle[16];
    uint32_t cpupool;
    uint8_t gpaddr_bits, pad2[7];
    uint32_t emulation_flags, misc_flags;
};

struct layout_domains {
    uint16_t first;
    uint32_t max;
    uint64_t buffer;             /* struct layout_domain [max] */
    uint32_t nr;
};

/* One CPU of LAYOUT_SYSCTL_CPUTOPO; ~0 is "none" in each field. */
#define LAYOUT_NONE                (~0u)
struct layout_cpu {
    uint32_t core, socket, node;
};

struct layout_cputopo {
    uint32_t nr_cpus;            /* room in, number out */
    uint64_t cpus;               /* struct layout_cpu [nr_cpus] */
};

struct layout_numa {
    uint32_t nr_nodes;           /* room in, number out */
    uint64_t meminfo;            /* unused: 0 */
    uint64_t distances;          /* uint32_t [nr out][nr out]; ~0 is "none" */
};

struct layout_sysctl {
    uint32_t cmd;
    uint32_t version;
    union {
        struct xen_sysctl_node_heap node_heap;
        struct layout_physinfo physinfo;
        struct layout_domains domains;
        struct layout_cputopo cputopo;
        struct layout_numa numa;
        uint64_t align;
        uint8_t pad[128];
    } u;
};

struct layout_domctl {
    uint32_t cmd;
    uint32_t version;
    uint16_t domid;
    uint16_t pad[3];
    union {
        struct xen_domctl_set_node_claims set_claims;
        struct xen_domctl_get_node_claims get_claims;
        struct xen_domctl_create_on_nodes create;
        struct layout_createdomain createdomain;
        struct layout_max_mem max_mem;
        struct layout_max_vcpus max_vcpus;
        struct layout_node_affinity node_affinity;
        uint64_t align;
        uint8_t pad[128];
    } u;
};

#define LAYOUT_SIZE(type, size) \
    _Static_assert(sizeof(struct type) == (size), #type)
#define LAYOUT_AT(type, field, offset) \
    _Static_assert(offsetof(struct type, field) == (offset), #type "." #field)

LAYOUT_SIZE(xen_node_claim, 16);
LAYOUT_SIZE(xen_node_usage, 24);
LAYOUT_SIZE(xen_node_heap, 80);
LAYOUT_SIZE(xen_node_placement, 72);
LAYOUT_SIZE(xen_domctl_set_node_claims, 32);
LAYOUT_SIZE(xen_domctl_get_node_claims, 48);
LAYOUT_SIZE(xen_domctl_create_on_nodes, 24);
LAYOUT_SIZE(xen_sysctl_node_heap, 64);
LAYOUT_SIZE(layout_createdomain, 68);
LAYOUT_AT(layout_createdomain, flags, 20);
LAYOUT_AT(layout_createdomain, emulation_flags, 60);
LAYOUT_SIZE(layout_max_mem, 8);
LAYOUT_SIZE(layout_max_vcpus, 4);
LAYOUT_SIZE(layout_node_affinity, 16);
LAYOUT_SIZE(layout_physinfo, 112);
LAYOUT_AT(layout_physinfo, capabilities, 28);
LAYOUT_SIZE(layout_domain, 112);
LAYOUT_AT(layout_domain, handle, 76);
LAYOUT_SIZE(layout_domains, 24);
LAYOUT_AT(layout_domains, nr, 16);
LAYOUT_SIZE(layout_cpu, 12);
LAYOUT_SIZE(layout_cputopo, 16);
LAYOUT_SIZE(layout_numa, 24);
LAYOUT_SIZE(layout_sysctl, 136);
LAYOUT_AT(layout_sysctl, u, 8);
LAYOUT_SIZE(layout_domctl, 144);
LAYOUT_AT(layout_domctl, u, 16);

#endif /* LAYOUT_H */
