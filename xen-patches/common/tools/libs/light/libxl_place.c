/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Creating a domain on NUMA nodes, by its numa_policy.
 *
 * The nodes are chosen before there is a domain, and Xen creates it there with
 * its memory claimed in the same step.  So nobody else can take the memory
 * between the decision and the build, and no lock is held meanwhile.  Where
 * xenplaced(8) runs it decides, one domain after the other; otherwise we do,
 * on a snapshot, and again if Xen says that the memory is gone since.
 */

#include "libxl_osdeps.h" /* must come before any other headers */

#include "libxl_place.h"
#include "place/vnuma.h"
#include "place/why.h"

/*
 * Whoever loses a race has seen somebody else win it, so this is for hundreds
 * of domains that start at once.
 */
#define PLACE_TRIES 100

/*
 * Beyond its memory a domain has some special pages, counted as such; below
 * what libxl allows beyond max_memkb.
 */
#define PLACE_EXTRA_PAGES 64

#define ALL_NODES (~UINT64_C(0))

static uint64_t kb_to_pages(uint64_t kb)
{
    return DIV_ROUNDUP(kb, XC_PAGE_SIZE / 1024);
}

static bool has_policy(const libxl_domain_build_info *info)
{
    return info->numa_policy != LIBXL_NUMA_POLICY_DEFAULT &&
           info->numa_policy != LIBXL_NUMA_POLICY_OFF;
}

static bool is_true(libxl_defbool value)
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
        if (wanted & ~online ||
            wanted == 0) {
            LOG(ERROR, "numa_nodes: not all of these nodes are there: see xl "
                       "info -n");
            return ERROR_INVAL;
        }
    }

    *mask &= wanted & online;
    if (!*mask) {
        LOG(ERROR, "No node is allowed by numa_nodes, cpus and pool together");
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

static const char *group_path(libxl__gc *gc, const char *libxl_path,
                              bool spread)
{
    return GCSPRINTF("%s/numa/%s", libxl_path, spread ? "spread" : "pack");
}

int libxl__place_record(libxl__gc *gc, xs_transaction_t t,
                        const char *libxl_path,
                        const libxl_domain_build_info *info)
{
    int rc = 0;

    if (info->numa_spread)
        rc = libxl__xs_write_checked(gc, t, group_path(gc, libxl_path, true),
                                     info->numa_spread);
    if (!rc && info->numa_pack)
        rc = libxl__xs_write_checked(gc, t, group_path(gc, libxl_path, false),
                                     info->numa_pack);

    return rc;
}

/* The domains of a group, by what was recorded of them. */
static void find_members(libxl__gc *gc, bool spread,
                         libxl__place_wanted *wanted)
{
    unsigned int num = 0, i;
    char **domids = libxl__xs_directory(gc, XBT_NULL, "/libxl", &num);

    for (i = 0; i < num; i++) {
        const char *group, *path = GCSPRINTF("/libxl/%s", domids[i]);
        char *end;
        unsigned long domid = strtoul(domids[i], &end, 10);

        if (*end || !libxl_domid_valid_guest(domid))
            continue;
        group = libxl__xs_read(gc, XBT_NULL, group_path(gc, path, spread));
        if (!group || strcmp(group, wanted->group))
            continue;
        GCREALLOC_ARRAY(wanted->members, wanted->num_members + 1);
        wanted->members[wanted->num_members++] = domid;
    }
}

/* Its home is where most of its memory is. */
static void count_member(xennuma_handle *numa, uint32_t domid,
                         struct place_request *request)
{
    struct place_host lives = { .nr_nodes = PLACE_MAX_NODES };
    struct xennuma_domain domain;
    unsigned int i, home = 0;

    if (xennuma_claims_get(numa, domid, &domain))
        return;
    plan_load(&domain, PLACE_MAX_NODES, &lives);
    for (i = 0; i < PLACE_MAX_NODES; i++)
        if (lives.nodes[i].vcpus > lives.nodes[home].vcpus)
            home = i;
    if (lives.nodes[home].vcpus)
        request->members[home]++;
}

static int join_group(libxl__gc *gc, xennuma_handle *numa,
                      const libxl_domain_build_info *info,
                      libxl__place_wanted *wanted)
{
    unsigned int i;

    if (!info->numa_spread && !info->numa_pack)
        return 0;
    if (info->numa_spread && info->numa_pack) {
        LOG(ERROR, "numa_spread and numa_pack exclude each other");
        return ERROR_INVAL;
    }

    wanted->group = info->numa_spread ?: info->numa_pack;
    wanted->request.group = info->numa_spread ? PLACE_SPREAD : PLACE_PACK;
    find_members(gc, info->numa_spread, wanted);
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
        LOG(ERROR, "numa_superpages=%s: this Xen cannot claim them", word);
        return ERROR_INVAL;
    }
    request->chunks = PLACE_NO_CHUNKS;

    return 0;
}

static int wanted_fill(libxl__gc *gc, xennuma_handle *numa,
                       const libxl_domain_config *d_config,
                       const struct xennuma_heap *heap,
                       libxl__place_wanted *wanted)
{
    const libxl_domain_build_info *info = &d_config->b_info;
    struct place_request *request = &wanted->request;
    int rc;

    memset(wanted, 0, sizeof(*wanted));
    wanted->name = d_config->c_info.name;
    request->guest_pages = kb_to_pages(info->target_memkb);
    request->vcpus = info->max_vcpus;
    /* The pool is made this large, with what an IOMMU needs of it. */
    request->overhead_pages = place_request_structures(info->max_vcpus) +
                              kb_to_pages(info->shadow_memkb +
                                          info->iommu_memkb) +
                              PLACE_EXTRA_PAGES;
    request->policy = policy_of(info);
    request->max_nodes = info->numa_max_nodes;
    request->vnuma = is_true(info->numa_vnuma);
    if (is_true(info->numa_near_pci))
        request->near = nodes_of_devices(gc, d_config);

    rc = superpages_of(gc, numa, info, request);
    if (!rc)
        rc = join_group(gc, numa, info, wanted);
    if (!rc)
        rc = allowed_nodes(gc, d_config, heap, &request->nodes);

    return rc;
}

/* The host, and what it says to a request. */

typedef struct {
    struct xennuma_heap heap;
    struct xennuma_topology topology;
    struct place_host host;
} snapshot;

static int snapshot_take(libxl__gc *gc, xennuma_handle *numa, snapshot *now)
{
    if (xennuma_heap_get(numa, &now->heap) ||
        xennuma_topology_get(numa, &now->topology))
        goto err;
    plan_host(&now->heap, &now->topology, &now->host);
    if (plan_load_all(numa, &now->host))
        goto err;

    return 0;

 err:
    LOGE(ERROR, "cannot read the memory of NUMA nodes");
    return ERROR_FAIL;
}

/* ERROR_NOMEM with *why if it does not fit. */
static int decide(libxl__gc *gc, const snapshot *now,
                  const struct place_request *request,
                  struct place_plan *plan, struct place_reason *reason,
                  const char **why)
{
    char text[512];

    if (!place(&now->host, NULL, request, plan, reason))
        return 0;
    if (errno != ENOSPC) {
        LOG(ERROR, "a domain of %"PRIu64" pages and %u vCPUs cannot be "
            "placed on this host", request->guest_pages, request->vcpus);
        return ERROR_INVAL;
    }
    place_refusal_text(request, reason, &now->host, text, sizeof(text));
    *why = libxl__strdup(gc, text);

    return ERROR_NOMEM;
}

/* Creating it. */

typedef struct {
    xennuma_handle *numa;
    libxl__placed *placed; /* NULL: we decide */
    snapshot *now;
    libxl__place_wanted wanted;
    struct place_plan plan;
    const char *why; /* of a refusal */
} placing;

static int plan_one(libxl__gc *gc, placing *p)
{
    struct place_reason reason;
    int rc;

    if (p->placed) {
        rc = libxl__placed_reserve(gc, p->placed, &p->wanted, &p->plan,
                                   &p->why);
        if (rc != ERROR_NI)
            return rc;
        LOG(WARN, "xenplaced: %s: placing without it", p->why);
        libxl__placed_close(gc, p->placed);
        p->placed = NULL;
    }

    return decide(gc, p->now, &p->wanted.request, &p->plan, &reason, &p->why);
}

/* -1 with errno, as xc_domain_create. */
static int create_one(libxl__gc *gc, placing *p,
                      const libxl_domain_build_info *info,
                      const struct xen_domctl_createdomain *create,
                      uint32_t *domid)
{
    struct xennuma_claim claims[PLAN_MAX_CLAIMS + 1];
    struct xennuma_placement placement = {
        .nodes = p->plan.nodes | (UINT64_C(1) << p->plan.home_node),
        .home_node = p->plan.home_node,
        .max_pages = kb_to_pages(info->target_memkb) + 2 * PLACE_EXTRA_PAGES,
        .claims = claims,
        .nr_claims = plan_claims(&p->plan, PLACE_EXTRA_PAGES, claims),
    };
    struct xennuma_abilities abilities;
    struct xennuma_created created;

    /* Without it another domain may take what Xen needs for this one. */
    xennuma_probe(p->numa, &abilities);
    if (abilities.overhead)
        claims[placement.nr_claims++] = (struct xennuma_claim){
            .pages = p->plan.overhead_pages - PLACE_EXTRA_PAGES,
            .target = p->plan.home_node,
            .kind = XENNUMA_CLAIM_OVERHEAD,
        };

    if (xennuma_domain_create_raw(p->numa,
                                  libxl_domid_valid_guest(*domid) ? *domid : 0,
                                  create, sizeof(*create), &placement,
                                  &created, NULL))
        return -1;
    *domid = created.domid;

    return 0;
}

/* Its memory is claimed in Xen: the daemon need not hold it any more. */
static void tell_daemon(libxl__gc *gc, placing *p, uint32_t domid)
{
    if (p->placed)
        libxl__placed_bind(gc, p->placed, domid);
}

static int place_and_create(libxl__gc *gc, placing *p,
                            const libxl_domain_build_info *info,
                            const struct xen_domctl_createdomain *create,
                            uint32_t *domid)
{
    unsigned int tries;
    int rc, saved_errno;

    for (tries = 0; tries < PLACE_TRIES; tries++) {
        rc = plan_one(gc, p);
        if (rc) {
            errno = rc == ERROR_NOMEM ? ENOSPC : EINVAL;
            return -1;
        }

        if (!create_one(gc, p, info, create, domid)) {
            tell_daemon(gc, p, *domid);
            return 0;
        }

        saved_errno = errno;
        if (p->placed && libxl__placed_release(gc, p->placed)) {
            libxl__placed_close(gc, p->placed);
            p->placed = NULL;
        }
        errno = saved_errno;
        if (errno != ENOMEM)
            return -1;
        LOG(DEBUG, "the memory is gone: placing once more");
        if (snapshot_take(gc, p->numa, p->now))
            break;
    }
    p->why = "others take the memory all the time";
    errno = ENOSPC;

    return -1;
}

/* Virtual nodes, where the memory is on several. */
static void describe_vnodes(libxl__gc *gc, const placing *p,
                            libxl_domain_build_info *info)
{
    struct place_vnuma vnuma;
    unsigned int i, n;

    place_vnuma_make(&p->now->host, &p->plan, info->max_vcpus, &vnuma);
    if (vnuma.nr < 2)
        return;

    info->num_vnuma_nodes = vnuma.nr;
    info->vnuma_nodes = libxl__calloc(NOGC, vnuma.nr,
                                      sizeof(*info->vnuma_nodes));
    for (i = 0; i < vnuma.nr; i++) {
        const struct place_vnode *from = &vnuma.vnodes[i];
        libxl_vnode_info *to = &info->vnuma_nodes[i];

        libxl_vnode_info_init(to);
        to->memkb = from->pages * (XC_PAGE_SIZE / 1024);
        to->pnode = from->node;
        to->num_distances = vnuma.nr;
        to->distances = libxl__calloc(NOGC, vnuma.nr, sizeof(uint32_t));
        for (n = 0; n < vnuma.nr; n++)
            to->distances[n] = from->distances[n];
        libxl_cpu_bitmap_alloc(CTX, &to->vcpus, info->max_vcpus);
        for (n = 0; n < from->vcpus; n++)
            libxl_bitmap_set(&to->vcpus, from->first_vcpu + n);
    }
}

static bool wants_vnodes(libxl__gc *gc, const libxl_domain_build_info *info,
                         const libxl__domain_build_state *state)
{
    if (!is_true(info->numa_vnuma) || info->num_vnuma_nodes ||
        state->restore)
        return false;
    if (info->max_memkb == info->target_memkb)
        return true;
    LOG(WARN, "numa_vnuma: not with less memory than maxmem: ignored");

    return false;
}

/* A Xen that cannot: a domain that insists is refused, others go on. */
static int do_without(libxl__gc *gc, const libxl_domain_build_info *info)
{
    if (info->numa_policy != LIBXL_NUMA_POLICY_STRICT) {
        LOG(WARN, "numa_policy=%s: this Xen has no claims per NUMA node: the "
            "domain is placed as without it",
            libxl_numa_policy_to_string(info->numa_policy));
        return 1;
    }
    LOG(ERROR, "numa_policy=strict: this Xen has no claims per NUMA node: "
        "use another policy, or a Xen with them");
    errno = EOPNOTSUPP;

    return -1;
}

static void report(libxl__gc *gc, const placing *p, uint32_t domid)
{
    unsigned int i;

    for (i = 0; i < PLACE_MAX_NODES; i++)
        if (p->plan.pages[i])
            LOGD(DETAIL, domid, "placed on node %u%s: %"PRIu64" MiB", i,
                 i == p->plan.home_node ? ", its home" : "",
                 place_mib(p->plan.pages[i]));
}

int libxl__place_domain(libxl__gc *gc, libxl_domain_config *d_config,
                        libxl__domain_build_state *state,
                        const struct xen_domctl_createdomain *create,
                        uint32_t *domid)
{
    libxl_domain_build_info *info = &d_config->b_info;
    placing *p;
    int rc;

    if (!has_policy(info))
        return 1;

    GCNEW(p);
    GCNEW(p->now);
    p->numa = libxl__numa_handle(gc);
    if (!p->numa)
        return do_without(gc, info);

    if (snapshot_take(gc, p->numa, p->now) ||
        wanted_fill(gc, p->numa, d_config, &p->now->heap, &p->wanted)) {
        errno = EINVAL;
        return -1;
    }

    p->placed = libxl__placed_open(gc);
    rc = place_and_create(gc, p, info, create, domid);
    libxl__placed_close(gc, p->placed);
    if (rc && errno == ENOSPC) {
        if (state->place.will_retry)
            LOG(DETAIL, "does not fit now: %s", p->why);
        else
            LOG(ERROR, "does not fit: %s", p->why);
        errno = ENOSPC;
    }
    if (rc)
        return -1;

    state->place.placed = true;
    state->place.cpu_nodes = p->plan.cpu_nodes;
    if (wants_vnodes(gc, info, state))
        describe_vnodes(gc, p, info);
    report(gc, p, *domid);

    return 0;
}

int libxl__place_vcpus(libxl__gc *gc, uint32_t domid,
                       const libxl_domain_build_info *info,
                       const libxl__domain_build_state *state)
{
    libxl_bitmap nodes, cpus;
    int rc, i;

    if (info->num_vcpu_soft_affinity || info->cpumap.size)
        return 0;

    libxl_bitmap_init(&nodes);
    libxl_bitmap_init(&cpus);
    rc = libxl_node_bitmap_alloc(CTX, &nodes, 0);
    if (!rc)
        rc = libxl_cpu_bitmap_alloc(CTX, &cpus, 0);
    if (rc)
        goto out;

    libxl_for_each_bit(i, nodes)
        if (i < PLACE_MAX_NODES &&
            (state->place.cpu_nodes & (UINT64_C(1) << i)))
            libxl_bitmap_set(&nodes, i);
    rc = libxl_nodemap_to_cpumap(CTX, &nodes, &cpus);
    /* On nodes without CPUs they run anywhere. */
    if (!rc && !libxl_bitmap_is_empty(&cpus))
        rc = libxl_set_vcpuaffinity_all(CTX, domid, info->max_vcpus, NULL,
                                        &cpus);

 out:
    libxl_bitmap_dispose(&nodes);
    libxl_bitmap_dispose(&cpus);

    return rc;
}

/* Where it would go. */

static void plan_describe(libxl__gc *gc, const placing *p,
                          const struct place_reason *reason,
                          libxl_numa_plan *to)
{
    const struct place_host *host = &p->now->host;
    unsigned int i, num = 0;

    to->nodes = libxl__calloc(NOGC, host->nr_nodes, sizeof(*to->nodes));
    for (i = 0; i < host->nr_nodes; i++) {
        libxl_numa_plan_node *node = &to->nodes[num];

        if (!host->nodes[i].online)
            continue;
        libxl_numa_plan_node_init(node);
        node->node = i;
        node->free_memkb = host->nodes[i].free_pages * 4;
        node->missing_memkb = reason->missing_pages[i] * 4;
        if (to->fits)
            node->memkb = p->plan.pages[i] * 4;
        node->verdict = libxl__strdup(
            NOGC, place_verdict_name(reason->verdict[i]));
        num++;
    }
    to->num_nodes = num;
}

static int plan_fill(libxl__gc *gc, placing *p, libxl_numa_plan *to)
{
    struct place_reason reason = { .gap = 0 };
    int rc, i;

    rc = decide(gc, p->now, &p->wanted.request, &p->plan, &reason, &p->why);
    if (rc && rc != ERROR_NOMEM)
        return rc;

    to->fits = !rc;
    to->overhead_memkb = p->wanted.request.overhead_pages * 4;
    if (!to->fits)
        to->reason = libxl__strdup(NOGC, p->why);
    plan_describe(gc, p, &reason, to);
    if (!to->fits)
        return 0;

    to->home_node = p->plan.home_node;
    rc = libxl_node_bitmap_alloc(CTX, &to->cpu_nodes, 0);
    if (rc)
        return rc;
    libxl_for_each_bit(i, to->cpu_nodes)
        if (i < PLACE_MAX_NODES &&
            (p->plan.cpu_nodes & (UINT64_C(1) << i)))
            libxl_bitmap_set(&to->cpu_nodes, i);

    return 0;
}

int libxl_domain_numa_plan(libxl_ctx *ctx, libxl_domain_config *d_config,
                           libxl_numa_plan *plan)
{
    GC_INIT(ctx);
    libxl_domain_config wanted;
    placing *p;
    int rc;

    CTX_LOCK;
    GCNEW(p);
    GCNEW(p->now);
    libxl_domain_config_init(&wanted);
    p->numa = libxl__numa_handle(gc);
    if (!p->numa) {
        LOG(ERROR, "this Xen has no claims per NUMA node");
        rc = ERROR_NI;
        goto out;
    }

    /* Defaults are for a copy: the caller may still want to create it. */
    libxl_domain_config_copy(ctx, &wanted, d_config);
    rc = libxl__domain_config_setdefault(gc, &wanted, INVALID_DOMID);
    if (!rc)
        rc = snapshot_take(gc, p->numa, p->now);
    if (!rc)
        rc = wanted_fill(gc, p->numa, &wanted, &p->now->heap, &p->wanted);
    if (!rc)
        rc = plan_fill(gc, p, plan);

 out:
    libxl_domain_config_dispose(&wanted);
    CTX_UNLOCK;
    GC_FREE;

    return rc;
}

/*
 * Local variables:
 * mode: C
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
