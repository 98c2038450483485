/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a configuration asks for, as the placement engine is asked: how much,
 * on which nodes, and near whom.
 */

#include "libxl_osdeps.h" /* must come before any other headers */

#include "libxl_place.h"

#define ALL_NODES (~UINT64_C(0))

uint64_t libxl__place_pages(uint64_t kb)
{
    return DIV_ROUNDUP(kb, XC_PAGE_SIZE / 1024);
}

uint64_t libxl__place_kb(uint64_t pages)
{
    return pages * (XC_PAGE_SIZE / 1024);
}

bool libxl__place_is_true(libxl_defbool value)
{
    return !libxl_defbool_is_default(value) && libxl_defbool_val(value);
}

/* Which nodes the domain may be on. */

static uint64_t mask_of_nodes(const libxl_bitmap *bitmap)
{
    uint64_t mask = 0;
    int i;

    libxl_for_each_set_bit(i, *bitmap)
        if (i < PLACE_MAX_NODES)
            mask |= UINT64_C(1) << i;

    return mask;
}

static uint64_t mask_of_cpus(const libxl_cputopology *cpus, int num_cpus,
                             const libxl_bitmap *cpumap)
{
    uint64_t mask = 0;
    int i;

    for (i = 0; i < num_cpus; i++)
        if (cpus[i].node < PLACE_MAX_NODES &&
            (!cpumap || libxl_bitmap_test(cpumap, i)))
            mask |= UINT64_C(1) << cpus[i].node;

    return mask;
}

/* Of the CPUs of a pool, the nodes of those that the vCPUs are bound to. */
static uint64_t mask_of_affinity(const libxl_domain_build_info *info,
                                 const libxl_cputopology *cpus, int num_cpus,
                                 libxl_bitmap *pool)
{
    uint64_t mask = 0;
    int i;

    for (i = 0; i < num_cpus; i++) {
        int v;

        if (!libxl_bitmap_test(pool, i) ||
            cpus[i].node >= PLACE_MAX_NODES)
            continue;
        for (v = 0; v < info->num_vcpu_hard_affinity; v++)
            if (libxl_bitmap_test(&info->vcpu_hard_affinity[v], i))
                mask |= UINT64_C(1) << cpus[i].node;
        if (info->cpumap.size && libxl_bitmap_test(&info->cpumap, i))
            mask |= UINT64_C(1) << cpus[i].node;
    }

    return mask;
}

static int allowed_by_cpus(libxl__gc *gc, const libxl_domain_config *d_config,
                           uint64_t *mask)
{
    const libxl_domain_build_info *info = &d_config->b_info;
    libxl_cpupoolinfo pool;
    libxl_cputopology *cpus;
    int num_cpus = 0, rc = ERROR_FAIL;

    libxl_cpupoolinfo_init(&pool);
    cpus = libxl_get_cpu_topology(CTX, &num_cpus);
    if (!cpus || libxl_cpupool_info(CTX, &pool, d_config->c_info.poolid))
        goto out;

    /* Nodes without CPUs are in no pool, and their memory is anybody's. */
    *mask = ~mask_of_cpus(cpus, num_cpus, NULL) |
            mask_of_cpus(cpus, num_cpus, &pool.cpumap);

    if (info->num_vcpu_hard_affinity || info->cpumap.size)
        *mask &= mask_of_affinity(info, cpus, num_cpus, &pool.cpumap);
    rc = 0;

 out:
    libxl_cpupoolinfo_dispose(&pool);
    libxl_cputopology_list_free(cpus, num_cpus);

    return rc;
}

static int allowed_nodes(libxl__gc *gc, const libxl_domain_config *d_config,
                         const struct xennuma_heap *heap, uint64_t *mask)
{
    const libxl_domain_build_info *info = &d_config->b_info;
    uint64_t online = 0, wanted = ALL_NODES;
    unsigned int i;
    int rc;

    rc = allowed_by_cpus(gc, d_config, mask);
    if (rc) return rc;

    for (i = 0; i < heap->nr_nodes; i++)
        if (heap->nodes[i].online)
            online |= UINT64_C(1) << i;

    if (!libxl_bitmap_is_empty(&info->numa_nodes)) {
        wanted = mask_of_nodes(&info->numa_nodes);
        if (!wanted || (wanted & ~online)) {
            LOG(ERROR, "numa_nodes: mask 0x%"PRIx64": 0x%"PRIx64" of it is "
                "not there: see xl info -n", wanted, wanted & ~online);
            return ERROR_INVAL;
        }
    }

    *mask &= wanted & online;
    if (!*mask) {
        LOG(ERROR, "numa_nodes, cpus and the CPU pool together allow no node: "
            "name nodes of CPUs where the domain may run");
        return ERROR_INVAL;
    }
    if (*mask == online)
        *mask = 0;

    return 0;
}

/* Near whom. */

static uint64_t nodes_of_devices(libxl__gc *gc,
                                 const libxl_domain_config *d_config)
{
    libxl_pcitopology *devices;
    uint64_t mask = 0;
    int num_devices = 0, i, n;

    if (!d_config->num_pcidevs)
        return 0;

    devices = libxl_get_pci_topology(CTX, &num_devices);
    if (!devices) {
        LOG(WARN, "numa_near_pci: the nodes of PCI devices are not known");
        return 0;
    }
    for (i = 0; i < d_config->num_pcidevs; i++) {
        const libxl_device_pci *pci = &d_config->pcidevs[i];

        for (n = 0; n < num_devices; n++)
            if (devices[n].seg == pci->domain && devices[n].bus == pci->bus &&
                devices[n].devfn == ((pci->dev << 3) | pci->func) &&
                devices[n].node < PLACE_MAX_NODES)
                mask |= UINT64_C(1) << devices[n].node;
    }
    libxl_pcitopology_list_free(devices, num_devices);

    return mask;
}

static const char *group_path(libxl__gc *gc, const char *libxl_path)
{
    return GCSPRINTF("%s/numa/group", libxl_path);
}

static const char *group_of(const libxl_domain_build_info *info)
{
    return info->numa_spread ?: info->numa_pack;
}

int libxl__place_record(libxl__gc *gc, xs_transaction_t t,
                        const char *libxl_path,
                        const libxl_domain_build_info *info)
{
    if (!libxl_numa_policy_places(info->numa_policy) || !group_of(info))
        return 0;

    return libxl__xs_write_checked(gc, t, group_path(gc, libxl_path),
                                   group_of(info));
}

/* The domains of a group, by what was recorded of them. */
static void find_members(libxl__gc *gc, libxl__place_wanted *wanted)
{
    unsigned int num = 0, i;
    char **domids = libxl__xs_directory(gc, XBT_NULL, "/libxl", &num);

    for (i = 0; i < num; i++) {
        const char *group, *path = GCSPRINTF("/libxl/%s", domids[i]);
        char *end;
        unsigned long domid = strtoul(domids[i], &end, 10);

        if (*end || !libxl_domid_valid_guest(domid))
            continue;
        group = libxl__xs_read(gc, XBT_NULL, group_path(gc, path));
        if (!group || strcmp(group, wanted->group))
            continue;
        GCREALLOC_ARRAY(wanted->members, wanted->num_members + 1);
        wanted->members[wanted->num_members++] = domid;
    }
}

static void count_member(xennuma_handle *numa, uint32_t domid,
                         struct place_request *request)
{
    struct xennuma_domain domain;
    int home;

    /* It may be gone meanwhile. */
    if (xennuma_claims_get(numa, domid, &domain))
        return;
    home = plan_home(&domain);
    if (home >= 0)
        request->members[home]++;
}

static int join_group(libxl__gc *gc, xennuma_handle *numa,
                      const libxl_domain_build_info *info,
                      libxl__place_wanted *wanted)
{
    unsigned int i;

    if (!group_of(info))
        return 0;
    if (info->numa_spread && info->numa_pack) {
        LOG(ERROR, "numa_spread and numa_pack exclude each other");
        return ERROR_INVAL;
    }

    wanted->group = group_of(info);
    wanted->request.group = info->numa_spread ? PLACE_SPREAD : PLACE_PACK;
    find_members(gc, wanted);
    for (i = 0; i < wanted->num_members; i++)
        count_member(numa, wanted->members[i], &wanted->request);

    return 0;
}

/* What is wanted, for the engine. */

static enum place_policy policy_of(const libxl_domain_build_info *info)
{
    switch (info->numa_policy) {
    case LIBXL_NUMA_POLICY_STRICT:
        return PLACE_STRICT;
    case LIBXL_NUMA_POLICY_INTERLEAVE:
        return PLACE_INTERLEAVE;
    default:
        return PLACE_PREFERRED;
    }
}

static int superpages_of(libxl__gc *gc, xennuma_handle *numa,
                         const libxl_domain_build_info *info,
                         struct place_request *request)
{
    struct xennuma_abilities abilities;
    const char *word;

    switch (info->numa_superpages) {
    case LIBXL_NUMA_SUPERPAGES_OFF:
        word = "off";
        break;
    case LIBXL_NUMA_SUPERPAGES_2M:
        word = "2M";
        break;
    case LIBXL_NUMA_SUPERPAGES_1G:
        word = "1G";
        break;
    default:
        word = "preferred";
        break;
    }
    if (place_chunks_parse(word, request))
        return ERROR_INVAL;

    xennuma_probe(numa, &abilities);
    if (abilities.superpages)
        return 0;
    if (request->chunks == PLACE_CHUNKS_REQUIRED) {
        if (info->numa_policy == LIBXL_NUMA_POLICY_STRICT) {
            LOG(ERROR, "numa_superpages=%s: this Xen cannot claim them: use "
                "preferred", word);
            return ERROR_INVAL;
        }
        LOG(WARN, "numa_superpages=%s: this Xen cannot claim them", word);
    }
    request->chunks = PLACE_NO_CHUNKS;

    return 0;
}

int libxl__place_wanted_fill(libxl__gc *gc, xennuma_handle *numa,
                             const libxl_domain_config *d_config,
                             const libxl__place_host *now,
                             libxl__place_wanted *wanted)
{
    const libxl_domain_build_info *info = &d_config->b_info;
    struct place_request *request = &wanted->request;
    int rc;

    memset(wanted, 0, sizeof(*wanted));
    if (info->num_vnuma_nodes) {
        LOG(ERROR, "numa_policy and vnuma exclude each other: both say where "
            "memory goes");
        return ERROR_INVAL;
    }
    wanted->name = d_config->c_info.name;
    request->guest_pages = libxl__place_pages(info->target_memkb);
    request->vcpus = info->max_vcpus;
    /* The pool is made this large, with what an IOMMU needs of it. */
    request->overhead_pages = place_request_structures(info->max_vcpus) +
                              libxl__place_pages(info->shadow_memkb +
                                                 info->iommu_memkb) +
                              LIBXL__PLACE_EXTRA_PAGES;
    request->policy = policy_of(info);
    request->max_nodes = info->numa_max_nodes;
    request->vnuma = libxl__place_is_true(info->numa_vnuma);
    if (libxl__place_is_true(info->numa_near_pci))
        request->near = nodes_of_devices(gc, d_config);

    rc = superpages_of(gc, numa, info, request);
    if (!rc)
        rc = join_group(gc, numa, info, wanted);
    if (!rc)
        rc = allowed_nodes(gc, d_config, &now->heap, &request->nodes);

    return rc;
}

/*
 * Local variables:
 * mode: C
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
