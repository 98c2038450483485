/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain whose creation runs out of memory, at each allocation of it in
 * turn: an error is told, and no domain, page or claim is left.
 *
 * usage: create-failures [--shadow]; --shadow is a domain with shadow pages,
 * of which there are more than a thousand
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "hypercall.h"

#include <xenctrl.h>

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
} kinds[] = {
    { "pv: created", "pv: vCPUs", DOMAIN_PV },
    { "pvh: created", "pvh: vCPUs", DOMAIN_PVH },
    { "hvm: created", "hvm: vCPUs", DOMAIN_HVM },
    { "shadow: created", "shadow: vCPUs", DOMAIN_SHADOW },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* With shadow pages, or all others. */
static bool shadow;

#define VCPUS 2u

static unsigned int domains(void)
{
    static xc_domaininfo_t info[64];
    int nr = xc_domain_getinfolist(domain_xc(), 0, 64, info);

    UNIT_TRUE("dom0 at least, and all are seen", nr > 0 && nr < 64);

    return nr;
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
    rc = make(type, &domid);
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
    return row / 2 + (shadow ? NR_KINDS - 1 : 0);
}

static const char *fact(unsigned int row)
{
    const unsigned int kind = kind_of(row);

    if ( kind >= NR_KINDS - !shadow )
        return NULL;

    return row & 1 ? kinds[kind].vcpus : kinds[kind].create;
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
    was_there = (row & 1 ? vcpus_without : create_without)(kind_of(row),
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

int main(int argc, char **argv)
{
    shadow = argc == 2 && !strcmp(argv[1], "--shadow");
    if ( argc > 1 && !shadow )
    {
        fprintf(stderr, "create-failures: %s: want --shadow\n", argv[1]);
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
