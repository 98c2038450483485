/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where the structures of a domain lie: page by page, of a Xen that watches
 * its allocations, each with the function that asked for it.
 *
 * usage: create-structures [--stock | --steps]
 * --stock does what libxl does with a Xen that cannot create on nodes, for
 * comparison; there is nothing to hold then.  --steps does it in the order of
 * libxennuma with a Xen that has claims only: there just what xenplaced names
 * may lie elsewhere.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "hypercall.h"

#include <xenctrl.h>
#include <xendevicemodel.h>
#include <xenforeignmemory.h>

#include "domain.h"
#include "host.h"
#include "trace.h"
#include "unit.h"

#define MAX_ROWS 256u
/* Pages that other CPUs may take or give meanwhile, for something else. */
#define OTHERS   2

/* What one function asked for, in one way. */
struct row {
    const char *name;
    enum trace_way way;
    unsigned int pages;
    unsigned int elsewhere;      /* of these: not on the home node         */
    unsigned int by_node[XEN_NODE_CLAIM_MAX_NODES];
};

struct rows {
    unsigned int nr;
    unsigned int pages;          /* that were asked for as such            */
    unsigned int elsewhere;
    uint64_t by_node[XEN_NODE_CLAIM_MAX_NODES];
    struct row row[MAX_ROWS];
};

static const struct {
    const char *name;
    enum domain_type type;
} types[] = {
    { "pv", DOMAIN_PV },
    { "pvh", DOMAIN_PVH },
    { "hvm", DOMAIN_HVM },
    { "shadow", DOMAIN_SHADOW },
};

static const unsigned int vcpus[] = { 1, 8, 64 };

static enum made {
    ON_NODES,
    LIKE_LIBXL,
    IN_STEPS,
} made = ON_NODES;

/* Of the host, with and without memory. */
static unsigned int nr_host_nodes;

static struct row *find_row(struct rows *rows, const char *name,
                            enum trace_way way)
{
    struct row *row = rows->row;

    while ( row < rows->row + rows->nr &&
            (row->way != way || strcmp(row->name, name)) )
        row++;
    if ( row == rows->row + MAX_ROWS )
    {
        fprintf(stderr, "more than %u functions\n", MAX_ROWS);
        exit(1);
    }
    if ( row == rows->row + rows->nr )
    {
        rows->nr++;
        *row = (struct row){ .name = name, .way = way };
    }

    return row;
}

/* Of a domain with shadow pages they lie below 4 GiB, wherever that is. */
static bool has_limit(enum domain_type type, const char *name)
{
    return type == DOMAIN_SHADOW && !strcmp(name, "alloc_vcpu_struct");
}

/*
 * After the steps it may lie on any node, as xenplaced says in other words:
 * struct domain, shared_info and the first pool, which come with the domain,
 * and by name what Xen puts there also later.
 * A lab host has AMD's CPUs and no IOMMU.
 */
static bool is_left(const struct heap_trace_record *record, const char *name)
{
    static const char *const left[] = {
        "create_perdomain_mapping",
        "gnttab_grow_table",
        "alloc_vcpu_struct",
        "alloc_vmcb",
        "svm_create_vmcb",
        "init_waitqueue_vcpu",
    };
    unsigned int i;

    for ( i = 0; i < sizeof(left) / sizeof(left[0]); i++ )
        if ( !strcmp(left[i], name) )
            return true;

    return trace_within(record, "domain_create_on_nodes") ||
           trace_within(record, "domain_create");
}

/* What was allocated since the start and is still there. */
static void gather(struct rows *rows, enum domain_type type, unsigned int home)
{
    struct heap_trace_record record;
    uint32_t i;

    memset(rows, 0, sizeof(*rows));
    for ( i = 0; trace_record(&i, HEAP_TRACE_PAGES, &record); i++ )
    {
        enum trace_way way;
        const char *name = trace_origin(&record, &way);
        struct row *row = find_row(rows, name, way);

        row->pages += record.in_use;
        row->elsewhere += record.node != home ? record.in_use : 0;
        row->by_node[record.node] += record.in_use;
        rows->by_node[record.node] += record.in_use;
        if ( way == TRACE_PAGES && !has_limit(type, name) )
        {
            rows->pages += record.in_use;
            if ( record.node != home &&
                 (made != IN_STEPS || !is_left(&record, name)) )
                rows->elsewhere += record.in_use;
        }
    }
}

/* The pages of each node, the first node first. */
static void tell_nodes(const struct row *row)
{
    unsigned int node;

    for ( node = 0; node < nr_host_nodes; node++ )
        printf("%c%u", node ? ',' : ' ', row->by_node[node]);
    putchar('\n');
}

static void tell(const struct rows *rows, const char *type, unsigned int nr,
                 unsigned int home)
{
    const struct row *row;

    for ( row = rows->row; row < rows->row + rows->nr; row++ )
    {
        if ( !row->pages )
            continue;
        printf("structure %s %u %u %s %s %u %u", type, nr, home,
               trace_ways[row->way], row->name, row->pages, row->elsewhere);
        tell_nodes(row);
    }
}

/* In the order of libxl the vCPUs are there before the node is known. */
static uint32_t make_by_parts(enum domain_type type, unsigned int node,
                              unsigned int nr)
{
    xc_nodemap_t nodes = xc_nodemap_alloc(domain_xc());
    uint32_t domid = 0;

    nodes[node / 8] = 1 << node % 8;
    if ( xc_domain_create(domain_xc(), &domid, domain_config_for(type, nr)) ||
         (made == IN_STEPS &&
          xc_domain_node_setaffinity(domain_xc(), domid, nodes)) ||
         xc_domain_max_vcpus(domain_xc(), domid, nr) ||
         (made == LIKE_LIBXL &&
          xc_domain_node_setaffinity(domain_xc(), domid, nodes)) )
    {
        perror("domain made by parts");
        exit(1);
    }
    free(nodes);

    return domid;
}

static uint32_t make_on_node(enum domain_type type, unsigned int node,
                             unsigned int nr)
{
    struct xen_node_placement placement = {
        .nodes = 1ULL << node, .home_node = node,
    };

    UNIT_EQUAL("create", domain_create(0, domain_config_for(type, nr),
                                       domain_config_size(), &placement, NULL),
               0);
    UNIT_EQUAL("vCPUs", domain_set_vcpus(placement.domid, nr), 0);

    return placement.domid;
}

/* Have Xen allocate frames of a resource. */
static void allocate(uint32_t domid, unsigned int type, unsigned int id,
                     unsigned long nr)
{
    xenforeignmemory_handle *foreign = xenforeignmemory_open(NULL, 0);
    xenforeignmemory_resource_handle *frames;
    void *address = NULL;

    frames = xenforeignmemory_map_resource(foreign, domid, type, id, 0, nr,
                                           &address, PROT_READ, 0);
    UNIT_TRUE("frames", frames);
    if ( frames )
        xenforeignmemory_unmap_resource(foreign, frames);
    xenforeignmemory_close(foreign);
}

/* What a device model talks to Xen by, with buffers. */
static void add_ioreq_server(uint32_t domid)
{
    xendevicemodel_handle *model = xendevicemodel_open(NULL, 0);
    ioservid_t id = 0;

    UNIT_EQUAL("ioreq server",
               xendevicemodel_create_ioreq_server(
                   model, domid, HVM_IOREQSRV_BUFIOREQ_ATOMIC, &id), 0);
    allocate(domid, XENMEM_resource_ioreq_server, id, 2);
    xendevicemodel_close(model);
}

/* What comes later. */
static void grow(uint32_t domid, enum domain_type type)
{
    if ( type != DOMAIN_PV )
        UNIT_EQUAL("pool", domain_set_mempool(domid, 8 << 20), 0);
    allocate(domid, XENMEM_resource_grant_table,
             XENMEM_resource_grant_table_id_shared, 4);
    if ( type == DOMAIN_HVM )
        add_ioreq_server(domid);
}

static int64_t off_by(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static void look(unsigned int t, unsigned int node, unsigned int nr)
{
    static struct rows rows;
    static struct heap before, after;
    const enum domain_type type = types[t].type;
    unsigned int other;
    uint32_t domid;

    if ( made != LIKE_LIBXL )
    {
        host_begin();
        before = host_heap();
    }
    trace_start();
    domid = (made == ON_NODES ? make_on_node : make_by_parts)(type, node, nr);
    grow(domid, type);
    trace_stop();

    gather(&rows, type, node);
    tell(&rows, types[t].name, nr, node);
    UNIT_TRUE("pages", rows.pages);
    if ( made != LIKE_LIBXL )
    {
        UNIT_EQUAL("elsewhere", rows.elsewhere, 0);
        after = host_heap();
        for ( other = 0; other < after.op.nr_nodes; other++ )
            UNIT_TRUE("all were seen",
                      off_by(before.nodes[other].free_pages -
                             after.nodes[other].free_pages,
                             rows.by_node[other]) <= OTHERS);
    }
    domain_destroy(domid);
}

/* Nodes with memory, whatever Xen this is. */
static unsigned int find_nodes(unsigned int *nodes)
{
    xc_meminfo_t *memory = calloc(XEN_NODE_CLAIM_MAX_NODES, sizeof(*memory));
    unsigned int i, nr = 0, max = XEN_NODE_CLAIM_MAX_NODES;

    if ( !memory || xc_numainfo(domain_xc(), &max, memory, NULL) )
    {
        perror("xc_numainfo");
        exit(1);
    }
    for ( i = 0; i < max; i++ )
        if ( memory[i].memfree != XEN_INVALID_MEM_SZ &&
             memory[i].memfree >= HOST_NODE_PAGES * 4096ULL )
            nodes[nr++] = i;
    free(memory);
    nr_host_nodes = max;

    return nr;
}

/* A row is a kind of domain, a number of vCPUs and a node. */
static bool find_case(unsigned int row, unsigned int *type,
                      unsigned int *node, unsigned int *nr)
{
    static unsigned int nodes[XEN_NODE_CLAIM_MAX_NODES], nr_nodes;
    const unsigned int nr_vcpus = sizeof(vcpus) / sizeof(vcpus[0]);

    if ( !nr_nodes )
        nr_nodes = find_nodes(nodes);
    *node = nodes[row % nr_nodes];
    row /= nr_nodes;
    *nr = vcpus[row % nr_vcpus];
    *type = row / nr_vcpus;

    return *type < sizeof(types) / sizeof(types[0]) -
                   (domain_can_shadow() ? 0 : 1);
}

static const char *fact(unsigned int row)
{
    static char text[80];
    unsigned int type, node, nr;

    if ( !find_case(row, &type, &node, &nr) )
        return NULL;
    snprintf(text, sizeof(text), "%s, %u vCPUs, %snode %u", types[type].name,
             nr, made == LIKE_LIBXL ? "as libxl does it, "
                 : made == IN_STEPS ? "in steps, " : "", node);

    return text;
}

static void run(unsigned int row)
{
    unsigned int type, node, nr;

    if ( find_case(row, &type, &node, &nr) )
        look(type, node, nr);
}

static const struct unit_suite suites[] = {
    { "structures on the home node", .row_fact = fact, .row_run = run },
    {}
};

int main(int argc, char **argv)
{
    if ( argc == 2 && !strcmp(argv[1], "--stock") )
        made = LIKE_LIBXL;
    else if ( argc == 2 && !strcmp(argv[1], "--steps") )
        made = IN_STEPS;
    else if ( argc > 1 )
    {
        fprintf(stderr, "create-structures: %s: want --stock or --steps\n",
                argv[1]);
        return 2;
    }
    if ( !trace_there() )
    {
        fprintf(stderr, "create-structures: this Xen does not watch its "
                "allocations: boot it with --traced\n");
        return 1;
    }

    return unit_main("create-structures", suites);
}
