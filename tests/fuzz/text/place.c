/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: hosts, holds and requests of any kind, most of which make sense.
 * A plan takes what there is, where it may, and all of what was asked for; the
 * same question has the same answer; and a refusal is for want of memory
 * where nothing else is asked for.
 */

#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "place/place.h"

#define BIT(node) (UINT64_C(1) << (node))

/* The input, of which there is no end but zeros. */
static const uint8_t *input, *input_end;

static unsigned int byte(void)
{
    return input < input_end ? *input++ : 0;
}

/* Of any size up to what a host may have and, seldom, above. */
static uint64_t number(void)
{
    uint64_t value = byte();

    return value << byte() % 34;
}

static uint64_t mask(void)
{
    uint64_t value = 0;

    for ( unsigned int nr = byte() % 8; nr; nr-- )
        value |= BIT(byte() % PLACE_MAX_NODES);

    return value;
}

/* Seldom more than there are. */
static uint64_t part_of(uint64_t all)
{
    unsigned int part = byte();

    return part == 255 ? all + 1 : all / 254 * part + all % 254 * part / 254;
}

static void make_node(struct place_node *node, unsigned int nr)
{
    const unsigned int kind = byte();

    node->online = kind % 8 != 7;
    node->present_pages = number();
    node->free_pages = kind & 8 ? node->present_pages
                                : part_of(node->present_pages);
    if ( kind & 16 )
        node->reserve_pages = part_of(node->free_pages);
    for ( unsigned int level = 0; level < PLACE_LEVELS; level++ )
        node->chunks[level] = part_of(node->free_pages >>
                                      PLACE_CHUNK_ORDER(level));
    node->cores = byte();
    node->cpus = kind & 32 ? byte() : 2 * node->cores;
    node->vcpus = kind & 64 ? byte() : 0;
    for ( unsigned int i = 0; i < nr; i++ )
    {
        unsigned int distance = kind & 128 ? byte() : 10 + byte() % 4;

        node->distances[i] = distance == 255 ? PLACE_NO_DISTANCE : distance;
    }
}

static void make_host(struct place_host *host)
{
    const unsigned int kind = byte();

    memset(host, 0, sizeof(*host));
    host->nr_nodes = kind & 128 ? kind % 68 : 1 + kind % 8;
    for ( unsigned int i = 0; i < host->nr_nodes && i < PLACE_MAX_NODES; i++ )
        make_node(&host->nodes[i],
                  host->nr_nodes < PLACE_MAX_NODES ? host->nr_nodes
                                                   : PLACE_MAX_NODES);
    host->host_claimed_pages = byte() & 1 ? number() : 0;
}

static void make_held(struct place_held *held)
{
    memset(held, 0, sizeof(*held));
    for ( unsigned int nr = byte() % 8; nr; nr-- )
    {
        unsigned int node = byte() % PLACE_MAX_NODES;

        held->pages[node] = number();
        held->vcpus[node] = byte();
        held->chunks[0][node] = byte();
        held->chunks[1][node] = byte() % 4;
    }
}

static void make_request(struct place_request *request)
{
    const unsigned int kind = byte();

    memset(request, 0, sizeof(*request));
    request->guest_pages = number();
    request->vcpus = byte();
    request->overhead_pages = kind & 1 ? number()
        : place_request_overhead(request->guest_pages, request->vcpus, true);
    request->policy = byte() % 4;
    request->nodes = kind & 2 ? mask() : 0;
    request->max_nodes = kind & 4 ? byte() % 66 : 0;
    if ( kind & 8 )
    {
        request->chunks = byte() % 4;
        request->chunk_order = 9 * (byte() % 4);
    }
    request->near = kind & 16 ? mask() : 0;
    request->group = kind & 32 ? byte() % 4 : PLACE_NO_GROUP;
    for ( unsigned int nr = kind & 64 ? byte() % 8 : 0; nr; nr-- )
    {
        unsigned int node = byte() % PLACE_MAX_NODES;

        request->members[node] = byte();
        request->weights[node] = byte();
    }
}

static uint64_t rest(uint64_t have, uint64_t taken)
{
    return have > taken ? have - taken : 0;
}

static uint64_t pages_on(const struct place_host *host,
                         const struct place_held *held, unsigned int node)
{
    return rest(rest(host->nodes[node].free_pages,
                     host->nodes[node].reserve_pages), held->pages[node]);
}

/* Promised chunks are there, and are part of the share. */
static void check_chunks(const struct place_host *host,
                         const struct place_held *held,
                         const struct place_plan *plan, unsigned int node)
{
    const uint64_t large = plan->chunks[1][node];
    const uint64_t small = plan->chunks[0][node];

    FUZZ_HOLDS(large <= rest(host->nodes[node].chunks[1],
                             held->chunks[1][node]));
    FUZZ_HOLDS(small + large * 512 <= rest(host->nodes[node].chunks[0],
                                           held->chunks[0][node]));
    FUZZ_HOLDS(small * PLACE_CHUNK_PAGES(0) + large * PLACE_CHUNK_PAGES(1) <=
               plan->pages[node]);
}

static void check_plan(const struct place_host *host,
                       const struct place_held *held,
                       const struct place_request *request,
                       const struct place_plan *plan)
{
    const unsigned int nr = __builtin_popcountll(plan->nodes);
    uint64_t sum = 0;

    FUZZ_HOLDS(plan->home_node < host->nr_nodes && plan->cpu_nodes);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        bool used = plan->pages[i] || i == plan->home_node;
        uint64_t pages = plan->pages[i];

        if ( i == plan->home_node )
            pages += plan->overhead_pages;
        FUZZ_HOLDS(!(plan->nodes & BIT(i)) == !plan->pages[i]);
        if ( !used && !(plan->cpu_nodes & BIT(i)) )
            continue;
        FUZZ_HOLDS(i < host->nr_nodes && host->nodes[i].online);
        FUZZ_HOLDS(!request->nodes || request->nodes & BIT(i));
        FUZZ_HOLDS(pages <= pages_on(host, held, i));
        check_chunks(host, held, plan, i);
        sum += plan->pages[i];
    }
    FUZZ_HOLDS(sum == request->guest_pages);
    FUZZ_HOLDS(plan->overhead_pages == request->overhead_pages);
    FUZZ_HOLDS(request->max_nodes ? nr <= request->max_nodes
                                  : request->policy != PLACE_STRICT ||
                                    nr == 1);
}

/* What it takes is given back. */
static void check_hold(const struct place_held *held,
                       const struct place_request *request,
                       const struct place_plan *plan)
{
    struct place_held after = *held;

    place_hold(&after, plan, request->vcpus);
    place_unhold(&after, plan, request->vcpus);
    FUZZ_HOLDS(!memcmp(&after, held, sizeof(after)));
}

static bool has_memory(const struct place_host *host,
                       const struct place_held *held,
                       const struct place_request *request)
{
    const uint64_t need = request->guest_pages + request->overhead_pages;
    uint64_t all = 0, allowed = 0, most = 0;

    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        uint64_t pages = pages_on(host, held, i);

        if ( !host->nodes[i].online )
            continue;
        all += pages;
        if ( request->nodes && !(request->nodes & BIT(i)) )
            continue;
        allowed += pages;
        most = most > pages ? most : pages;
    }

    return rest(all, host->host_claimed_pages) >= need && allowed >= need &&
           most >= request->overhead_pages;
}

static void check_refusal(const struct place_host *host,
                          const struct place_held *held,
                          const struct place_request *request,
                          const struct place_reason *reason, int error)
{
    char text[4096] = "";

    FUZZ_HOLDS(error == ENOSPC || error == EINVAL);
    if ( error == EINVAL )
        return;
    place_refusal_text(request, reason, host, text, sizeof(text));
    fuzz_told(text, NULL);
    /* With fewer pages than nodes it cannot have some on each. */
    FUZZ_HOLDS(request->policy != PLACE_PREFERRED || request->max_nodes ||
               request->guest_pages < PLACE_MAX_NODES ||
               request->chunks == PLACE_CHUNKS_REQUIRED ||
               !has_memory(host, held, request));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct place_host host;
    static struct place_held held;
    struct place_plan plan, again;
    struct place_request request;
    struct place_reason reason;
    int rc;

    input = bytes;
    input_end = bytes + size;
    make_request(&request);
    make_host(&host);
    make_held(&held);
    errno = 0;
    rc = place(&host, &held, &request, &plan, &reason);
    if ( rc )
        check_refusal(&host, &held, &request, &reason, errno);
    else
    {
        check_plan(&host, &held, &request, &plan);
        check_hold(&held, &request, &plan);
    }
    FUZZ_HOLDS(place(&host, &held, &request, &again, NULL) == rc);
    FUZZ_HOLDS(!memcmp(&plan, &again, sizeof(plan)));

    return 0;
}
