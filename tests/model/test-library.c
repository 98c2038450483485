/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * libxennuma on a model host: each error of its functions, and what is there
 * afterwards.  The host has two nodes of 4096 and 2048 pages.
 */

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define NODE0 4096
#define NODE1 2048
#define NO_ID UINT64_MAX         /* as a unique id: another one */

static xennuma_handle *handle;

static int begin(void)
{
    host_make("16M 4 10 21\n8M 2 21 10\nthreads 2\n");
    handle = host_open();

    return 0;
}

static int end(void)
{
    int rc = host_audit(handle, "at the end");

    xennuma_close(handle);
    host_remove();

    return rc;
}

static struct xennuma_created make(uint64_t node0, uint64_t node1,
                                   uint64_t host)
{
    struct xennuma_created created = { 0 };

    UNIT_EQUAL("create", host_create(handle, node0, node1, host, NODE0,
                                     &created, NULL), 0);

    return created;
}

static void unmake(struct xennuma_created created)
{
    UNIT_EQUAL("destroy", xennuma_domain_destroy(handle, created.domid,
                                                 created.unique_id), 0);
    UNIT_EQUAL("audit", host_audit(handle, "after destroy"), 0);
}

static struct xennuma_heap heap_get(void)
{
    struct xennuma_heap heap;

    UNIT_EQUAL("heap", xennuma_heap_get(handle, &heap), 0);

    return heap;
}

static void host_is_as_described(void)
{
    static struct xennuma_topology topology;
    struct xennuma_abilities abilities;
    struct xennuma_heap heap = heap_get();

    xennuma_probe(handle, &abilities);
    UNIT_EQUAL("claims", abilities.claims, true);
    UNIT_EQUAL("create", abilities.create, true);
    UNIT_EQUAL("superpages", abilities.superpages, true);
    UNIT_EQUAL("overhead", abilities.overhead, true);
    UNIT_EQUAL("abi", abilities.abi, 1);

    UNIT_EQUAL("nodes", heap.nr_nodes, 2);
    UNIT_EQUAL("node 1", heap.nodes[1].online, true);
    UNIT_EQUAL("node 0", heap.nodes[0].present_pages, NODE0);
    UNIT_EQUAL("node 1", heap.nodes[1].free_pages, NODE1);
    UNIT_EQUAL("node 2", heap.nodes[2].online, false);
    UNIT_EQUAL("free", heap.free_pages, NODE0 + NODE1);
    UNIT_EQUAL("claimed", heap.claimed_pages, 0);

    UNIT_EQUAL("topology", xennuma_topology_get(handle, &topology), 0);
    UNIT_EQUAL("nodes", topology.nr_nodes, 2);
    UNIT_EQUAL("CPUs", topology.nr_cpus, 6);
    UNIT_EQUAL("CPUs of node 0", topology.nodes[0].cpus, 4);
    UNIT_EQUAL("cores of node 0", topology.nodes[0].cores, 2);
    UNIT_EQUAL("CPU 4", topology.cpu_node[4], 1);
    UNIT_EQUAL("distance", topology.nodes[1].distances[0], 21);
    UNIT_EQUAL("own distance", topology.nodes[1].distances[1], 10);
}

/* Against a domain of 100 pages with a limit of 4096, and others' claims of
 * 1000 pages on node 0. */
static void set_tells_each_error(void)
{
    static const struct {
        const char *row;
        struct xennuma_claim claims[2];
        unsigned int nr;
        int error;
        struct xennuma_shortage shortage;
    } rows[] = {
        { "one page", { { .pages = 1 } }, 1, 0, { 9, 9 } },
        { "all of node 0", { { .pages = 2996 } }, 1, 0, { 9, 9 } },
        { "one over", { { .pages = 2997 } }, 1, ENOMEM, { 0, 1 } },
        { "node 1 short", { { .pages = 1 }, { 2049, 1, 0, 0 } }, 2, ENOMEM,
          { 1, 1 } },
        { "over max_pages", { { .pages = 3997 } }, 1, ERANGE, { 9, 9 } },
        { "no pages", { { .pages = 0 } }, 1, EINVAL, { 9, 9 } },
        { "node twice", { { .pages = 1 }, { .pages = 1 } }, 2, EINVAL,
          { 9, 9 } },
        { "order 3", { { 8, 0, 3, 0 } }, 1, EINVAL, { 9, 9 } },
        { "chunks", { { 2560, 0, 9, 0 } }, 1, 0, { 9, 9 } },
        { "chunks into others' claims", { { 3072, 0, 9, 0 } }, 1, ENOMEM,
          { 0, 76 } },
        { "chunks of node 1 short", { { 2560, 1, 9, 0 } }, 1, ENOMEM,
          { 0, 512 } },
        { "half a chunk", { { 256, 0, 9, 0 } }, 1, EINVAL, { 9, 9 } },
        { "overhead", { { 2996, 0, 0, 1 } }, 1, 0, { 9, 9 } },
        { "overhead, one over", { { 1, 0, 0, 0 }, { 2996, 0, 0, 1 } }, 2,
          ENOMEM, { 0, 1 } },
        { "overhead of host", { { 1, XENNUMA_HOST, 0, 1 } }, 1, EINVAL,
          { 9, 9 } },
        { "node 2", { { .pages = 1, .target = 2 } }, 1, ENOENT, { 9, 9 } },
        { "node 63", { { .pages = 1, .target = 63 } }, 1, ENOENT, { 9, 9 } },
        { "node 64", { { .pages = 1, .target = 64 } }, 1, ENOENT, { 9, 9 } },
        { "node 255", { { .pages = 1, .target = 255 } }, 1, ENOENT,
          { 9, 9 } },
        { "wraps", { { .pages = UINT64_MAX } }, 1, ERANGE, { 9, 9 } },
        { "host", { { .pages = 3996, .target = XENNUMA_HOST } }, 1, 0,
          { 9, 9 } },
        { "nothing", { { .pages = 0 } }, 0, 0, { 9, 9 } },
    };
    struct xennuma_created other = make(1000, 0, 0), own = make(0, 0, 0);
    unsigned int i;

    UNIT_EQUAL("memory", xennuma_model_populate(handle, own.domid, 0, 100,
                                                true), 0);
    for ( i = 0; i < NR(rows); i++ )
    {
        struct xennuma_shortage shortage = { 9, 9 };
        int rc = xennuma_claims_set(handle, own.domid, own.unique_id,
                                    rows[i].claims, rows[i].nr, &shortage);

        UNIT_EQUAL(rows[i].row, rc ? errno : 0, rows[i].error);
        UNIT_EQUAL(rows[i].row, shortage.entry, rows[i].shortage.entry);
        UNIT_EQUAL(rows[i].row, shortage.pages, rows[i].shortage.pages);
        UNIT_EQUAL(rows[i].row, host_audit(handle, rows[i].row), 0);
    }

    unmake(own);
    unmake(other);
}

/* The host as a whole is short, though each entry fits its node. */
static void set_tells_when_the_host_is_short(void)
{
    static const struct xennuma_claim claims[] = {
        { .pages = 2000, .target = 0 }, { .pages = 2000, .target = 1 },
    };
    struct xennuma_created other = make(0, 0, 4000), own = make(0, 0, 0);
    struct xennuma_shortage shortage = { 9, 9 };

    UNIT_EQUAL("set", xennuma_claims_set(handle, own.domid, 0, claims, 2,
                                         &shortage), -1);
    UNIT_EQUAL("errno", errno, ENOMEM);
    UNIT_EQUAL("entry", shortage.entry, 2);
    UNIT_EQUAL("pages", shortage.pages, 4000 + 4000 - NODE0 - NODE1);

    unmake(own);
    unmake(other);
}

/* In each state of a domain: what a new set and an empty one get. */
static void set_depends_on_the_state_of_the_domain(void)
{
    static const struct xennuma_claim claim = { .pages = 10 };
    struct xennuma_created own = make(20, 0, 0);
    struct xennuma_domain domain;

#define SET(id, nr) \
    (xennuma_claims_set(handle, own.domid, id, &claim, nr, NULL) ? errno : 0)

    UNIT_EQUAL("any id", SET(0, 1), 0);
    UNIT_EQUAL("right id", SET(own.unique_id, 1), 0);
    UNIT_EQUAL("another id", SET(NO_ID, 1), ESRCH);
    UNIT_EQUAL("another id, empty", SET(NO_ID, 0), ESRCH);

    UNIT_EQUAL("unpause", xennuma_model_unpause(handle, own.domid), 0);
    UNIT_EQUAL("get", xennuma_claims_get(handle, own.domid, &domain), 0);
    UNIT_EQUAL("ends the claims", domain.nr_claims, 0);
    UNIT_EQUAL("finished", domain.finished, true);
    UNIT_EQUAL("running", domain.paused, false);
    UNIT_EQUAL("finished", SET(0, 1), EBUSY);
    UNIT_EQUAL("finished, empty", SET(0, 0), 0);
    UNIT_EQUAL("pause", xennuma_model_pause(handle, own.domid), 0);
    UNIT_EQUAL("finished for good", SET(0, 1), EBUSY);

    UNIT_EQUAL("kill", xennuma_model_kill(handle, own.domid), 0);
    UNIT_EQUAL("get", xennuma_claims_get(handle, own.domid, &domain), 0);
    UNIT_EQUAL("dying", domain.dying, true);
    UNIT_EQUAL("dying", SET(0, 1), ESRCH);
    UNIT_EQUAL("dying, empty", SET(0, 0), 0);

    unmake(own);
    UNIT_EQUAL("gone", SET(0, 1), ESRCH);
    UNIT_EQUAL("gone, empty", SET(0, 0), ESRCH);
    UNIT_EQUAL("gone", xennuma_claims_get(handle, own.domid, &domain), -1);
    UNIT_EQUAL("gone", errno, ESRCH);
    UNIT_EQUAL("destroy again", xennuma_domain_destroy(handle, own.domid,
                                                       own.unique_id), -1);
    UNIT_EQUAL("destroy again", errno, ESRCH);
}

static void a_claim_of_the_old_kind_stands_apart(void)
{
    static const struct xennuma_claim claim = { .pages = 10 };
    struct xennuma_created own = make(0, 0, 0);

#define OLD(pages) \
    (xennuma_model_claim_pages(handle, own.domid, pages) ? errno : 0)

    UNIT_EQUAL("old", OLD(100), 0);
    UNIT_EQUAL("claimed", heap_get().host_claimed_pages, 100);
    UNIT_EQUAL("twice", OLD(100), EINVAL);
    UNIT_EQUAL("new on old", SET(0, 1), EEXIST);
    UNIT_EQUAL("empty on old", SET(0, 0), 0);
    UNIT_EQUAL("left alone", heap_get().claimed_pages, 100);
    UNIT_EQUAL("old, release", OLD(0), 0);
    UNIT_EQUAL("claimed", heap_get().claimed_pages, 0);

    UNIT_EQUAL("new", SET(0, 1), 0);
    UNIT_EQUAL("old on new, covered", OLD(10), 0);
    UNIT_EQUAL("old on new, not covered", OLD(11), EINVAL);
    UNIT_EQUAL("old release on new", OLD(0), 0);
    UNIT_EQUAL("left alone", heap_get().claimed_pages, 10);
    UNIT_EQUAL("over max_pages", OLD(NODE0 + 1), EINVAL);

    unmake(own);
}

static void set_replaces_atomically(void)
{
    static const struct xennuma_claim all = { .pages = NODE0 };
    static const struct xennuma_claim bad[] = {
        { .pages = 1, .target = 1 }, { .pages = NODE0 - 999 },
    };
    struct xennuma_created own = make(4000, 0, 0);
    struct xennuma_domain before, after;
    uint64_t generation;

    UNIT_EQUAL("own claims make room",
               xennuma_claims_set(handle, own.domid, 0, &all, 1, NULL), 0);
    UNIT_EQUAL("claimed", heap_get().nodes[0].claimed_guest_pages, NODE0);
    UNIT_EQUAL("less", xennuma_claims_set(handle, own.domid, 0, bad, 1,
                                          NULL), 0);
    UNIT_EQUAL("node 0", heap_get().nodes[0].claimed_guest_pages, 0);
    UNIT_EQUAL("node 1", heap_get().nodes[1].claimed_guest_pages, 1);

    UNIT_EQUAL("memory", xennuma_model_populate(handle, own.domid, 0, 1000,
                                                true), 0);
    xennuma_claims_get(handle, own.domid, &before);
    generation = heap_get().generation;
    UNIT_EQUAL("set", xennuma_claims_set(handle, own.domid, 0, bad, 2, NULL),
               -1);
    UNIT_EQUAL("set", errno, ERANGE);
    xennuma_claims_get(handle, own.domid, &after);
    UNIT_TRUE("old set stands", !memcmp(&before, &after, sizeof(before)));
    UNIT_EQUAL("generation", heap_get().generation, generation);

    unmake(own);
}

static void others_get_only_what_is_unclaimed(void)
{
    struct xennuma_created own = make(4000, 0, 0), other = make(0, 0, 0);
    struct xennuma_domain domain;

#define POPULATE(id, node, pages, exact) \
    (xennuma_model_populate(handle, id, node, pages, exact) ? errno : 0)

    UNIT_EQUAL("unclaimed", POPULATE(other.domid, 0, 96, true), 0);
    UNIT_EQUAL("claimed", POPULATE(other.domid, 0, 1, true), ENOMEM);
    UNIT_EQUAL("elsewhere", POPULATE(other.domid, 0, 2000, false), 0);
    xennuma_claims_get(handle, other.domid, &domain);
    UNIT_EQUAL("elsewhere", domain.nodes[1].guest_pages, 2000);
    UNIT_EQUAL("no room", POPULATE(other.domid, XENNUMA_HOST, 49, false),
               ENOMEM);
    UNIT_EQUAL("all or none", heap_get().free_pages, 4000 + 48);

    UNIT_EQUAL("own", POPULATE(own.domid, XENNUMA_HOST, 4000, false), 0);
    xennuma_claims_get(handle, own.domid, &domain);
    UNIT_EQUAL("claims steer", domain.nodes[0].guest_pages, 4000);
    UNIT_EQUAL("redeemed", domain.nr_claims, 0);
    UNIT_EQUAL("no such node", POPULATE(own.domid, 2, 1, false), EINVAL);
    UNIT_EQUAL("no such domain", POPULATE(9999, 0, 1, false), ESRCH);

    UNIT_EQUAL("free", xennuma_model_free(handle, own.domid, 0, 10), 0);
    UNIT_EQUAL("claim does not come back", heap_get().claimed_pages, 0);
    UNIT_EQUAL("not its own", xennuma_model_free(handle, own.domid, 1, 1),
               -1);
    UNIT_EQUAL("not its own", errno, EINVAL);

    /* Now that there is room, only its own limit is left: 4096. */
    unmake(other);
    UNIT_EQUAL("over max_pages", POPULATE(own.domid, 1, 107, false), ENOMEM);
    UNIT_EQUAL("up to max_pages", POPULATE(own.domid, 1, 106, false), 0);
    unmake(own);
    UNIT_EQUAL("all free", heap_get().free_pages, NODE0 + NODE1);
}

/* A placement with a claim on node 0, the error, and how much was missing. */
static void create_tells_each_error_and_leaves_nothing(void)
{
    static const struct {
        const char *row;
        uint64_t nodes;
        uint32_t home, vcpus;
        uint64_t max_pages, pages;
        int error;
        uint64_t missing;
    } rows[] = {
        { "good", 3, 1, 1, 100, 100, 0, 0 },
        { "anywhere", 0, 0, 1, 100, 100, 0, 0 },
        { "no claim, no limit", 1, 0, 1, 0, 0, 0, 0 },
        { "128 vCPUs", 1, 0, 128, 0, 0, 0, 0 },
        { "no vCPU", 1, 0, 0, 0, 0, EINVAL, 0 },
        { "129 vCPUs", 1, 0, 129, 0, 0, EINVAL, 0 },
        { "home outside of the mask", 1, 1, 1, 0, 0, ENOENT, 0 },
        { "home 64", 1, 64, 1, 0, 0, ENOENT, 0 },
        { "home 255", 1, 255, 1, 0, 0, ENOENT, 0 },
        { "home without a mask", 0, 1, 1, 0, 0, EINVAL, 0 },
        { "node 2 in the mask", 5, 0, 1, 0, 0, ENOENT, 0 },
        { "all nodes there could be", ~0ULL, 0, 1, 0, 0, ENOENT, 0 },
        { "claim without a limit", 1, 0, 1, 0, 1, ERANGE, 0 },
        { "claim over the limit", 1, 0, 1, 99, 100, ERANGE, 0 },
        { "limit beyond 32 bits", 1, 0, 1, 1ULL << 32, 0, EINVAL, 0 },
        { "short", 1, 0, 1, 5000, 4100, ENOMEM, 4 },
    };
    const struct xennuma_heap before = heap_get();
    unsigned int i, nr;
    struct xennuma_listed domids[2];

    for ( i = 0; i < NR(rows); i++ )
    {
        const struct xennuma_claim claim = { .pages = rows[i].pages };
        const struct xennuma_domain_config config = {
            .max_vcpus = rows[i].vcpus,
        };
        const struct xennuma_placement placement = {
            .nodes = rows[i].nodes, .home_node = rows[i].home,
            .max_pages = rows[i].max_pages, .claims = &claim,
            .nr_claims = !!rows[i].pages,
        };
        struct xennuma_shortage shortage = { 0, 0 };
        struct xennuma_created created = { 0 };
        int rc = xennuma_domain_create(handle, &config, &placement, &created,
                                       &shortage);

        UNIT_EQUAL(rows[i].row, rc ? errno : 0, rows[i].error);
        UNIT_EQUAL(rows[i].row, shortage.pages, rows[i].missing);
        if ( !rc )
            unmake(created);
        nr = 2;
        UNIT_EQUAL(rows[i].row, xennuma_domain_list(handle, domids, &nr), 0);
        UNIT_EQUAL(rows[i].row, nr, 1);
        UNIT_EQUAL(rows[i].row, heap_get().free_pages, before.free_pages);
        UNIT_EQUAL(rows[i].row, heap_get().claimed_pages, 0);
    }
}

static void a_new_domain_is_paused_and_has_its_claims(void)
{
    struct xennuma_created own = make(30, 20, 10);
    struct xennuma_domain domain;

    UNIT_EQUAL("get", xennuma_claims_get(handle, own.domid, &domain), 0);
    UNIT_TRUE("id", domain.unique_id && domain.unique_id == own.unique_id);
    UNIT_EQUAL("owner", domain.owner, 42);
    UNIT_EQUAL("paused", domain.paused, true);
    UNIT_EQUAL("finished", domain.finished, false);
    UNIT_EQUAL("dying", domain.dying, false);
    UNIT_EQUAL("claims", domain.nr_claims, 3);
    UNIT_EQUAL("node 0", domain.claims[0].pages, 30);
    UNIT_EQUAL("node 1", domain.claims[1].pages, 20);
    UNIT_EQUAL("node 1", domain.claims[1].target, 1);
    UNIT_EQUAL("host", domain.claims[2].pages, 10);
    UNIT_EQUAL("host", domain.claims[2].target, XENNUMA_HOST);
    UNIT_EQUAL("nodes", domain.nr_nodes, 2);
    UNIT_EQUAL("memory", domain.nodes[0].guest_pages, 0);

    UNIT_EQUAL("another id", xennuma_domain_destroy(handle, own.domid, NO_ID),
               -1);
    UNIT_EQUAL("another id", errno, ESRCH);
    UNIT_EQUAL("no id", xennuma_domain_destroy(handle, own.domid, 0), -1);
    UNIT_EQUAL("no id", errno, EINVAL);
    UNIT_EQUAL("still there", xennuma_claims_get(handle, own.domid, &domain),
               0);
    unmake(own);
}

static void ids_do_not_come_back_at_once(void)
{
    struct xennuma_created first = make(0, 0, 0), second;

    unmake(first);
    second = make(0, 0, 0);
    UNIT_TRUE("domid", second.domid != first.domid);
    UNIT_TRUE("unique id", second.unique_id != first.unique_id);
    unmake(second);
}

static void two_handles_see_one_host(void)
{
    xennuma_handle *second = host_open();
    struct xennuma_created own = make(100, 0, 0);
    struct xennuma_domain domain;

    UNIT_EQUAL("get", xennuma_claims_get(second, own.domid, &domain), 0);
    UNIT_EQUAL("id", domain.unique_id, own.unique_id);
    UNIT_EQUAL("destroy", xennuma_domain_destroy(second, own.domid,
                                                 own.unique_id), 0);
    UNIT_EQUAL("gone", xennuma_claims_get(handle, own.domid, &domain), -1);
    xennuma_close(second);
}

/* Each process claims a page of node 1 as often as it can. */
static int claim_many(void)
{
    xennuma_handle *own = host_open();
    struct xennuma_created created;
    int nr = 0;

    while ( !host_create(own, 0, 16, 0, 16, &created, NULL) )
        nr++;
    xennuma_close(own);

    return errno == ENOMEM ? nr : 255;
}

#define ROUNDS 20000u

/* Come and go, again and again, once all are there. */
static int come_and_go(atomic_uint *missing)
{
    xennuma_handle *own = host_open();
    struct xennuma_created created;
    unsigned int i;
    int rc = 0;

    atomic_fetch_sub(missing, 1);
    while ( atomic_load(missing) )
        sched_yield();

    for ( i = 0; i < ROUNDS && !rc; i++ )
        rc = host_create(own, 16, 16, 16, 48, &created, NULL) ||
             xennuma_model_populate(own, created.domid, XENNUMA_HOST, 40,
                                    false) ||
             xennuma_domain_destroy(own, created.domid, created.unique_id);
    xennuma_close(own);

    return rc;
}

static void processes_do_not_get_in_each_others_way(void)
{
    atomic_uint *missing = mmap(NULL, sizeof(*missing),
                                PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const struct xennuma_heap before = heap_get();
    pid_t children[3];
    unsigned int i;
    int status;

    *missing = NR(children);
    for ( i = 0; i < NR(children); i++ )
    {
        children[i] = fork();
        if ( !children[i] )
            _exit(come_and_go(missing));
    }
    for ( i = 0; i < NR(children); i++ )
    {
        UNIT_TRUE("wait", waitpid(children[i], &status, 0) == children[i]);
        UNIT_EQUAL("status", status, 0);
    }
    UNIT_EQUAL("audit", host_audit(handle, "after all"), 0);
    UNIT_EQUAL("free", heap_get().free_pages, before.free_pages);
    UNIT_EQUAL("claimed", heap_get().claimed_pages, 0);
    /* Each install and each end. */
    UNIT_EQUAL("nothing lost", heap_get().generation,
               before.generation + NR(children) * ROUNDS * 2);
    munmap(missing, sizeof(*missing));
}

static void two_processes_share_out_a_node_to_the_last_page(void)
{
    static struct xennuma_listed domids[MODEL_MAX_DOMAINS];
    unsigned int i, nr = NR(domids), sum = 0;
    struct xennuma_domain domain;
    pid_t children[2];
    int status;

    for ( i = 0; i < 2; i++ )
    {
        children[i] = fork();
        if ( !children[i] )
            _exit(claim_many());
    }
    for ( i = 0; i < 2; i++ )
    {
        UNIT_TRUE("wait", waitpid(children[i], &status, 0) == children[i]);
        UNIT_TRUE("exited", WIFEXITED(status));
        sum += WEXITSTATUS(status);
    }
    UNIT_EQUAL("domains", sum, NODE1 / 16);
    UNIT_EQUAL("claimed", heap_get().nodes[1].claimed_guest_pages, NODE1);
    UNIT_EQUAL("audit", host_audit(handle, "after both"), 0);

    UNIT_EQUAL("list", xennuma_domain_list(handle, domids, &nr), 0);
    UNIT_EQUAL("list", nr, sum + 1);
    for ( i = 1; i < nr; i++ )
    {
        UNIT_TRUE("ascending", domids[i].domid > domids[i - 1].domid);
        xennuma_claims_get(handle, domids[i].domid, &domain);
        UNIT_EQUAL("destroy", xennuma_domain_destroy(handle, domids[i].domid,
                                                     domain.unique_id), 0);
    }
    UNIT_EQUAL("all free", heap_get().claimed_pages, 0);
}

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);

    return now.tv_sec + now.tv_nsec / 1e9;
}

static void a_thousand_domains_take_100_us_an_operation(void)
{
    static struct xennuma_created created[1000];
    struct xennuma_claim claim = { .pages = 1 };
    struct xennuma_domain domain;
    double start = cpu_seconds();
    unsigned int i;

    for ( i = 0; i < NR(created); i++ )
        created[i] = make(2, 0, 0);
    for ( i = 0; i < NR(created); i++ )
        UNIT_EQUAL("set", xennuma_claims_set(handle, created[i].domid, 0,
                                             &claim, 1, NULL), 0);
    for ( i = 0; i < NR(created); i++ )
        UNIT_EQUAL("get", xennuma_claims_get(handle, created[i].domid,
                                             &domain), 0);
    UNIT_TRUE("of CPU time", (cpu_seconds() - start) / (3 * i) < 100e-6);
    for ( i = 0; i < NR(created); i++ )
        UNIT_EQUAL("destroy", xennuma_domain_destroy(handle, created[i].domid,
                                                     created[i].unique_id),
                   0);
}

static const struct unit_test tests[] = {
    { "host is as described", host_is_as_described },
    { "set tells each error", set_tells_each_error },
    { "set tells when the host is short", set_tells_when_the_host_is_short },
    { "set depends on the state of the domain",
      set_depends_on_the_state_of_the_domain },
    { "a claim of the old kind stands apart",
      a_claim_of_the_old_kind_stands_apart },
    { "set replaces atomically", set_replaces_atomically },
    { "others get only what is unclaimed",
      others_get_only_what_is_unclaimed },
    { "create tells each error and leaves nothing",
      create_tells_each_error_and_leaves_nothing },
    { "a new domain is paused and has its claims",
      a_new_domain_is_paused_and_has_its_claims },
    { "ids do not come back at once", ids_do_not_come_back_at_once },
    { "two handles see one host", two_handles_see_one_host },
    { "processes do not get in each other's way",
      processes_do_not_get_in_each_others_way },
    { "two processes share out a node to the last page",
      two_processes_share_out_a_node_to_the_last_page },
    { "a thousand domains take 100 us an operation",
      a_thousand_domains_take_100_us_an_operation },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "library", begin, end, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-library", suites);
}
