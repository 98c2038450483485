/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Creating a domain on nodes, on a real Xen: what it is made with, and that
 * nothing is left of one that was refused.
 */

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "domain.h"
#include "hypercall.h"
#include "host.h"
#include "unit.h"

#define HOST     XEN_NODE_CLAIM_HOST
#define OVERHEAD XEN_NODE_CLAIM_OVERHEAD
#define STRICT   XEN_NODE_PLACEMENT_STRICT
#define COOKIE   0x1122334455667788ULL

static int create_good(struct xen_node_placement *placement,
                       const struct xen_node_claim *claims)
{
    return domain_create(0, NULL, domain_config_size(), placement, claims);
}

static void end(uint32_t domid)
{
    domain_destroy(domid);
    host_unchanged("afterwards");
}

static void all_at_once(void)
{
    const uint32_t other = host_node(1), home = host_node(2);
    const struct xen_node_claim set[] = { { 1000, other, 0, 0 },
                                          { 500, home, 0, OVERHEAD } };
    struct xen_node_placement placement = {
        .nodes = 1ULL << other | 1ULL << home, .home_node = home,
        .max_pages = 2000, .owner = COOKIE, .nr_claims = 2,
    };
    struct claims claims;
    uint32_t domid;

    host_begin();
    UNIT_EQUAL("create", create_good(&placement, set), 0);
    domid = placement.domid;
    UNIT_TRUE("an id", domid > 0 && domid < 0x7ff0);
    UNIT_EQUAL("get", claims_get(domid, &claims), 0);
    UNIT_EQUAL("unique id", claims.op.unique_id, placement.unique_id);
    UNIT_TRUE("unique id", placement.unique_id);
    UNIT_EQUAL("owner", claims.op.owner, COOKIE);
    UNIT_EQUAL("flags", claims.op.flags, XEN_NODE_CLAIM_DOM_PAUSED);
    UNIT_EQUAL("claims", claims.op.nr_claims, 2);
    UNIT_EQUAL("memory", claims_on(domid, other), 1000);
    UNIT_EQUAL("overhead", host_heap().nodes[home].claimed_overhead_pages +
                           claims.nodes[home].overhead_pages, 500);
    UNIT_EQUAL("affinity", domain_affinity(domid), placement.nodes);
    UNIT_EQUAL("max_pages holds", domain_populate(domid, 2001, 0, other), 2000);
    end(domid);
}

/* Also a full mask is an affinity, and not "automatic". */
static void full_mask(void)
{
    struct xen_node_placement placement = {};

    host_begin();
    placement.nodes = host_heap().op.online;
    UNIT_EQUAL("create", create_good(&placement, NULL), 0);
    UNIT_EQUAL("affinity", domain_affinity(placement.domid), placement.nodes);
    end(placement.domid);
}

static void no_mask(void)
{
    struct xen_node_placement placement = { .owner = COOKIE };
    uint32_t like;

    host_begin();
    like = domain_make(0);
    UNIT_EQUAL("create", create_good(&placement, NULL), 0);
    UNIT_EQUAL("affinity", domain_affinity(placement.domid),
               domain_affinity(like));
    domain_destroy(like);
    end(placement.domid);
}

static void wanted_id(void)
{
    struct xen_node_placement placement = { .nodes = 1 };

    host_begin();
    UNIT_EQUAL("create",
               domain_create(4321, NULL, domain_config_size(), &placement,
                             NULL), 0);
    UNIT_EQUAL("the id", placement.domid, 4321);
    placement = (struct xen_node_placement){ .nodes = 1 };
    UNIT_EQUAL("again",
               domain_create(4321, NULL, domain_config_size(), &placement,
                             NULL), -EEXIST);
    end(4321);
}

/* struct domain, the shared info page and what follows are on the node. */
static void structures_on(unsigned int node)
{
    struct xen_node_placement placement = {
        .nodes = 1ULL << node, .home_node = node, .flags = STRICT,
    };
    struct heap was, is;
    unsigned int other;

    host_begin();
    was = host_heap();
    UNIT_EQUAL("create", create_good(&placement, NULL), 0);
    is = host_heap();
    UNIT_TRUE("on the node", was.nodes[node].free_pages >=
                             is.nodes[node].free_pages + 2);
    /* Pools of small objects may grow by a page or two, anywhere. */
    for ( other = 0; other < was.op.nr_nodes; other++ )
        if ( other != node )
            UNIT_TRUE("elsewhere", was.nodes[other].free_pages <=
                                   is.nodes[other].free_pages + 16);
    end(placement.domid);
}

static void structures(void)
{
    unsigned int i, nr = host_nodes();

    for ( i = 0; i < nr; i++ )
        structures_on(host_node(i));
}

/*
 * What has to lie below 4 GiB does, also if the home node is above.  Without
 * shadow pages there is none, and the domain is refused.
 */
static void address_limit(void)
{
    unsigned int i, nr = host_nodes();

    for ( i = 0; i < nr; i++ )
    {
        const uint32_t node = host_node(i);
        struct xen_node_placement placement = {
            .nodes = 1ULL << node, .home_node = node, .flags = STRICT,
        };

        host_begin();
        UNIT_EQUAL("create", domain_create(0, domain_config(DOMAIN_SHADOW),
                                    domain_config_size(), &placement, NULL),
                   domain_can_shadow() ? 0 : -EOPNOTSUPP);
        if ( !domain_can_shadow() )
            return;
        UNIT_EQUAL("vCPUs",
                   domain_set_vcpus(placement.domid, DOMAIN_VCPUS), 0);
        domain_destroy(placement.domid);
        /* Xen's pools of small objects keep what the vCPUs took. */
        host_unchanged_but("afterwards", 16);
    }
}

/* Those that name a node which is not there are last. */
static const struct {
    const char *fact;
    struct xen_node_placement placement;
    int rc;
} refused[] = {
    { "padding is refused", { .nodes = 1, .pad = 1 }, -EINVAL },
    { "a domid is", { .nodes = 1, .domid = 1 }, -EINVAL },
    { "a unique_id is", { .nodes = 1, .unique_id = 1 }, -EINVAL },
    { "a short_entry is", { .nodes = 1, .short_entry = 1 }, -EINVAL },
    { "short_pages are", { .nodes = 1, .short_pages = 1 }, -EINVAL },
    { "an unknown flag is", { .nodes = 1, .flags = 2 }, -EINVAL },
    { "max_pages over 32 bits are",
      { .nodes = 1, .max_pages = 1ULL << 32 }, -EINVAL },
    { "a home without nodes is", { .home_node = 1 }, -EINVAL },
    { "a home elsewhere is", { .nodes = 1, .home_node = 1 }, -ENOENT },
    { "home 64 is", { .nodes = 1, .home_node = 64 }, -ENOENT },
    { "home 255 is", { .nodes = 1, .home_node = 255 }, -ENOENT },
    { "claims over max_pages are",
      { .nodes = 1, .max_pages = 99, .nr_claims = 1 }, -ERANGE },
    { "claims without max_pages are",
      { .nodes = 1, .nr_claims = 1 }, -ERANGE },
    { "too many claims are", { .nodes = 1, .nr_claims = 258 }, -E2BIG },
    { "a mask of a node that is not there is",
      { .nodes = 1ULL << 63, .home_node = 63 }, -ENOENT },
    { "a mask with a node that is not there is",
      { .nodes = 1ULL << 63 | 1 }, -ENOENT },
    { "a mask of all bits is", { .nodes = ~0ULL }, -ENOENT },
};

static const char *refused_fact(unsigned int row)
{
    unsigned int nr = sizeof(refused) / sizeof(refused[0]);

    if ( host_heap().op.online >> 63 )
        nr -= 3;

    return row < nr ? refused[row].fact : NULL;
}

static void refused_run(unsigned int row)
{
    const struct xen_node_claim claim = { .pages = 100 };
    struct xen_node_placement placement = refused[row].placement;

    host_begin();
    UNIT_EQUAL(refused[row].fact,
               create_good(&placement, placement.nr_claims == 1 ? &claim
                                                                : NULL),
               refused[row].rc);
    host_unchanged(refused[row].fact);
}

static void bad_config(void)
{
    struct xen_node_placement placement = { .nodes = 1 };
    char config[256];
    const uint32_t size = domain_config_size();

    host_begin();
    UNIT_EQUAL("too short", domain_create(0, NULL, size - 4, &placement, NULL),
               -EINVAL);
    UNIT_EQUAL("too long", domain_create(0, NULL, size + 4, &placement, NULL),
               -EINVAL);
    memset(config, 0xff, sizeof(config));
    UNIT_EQUAL("nonsense", domain_create(0, config, size, &placement, NULL),
               -EINVAL);
    host_unchanged("bad config");
}

static void short_of_memory(void)
{
    unsigned int node = host_best_node();
    struct xen_node_claim set[] = { { 10, HOST, 0, 0 }, { 0, node, 0, 0 } };
    struct xen_node_placement placement = {
        .nodes = 1ULL << node, .home_node = node, .max_pages = 1 << 24,
        .nr_claims = 2,
    };
    uint64_t available;

    host_begin();
    available = host_available(node);
    set[1].pages = available + 1000;
    UNIT_EQUAL("create", create_good(&placement, set), -ENOMEM);
    UNIT_EQUAL("entry", placement.short_entry, 1);
    /* struct domain was there when the claim was tried. */
    UNIT_TRUE("pages", placement.short_pages >= 1000 &&
                       placement.short_pages < 1016);
    UNIT_EQUAL("no id", placement.domid, 0);
    UNIT_EQUAL("no id", placement.unique_id, 0);
    host_unchanged("short of memory");
}

/* The reply cannot be written: all has to be undone. */
static void reply_lost(void)
{
    const struct xen_node_placement placement = {
        .nodes = 1, .max_pages = 1000, .owner = COOKIE,
    };
    struct xen_domctl_create_on_nodes op = {
        .createdomain_size = domain_config_size(),
    };
    void *config = hypercall_alloc(4096);

    memcpy(config, domain_config(DOMAIN_PV), domain_config_size());
    op.createdomain = (uintptr_t)config;
    op.placement = (uintptr_t)hypercall_alloc_readonly(&placement,
                                                       sizeof(placement));
    host_begin();
    UNIT_EQUAL("create", hypercall_domctl(XEN_DOMCTL_create_on_nodes, 0, 0,
                                          &op, sizeof(op)), -EFAULT);
    host_unchanged("reply lost");
}

static void unreadable(void)
{
    struct xen_domctl_create_on_nodes op = {
        .createdomain_size = domain_config_size(),
    };
    void *config = hypercall_alloc(4096);

    host_begin();
    UNIT_EQUAL("config", hypercall_domctl(XEN_DOMCTL_create_on_nodes, 0, 0,
                                          &op, sizeof(op)), -EFAULT);
    memcpy(config, domain_config(DOMAIN_PV), domain_config_size());
    op.createdomain = (uintptr_t)config;
    UNIT_EQUAL("placement", hypercall_domctl(XEN_DOMCTL_create_on_nodes, 0, 0,
                                             &op, sizeof(op)), -EFAULT);
    op.pad = 1;
    UNIT_EQUAL("padding", hypercall_domctl(XEN_DOMCTL_create_on_nodes, 0, 0,
                                           &op, sizeof(op)), -EINVAL);
    host_unchanged("unreadable");
}

static void cycles(void)
{
    const uint32_t node = host_node(1);
    const struct xen_node_claim claim = { 1000, node, 0, 0 };
    unsigned int i;

    host_begin();
    for ( i = 0; i < 50; i++ )
    {
        struct xen_node_placement placement = {
            .nodes = 1ULL << node, .home_node = node, .max_pages = 1000,
            .nr_claims = 1,
        };

        UNIT_EQUAL("create", create_good(&placement, &claim), 0);
        UNIT_EQUAL("populate", domain_populate(placement.domid, 500, 0,
                                               DOMAIN_ANY_NODE), 500);
        domain_destroy(placement.domid);
    }
    host_unchanged("50 cycles");
}

static const struct unit_test tests[] = {
    { "affinity, limit, owner and claims are set at once", all_at_once },
    { "a full mask is an affinity", full_mask },
    { "no mask is as createdomain does it", no_mask },
    { "the id can be chosen", wanted_id },
    { "structures are on the home node", structures },
    { "but for those that have to lie below 4 GiB", address_limit },
    { "a bad configuration is refused", bad_config },
    { "a claim that is short leaves nothing, and says where", short_of_memory },
    { "a reply that cannot be written undoes all", reply_lost },
    { "memory that cannot be read is EFAULT", unreadable },
    { "nothing is lost over cycles", cycles },
    {}
};

static const struct unit_suite suites[] = {
    { "create on nodes", .tests = tests },
    { "create on nodes, refused", .row_fact = refused_fact,
      .row_run = refused_run },
    {}
};

int main(void)
{
    return unit_main("claim-create", suites);
}
