/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What libxennuma says to the running Xen to create, list and destroy
 * domains, and what it makes of the answers.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake-xen.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct layout_createdomain config_seen;
static struct xen_node_placement placement_seen;
static struct xen_node_claim claim_seen;
static int create_rc;

static int create_domctl(struct layout_domctl *op)
{
    struct xen_node_placement *placement = fake_guest(op->u.create.placement);

    UNIT_EQUAL("size", op->u.create.createdomain_size, 68);
    UNIT_EQUAL("padding", op->u.create.pad, 0);
    memcpy(&config_seen, fake_guest(op->u.create.createdomain), 68);
    placement_seen = *placement;
    memcpy(&claim_seen, fake_guest(placement->claims), sizeof(claim_seen));
    placement->domid = 12;
    placement->unique_id = 99;
    if ( create_rc == -ENOMEM )
    {
        placement->short_entry = 1;
        placement->short_pages = 3;
    }

    return create_rc;
}

/* As libxl of 4.20 fills it for a file with type, memory and vcpus only. */
static void create_asks_for_what_xl_would(void)
{
    static const struct {
        const char *row;
        enum xennuma_domain_type type;
        uint32_t capabilities;
        uint32_t flags, emulation, grant;
    } rows[] = {
        { "PVH", XENNUMA_DOMAIN_PVH, 0x308, 3, 0x1, 2 },
        { "HVM", XENNUMA_DOMAIN_HVM, 0x308, 3, 0x1ff, 2 },
        { "PV", XENNUMA_DOMAIN_PV, 0x308, 0, 0, 2 },
        { "shadow", XENNUMA_DOMAIN_PVH, 0x300, 1, 0x1, 2 },
        { "old grants", XENNUMA_DOMAIN_PVH, 0x108, 3, 0x1, 1 },
        { "no grants", XENNUMA_DOMAIN_PVH, 0x008, 3, 0x1, 0 },
    };
    const struct xennuma_placement placement = { .nodes = 1 };
    struct xennuma_domain_config config = { .max_vcpus = 3 };
    struct xennuma_created created;
    xennuma_handle *handle = fake_start();
    unsigned int i;

    xen.domctl = create_domctl;
    memset(config.uuid, 0x5a, sizeof(config.uuid));
    for ( i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        config.type = rows[i].type;
        xen.capabilities = rows[i].capabilities;
        UNIT_EQUAL(rows[i].row, xennuma_domain_create(handle, &config,
                                                      &placement, &created,
                                                      NULL), 0);
        UNIT_EQUAL(rows[i].row, config_seen.flags, rows[i].flags);
        UNIT_EQUAL(rows[i].row, config_seen.emulation_flags,
                   rows[i].emulation);
        UNIT_EQUAL(rows[i].row, config_seen.grant_opts, rows[i].grant);
        UNIT_EQUAL(rows[i].row, config_seen.max_vcpus, 3);
        UNIT_EQUAL(rows[i].row, config_seen.max_evtchn_port, 1023);
        UNIT_EQUAL(rows[i].row, config_seen.max_grant_frames, -1);
        UNIT_EQUAL(rows[i].row, config_seen.max_maptrack_frames, -1);
        UNIT_EQUAL(rows[i].row, config_seen.ssidref, 0);
        UNIT_EQUAL(rows[i].row, config_seen.iommu_opts, 0);
        UNIT_EQUAL(rows[i].row, config_seen.altp2m_opts, 0);
        UNIT_EQUAL(rows[i].row, config_seen.vmtrace_size, 0);
        UNIT_EQUAL(rows[i].row, config_seen.cpupool_id, 0);
        UNIT_EQUAL(rows[i].row, config_seen.misc_flags, 0);
        UNIT_TRUE(rows[i].row, !memcmp(config_seen.handle, config.uuid, 16));
    }

    config.type = (enum xennuma_domain_type)3;
    UNIT_EQUAL("unknown type", xennuma_domain_create(handle, &config,
                                                     &placement, &created,
                                                     NULL), -1);
    UNIT_EQUAL("unknown type", errno, EINVAL);
    fake_finish(handle);
}

static void create_passes_the_placement_on(void)
{
    static const struct xennuma_claim claim = { .pages = 7, .target = 63 };
    const struct xennuma_domain_config config = { .max_vcpus = 1 };
    const struct xennuma_placement placement = {
        .nodes = 3ULL << 62, .home_node = 63, .strict = true,
        .max_pages = 1 << 20, .owner = 0xabcdef, .claims = &claim,
        .nr_claims = 1,
    };
    struct xennuma_shortage shortage = { 9, 9 };
    struct xennuma_created created = { 0 };
    xennuma_handle *handle = fake_start();

    xen.domctl = create_domctl;
    create_rc = 0;
    UNIT_EQUAL("create", xennuma_domain_create(handle, &config, &placement,
                                               &created, &shortage), 0);
    UNIT_EQUAL("number", xen.calls[xen.nr_calls - 1], 2003);
    UNIT_EQUAL("any id", xen.domid, 0);
    UNIT_TRUE("nodes", placement_seen.nodes == 3ULL << 62);
    UNIT_EQUAL("home", placement_seen.home_node, 63);
    UNIT_EQUAL("strict", placement_seen.flags, 1);
    UNIT_EQUAL("max_pages", placement_seen.max_pages, 1 << 20);
    UNIT_EQUAL("owner", placement_seen.owner, 0xabcdef);
    UNIT_EQUAL("claims", placement_seen.nr_claims, 1);
    UNIT_EQUAL("out only", placement_seen.domid | placement_seen.unique_id |
                           placement_seen.short_entry | placement_seen.pad |
                           placement_seen.short_pages, 0);
    UNIT_EQUAL("claim", claim_seen.pages, 7);
    UNIT_EQUAL("claim", claim_seen.target, 63);
    UNIT_EQUAL("domid", created.domid, 12);
    UNIT_EQUAL("id", created.unique_id, 99);
    UNIT_EQUAL("untouched", shortage.pages, 9);

    create_rc = -ENOMEM;
    memset(&created, 0, sizeof(created));
    UNIT_EQUAL("create", xennuma_domain_create(handle, &config, &placement,
                                               &created, &shortage), -1);
    UNIT_EQUAL("errno survives", errno, ENOMEM);
    UNIT_EQUAL("no domain", created.domid, 0);
    UNIT_EQUAL("entry", shortage.entry, 1);
    UNIT_EQUAL("pages", shortage.pages, 3);
    create_rc = 0;
    fake_finish(handle);
}

/* What the caller has from its own headers, whatever is in it. */
static void create_passes_a_configuration_on_as_it_is(void)
{
    const struct xennuma_placement placement = { .nodes = 1 };
    struct layout_createdomain config;
    struct xennuma_created created;
    xennuma_handle *handle = fake_start();

    memset(&config, 0xa5, sizeof(config));
    xen.domctl = create_domctl;
    UNIT_EQUAL("create", xennuma_domain_create_raw(handle, 77, &config,
                                                   sizeof(config), &placement,
                                                   &created, NULL), 0);
    UNIT_EQUAL("id", xen.domid, 77);
    UNIT_EQUAL("domid", created.domid, 12);
    UNIT_TRUE("all of it", !memcmp(&config_seen, &config, sizeof(config)));

    UNIT_EQUAL("too large", xennuma_domain_create_raw(handle, 0, &config,
                                                      257, &placement,
                                                      &created, NULL), -1);
    UNIT_EQUAL("too large", errno, EINVAL);
    handle->abilities.create = false;
    UNIT_EQUAL("cannot", xennuma_domain_create_raw(handle, 0, &config,
                                                   sizeof(config), &placement,
                                                   &created, NULL), -1);
    UNIT_EQUAL("cannot", errno, EOPNOTSUPP);
    fake_finish(handle);
}

/* A Xen that cannot create on nodes; one of its operations may fail. */
static uint32_t failing;
static int failing_rc;
static uint64_t nodes_seen[2];
static unsigned int nr_nodes_seen;

static int steps_sysctl(struct layout_sysctl *op)
{
    if ( op->cmd == XEN_SYSCTL_node_heap && op->u.node_heap.nr_nodes )
    {
        op->u.node_heap.nr_nodes = 64;
        op->u.node_heap.online = ~1ULL;
        return 0;
    }

    return fake_good_sysctl(op);
}

static int steps_domctl(struct layout_domctl *op)
{
    if ( op->cmd != LAYOUT_DOMCTL_CREATE )
        UNIT_EQUAL("domain", op->domid, 12);
    if ( op->cmd == failing )
    {
        if ( op->cmd == XEN_DOMCTL_set_node_claims )
            op->u.set_claims.short_pages = 3;
        return failing_rc;
    }

    switch ( op->cmd )
    {
    case LAYOUT_DOMCTL_CREATE:
        UNIT_EQUAL("any id", op->domid, 0);
        config_seen = op->u.createdomain;
        op->domid = 12;
        return 0;

    case XEN_DOMCTL_get_node_claims:
        op->u.get_claims.unique_id = 99;
        op->u.get_claims.nr_claims = op->u.get_claims.nr_nodes = 0;
        return 0;

    case LAYOUT_DOMCTL_NODE_AFFINITY:
        UNIT_EQUAL("bits", op->u.node_affinity.nr_bits, 64);
        nodes_seen[nr_nodes_seen++ % 2] =
            *(uint64_t *)fake_guest(op->u.node_affinity.bitmap);
        return 0;

    case LAYOUT_DOMCTL_MAX_MEM:
        UNIT_EQUAL("KiB", op->u.max_mem.kib, 4 << 20);
        return 0;

    case LAYOUT_DOMCTL_MAX_VCPUS:
        UNIT_EQUAL("vCPUs", op->u.max_vcpus.nr, 2);
        return 0;

    case XEN_DOMCTL_set_node_claims:
        UNIT_EQUAL("id", op->u.set_claims.unique_id, 99);
        UNIT_EQUAL("claims", op->u.set_claims.nr_claims, 1);
        return 0;

    case LAYOUT_DOMCTL_DESTROY:
        return 0;

    default:
        return -ENOSYS;
    }
}

static int create_by_steps(xennuma_handle *handle,
                           struct xennuma_created *created,
                           struct xennuma_shortage *shortage)
{
    static const struct xennuma_claim claim = { .pages = 7, .target = 63 };
    const struct xennuma_domain_config config = { .max_vcpus = 2 };
    const struct xennuma_placement placement = {
        .nodes = 3ULL << 62, .home_node = 63, .max_pages = 1 << 20,
        .claims = &claim, .nr_claims = 1,
    };

    xen.domctl = steps_domctl;
    xen.sysctl = steps_sysctl;
    xen.nr_calls = 0;

    return xennuma_domain_create(handle, &config, &placement, created,
                                 shortage);
}

static xennuma_handle *start_without_create(void)
{
    xennuma_close(fake_start());
    xen.features = XEN_NODE_CLAIM_F_CLAIMS;
    failing = 0;

    return xennuma_open(NULL, 0, NULL);
}

static void without_create_on_nodes_there_are_steps(void)
{
    static const uint32_t calls[] = {
        LAYOUT_SYSCTL_PHYSINFO, XEN_SYSCTL_node_heap, LAYOUT_DOMCTL_CREATE,
        XEN_DOMCTL_get_node_claims, LAYOUT_DOMCTL_NODE_AFFINITY,
        LAYOUT_DOMCTL_MAX_MEM, LAYOUT_DOMCTL_MAX_VCPUS,
        LAYOUT_DOMCTL_NODE_AFFINITY, XEN_DOMCTL_set_node_claims,
    };
    struct xennuma_created created = { 0 };
    xennuma_handle *handle = start_without_create();

    nr_nodes_seen = 0;
    UNIT_EQUAL("create", create_by_steps(handle, &created, NULL), 0);
    UNIT_TRUE("home node for the vCPUs", nodes_seen[0] == 1ULL << 63);
    UNIT_TRUE("then all", nodes_seen[1] == 3ULL << 62);
    UNIT_EQUAL("calls", xen.nr_calls, NR(calls));
    for ( size_t i = 0; i < NR(calls); i++ )
        UNIT_EQUAL("in this order", xen.calls[i], calls[i]);
    UNIT_EQUAL("domid", created.domid, 12);
    UNIT_EQUAL("id", created.unique_id, 99);
    UNIT_EQUAL("flags", config_seen.flags, 3);
    UNIT_EQUAL("vCPUs", config_seen.max_vcpus, 2);
    fake_finish(handle);
}

static void a_step_that_fails_takes_the_domain_away(void)
{
    static const struct {
        const char *row;
        uint32_t cmd;
        int error;
        unsigned int destroyed;
        uint64_t missing;
    } rows[] = {
        { "create", LAYOUT_DOMCTL_CREATE, ENOMEM, 0, 0 },
        { "id", XEN_DOMCTL_get_node_claims, EPERM, 1, 9 },
        { "gone", XEN_DOMCTL_get_node_claims, ESRCH, 0, 9 },
        { "nodes", LAYOUT_DOMCTL_NODE_AFFINITY, EINVAL, 1, 9 },
        { "memory", LAYOUT_DOMCTL_MAX_MEM, EPERM, 1, 9 },
        { "vCPUs", LAYOUT_DOMCTL_MAX_VCPUS, ENOMEM, 1, 0 },
        { "claim", XEN_DOMCTL_set_node_claims, ENOMEM, 1, 3 },
        { "another one", XEN_DOMCTL_set_node_claims, ESRCH, 0, 9 },
    };
    xennuma_handle *handle = start_without_create();

    for ( size_t i = 0; i < NR(rows); i++ )
    {
        struct xennuma_created created = { 0 };
        struct xennuma_shortage shortage = { 9, 9 };

        failing = rows[i].cmd;
        failing_rc = -rows[i].error;
        UNIT_EQUAL(rows[i].row, create_by_steps(handle, &created, &shortage),
                   -1);
        UNIT_EQUAL(rows[i].row, errno, rows[i].error);
        UNIT_EQUAL(rows[i].row, fake_count(LAYOUT_DOMCTL_DESTROY),
                   rows[i].destroyed);
        UNIT_EQUAL(rows[i].row, shortage.pages, rows[i].missing);
        UNIT_EQUAL(rows[i].row, created.domid, 0);
    }
    fake_finish(handle);
}

static unsigned int busy, lingers;
static int destroy_rc;

/* The domain 4 with id 50, that takes its time. */
static int destroy_domctl(struct layout_domctl *op)
{
    static bool destroyed;

    if ( op->cmd == LAYOUT_DOMCTL_DESTROY )
    {
        if ( busy )
        {
            busy--;
            return busy % 2 ? -EINTR : -EAGAIN;
        }
        destroyed = !destroy_rc;
        return destroy_rc;
    }

    if ( destroyed && !lingers )
    {
        destroyed = false;
        return -ESRCH;
    }
    lingers -= destroyed;
    op->u.get_claims.unique_id = 50;
    op->u.get_claims.nr_claims = op->u.get_claims.nr_nodes = 0;

    return 0;
}

static void destroy_looks_at_the_id_first_and_waits(void)
{
    xennuma_handle *handle = fake_start();

    xen.domctl = destroy_domctl;
    UNIT_EQUAL("another one", xennuma_domain_destroy(handle, 4, 51), -1);
    UNIT_EQUAL("another one", errno, ESRCH);
    UNIT_EQUAL("another one", fake_count(LAYOUT_DOMCTL_DESTROY), 0);

    busy = 5;
    lingers = 3;
    UNIT_EQUAL("destroy", xennuma_domain_destroy(handle, 4, 50), 0);
    UNIT_EQUAL("tries", fake_count(LAYOUT_DOMCTL_DESTROY), 6);
    UNIT_EQUAL("waited", lingers, 0);

    destroy_rc = -EPERM;
    UNIT_EQUAL("refused", xennuma_domain_destroy(handle, 4, 50), -1);
    UNIT_EQUAL("refused", errno, EPERM);
    destroy_rc = 0;

    lingers = 100000;
    UNIT_EQUAL("pages mapped elsewhere", xennuma_domain_destroy(handle, 4, 50),
               0);
    UNIT_TRUE("bounded", lingers > 90000 && lingers < 99900);
    lingers = 0;
    fake_finish(handle);
}

/* Domains 0, 3, 6, ... 3 * (nr_domains - 1). */
static unsigned int nr_domains;

static int list_sysctl(struct layout_sysctl *op)
{
    struct layout_domains *arg = &op->u.domains;
    struct layout_domain *domains = fake_guest(arg->buffer);
    unsigned int i, nr = 0;

    if ( op->cmd != LAYOUT_SYSCTL_DOMAINS )
        return fake_good_sysctl(op);

    for ( i = 0; i < nr_domains && nr < arg->max; i++ )
        if ( 3 * i >= arg->first )
            domains[nr++] = (struct layout_domain){
                .domid = 3 * i, .max_vcpu_id = i - 1,
            };
    arg->nr = nr;

    return 0;
}

static void list_goes_on_until_the_last_domain(void)
{
    static const unsigned int numbers[] = { 0, 1, 63, 64, 65, 128, 1000 };
    xennuma_handle *handle = fake_start();
    struct xennuma_listed domids[1000];
    unsigned int i, j, nr;
    char row[32];

    xen.sysctl = list_sysctl;
    for ( i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++ )
    {
        nr_domains = numbers[i];
        snprintf(row, sizeof(row), "%u domains", nr_domains);
        nr = 1000;
        UNIT_EQUAL(row, xennuma_domain_list(handle, domids, &nr), 0);
        UNIT_EQUAL(row, nr, nr_domains);
        for ( j = 0; j < nr; j++ )
            if ( !UNIT_EQUAL(row, domids[j].domid, 3 * j) ||
                 !UNIT_EQUAL(row, domids[j].vcpus, j) )
                break;

        if ( !nr_domains )
            continue;
        nr = nr_domains - 1;
        domids[nr].domid = 12345;
        UNIT_EQUAL(row, xennuma_domain_list(handle, domids, &nr), -1);
        UNIT_EQUAL(row, errno, ENOBUFS);
        UNIT_EQUAL(row, nr, nr_domains);
        UNIT_EQUAL(row, domids[nr_domains - 1].domid, 12345);
    }
    fake_finish(handle);
}

static const struct unit_test tests[] = {
    { "create asks for what xl would", create_asks_for_what_xl_would },
    { "create passes the placement on", create_passes_the_placement_on },
    { "create passes a configuration on as it is",
      create_passes_a_configuration_on_as_it_is },
    { "without create_on_nodes there are steps",
      without_create_on_nodes_there_are_steps },
    { "a step that fails takes the domain away",
      a_step_that_fails_takes_the_domain_away },
    { "destroy looks at the id first, and waits",
      destroy_looks_at_the_id_first_and_waits },
    { "list goes on until the last domain",
      list_goes_on_until_the_last_domain },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "domains", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-hypercall-domain", suites);
}
