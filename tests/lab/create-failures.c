/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain whose creation runs out of memory, at each allocation of it in
 * turn: an error is told, and no domain, page or claim is left.
 *
 * usage: create-failures [--shadow | --steps]; --shadow is a domain with shadow
 * pages, of which there are more than a thousand; with --steps libxennuma
 * creates, on a Xen that cannot create on nodes
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hypercall.h"

#include <xenctrl.h>
#include <xennuma.h>

#include "domain.h"
#include "host.h"
#include "trace.h"
#include "unit.h"

/* Enough for creating, too few for a loop without end. */
#define MAX_ATTEMPTS 4096u
#define OVERHEAD XEN_NODE_CLAIM_OVERHEAD

static const struct {
    const char *create;
    const char *vcpus;
    enum domain_type type;
    enum xennuma_domain_type in_steps;
} kinds[] = {
    { "pv: created", "pv: vCPUs", DOMAIN_PV, XENNUMA_DOMAIN_PV },
    { "pvh: created", "pvh: vCPUs", DOMAIN_PVH, XENNUMA_DOMAIN_PVH },
    { "hvm: created", "hvm: vCPUs", DOMAIN_HVM, XENNUMA_DOMAIN_HVM },
    { "shadow: created", "shadow: vCPUs", DOMAIN_SHADOW, 0 },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* With shadow pages, or all others. */
static bool shadow;

/* Of the library that creates in steps; or NULL. */
static xennuma_handle *steps;

#define VCPUS 2u

static unsigned int domains(void)
{
    static xc_domaininfo_t info[64];
    int nr = xc_domain_getinfolist(domain_xc(), 0, 64, info);

    UNIT_TRUE("dom0 at least, and all are seen", nr > 0 && nr < 64);

    return nr;
}

/* The vCPUs, too. */
static int make_in_steps(unsigned int type, uint32_t *domid)
{
    const unsigned int node = host_node(1);
    const struct xennuma_claim set[] = {
        { 1000, node, 0, XENNUMA_CLAIM_GUEST },
        { 700, node, 0, XENNUMA_CLAIM_OVERHEAD },
    };
    const struct xennuma_placement placement = {
        .nodes = 1ULL << node, .home_node = node, .max_pages = 1000,
        .claims = set, .nr_claims = 2,
    };
    const struct xennuma_domain_config config = {
        .type = kinds[type].in_steps, .max_vcpus = VCPUS,
    };
    struct xennuma_shortage shortage = { 9, 9 };
    struct xennuma_created created;
    int rc = xennuma_domain_create(steps, &config, &placement, &created,
                                   &shortage) ? -errno : 0;

    if ( rc == -ENOMEM )
        UNIT_EQUAL("Xen's own memory", shortage.pages, 0);
    *domid = created.domid;

    return rc;
}

static int make(unsigned int type, uint32_t *domid)
{
    const unsigned int node = host_node(1);
    const struct xen_node_claim set[] = { { 1000, node, 0, 0 },
                                          { 700, node, 0, OVERHEAD } };
    struct xen_node_placement placement = {
        .nodes = 1ULL << node, .home_node = node, .max_pages = 1000,
        .nr_claims = 2,
    };
    int rc = domain_create(0, domain_config_for(kinds[type].type, VCPUS),
                           domain_config_size(), &placement, set);

    *domid = placement.domid;

    return rc;
}

/* What failed, for a message. */
static const char *failed_at(void)
{
    struct heap_trace_record record;
    enum trace_way way;
    uint32_t i = 0;

    return trace_record(&i, HEAP_TRACE_FAILED, &record)
           ? trace_origin(&record, &way) : "nowhere";
}

/* Creates one, in which an attempt fails; whether there was that one. */
static bool create_without(unsigned int type, uint32_t attempt)
{
    const unsigned int nr = domains();
    uint32_t domid, attempts;
    int rc;

    trace_fail(attempt);
    rc = (steps ? make_in_steps : make)(type, &domid);
    attempts = trace_fail(TRACE_NONE);

    if ( attempts <= attempt )
    {
        UNIT_EQUAL("with all of it", rc, 0);
        domain_destroy(domid);
        return false;
    }
    if ( !rc )
        printf("created without %s\n", failed_at());
    else
        UNIT_EQUAL(failed_at(), rc, -ENOMEM);
    if ( !rc )
        domain_destroy(domid);
    UNIT_EQUAL(failed_at(), domains(), nr);

    return true;
}

/* The same for the vCPUs of one. */
static bool vcpus_without(unsigned int type, uint32_t attempt)
{
    uint32_t domid, attempts;
    int rc;

    rc = make(type, &domid);
    UNIT_EQUAL("create", rc, 0);
    if ( rc )
        return false;

    trace_fail(attempt);
    rc = domain_set_vcpus(domid, VCPUS);
    attempts = trace_fail(TRACE_NONE);

    if ( attempts <= attempt )
        UNIT_EQUAL("with all of it", rc, 0);
    else if ( !rc )
        printf("vCPUs without %s\n", failed_at());
    else
        UNIT_EQUAL(failed_at(), rc, -ENOMEM);
    domain_destroy(domid);

    return attempts > attempt;
}

/* A row is a kind of domain, and whether its vCPUs come into it. */
static unsigned int kind_of(unsigned int row)
{
    return steps ? row : row / 2 + (shadow ? NR_KINDS - 1 : 0);
}

static bool of_vcpus(unsigned int row)
{
    return !steps && (row & 1);
}

static const char *fact(unsigned int row)
{
    const unsigned int kind = kind_of(row);

    if ( kind >= NR_KINDS - !shadow )
        return NULL;

    return of_vcpus(row) ? kinds[kind].vcpus : kinds[kind].create;
}

/*
 * No object either: they share pages, in which a small one goes unnoticed.
 * Not the domain's is room for more timers, which a CPU has made itself and
 * keeps.  Returns how many CPUs did.
 */
static unsigned int no_object(void)
{
    struct heap_trace_record record;
    unsigned int timers = 0;
    enum trace_way way;
    uint32_t i;

    for ( i = 0; trace_record(&i, HEAP_TRACE_OBJECT, &record); i++ )
        if ( !strcmp(trace_origin(&record, &way), "timer_softirq_action") )
            timers++;
        else
            UNIT_TEXT(failed_at(), trace_origin(&record, &way), "");

    return timers;
}

/* What is left each time would add up, even if it is less than a page. */
static bool fail_one(unsigned int row, uint32_t attempt)
{
    unsigned int timers;
    bool was_there;

    trace_start();
    was_there = (of_vcpus(row) ? vcpus_without : create_without)(kind_of(row),
                                                                 attempt);
    host_settle();
    trace_stop();

    timers = no_object();
    if ( timers )
    {
        host_unchanged_but(failed_at(), timers);
        host_begin();
    }
    else
        host_unchanged(failed_at());

    return was_there;
}

static void run(unsigned int row)
{
    uint32_t attempt = 0;

    host_begin();
    while ( attempt < MAX_ATTEMPTS && fail_one(row, attempt) )
        attempt++;
    printf("%u allocations failed one by one\n", attempt);
    UNIT_TRUE("some", attempt > 10);
    UNIT_TRUE("not more and more", attempt < MAX_ATTEMPTS);
}

static const struct unit_suite suites[] = {
    { "without memory for one thing", .row_fact = fact, .row_run = run },
    {}
};

/* Its own handle; the CPU that a test is on does not change by it. */
static void open_steps(void)
{
    struct xennuma_abilities abilities = { 0 };

    steps = xennuma_open(NULL, 0, NULL);
    if ( steps )
        xennuma_probe(steps, &abilities);
    if ( !abilities.claims || abilities.create )
    {
        fprintf(stderr, "create-failures: --steps: this is no Xen with claims "
                "alone: boot it with claims-only\n");
        exit(1);
    }
}

int main(int argc, char **argv)
{
    shadow = argc == 2 && !strcmp(argv[1], "--shadow");
    if ( argc == 2 && !strcmp(argv[1], "--steps") )
        open_steps();
    else if ( argc > 1 && !shadow )
    {
        fprintf(stderr, "create-failures: %s: want --shadow or --steps\n",
                argv[1]);
        return 2;
    }
    if ( !trace_there() )
    {
        fprintf(stderr, "create-failures: this Xen does not watch its "
                "allocations: boot it with --traced\n");
        return 1;
    }

    return unit_main("create-failures", suites);
}
