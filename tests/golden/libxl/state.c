/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Made-up hosts: small ones and equal ones, on which much is a tie, and ones
 * with memory around 2 and 4 TiB, where libxl's numbers wrap.
 */

#include <string.h>

#include "state.h"

#define TIB_IN_MIB (UINT64_C(1) << 20)

/* Good enough for choices; not the low bits, whose periods are short. */
static uint64_t below(uint64_t *seed, uint64_t bound)
{
    *seed = *seed * UINT64_C(2862933555777941757) + UINT64_C(3037000493);

    return (*seed >> 24) % bound;
}

static int make_nr_nodes(uint64_t *seed)
{
    static const int usual[] = { 2, 2, 4, 4, 4, 8, 8 };
    uint64_t which = below(seed, 10);

    return which < 7 ? usual[which] : 2 + (int)below(seed, 15);
}

static void make_cpus(struct state *state, uint64_t *seed)
{
    int cpus = 1 + (int)below(seed, 8), uneven = !below(seed, 4);

    for ( int i = 0; i < state->nr_nodes; i++ )
        state->cpus[i] = uneven ? (int)below(seed, 6) : cpus;
    /* libxl is not made for a host without any CPU. */
    if ( uneven && below(seed, 2) )
        state->cpus[0] = 0;
    state->cpus[state->nr_nodes - 1] += !state->cpus[state->nr_nodes - 1];
}

static uint64_t make_free(uint64_t *seed, int kind)
{
    switch ( kind )
    {
    case 0:                      /* few values */
        return below(seed, 4) * 1024;
    case 1:
        return below(seed, 4096);
    case 2:
        return below(seed, 262144);
    case 3:                      /* anything up to 6 TiB */
        return below(seed, 6 * TIB_IN_MIB);
    default:                     /* close to a whole number of TiB */
        return below(seed, 6) * TIB_IN_MIB + below(seed, 5) * 256;
    }
}

static void make_memory(struct state *state, uint64_t *seed)
{
    int kind = (int)below(seed, 5);
    uint64_t all = 0;

    for ( int i = 0; i < state->nr_nodes; i++ )
    {
        state->free_mib[i] = make_free(seed, kind);
        all += state->free_mib[i];
    }

    switch ( below(seed, 4) )
    {
    case 0:                      /* mostly on one node */
        state->need_mib = below(seed, all / (2 * state->nr_nodes) + 1);
        break;
    case 1:                      /* exactly what one has */
        state->need_mib = state->free_mib[below(seed, state->nr_nodes)];
        break;
    case 2:                      /* on some nodes */
        state->need_mib = below(seed, all / 2 + 1);
        break;
    default:                     /* on many, or too much */
        state->need_mib = below(seed, all * 5 / 4 + 1);
        break;
    }
    state->need_mib += !state->need_mib;
}

static void make_domains(struct state *state, uint64_t *seed)
{
    unsigned int all = (1u << state->nr_nodes) - 1;

    state->nr_domains = (int)below(seed, 2 * state->nr_nodes + 1);
    for ( int i = 0; i < state->nr_domains; i++ )
    {
        struct state_domain *domain = &state->domains[i];

        domain->vcpus = 1 + (int)below(seed, 4);
        domain->nodes = below(seed, 3) ? 1u << below(seed, state->nr_nodes)
                                       : 1 + (unsigned int)below(seed, all);
        domain->by_vcpus = below(seed, 2);
    }
}

void state_make(struct state *state, uint64_t *seed)
{
    int cpus = 0;

    memset(state, 0, sizeof(*state));
    state->nr_nodes = make_nr_nodes(seed);
    make_cpus(state, seed);
    make_memory(state, seed);
    make_domains(state, seed);
    for ( int i = 0; i < state->nr_nodes; i++ )
        cpus += state->cpus[i];
    state->need_cpus = 1 + (int)below(seed, below(seed, 2) ? 4 : cpus + 2);
}

int state_runnable(const struct state *state, int node)
{
    int vcpus = 0;

    for ( int i = 0; state->cpus[node] && i < state->nr_domains; i++ )
        if ( state->domains[i].nodes >> node & 1 )
            vcpus += state->domains[i].vcpus;

    return vcpus;
}
