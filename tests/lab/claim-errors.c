/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Every way in which setting and getting claims can be refused, on a real
 * Xen: the error, and that the old claims stand and the host is unchanged.
 */

#include <errno.h>
#include <stddef.h>

#include "domain.h"
#include "hypercall.h"
#include "host.h"
#include "unit.h"

#define HOST     XEN_NODE_CLAIM_HOST
#define OVERHEAD XEN_NODE_CLAIM_OVERHEAD
#define MAX_PAGES 4096

/* A domain that holds a claim of 100 pages on a node. */
static uint32_t domid, home;
static struct claims held;

static void begin(void)
{
    struct xen_node_claim claim = { .pages = 100 };

    home = claim.target = host_node(0);
    host_begin();
    domid = domain_make(MAX_PAGES);
    UNIT_EQUAL("set up", claims_set(domid, 0, &claim, 1, NULL), 0);
    UNIT_EQUAL("set up", claims_get(domid, &held), 0);
}

/* The claims are what they were. */
static void stands(const char *row)
{
    struct claims now;

    UNIT_EQUAL(row, claims_get(domid, &now), 0);
    UNIT_EQUAL(row, now.op.nr_claims, 1);
    UNIT_EQUAL(row, now.claims[0].pages, 100);
    UNIT_EQUAL(row, now.claims[0].target, home);
}

static void end(void)
{
    domain_destroy(domid);
    host_unchanged("afterwards");
}

/* Those with a node that is there on the largest host only are last. */
static const struct {
    const char *fact;
    struct xen_node_claim claims[2];
    uint32_t nr;
    int rc;
} entries[] = {
    { "no pages", { { 0, 0, 0, 0 } }, 1, -EINVAL },
    { "unknown kind", { { 1, 0, 0, 2 } }, 1, -EINVAL },
    { "unknown order", { { 8, 0, 3, 0 } }, 1, -EINVAL },
    { "half a chunk", { { 511, 0, 9, 0 } }, 1, -EINVAL },
    { "chunks on HOST", { { 512, HOST, 9, 0 } }, 1, -EINVAL },
    { "chunks of overhead", { { 512, 0, 9, OVERHEAD } }, 1, -EINVAL },
    { "overhead on HOST", { { 1, HOST, 0, OVERHEAD } }, 1, -EINVAL },
    { "a node twice", { { 1, 0, 0, 0 }, { 2, 0, 0, 0 } }, 2, -EINVAL },
    { "HOST twice", { { 1, HOST, 0, 0 }, { 1, HOST, 0, 0 } }, 2, -EINVAL },
    { "half of 1 GiB", { { 1 << 17, 0, 18, 0 } }, 1, -EINVAL },
    { "1 GiB on HOST", { { 1 << 18, HOST, 18, 0 } }, 1, -EINVAL },
    { "order 18 of overhead", { { 1 << 18, 0, 18, OVERHEAD } }, 1,
      -EINVAL },
    { "chunks twice", { { 512, 0, 9, 0 }, { 1024, 0, 9, 0 } }, 2,
      -EINVAL },
    { "overhead twice",
      { { 1, 0, 0, OVERHEAD }, { 1, 0, 0, OVERHEAD } }, 2, -EINVAL },
    { "chunks of node 64", { { 512, 64, 9, 0 } }, 1, -ENOENT },
    { "overhead of node 64", { { 1, 64, 0, OVERHEAD } }, 1, -ENOENT },
    { "chunks over max_pages", { { MAX_PAGES + 512, 0, 9, 0 } }, 1,
      -ERANGE },
    { "1 GiB over max_pages", { { 1 << 18, 0, 18, 0 } }, 1, -ERANGE },
    { "chunks and pages over it",
      { { MAX_PAGES, 0, 9, 0 }, { 1, 0, 0, 0 } }, 2, -ERANGE },
    { "more overhead than there is", { { 1 << 30, 0, 0, OVERHEAD } }, 1,
      -ENOMEM },
    { "node 64", { { 1, 64, 0, 0 } }, 1, -ENOENT },
    { "node 254", { { 1, 254, 0, 0 } }, 1, -ENOENT },
    { "node 255", { { 1, 255, 0, 0 } }, 1, -ENOENT },
    { "node 256", { { 1, 256, 0, 0 } }, 1, -ENOENT },
    { "node 2^32 - 2", { { 1, HOST - 1, 0, 0 } }, 1, -ENOENT },
    { "second entry", { { 1, 0, 0, 0 }, { 1, 64, 0, 0 } }, 2, -ENOENT },
    { "over max_pages", { { MAX_PAGES + 1, 0, 0, 0 } }, 1, -ERANGE },
    { "together over it",
      { { MAX_PAGES, 0, 0, 0 }, { 1, HOST, 0, 0 } }, 2, -ERANGE },
    { "a sum near 2^64", { { ~0ULL, 0, 0, 0 }, { 2, HOST, 0, 0 } }, 2,
      -ERANGE },
    { "node 62", { { 1, 62, 0, 0 } }, 1, -ENOENT },
    { "node 63", { { 1, 63, 0, 0 } }, 1, -ENOENT },
};

static const char *entries_fact(unsigned int row)
{
    unsigned int nr = sizeof(entries) / sizeof(entries[0]);

    if ( host_heap().op.online >> 62 )
        nr -= 2;

    return row < nr ? entries[row].fact : NULL;
}

static void entries_run(unsigned int row)
{
    begin();
    UNIT_EQUAL(entries[row].fact,
               claims_set(domid, 0, entries[row].claims, entries[row].nr,
                          NULL), entries[row].rc);
    stands(entries[row].fact);
    end();
}

static void bad_padding(void)
{
    struct xen_domctl_set_node_claims op = { .short_entry = 1 };

    begin();
    UNIT_EQUAL("short_entry",
               hypercall_domctl(XEN_DOMCTL_set_node_claims, 0, domid, &op,
                                sizeof(op)), -EINVAL);
    op = (struct xen_domctl_set_node_claims){ .short_pages = 1 };
    UNIT_EQUAL("short_pages",
               hypercall_domctl(XEN_DOMCTL_set_node_claims, 0, domid, &op,
                                sizeof(op)), -EINVAL);
    stands("padding");
    end();
}

static void too_many(void)
{
    static struct xen_node_claim claims[XEN_NODE_CLAIM_MAX_ENTRIES + 1];
    unsigned int i;

    for ( i = 0; i < XEN_NODE_CLAIM_MAX_ENTRIES + 1; i++ )
        claims[i] = (struct xen_node_claim){ .pages = 1 };

    begin();
    UNIT_EQUAL("257", claims_set(domid, 0, claims, 257, NULL), -EINVAL);
    UNIT_EQUAL("258", claims_set(domid, 0, claims, 258, NULL), -E2BIG);
    stands("too many");
    end();
}

static void no_such_domain(void)
{
    const struct xen_node_claim claim = { .pages = 1 };
    struct claims claims;

    begin();
    UNIT_EQUAL("set", claims_set(31000, 0, &claim, 1, NULL), -ESRCH);
    UNIT_EQUAL("get", claims_get(31000, &claims), -ESRCH);
    UNIT_EQUAL("DOMID_XEN", claims_set(0x7ff2, 0, &claim, 1, NULL), -ESRCH);
    end();
}

static void another_domain(void)
{
    struct xen_node_claim claim = { .pages = 1 };
    uint64_t id;

    begin();
    claim.target = home;
    id = held.op.unique_id;
    UNIT_TRUE("there is an id", id);
    UNIT_EQUAL("another id", claims_set(domid, id + 1, &claim, 1, NULL),
               -ESRCH);
    UNIT_EQUAL("release", claims_set(domid, id + 1, NULL, 0, NULL), -ESRCH);
    stands("another id");
    UNIT_EQUAL("its id", claims_set(domid, id, &claim, 1, NULL), 0);
    UNIT_EQUAL("its id", claims_on(domid, home), 1);
    end();
}

static void finished(void)
{
    const struct xen_node_claim claim = { .pages = 1 };
    struct claims claims;

    begin();
    UNIT_EQUAL("unpause", domain_unpause(domid), 0);
    UNIT_EQUAL("set", claims_set(domid, 0, &claim, 1, NULL), -EBUSY);
    UNIT_EQUAL("release", claims_set(domid, 0, NULL, 0, NULL), 0);
    UNIT_EQUAL("get", claims_get(domid, &claims), 0);
    UNIT_EQUAL("finished", claims.op.flags, XEN_NODE_CLAIM_DOM_FINISHED);
    UNIT_EQUAL("dom0", claims_set(0, 0, &claim, 1, NULL), -EBUSY);
    end();
}

static void dying(void)
{
    const struct xen_node_claim claim = { .pages = 1 };
    struct claims claims;
    void *page;

    begin();
    UNIT_EQUAL("populate", domain_populate(domid, 1, 0, DOMAIN_ANY_NODE), 1);
    page = domain_map_page(domid);
    UNIT_TRUE("map", page);
    domain_destroy(domid);
    UNIT_EQUAL("get", claims_get(domid, &claims), 0);
    UNIT_TRUE("dying", claims.op.flags & XEN_NODE_CLAIM_DOM_DYING);
    UNIT_EQUAL("no claim left", claims.op.nr_claims, 0);
    UNIT_EQUAL("set", claims_set(domid, 0, &claim, 1, NULL), -ESRCH);
    UNIT_EQUAL("release", claims_set(domid, 0, NULL, 0, NULL), 0);
    UNIT_EQUAL("old kind", domain_claim(domid, 1), -EINVAL);
    domain_unmap_page(page);
    host_unchanged("afterwards");
}

static void old_claim(void)
{
    const struct xen_node_claim claim = {
        .pages = 1, .target = host_node(0),
    };
    uint32_t other;

    host_begin();
    other = domain_make(MAX_PAGES);
    UNIT_EQUAL("claim", domain_claim(other, 50), 0);
    UNIT_EQUAL("set", claims_set(other, 0, &claim, 1, NULL), -EEXIST);
    UNIT_EQUAL("stands", domain_outstanding(other), 50);
    UNIT_EQUAL("release", claims_set(other, 0, NULL, 0, NULL), 0);
    UNIT_EQUAL("still stands", domain_outstanding(other), 50);
    UNIT_EQUAL("second", domain_claim(other, 60), -EINVAL);
    UNIT_EQUAL("end it", domain_claim(other, 0), 0);
    UNIT_EQUAL("set", claims_set(other, 0, &claim, 1, NULL), 0);
    domain_destroy(other);
    host_unchanged("afterwards");
}

static void unreadable(void)
{
    struct xen_domctl_set_node_claims set = { .nr_claims = 1 };
    struct xen_domctl_get_node_claims get = { .nr_claims = 257,
                                              .nr_nodes = 64 };
    struct xen_sysctl_node_heap heap = { .nr_nodes = 64 };

    begin();
    UNIT_EQUAL("set", hypercall_domctl(XEN_DOMCTL_set_node_claims, 0, domid,
                                       &set, sizeof(set)), -EFAULT);
    UNIT_EQUAL("get", hypercall_domctl(XEN_DOMCTL_get_node_claims, 0, domid,
                                       &get, sizeof(get)), -EFAULT);
    UNIT_EQUAL("heap", hypercall_sysctl(XEN_SYSCTL_node_heap, &heap,
                                        sizeof(heap)), -EFAULT);
    stands("unreadable");
    end();
}

static void no_room(void)
{
    struct xen_domctl_get_node_claims get = {};
    struct xen_sysctl_node_heap heap = {
        .nr_nodes = host_heap().op.nr_nodes - 1,
    };
    const int too_small = heap.nr_nodes ? -ENOBUFS : 0;

    begin();
    UNIT_EQUAL("get", hypercall_domctl(XEN_DOMCTL_get_node_claims, 0, domid,
                                       &get, sizeof(get)), -ENOBUFS);
    UNIT_EQUAL("claims", get.nr_claims, 1);
    UNIT_EQUAL("nodes", get.nr_nodes, host_heap().op.nr_nodes);
    UNIT_EQUAL("heap", hypercall_sysctl(XEN_SYSCTL_node_heap, &heap,
                                        sizeof(heap)), too_small);
    UNIT_EQUAL("heap", heap.nr_nodes, host_heap().op.nr_nodes);
    end();
}

static void bad_call(void)
{
    struct xen_domctl_get_node_claims get = { .pad = 1 };
    struct xen_domctl_set_node_claims set = {};
    struct xen_sysctl_node_heap heap = { .pad = 1 };

    begin();
    UNIT_EQUAL("get, padding",
               hypercall_domctl(XEN_DOMCTL_get_node_claims, 0, domid, &get,
                                sizeof(get)), -EINVAL);
    UNIT_EQUAL("heap, padding", hypercall_sysctl(XEN_SYSCTL_node_heap, &heap,
                                                 sizeof(heap)), -EINVAL);
    UNIT_EQUAL("another version",
               hypercall_domctl(XEN_DOMCTL_set_node_claims, 0x16, domid, &set,
                                sizeof(set)), -EACCES);
    stands("bad call");
    end();
}

/* Short by how much, and where: the entry, or the host as a whole. */
static void too_little(void)
{
    struct xen_domctl_set_node_claims op;
    unsigned int node = host_best_node();
    struct xen_node_claim claims[2] = { { .pages = 1, .target = HOST },
                                        { .target = node } };
    uint64_t free_pages, host_pages;

    begin();
    UNIT_EQUAL("max", domain_set_max(domid, 1ULL << 30), 0);

    free_pages = host_available(node) + (node == home ? 100 : 0);
    claims[1].pages = free_pages + 7;
    UNIT_EQUAL("node", claims_set(domid, 0, claims, 2, &op), -ENOMEM);
    UNIT_EQUAL("node", op.short_entry, 1);
    UNIT_EQUAL("node", op.short_pages, 7);
    stands("node");

    host_pages = host_heap().op.free_pages - host_heap().op.claimed_pages;
    claims[1].pages = 1;
    claims[0].pages = host_pages + 100 + 4;
    UNIT_EQUAL("HOST", claims_set(domid, 0, claims, 2, &op), -ENOMEM);
    UNIT_EQUAL("HOST", op.short_entry, 0);
    UNIT_EQUAL("HOST", op.short_pages, 5);
    stands("HOST");

    claims[0].pages = 1ULL << 29;
    UNIT_EQUAL("huge", claims_set(domid, 0, claims, 1, &op), -ENOMEM);
    stands("huge");
    end();
}

static const struct unit_test tests[] = {
    { "padding has to be zero", bad_padding },
    { "a set has at most 257 entries", too_many },
    { "a domain has to exist", no_such_domain },
    { "the unique id has to match", another_domain },
    { "a domain that ran can claim no more", finished },
    { "nor can a dying one", dying },
    { "nor one with a claim of the old kind", old_claim },
    { "memory that cannot be read is EFAULT", unreadable },
    { "an array too small is ENOBUFS", no_room },
    { "a bad call is refused", bad_call },
    { "what is short is told to the page", too_little },
    {}
};

static const struct unit_suite suites[] = {
    { "claim errors", .tests = tests },
    { "entries that are refused", .row_fact = entries_fact,
      .row_run = entries_run },
    {}
};

int main(void)
{
    return unit_main("claim-errors", suites);
}
