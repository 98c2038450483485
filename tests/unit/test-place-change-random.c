/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: on made-up hosts, any change that it names makes a request fit,
 * and less of it does not.
 */

#include <stdlib.h>
#include <string.h>

#include "place-host.h"
#include "place/change.h"
#include "place/view.h"
#include "unit.h"

/* As many random states for each property. */
#define STATES_VARIABLE "XENNUMA_PLACE_STATES"
#define STATES          100000u

static unsigned int states(void)
{
    const char *text = getenv(STATES_VARIABLE);

    return text ? strtoul(text, NULL, 0) : STATES;
}

/* A question to the engine, which changes are applied to. */
struct state {
    struct place_host host;
    struct place_held held;
    struct place_request wanted;
    bool hap;
    uint64_t extra_pages;        /* of the overhead, of any size             */
};

static bool accepted(const struct state *state)
{
    struct place_plan plan;

    return !place(&state->host, &state->held, &state->wanted, &plan, NULL);
}

static const struct place_change *find(const struct place_changes *changes,
                                       enum place_change_kind kind)
{
    for ( unsigned int i = 0; i < changes->nr; i++ )
        if ( changes->change[i].kind == kind )
            return &changes->change[i];

    return NULL;
}

/* The overhead as the caller computes it. */
static void set_size(struct state *state, uint64_t guest_pages,
                     uint32_t vcpus)
{
    state->wanted.guest_pages = guest_pages;
    state->wanted.vcpus = vcpus;
    state->wanted.overhead_pages =
        place_request_overhead(guest_pages, vcpus, state->hap) +
        state->extra_pages;
}

static void random_node(struct state *state, unsigned int i)
{
    struct place_node *node = &state->host.nodes[i];

    if ( !random_below(4) )
        node->free_pages = random_below(2000);
    if ( !random_below(8) )
        node->free_pages = 0;
    node->present_pages = node->free_pages +
                          random_below(2048) * random_below(MIB);
    if ( !random_below(4) )
        node->reserve_pages = random_below(300 * MIB);
    if ( !random_below(4) )
        state->held.pages[i] = random_below(300 * MIB);
    if ( !random_below(200) )
        state->held.pages[i] = UINT64_MAX;
    node->chunks[0] = random_below(node->free_pages / 512 + 1);
    node->chunks[1] = random_below(node->chunks[0] / 512 + 1);
    if ( !random_below(4) )
        state->held.chunks[0][i] = random_below(200);
}

/* Whatever else can be asked for. */
static void random_words(struct place_request *wanted)
{
    static const struct {
        enum place_chunks chunks;
        unsigned int order;
    } words[] = {
        { PLACE_NO_CHUNKS, 0 }, { PLACE_CHUNKS_PREFERRED, 18 },
        { PLACE_CHUNKS_REQUIRED, 9 }, { PLACE_CHUNKS_REQUIRED, 18 },
    };
    const unsigned int word = random_below(2) ? 0 : random_below(4);

    wanted->policy = random_below(2) ? PLACE_STRICT
                                     : PLACE_PREFERRED + random_below(2);
    wanted->chunks = words[word].chunks;
    wanted->chunk_order = words[word].order;
    wanted->max_nodes = random_below(3) ? 0 : 1 + random_below(4);
    wanted->vnuma = !random_below(4);
    wanted->group = random_below(3);
    wanted->members[0] = random_below(3);
}

/* Most of them hard to place. */
static void random_state(struct state *state)
{
    uint64_t all = 0;

    memset(state, 0, sizeof(*state));
    random_host(&state->host);
    for ( unsigned int i = 0; i < state->host.nr_nodes; i++ )
    {
        random_node(state, i);
        all += state->host.nodes[i].free_pages;
    }
    if ( !random_below(4) )
        state->host.host_claimed_pages = random_below(all + all / 2 + 1);
    if ( !random_below(200) )
        state->host.host_claimed_pages = UINT64_MAX - random_below(99999);
    random_request(&state->wanted);
    if ( !random_below(3) )
        state->wanted.nodes = 1 + random_below(3);
    if ( state->host.nr_nodes == 1 )
        state->wanted.nodes &= 1;
    random_words(&state->wanted);
    state->hap = random_below(2);
    state->extra_pages = random_below(3) ? 32 : random_below(3000 * MIB);
    set_size(state, random_below(16) ? state->wanted.guest_pages +
                                       random_below(MIB)
                                     : 1 + random_below(70),
             1 + random_below(12));
}

static void fits_is_what_place_answers(void)
{
    unsigned int refused = 0;

    random_seed(11);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        struct place_reason reason;
        struct place_view view;
        struct state state;

        random_state(&state);
        UNIT_EQUAL("view", place_view_make(&view, &state.host, &state.held,
                                           &state.wanted, &reason), 0);
        UNIT_EQUAL("the same", place_view_fits(&view), accepted(&state));
        refused += !accepted(&state);
    }
    UNIT_TRUE("many were refused", refused > states() / 4 &&
                                   refused < states() / 4 * 3);
}

static void apply_policy(const struct state *from,
                         const struct place_change *change)
{
    struct state state = *from;

    state.wanted.policy = change->policy;
    UNIT_TRUE("policy", accepted(&state));
}

static void apply_nodes(const struct state *from,
                        const struct place_change *change)
{
    struct state state = *from;

    state.wanted.nodes = 0;
    UNIT_TRUE("any node", accepted(&state));
    if ( change->node == PLACE_MAX_NODES )
    {
        state.wanted.max_nodes = 1;
        UNIT_TRUE("none alone", !accepted(&state));
        return;
    }
    state.wanted.nodes = UINT64_C(1) << change->node;
    UNIT_TRUE("another one", !(from->wanted.nodes & state.wanted.nodes));
    UNIT_TRUE("that one", accepted(&state));
}

static void apply_max_nodes(const struct state *from,
                            const struct place_change *change)
{
    struct state state = *from;

    state.wanted.max_nodes = change->max_nodes;
    UNIT_TRUE("nodes", accepted(&state));
    state.wanted.max_nodes--;
    UNIT_TRUE("one less", !accepted(&state));
}

static void apply_chunks(const struct state *from,
                         const struct place_change *change)
{
    struct state state = *from;

    (void)change;
    state.wanted.chunks = PLACE_CHUNKS_PREFERRED;
    UNIT_TRUE("chunks", accepted(&state));
}

static void apply_memory(const struct state *from,
                         const struct place_change *change)
{
    struct state state = *from;

    UNIT_EQUAL("whole MiB", change->pages % MIB, 0);
    set_size(&state, change->pages, from->wanted.vcpus);
    UNIT_TRUE("memory", accepted(&state));
    set_size(&state, change->pages + MIB, from->wanted.vcpus);
    UNIT_TRUE("a MiB more", !accepted(&state));
}

static void apply_vcpus(const struct state *from,
                        const struct place_change *change)
{
    struct state state = *from;

    set_size(&state, from->wanted.guest_pages, change->vcpus);
    UNIT_TRUE("vcpus", accepted(&state));
    set_size(&state, from->wanted.guest_pages, change->vcpus + 1);
    UNIT_TRUE("one more", !accepted(&state));
}

static void apply_node_memory(const struct state *from,
                              const struct place_change *change)
{
    struct state state = *from;
    struct place_node *node = &state.host.nodes[change->node];

    node->free_pages += change->pages;
    UNIT_TRUE("node has room", node->free_pages <= node->present_pages);
    UNIT_TRUE("more memory", accepted(&state));
    node->free_pages--;
    UNIT_TRUE("a page less", !accepted(&state));

    /* Nor on any other one. */
    for ( unsigned int i = 0; i < from->host.nr_nodes; i++ )
    {
        state = *from;
        node = &state.host.nodes[i];
        node->free_pages += change->pages - 1;
        if ( node->free_pages <= node->present_pages )
            UNIT_TRUE("of any node", !accepted(&state));
    }
}

static void apply_claims(const struct state *from,
                         const struct place_change *change)
{
    struct state state = *from;

    UNIT_TRUE("so many", change->pages <= state.host.host_claimed_pages);
    state.host.host_claimed_pages -= change->pages;
    UNIT_TRUE("claims", accepted(&state));
    state.host.host_claimed_pages++;
    UNIT_TRUE("a page less", !accepted(&state));
}

static void (*const apply[PLACE_CHANGE_KINDS])(
    const struct state *from, const struct place_change *change) = {
    [PLACE_CHANGE_CLAIMS] = apply_claims,
    [PLACE_CHANGE_NODES] = apply_nodes,
    [PLACE_CHANGE_POLICY] = apply_policy,
    [PLACE_CHANGE_MAX_NODES] = apply_max_nodes,
    [PLACE_CHANGE_CHUNKS] = apply_chunks,
    [PLACE_CHANGE_MEMORY] = apply_memory,
    [PLACE_CHANGE_VCPUS] = apply_vcpus,
    [PLACE_CHANGE_NODE_MEMORY] = apply_node_memory,
};

/* What is not told would not do: the least of each that can be asked for. */
static void check_absent(const struct state *from,
                         const struct place_changes *changes)
{
    struct state state = *from;

    if ( !find(changes, PLACE_CHANGE_POLICY) )
    {
        if ( from->wanted.policy == PLACE_STRICT )
            state.wanted.policy = PLACE_PREFERRED;
        UNIT_TRUE("policy", !accepted(&state));
    }
    if ( !find(changes, PLACE_CHANGE_MAX_NODES) && from->wanted.max_nodes )
    {
        state = *from;
        state.wanted.max_nodes = PLACE_MAX_NODES;
        UNIT_TRUE("number of nodes", !accepted(&state));
    }
    if ( !find(changes, PLACE_CHANGE_CHUNKS) && from->wanted.chunks )
    {
        state = *from;
        state.wanted.chunks = PLACE_CHUNKS_PREFERRED;
        UNIT_TRUE("chunks", !accepted(&state));
    }
    if ( !find(changes, PLACE_CHANGE_NODES) )
    {
        state = *from;
        state.wanted.nodes = 0;
        UNIT_TRUE("nodes", !accepted(&state));
    }
    if ( !find(changes, PLACE_CHANGE_MEMORY) &&
         from->wanted.guest_pages > MIB )
    {
        state = *from;
        set_size(&state, MIB, from->wanted.vcpus);
        UNIT_TRUE("memory", !accepted(&state));
    }
    if ( !find(changes, PLACE_CHANGE_VCPUS) )
    {
        state = *from;
        set_size(&state, from->wanted.guest_pages, 1);
        UNIT_TRUE("vcpus", !accepted(&state));
    }
    if ( !find(changes, PLACE_CHANGE_CLAIMS) )
    {
        state = *from;
        state.host.host_claimed_pages = 0;
        UNIT_TRUE("claims", !accepted(&state));
    }
}

static void give_cpus(struct state *state)
{
    for ( unsigned int i = 0; i < state->host.nr_nodes; i++ )
        state->host.nodes[i].cpus = state->wanted.vcpus;
}

/* In chunks that nobody holds, and on as many nodes as it takes. */
static void give_memory(struct state *state)
{
    memset(&state->held, 0, sizeof(state->held));
    for ( unsigned int i = 0; i < state->host.nr_nodes; i++ )
    {
        state->host.nodes[i].online = true;
        state->host.nodes[i].present_pages = PLACE_MAX_PAGES;
        state->host.nodes[i].free_pages = PLACE_MAX_PAGES;
        for ( unsigned int level = 0; level < PLACE_LEVELS; level++ )
            state->host.nodes[i].chunks[level] =
                PLACE_MAX_PAGES >> PLACE_CHUNK_ORDER(level);
    }
}

/* Whether it fits once what comes before the constraint is there. */
static bool is_enough(struct state *state, bool cpus, bool chunks)
{
    state->host.host_claimed_pages = 0;
    if ( cpus )
        give_cpus(state);
    if ( chunks )
        state->wanted.chunks = PLACE_NO_CHUNKS;

    return accepted(state);
}

static void check_binding(const struct state *from,
                          const struct place_changes *changes)
{
    struct state state = *from;

    switch ( changes->binding )
    {
    case PLACE_BINDING_NONE:
        UNIT_TRUE("there is one", false);
        break;

    case PLACE_BINDING_CLAIMS:
        UNIT_TRUE("claims", find(changes, PLACE_CHANGE_CLAIMS));
        break;

    case PLACE_BINDING_NODES:
        UNIT_TRUE("nodes", find(changes, PLACE_CHANGE_NODES));
        break;

    case PLACE_BINDING_POLICY:
        UNIT_TRUE("policy", find(changes, PLACE_CHANGE_POLICY));
        break;

    case PLACE_BINDING_NODE_CPUS:
        UNIT_TRUE("not claims", !is_enough(&state, false, false));
        UNIT_TRUE("CPUs", is_enough(&state, true, false));
        break;

    case PLACE_BINDING_CHUNKS:
        if ( find(changes, PLACE_CHANGE_CHUNKS) )
            break;
        UNIT_TRUE("not CPUs", !is_enough(&state, true, false));
        UNIT_TRUE("chunks", is_enough(&state, true, true));
        break;

    case PLACE_BINDING_MAX_NODES:
        if ( find(changes, PLACE_CHANGE_MAX_NODES) )
            break;
        UNIT_TRUE("not chunks", !is_enough(&state, true, true));
        state.wanted.max_nodes = PLACE_MAX_NODES;
        UNIT_TRUE("number", accepted(&state) || from->wanted.guest_pages <
                                                PLACE_MAX_NODES);
        break;

    case PLACE_BINDING_HOST_MEMORY:
    case PLACE_BINDING_NODE_MEMORY:
    case PLACE_BINDING_OVERHEAD:
        UNIT_TRUE("not chunks", !is_enough(&state, true, true));
        give_memory(&state);
        UNIT_TRUE("memory", accepted(&state));
        break;
    }
}

static void changes_are_exact(void)
{
    unsigned int told[PLACE_CHANGE_KINDS] = { 0 };
    unsigned int bound[PLACE_BINDING_OVERHEAD + 1] = { 0 };

    random_seed(12);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        struct place_changes changes, again;
        struct state state;

        random_state(&state);
        UNIT_EQUAL("found", place_changes_find(&state.host, &state.held,
                                               &state.wanted, state.hap,
                                               &changes), 0);
        bound[changes.binding]++;
        if ( accepted(&state) )
        {
            UNIT_EQUAL("nothing to change", changes.nr + changes.binding, 0);
            continue;
        }
        place_changes_find(&state.host, &state.held, &state.wanted, state.hap,
                           &again);
        UNIT_EQUAL("replay", memcmp(&changes, &again, sizeof(again)), 0);
        for ( unsigned int i = 0; i < changes.nr; i++ )
        {
            told[changes.change[i].kind]++;
            apply[changes.change[i].kind](&state, &changes.change[i]);
        }
        check_absent(&state, &changes);
        check_binding(&state, &changes);
    }
    for ( unsigned int i = 0; i < PLACE_CHANGE_KINDS; i++ )
        UNIT_TRUE(place_change_name(i), told[i] > states() / 200);
    for ( unsigned int i = 0; i <= PLACE_BINDING_OVERHEAD; i++ )
        UNIT_TRUE(place_binding_name(i), bound[i] > states() / 500);
}

static const struct unit_test properties[] = {
    { "what is said to fit is what is placed", fits_is_what_place_answers },
    { "any change makes it fit, and less of it does not",
      changes_are_exact },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "properties", NULL, NULL, properties },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-change-random", suites);
}
