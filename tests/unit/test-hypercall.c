/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What libxennuma says to the running Xen, and what it makes of the answers;
 * domains are in test-hypercall-domain.c.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake-xen.h"
#include "unit.h"

static int probe_sysctl(struct layout_sysctl *op)
{
    UNIT_EQUAL("room", op->u.node_heap.nr_nodes, 0);
    UNIT_EQUAL("handle", op->u.node_heap.nodes, 0);
    UNIT_EQUAL("padding", op->u.node_heap.pad, 0);

    return fake_good_sysctl(op);
}

static void open_probes_once_and_does_nothing_else(void)
{
    xennuma_handle *handle = fake_start();

    xennuma_close(handle);
    memset(&xen, 0, sizeof(xen));
    xen.sysctl = probe_sysctl;
    xen.domctl = fake_no_domctl;
    handle = xennuma_open(NULL, 0, NULL);
    UNIT_TRUE("open", handle);
    UNIT_EQUAL("calls", xen.nr_calls, 1);
    UNIT_EQUAL("number", xen.calls[0], 2001);
    UNIT_EQUAL("version", xen.version, 0x15);
    fake_finish(handle);
}

static void probe_tells_features_of_a_known_interface_only(void)
{
    static const struct {
        const char *row;
        int rc;
        uint32_t abi, features;
        int error;               /* of open */
        struct xennuma_abilities found;
    } rows[] = {
        { "claims", 0, 1, 1, 0, { true, false, false, false, 1 } },
        { "create", 0, 1, 2, 0, { false, true, false, false, 1 } },
        { "superpages", 0, 1, 4, 0, { false, false, true, false, 1 } },
        { "overhead", 0, 1, 8, 0, { false, false, false, true, 1 } },
        { "unknown ones", 0, 1, 0xf0, 0, { false, false, false, false, 1 } },
        { "another interface", 0, 2, 15, 0, { .abi = 2 } },
        { "ENOSYS", -ENOSYS, 1, 15, 0, { .abi = 0 } },
        { "EOPNOTSUPP", -EOPNOTSUPP, 1, 15, 0, { .abi = 0 } },
        { "EINVAL", -EINVAL, 1, 15, 0, { .abi = 0 } },
        { "another release", -EACCES, 1, 15, EPROTO, { .abi = 0 } },
        { "not privileged", -EPERM, 1, 15, EPERM, { .abi = 0 } },
        { "no memory", -ENOMEM, 1, 15, ENOMEM, { .abi = 0 } },
    };
    struct xennuma_abilities found;
    xennuma_handle *handle;
    unsigned int i;

    for ( i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        xennuma_close(fake_start());
        xen.abi = rows[i].abi;
        xen.features = rows[i].features;
        xen.probe_rc = rows[i].rc;
        handle = xennuma_open(NULL, 0, NULL);
        UNIT_EQUAL(rows[i].row, handle ? 0 : errno, rows[i].error);
        if ( handle )
        {
            xennuma_probe(handle, &found);
            UNIT_EQUAL(rows[i].row, found.claims, rows[i].found.claims);
            UNIT_EQUAL(rows[i].row, found.create, rows[i].found.create);
            UNIT_EQUAL(rows[i].row, found.superpages,
                       rows[i].found.superpages);
            UNIT_EQUAL(rows[i].row, found.overhead, rows[i].found.overhead);
            UNIT_EQUAL(rows[i].row, found.abi, rows[i].found.abi);
        }
        fake_finish(handle);
    }
}

static void without_claims_nothing_of_ours_is_issued(void)
{
    static struct xennuma_heap heap;
    const struct xennuma_domain_config config = { .max_vcpus = 1 };
    const struct xennuma_placement placement = { .nodes = 1 };
    const struct xennuma_claim claim = { .pages = 1 };
    struct xennuma_created created;
    struct xennuma_domain domain;
    xennuma_handle *handle = fake_start();
    unsigned int calls;

    xennuma_close(handle);
    xen.probe_rc = -ENOSYS;
    handle = xennuma_open(NULL, 0, NULL);
    calls = xen.nr_calls;

#define REFUSED(call) \
    errno = 0; \
    UNIT_EQUAL(#call, call, -1); \
    UNIT_EQUAL(#call, errno, EOPNOTSUPP)

    REFUSED(xennuma_claims_set(handle, 1, 0, &claim, 1, NULL));
    REFUSED(xennuma_claims_get(handle, 1, &domain));
    REFUSED(xennuma_domain_create(handle, &config, &placement, &created,
                                  NULL));
    REFUSED(xennuma_domain_destroy(handle, 1, 1));
    REFUSED(xennuma_heap_get(handle, &heap));
    UNIT_EQUAL("calls", xen.nr_calls, calls);
    fake_finish(handle);
}

static int set_rc;

static int set_domctl(struct layout_domctl *op)
{
    struct xen_domctl_set_node_claims *set = &op->u.set_claims;
    const struct xen_node_claim *claims = fake_guest(set->claims);

    UNIT_EQUAL("id", set->unique_id, 77);
    UNIT_EQUAL("claims", set->nr_claims, 2);
    UNIT_EQUAL("short", set->short_entry, 0);
    UNIT_EQUAL("short", set->short_pages, 0);
    UNIT_EQUAL("pages", claims[0].pages, 512);
    UNIT_EQUAL("node", claims[0].target, 3);
    UNIT_EQUAL("order", claims[0].order, 9);
    UNIT_EQUAL("kind", claims[0].kind, 0);
    UNIT_EQUAL("pages", claims[1].pages, 5);
    UNIT_EQUAL("host", claims[1].target, 0xffffffffLL);
    UNIT_EQUAL("order", claims[1].order, 0);
    UNIT_EQUAL("kind", claims[1].kind, 1);
    set->short_entry = 1;
    set->short_pages = 4;

    return set_rc;
}

static void set_passes_claims_on_and_translates_a_shortage(void)
{
    static const struct xennuma_claim claims[] = {
        { .pages = 512, .target = 3, .order = 9 },
        { .pages = 5, .target = XENNUMA_HOST,
          .kind = XENNUMA_CLAIM_OVERHEAD },
    };
    struct xennuma_shortage shortage = { 9, 9 };
    xennuma_handle *handle = fake_start();

    xen.domctl = set_domctl;
    UNIT_EQUAL("set", xennuma_claims_set(handle, 5, 77, claims, 2, &shortage),
               0);
    UNIT_EQUAL("number", xen.calls[1], 2001);
    UNIT_EQUAL("version", xen.version, 0x17);
    UNIT_EQUAL("domain", xen.domid, 5);
    UNIT_EQUAL("untouched", shortage.pages, 9);

    set_rc = -EBUSY;
    UNIT_EQUAL("set", xennuma_claims_set(handle, 5, 77, claims, 2, &shortage),
               -1);
    UNIT_EQUAL("errno survives", errno, EBUSY);
    UNIT_EQUAL("untouched", shortage.pages, 9);

    set_rc = -ENOMEM;
    UNIT_EQUAL("set", xennuma_claims_set(handle, 5, 77, claims, 2, &shortage),
               -1);
    UNIT_EQUAL("errno survives", errno, ENOMEM);
    UNIT_EQUAL("entry", shortage.entry, 1);
    UNIT_EQUAL("pages", shortage.pages, 4);
    UNIT_EQUAL("NULL", xennuma_claims_set(handle, 5, 77, claims, 2, NULL),
               -1);
    set_rc = 0;
    fake_finish(handle);
}

static void what_cannot_be_passed_on_is_refused_here(void)
{
    static struct xennuma_claim claims[XENNUMA_MAX_CLAIMS + 1];
    struct xennuma_claim odd = { .pages = 1, .kind = 65536 };
    struct xennuma_domain domain;
    xennuma_handle *handle = fake_start();
    unsigned int calls = xen.nr_calls;

    UNIT_EQUAL("too many", xennuma_claims_set(handle, 1, 0, claims,
                                              XENNUMA_MAX_CLAIMS + 1, NULL),
               -1);
    UNIT_EQUAL("too many", errno, E2BIG);
    UNIT_EQUAL("kind", xennuma_claims_set(handle, 1, 0, &odd, 1, NULL), -1);
    UNIT_EQUAL("kind", errno, EINVAL);
    UNIT_EQUAL("no such id", xennuma_claims_get(handle, 0x7ff0, &domain), -1);
    UNIT_EQUAL("no such id", errno, ESRCH);
    UNIT_EQUAL("65537 is not 1", xennuma_claims_get(handle, 65537, &domain),
               -1);
    UNIT_EQUAL("65537 is not 1", errno, ESRCH);
    UNIT_EQUAL("id 0", xennuma_domain_destroy(handle, 1, 0), -1);
    UNIT_EQUAL("id 0", errno, EINVAL);
    UNIT_EQUAL("calls", xen.nr_calls, calls);
    fake_finish(handle);
}

static unsigned int nr_nodes;

static int get_domctl(struct layout_domctl *op)
{
    struct xen_domctl_get_node_claims *get = &op->u.get_claims;
    struct xen_node_claim *claims = fake_guest(get->claims);
    struct xen_node_usage *nodes = fake_guest(get->nodes);

    UNIT_EQUAL("room", get->nr_claims, 257);
    UNIT_EQUAL("room", get->nr_nodes, 64);
    UNIT_EQUAL("padding", get->pad, 0);
    get->unique_id = 1ULL << 40;
    get->owner = 6;
    get->flags = XEN_NODE_CLAIM_DOM_PAUSED | XEN_NODE_CLAIM_DOM_DYING;
    get->nr_claims = 1;
    get->nr_nodes = nr_nodes;
    claims[0] = (struct xen_node_claim){ 1024, 1, 9, 0 };
    nodes[1] = (struct xen_node_usage){ 1, 2, 3 };

    return 0;
}

static void get_reads_one_snapshot(void)
{
    struct xennuma_domain domain;
    xennuma_handle *handle = fake_start();

    xen.domctl = get_domctl;
    nr_nodes = 2;
    UNIT_EQUAL("get", xennuma_claims_get(handle, 4, &domain), 0);
    UNIT_EQUAL("number", xen.calls[1], 2002);
    UNIT_EQUAL("domain", domain.domid, 4);
    UNIT_EQUAL("id", domain.unique_id, 1LL << 40);
    UNIT_EQUAL("owner", domain.owner, 6);
    UNIT_EQUAL("paused", domain.paused, true);
    UNIT_EQUAL("finished", domain.finished, false);
    UNIT_EQUAL("dying", domain.dying, true);
    UNIT_EQUAL("claims", domain.nr_claims, 1);
    UNIT_EQUAL("pages", domain.claims[0].pages, 1024);
    UNIT_EQUAL("target", domain.claims[0].target, 1);
    UNIT_EQUAL("order", domain.claims[0].order, 9);
    UNIT_EQUAL("nodes", domain.nr_nodes, 2);
    UNIT_EQUAL("guest", domain.nodes[1].guest_pages, 1);
    UNIT_EQUAL("overhead", domain.nodes[1].overhead_pages, 2);
    UNIT_EQUAL("recalled", domain.nodes[1].recalled_pages, 3);

    nr_nodes = 65;
    UNIT_EQUAL("65 nodes", xennuma_claims_get(handle, 4, &domain), -1);
    UNIT_EQUAL("65 nodes", errno, EOVERFLOW);
    fake_finish(handle);
}

static int heap_sysctl(struct layout_sysctl *op)
{
    struct xen_sysctl_node_heap *arg = &op->u.node_heap;
    struct xen_node_heap *nodes = fake_guest(arg->nodes);

    UNIT_EQUAL("room", arg->nr_nodes, 64);
    UNIT_EQUAL("padding", arg->pad, 0);
    arg->generation = 5;
    arg->online = 1ULL << 63 | 1;
    arg->free_pages = 1000;
    arg->claimed_pages = 100;
    arg->host_claimed_pages = 10;
    arg->nr_nodes = nr_nodes;
    nodes[63] = (struct xen_node_heap){ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

    return 0;
}

static void heap_reads_each_field_of_each_node(void)
{
    static struct xennuma_heap heap;
    const struct xennuma_node_heap *node = &heap.nodes[63];
    xennuma_handle *handle = fake_start();

    xen.sysctl = heap_sysctl;
    nr_nodes = 64;
    UNIT_EQUAL("get", xennuma_heap_get(handle, &heap), 0);
    UNIT_EQUAL("generation", heap.generation, 5);
    UNIT_EQUAL("free", heap.free_pages, 1000);
    UNIT_EQUAL("claimed", heap.claimed_pages, 100);
    UNIT_EQUAL("host", heap.host_claimed_pages, 10);
    UNIT_EQUAL("nodes", heap.nr_nodes, 64);
    UNIT_EQUAL("node 0", heap.nodes[0].online, true);
    UNIT_EQUAL("node 1", heap.nodes[1].online, false);
    UNIT_EQUAL("node 63", node->online, true);
    UNIT_EQUAL("present", node->present_pages, 1);
    UNIT_EQUAL("free", node->free_pages, 2);
    UNIT_EQUAL("dirty", node->dirty_pages, 3);
    UNIT_EQUAL("dma", node->dma_pages, 4);
    UNIT_EQUAL("guest", node->claimed_guest_pages, 5);
    UNIT_EQUAL("overhead", node->claimed_overhead_pages, 6);
    UNIT_EQUAL("2 MiB", node->free_2m_chunks, 7);
    UNIT_EQUAL("1 GiB", node->free_1g_chunks, 8);
    UNIT_EQUAL("2 MiB", node->claimed_2m_chunks, 9);
    UNIT_EQUAL("1 GiB", node->claimed_1g_chunks, 10);

    nr_nodes = 65;
    UNIT_EQUAL("65 nodes", xennuma_heap_get(handle, &heap), -1);
    UNIT_EQUAL("65 nodes", errno, EOVERFLOW);
    fake_finish(handle);
}

/* Two nodes; CPUs 0 and 1 share a core, 2, 7 and 8 are offline, 3 is on node 1
 * in a core of the same number but of another socket. */
static int topology_sysctl(struct layout_sysctl *op)
{
    static const struct layout_cpu known[] = {
        { 0, 0, 0 }, { 0, 0, 0 }, { ~0u, ~0u, 0 }, { 0, 1, 1 }, { 1, 1, 1 },
        { 2, 1, ~0u }, { 3, 1, 64 }, { ~0u, 1, 1 }, { 4, ~0u, 1 },
    };
    uint32_t *distances = fake_guest(op->u.numa.distances);

    if ( op->cmd == LAYOUT_SYSCTL_CPUTOPO )
    {
        UNIT_EQUAL("room", op->u.cputopo.nr_cpus, 4096);
        memcpy(fake_guest(op->u.cputopo.cpus), known, sizeof(known));
        op->u.cputopo.nr_cpus = sizeof(known) / sizeof(known[0]);
        return 0;
    }

    if ( op->cmd == LAYOUT_SYSCTL_PHYSINFO )
    {
        op->u.physinfo.capabilities = LAYOUT_PHYSCAP_HAP;
        return 0;
    }

    UNIT_EQUAL("number", op->cmd, LAYOUT_SYSCTL_NUMA);
    UNIT_EQUAL("room", op->u.numa.nr_nodes, 64);
    UNIT_EQUAL("unused", op->u.numa.meminfo, 0);
    op->u.numa.nr_nodes = 2;
    distances[0] = distances[3] = 10;
    distances[1] = 21;
    distances[2] = ~0u;

    return 0;
}

static void topology_counts_cores_and_leaves_out_offline_cpus(void)
{
    static struct xennuma_topology topology;
    xennuma_handle *handle = fake_start();

    xen.sysctl = topology_sysctl;
    UNIT_EQUAL("get", xennuma_topology_get(handle, &topology), 0);
    UNIT_TRUE("page tables in hardware", topology.hap);
    UNIT_EQUAL("nodes", topology.nr_nodes, 2);
    UNIT_EQUAL("CPUs", topology.nr_cpus, 9);
    UNIT_EQUAL("node 0", topology.nodes[0].cpus, 2);
    UNIT_EQUAL("node 0", topology.nodes[0].cores, 1);
    UNIT_EQUAL("node 1", topology.nodes[1].cpus, 2);
    UNIT_EQUAL("node 1", topology.nodes[1].cores, 2);
    UNIT_EQUAL("CPU 1", topology.cpu_node[1], 0);
    UNIT_EQUAL("CPU 2 offline", topology.cpu_node[2], 0xff);
    UNIT_EQUAL("CPU 4", topology.cpu_node[4], 1);
    UNIT_EQUAL("CPU 5 nowhere", topology.cpu_node[5], 0xff);
    UNIT_EQUAL("CPU 6 on no node of ours", topology.cpu_node[6], 0xff);
    UNIT_EQUAL("CPU 7 without a core", topology.cpu_node[7], 0xff);
    UNIT_EQUAL("CPU 8 without a socket", topology.cpu_node[8], 0xff);
    UNIT_EQUAL("CPU 9", topology.cpu_node[9], 0xff);
    UNIT_EQUAL("self", topology.nodes[0].distances[0], 10);
    UNIT_EQUAL("0 to 1", topology.nodes[0].distances[1], 21);
    UNIT_EQUAL("1 to 0", topology.nodes[1].distances[0],
               XENNUMA_NO_DISTANCE);
    UNIT_EQUAL("no node", topology.nodes[0].distances[2],
               XENNUMA_NO_DISTANCE);
    fake_finish(handle);
}

static void without_memory_nothing_is_called(void)
{
    static struct xennuma_topology topology;
    static struct xennuma_heap heap;
    const struct xennuma_domain_config config = { .max_vcpus = 1 };
    const struct xennuma_placement placement = { .nodes = 1 };
    struct xennuma_created created;
    struct xennuma_domain domain;
    xennuma_handle *handle = fake_start();
    unsigned int calls = xen.nr_calls, nr = 0;

    xen.no_memory = true;
    UNIT_TRUE("open", !xennuma_open(NULL, 0, NULL));
    UNIT_EQUAL("open", errno, ENOMEM);

#define FAILS(call) \
    errno = 0; \
    UNIT_EQUAL(#call, call, -1); \
    UNIT_EQUAL(#call, errno, ENOMEM)

    FAILS(xennuma_claims_set(handle, 1, 0, NULL, 0, NULL));
    FAILS(xennuma_claims_get(handle, 1, &domain));
    FAILS(xennuma_domain_create(handle, &config, &placement, &created, NULL));
    FAILS(xennuma_domain_destroy(handle, 1, 1));
    FAILS(xennuma_domain_list(handle, NULL, &nr));
    FAILS(xennuma_heap_get(handle, &heap));
    FAILS(xennuma_topology_get(handle, &topology));
    UNIT_EQUAL("calls", xen.nr_calls, calls);
    fake_finish(handle);
}

static void open_refuses_what_it_does_not_know(void)
{
    xennuma_close(fake_start());
    UNIT_TRUE("flags", !xennuma_open(NULL, 1, NULL));
    UNIT_EQUAL("flags", errno, EINVAL);
    UNIT_TRUE("where", !xennuma_open(NULL, 0, "modell:x"));
    UNIT_EQUAL("where", errno, EINVAL);
    UNIT_TRUE("empty", !xennuma_open(NULL, 0, ""));
    UNIT_EQUAL("empty", errno, EINVAL);
    UNIT_EQUAL("close NULL", xennuma_close(NULL), 0);
    fake_finish(NULL);
}

static const struct unit_test tests[] = {
    { "open probes once and does nothing else",
      open_probes_once_and_does_nothing_else },
    { "probe tells features of a known interface only",
      probe_tells_features_of_a_known_interface_only },
    { "open refuses what it does not know",
      open_refuses_what_it_does_not_know },
    { "without claims nothing of ours is issued",
      without_claims_nothing_of_ours_is_issued },
    { "set passes claims on and translates a shortage",
      set_passes_claims_on_and_translates_a_shortage },
    { "what cannot be passed on is refused here",
      what_cannot_be_passed_on_is_refused_here },
    { "get reads one snapshot", get_reads_one_snapshot },
    { "heap reads each field of each node",
      heap_reads_each_field_of_each_node },
    { "topology counts cores and leaves out offline CPUs",
      topology_counts_cores_and_leaves_out_offline_cpus },
    { "without memory nothing is called", without_memory_nothing_is_called },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "hypercall", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-hypercall", suites);
}
