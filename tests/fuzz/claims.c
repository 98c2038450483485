/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * libFuzzer on the operations of claims: each input is a sequence of
 * hypercalls, with what else happens to domains and memory between them.  The
 * structures are made of what the input says, then some of their bytes are
 * changed, and a part of the caller's memory may fault.
 */

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "guest.h"

/* Where the parts of a hypercall are in the caller's memory. */
#define AT_OP (GUEST_START + 0)
#define AT_PLACEMENT (GUEST_START + 0x400)
#define AT_CONFIG (GUEST_START + 0x600)
#define AT_CLAIMS (GUEST_START + 0x800)
#define AT_NODES (GUEST_START + 0x1a00)

#define NODES 3
#define BLOCKS 64

struct block {
    unsigned long mfn;
    unsigned int order, node;
    int slot;
};

static struct heap_layout layout = {
    .nr_nodes = NODES, .nr_ranges = NODES + 1, .dma_bits = 16,
    .range = {
        { .start = 1, .end = 100, .node = 0 },
        { .start = 128, .end = 224, .node = 1 },
        { .start = 256, .end = 290, .node = 2 },
        { .start = 300, .end = 352, .node = 2 },
    },
};
static unsigned long start_free[HEAP_NODES][HEAP_LEVELS];
static struct block blocks[BLOCKS];
static unsigned int nr_blocks;

/* The input, of which there is no end but zeros. */
static const uint8_t *input, *input_end;

static unsigned int byte(void)
{
    return input < input_end ? *input++ : 0;
}

static unsigned int word(void)
{
    unsigned int low = byte();

    return low | byte() << 8;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct heap_node_figures figures;
    unsigned int node, level;

    (void)argc;
    (void)argv;
    if ( fuzz_domctl_size() != sizeof(struct fuzz_domctl) ||
         fuzz_sysctl_size() != sizeof(struct fuzz_sysctl) )
        check_wrong("sizes: domctl %u, sysctl %u", fuzz_domctl_size(),
                    fuzz_sysctl_size());

    heap_create(&layout);
    expect.nr_nodes = NODES;
    for ( node = 0; node < NODES; node++ )
    {
        heap_node_figures(node, &figures);
        for ( level = 0; level < HEAP_LEVELS; level++ )
            expect.free[node][level] = figures.free[level];
        expect.total_free += figures.free[0];
    }
    memcpy(start_free, expect.free, sizeof(start_free));

    return 0;
}

/* Some values are more telling than others. */
static uint32_t target(void)
{
    static const uint32_t odd[] = { XEN_NODE_CLAIM_HOST, 63, 64, 254, 255,
                                    256, 0x10000, 0x80000000 };
    unsigned int dice = byte();

    return dice < 192 ? dice % (NODES + 1) : odd[dice % 8];
}

static uint16_t order(void)
{
    static const uint16_t all[] = { 0, 0, 0, 2, 2, 5, 9, 63 };

    return all[byte() % 8];
}

static uint64_t pages(unsigned int order_of)
{
    static const uint64_t odd[] = { 0, 1, ~0UL, 1UL << 52, 1UL << 63,
                                    (1UL << 52) + 1, 1UL << 32, 255 };
    unsigned int dice = byte();

    return dice < 224 ? (uint64_t)(dice & 31) << (order_of % 64)
                      : odd[dice % 8];
}

static uint32_t put_claims(void)
{
    xen_node_claim_t *claims = (void *)(guest.memory +
                                        (AT_CLAIMS - GUEST_START));
    uint32_t dice = byte(), nr = dice < 240 ? dice % 8 : 250 + dice % 16, i;

    for ( i = 0; i < nr && i < 8; i++ )
    {
        claims[i].order = order();
        claims[i].target = target();
        claims[i].kind = byte() % 16 ? 0 : byte() % 3;
        claims[i].pages = pages(claims[i].order);
    }

    return nr;
}

/* Change some bytes of what was made, and say which part is not there. */
static void spoil(void)
{
    unsigned int nr = byte() % 4, dice = byte();

    while ( nr-- )
    {
        unsigned int at = word() % GUEST_SIZE;

        guest.memory[at] = byte();
    }
    guest.no_read = guest.no_write = GUEST_SIZE;
    if ( dice < 32 )
        guest.no_read = word() % GUEST_SIZE;
    else if ( dice < 96 )
        guest.no_write = word() % GUEST_SIZE;
}

static void call(int is_sysctl)
{
    enum fuzz_fault fault = byte() % 4 ? FAULT_NONE : byte() % NR_FAULTS;
    long rc;

    spoil();
    do {
        fuzz_again = 0;
        fuzz_fault = fault;
        check_begin(AT_OP, is_sysctl, fault);
        rc = is_sysctl ? fuzz_sysctl(AT_OP) : fuzz_domctl(AT_OP);
        check_end(rc);
        fault = FAULT_NONE;
    } while ( fuzz_again );
}

static struct fuzz_domctl *domctl(uint32_t cmd)
{
    struct fuzz_domctl *op = (void *)guest.memory;

    memset(guest.memory, 0, sizeof(guest.memory));
    op->cmd = cmd;
    op->version = fuzz_domctl_version();
    op->domain = byte() % (FUZZ_DOMAINS + 2);

    return op;
}

static void op_set(void)
{
    struct fuzz_domctl *op = domctl(XEN_DOMCTL_set_node_claims);

    op->u.set.claims = AT_CLAIMS;
    op->u.set.nr_claims = put_claims();
    op->u.set.unique_id = byte() % 8 ? 0 : byte();
    call(0);
}

static void op_get(void)
{
    struct fuzz_domctl *op = domctl(XEN_DOMCTL_get_node_claims);

    op->u.get.claims = AT_CLAIMS;
    op->u.get.nr_claims = byte();
    op->u.get.nodes = AT_NODES;
    op->u.get.nr_nodes = byte() % 8;
    call(0);
}

static void op_create(void)
{
    struct fuzz_domctl *op = domctl(XEN_DOMCTL_create_on_nodes);
    struct xen_node_placement *placement =
        (void *)(guest.memory + (AT_PLACEMENT - GUEST_START));

    op->u.create.createdomain = AT_CONFIG;
    op->u.create.createdomain_size = fuzz_createdomain_size();
    op->u.create.placement = AT_PLACEMENT;
    placement->nodes = byte() % 8;
    if ( placement->nodes )
        placement->home_node = byte() % (NODES + 1);
    placement->flags = byte() % 2;
    placement->max_pages = byte() % 4 ? 1000 : word();
    placement->owner = word();
    placement->claims = AT_CLAIMS;
    placement->nr_claims = put_claims();
    call(0);
}

static void op_heap(void)
{
    struct fuzz_sysctl *op = (void *)guest.memory;

    memset(guest.memory, 0, sizeof(guest.memory));
    op->cmd = XEN_SYSCTL_node_heap;
    op->version = fuzz_sysctl_version();
    op->u.heap.nr_nodes = byte() % 8;
    op->u.heap.nodes = AT_NODES;
    call(1);
}

/* One that exists, or HEAP_NO_DOMAIN. */
static int some_domain(void)
{
    unsigned int slot = byte() % (FUZZ_DOMAINS + 1);

    return slot < FUZZ_DOMAINS && expect.domain[slot].exists
           ? (int)slot : HEAP_NO_DOMAIN;
}

static unsigned int node_of(unsigned long mfn)
{
    unsigned int i = 0;

    while ( mfn >= layout.range[i].end )
        i++;

    return layout.range[i].node;
}

static void count_block(const struct block *block, long sign)
{
    const long size = sign * (1L << block->order);
    struct expect_domain *d;

    expect.free[block->node][0] -= size;
    expect.total_free -= size;
    if ( block->slot < 0 )
        return;
    d = &expect.domain[block->slot];
    d->pages += size;
    d->node[block->node].guest_pages += size;
}

static void op_alloc(void)
{
    static const unsigned int orders[] = { 0, 0, 0, 1, 2, 2, 3, 5 };
    struct block block = { .slot = some_domain(), .order =
                           orders[byte() % 8] };
    const struct expect_domain *d = block.slot < 0
                                    ? NULL : &expect.domain[block.slot];
    struct heap_request request = { .domain = block.slot,
                                    .order = block.order };
    unsigned int dice = byte();

    request.node = dice % 4 < NODES ? dice % 4 : HEAP_NO_NODE;
    if ( dice & 64 )
        request.flags = HEAP_EXACT_NODE;
    if ( nr_blocks == BLOCKS ||
         (d && (d->dying ||
                d->pages + (1UL << block.order) > d->max_pages)) )
        return;

    block.mfn = heap_alloc(&request);
    if ( block.mfn != HEAP_NO_PAGE )
    {
        block.node = node_of(block.mfn);
        blocks[nr_blocks++] = block;
        count_block(&block, 1);
        expect_redeem(&expect, block.slot, EXPECT_GUEST, block.node,
                      block.order);
    }
    check_state();
}

static void free_block(unsigned int index)
{
    struct block block = blocks[index];

    blocks[index] = blocks[--nr_blocks];
    heap_free(block.mfn, block.order);
    count_block(&block, -1);
    check_state();
}

static void kill(int slot)
{
    unsigned int i;

    heap_domain_kill(slot);
    expect_release(&expect, slot);
    expect.domain[slot].dying = true;
    check_state();
    if ( byte() & 1 )
        return;

    for ( i = nr_blocks; i--; )
        if ( blocks[i].slot == slot )
            free_block(i);
    heap_domain_destroy(slot);
    expect.domain[slot].exists = false;
    check_state();
}

/* What happens to a domain beside. */
static void op_life(void)
{
    int slot = some_domain(), want;
    unsigned long legacy;

    if ( slot < 0 )
        return;

    switch ( byte() % 4 )
    {
    case 0:
        heap_domain_finish(slot);
        expect.domain[slot].finished = true;
        if ( !expect.domain[slot].legacy )
            expect_release(&expect, slot);
        break;

    case 1:
        legacy = byte();
        want = expect_legacy(&expect, slot, legacy);
        if ( heap_claim_legacy(slot, legacy) != want )
            check_wrong("a legacy claim of %lu: not %d", legacy, want);
        break;

    default:
        kill(slot);
        return;
    }
    check_state();
}

/* All is as it was before the first operation. */
static void finish(void)
{
    unsigned int slot;

    while ( nr_blocks )
        free_block(nr_blocks - 1);
    for ( slot = 0; slot < FUZZ_DOMAINS; slot++ )
        if ( expect.domain[slot].exists )
        {
            input = input_end;
            kill(slot);
        }
    if ( expect.total ||
         memcmp(expect.free, start_free, sizeof(start_free)) )
        check_wrong("not all that was free is free again");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static void (*const ops[])(void) = {
        op_set, op_set, op_set, op_set, op_get, op_get, op_create, op_create,
        op_create, op_heap, op_alloc, op_alloc, op_life,
    };
    unsigned int dice;

    input = bytes;
    input_end = bytes + size;
    while ( input < input_end )
    {
        dice = byte() % 16;
        if ( dice < sizeof(ops) / sizeof(*ops) )
            ops[dice]();
        else if ( nr_blocks )
            free_block(byte() % nr_blocks);
    }
    finish();

    return 0;
}
