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

/*
 * Memory for Xen's own structures was missing, which is nobody's claim: what
 * another plan is worth is known soon.
 */
#define PLACE_TRIES_OWN 3

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
    libxl__domain_build_state *state;
    libxl__placed *placed; /* NULL: we decide */
    libxl__place_host *now;
    libxl__place_wanted wanted;
    struct place_plan plan;
    struct xennuma_shortage missing; /* of the last try */
    const char *why; /* of a refusal */
} placing;

/* It is of no use, and not asked again for this domain. */
static void forget_daemon(libxl__gc *gc, placing *p)
{
    libxl__placed_close(gc, p->placed);
    p->placed = NULL;
    p->state->place.no_daemon = true;
}

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
        forget_daemon(gc, p);
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
        .owner = libxl__placed_owner(p->placed),
        .claims = claims,
        .nr_claims = plan_claims(&p->plan, LIBXL__PLACE_EXTRA_PAGES, claims),
    };
    struct xennuma_abilities abilities;
    struct xennuma_created created;

    p->missing = (struct xennuma_shortage){ .pages = 0 };
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
                                  &created, &p->missing))
        return -1;
    *domid = created.domid;

    return 0;
}

/* Xen has less than a moment before. */
static int look_again(libxl__gc *gc, placing *p)
{
    if (p->placed && libxl__placed_release(gc, p->placed))
        forget_daemon(gc, p);
    LOG(DEBUG, "%"PRIu64" pages are gone: placing once more",
        p->missing.pages);

    return libxl__place_snapshot(gc, p->numa, p->now);
}

/* -1 with errno as Xen says it, or with state->place.rc if it was refused. */
static int place_and_create(libxl__gc *gc, placing *p,
                            const libxl_domain_build_info *info,
                            const struct xen_domctl_createdomain *create,
                            uint32_t *domid)
{
    unsigned int tries, own = 0;
    int *rc = &p->state->place.rc;

    for (tries = 0; tries < PLACE_TRIES; tries++) {
        *rc = plan_one(gc, p);
        if (*rc)
            return -1;

        if (!create_one(gc, p, info, create, domid)) {
            /* Its memory is claimed in Xen, whatever the daemon says. */
            if (p->placed)
                libxl__placed_bind(gc, p->placed, *domid);
            return 0;
        }

        if (errno != ENOMEM ||
            (!p->missing.pages && ++own == PLACE_TRIES_OWN))
            return -1;
        *rc = look_again(gc, p);
        if (*rc)
            return -1;
    }
    p->why = GCSPRINTF("others take the memory each time, at last %"PRIu64
                       " MiB of it", place_mib(p->missing.pages));
    *rc = ERROR_NOMEM;

    return -1;
}

/* Virtual nodes, where the memory is on several. */
void libxl__place_vnodes(libxl__gc *gc, libxl_domain_build_info *info,
                         const libxl__domain_build_state *state)
{
    const struct place_vnuma *vnuma = state->place.vnuma;
    unsigned int i, n;

    if (!vnuma)
        return;

    info->num_vnuma_nodes = vnuma->nr;
    info->vnuma_nodes = libxl__calloc(NOGC, vnuma->nr,
                                      sizeof(*info->vnuma_nodes));
    for (i = 0; i < vnuma->nr; i++) {
        const struct place_vnode *from = &vnuma->vnodes[i];
        libxl_vnode_info *to = &info->vnuma_nodes[i];

        libxl_vnode_info_init(to);
        to->memkb = libxl__place_kb(from->pages);
        to->pnode = from->node;
        to->num_distances = vnuma->nr;
        to->distances = libxl__calloc(NOGC, vnuma->nr, sizeof(uint32_t));
        for (n = 0; n < vnuma->nr; n++)
            to->distances[n] = from->distances[n];
        libxl_cpu_bitmap_alloc(CTX, &to->vcpus, info->max_vcpus);
        for (n = 0; n < from->vcpus; n++)
            libxl_bitmap_set(&to->vcpus, from->first_vcpu + n);
    }
}

/* What was made for this creation: the caller's configuration has none. */
void libxl__place_forget(libxl_domain_build_info *info,
                         libxl__domain_build_state *state)
{
    int i;

    if (state->place.by_default)
        info->numa_policy = LIBXL_NUMA_POLICY_DEFAULT;
    state->place.by_default = false;
    if (!state->place.vnuma)
        return;
    for (i = 0; i < info->num_vnuma_nodes; i++)
        libxl_vnode_info_dispose(&info->vnuma_nodes[i]);
    free(info->vnuma_nodes);
    info->vnuma_nodes = NULL;
    info->num_vnuma_nodes = 0;
    state->place.vnuma = NULL;
}

static bool wants_vnodes(libxl__gc *gc, const libxl_domain_config *d_config,
                         const libxl__domain_build_state *state)
{
    const libxl_domain_build_info *info = &d_config->b_info;

    if (!libxl__place_is_true(info->numa_vnuma) || state->restore)
        return false;
    if (d_config->c_info.type == LIBXL_DOMAIN_TYPE_PV) {
        LOG(WARN, "numa_vnuma: not for a PV guest: ignored");
        return false;
    }
    if (info->max_memkb == info->target_memkb)
        return true;
    LOG(WARN, "numa_vnuma: not with less memory than maxmem: ignored");

    return false;
}

static void keep_vnodes(libxl__gc *gc, const placing *p,
                        const libxl_domain_build_info *info)
{
    struct place_vnuma *vnuma;

    GCNEW(vnuma);
    place_vnuma_make(&p->now->host, &p->plan, info->max_vcpus, vnuma);
    p->state->place.vnuma = vnuma->nr > 1 ? vnuma : NULL;
}

/* A Xen that cannot: a domain that insists is refused, others go on. */
static int do_without(libxl__gc *gc, const libxl_domain_build_info *info,
                      libxl__domain_build_state *state)
{
    if (info->numa_policy != LIBXL_NUMA_POLICY_STRICT) {
        LOG(WARN, "numa_policy=%s: this Xen has no claims per NUMA node: the "
            "domain is placed as without it",
            libxl_numa_policy_to_string(info->numa_policy));
        return 1;
    }
    LOG(ERROR, "numa_policy=strict: this Xen has no claims per NUMA node: "
        "use another policy, or a Xen with them");
    state->place.rc = ERROR_NI;

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
    const libxl_domain_build_info *info = &d_config->b_info;
    placing *p;
    int ret;

    state->place.rc = 0;
    if (!libxl_numa_policy_places(info->numa_policy))
        return 1;

    GCNEW(p);
    GCNEW(p->now);
    p->state = state;
    p->numa = libxl__numa_handle(gc);
    if (!p->numa)
        return do_without(gc, info, state);

    state->place.rc = libxl__place_snapshot(gc, p->numa, p->now);
    if (!state->place.rc)
        state->place.rc = libxl__place_wanted_fill(gc, p->numa, d_config,
                                                   p->now, &p->wanted);
    if (state->place.rc)
        return -1;

    if (!state->place.no_daemon)
        p->placed = libxl__placed_open(gc);
    ret = place_and_create(gc, p, info, create, domid);
    libxl__placed_close(gc, p->placed);
    if (state->place.rc == ERROR_NOMEM) {
        if (state->place.will_retry)
            LOG(DETAIL, "does not fit now: %s", p->why);
        else
            LOG(ERROR, "does not fit: %s%s", p->why, state->place.by_default ?
                " (numa_policy is the default of xenplaced)" : "");
    }
    if (ret)
        return -1;

    state->place.placed = true;
    state->place.cpu_nodes = p->plan.cpu_nodes;
    if (wants_vnodes(gc, d_config, state))
        keep_vnodes(gc, p, info);
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
