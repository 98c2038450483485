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

/*
 * Whoever loses a race has seen somebody else win it, so this is for hundreds
 * of domains that start at once.
 */
#define PLACE_TRIES 100

static bool has_policy(const libxl_domain_build_info *info)
{
    return info->numa_policy != LIBXL_NUMA_POLICY_DEFAULT &&
           info->numa_policy != LIBXL_NUMA_POLICY_OFF;
}

/* The host, and what it says to a request. */

int libxl__place_snapshot(libxl__gc *gc, xennuma_handle *numa,
                          libxl__place_host *now)
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

int libxl__place_decide(libxl__gc *gc, const libxl__place_host *now,
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
    libxl__place_host *now;
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

    return libxl__place_decide(gc, p->now, &p->wanted.request, &p->plan,
                               &reason, &p->why);
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
        .max_pages = libxl__place_pages(info->target_memkb) +
                     2 * LIBXL__PLACE_EXTRA_PAGES,
        .claims = claims,
        .nr_claims = plan_claims(&p->plan, LIBXL__PLACE_EXTRA_PAGES, claims),
    };
    struct xennuma_abilities abilities;
    struct xennuma_created created;

    /* Without it another domain may take what Xen needs for this one. */
    xennuma_probe(p->numa, &abilities);
    if (abilities.overhead)
        claims[placement.nr_claims++] = (struct xennuma_claim){
            .pages = p->plan.overhead_pages - LIBXL__PLACE_EXTRA_PAGES,
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
        if (libxl__place_snapshot(gc, p->numa, p->now))
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
    if (!libxl__place_is_true(info->numa_vnuma) || info->num_vnuma_nodes ||
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

    if (info->num_vnuma_nodes) {
        LOG(ERROR, "numa_policy and vnuma exclude each other: both say where "
            "memory goes");
        errno = EINVAL;
        return -1;
    }

    GCNEW(p);
    GCNEW(p->now);
    p->numa = libxl__numa_handle(gc);
    if (!p->numa)
        return do_without(gc, info);

    if (libxl__place_snapshot(gc, p->numa, p->now) ||
        libxl__place_wanted_fill(gc, p->numa, d_config, p->now,
                                 &p->wanted)) {
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

/*
 * Local variables:
 * mode: C
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
