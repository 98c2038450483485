/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where a domain would go, without creating it.
 */

#include "libxl_osdeps.h" /* must come before any other headers */

#include "libxl_place.h"
#include "place/why.h"

typedef struct {
    xennuma_handle *numa;
    libxl__place_host *now;
    libxl__place_wanted wanted;
    struct place_plan plan;
    const char *why; /* of a refusal */
} planning;

static void plan_describe(libxl__gc *gc, const planning *p,
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
        node->free_memkb = libxl__place_kb(host->nodes[i].free_pages);
        node->missing_memkb = libxl__place_kb(reason->missing_pages[i]);
        if (to->fits)
            node->memkb = libxl__place_kb(p->plan.pages[i]);
        node->verdict = libxl__strdup(
            NOGC, place_verdict_name(reason->verdict[i]));
        num++;
    }
    to->num_nodes = num;
}

static int plan_fill(libxl__gc *gc, planning *p, libxl_numa_plan *to)
{
    struct place_reason reason = { .gap = 0 };
    int rc, i;

    rc = libxl__place_decide(gc, p->now, &p->wanted.request, &p->plan,
                             &reason, &p->why);
    if (rc && rc != ERROR_NOMEM)
        return rc;

    to->fits = !rc;
    to->overhead_memkb = libxl__place_kb(p->wanted.request.overhead_pages);
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
    planning *p;
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
        libxl__place_default(gc, &wanted.b_info);
    plan->policy = libxl_numa_policy_places(wanted.b_info.numa_policy)
                   ? wanted.b_info.numa_policy : LIBXL_NUMA_POLICY_OFF;
    if (!rc)
        rc = libxl__place_snapshot(gc, p->numa, p->now);
    if (!rc)
        rc = libxl__place_wanted_fill(gc, p->numa, &wanted, p->now,
                                      &p->wanted);
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
