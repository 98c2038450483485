/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * main NR SEED: asks libxl's own placement about as many states, and prints
 * each with the answer.
 */

#include "xen.h"

/* Cut out of libxl_dom.c, where it is static. */
#include "numa_cmpf.c"

static void print(const char *before, uint64_t value)
{
    printf("%s%" PRIu64, before, value);
}

static void print_state(const struct state *state)
{
    print("req ", state->need_mib);
    print(" ", state->need_cpus);
    for ( int i = 0; i < state->nr_nodes; i++ )
        print(i ? " " : "|", state->cpus[i]);
    for ( int i = 0; i < state->nr_nodes; i++ )
        print(i ? " " : "|", state_runnable(state, i));
    for ( int i = 0; i < state->nr_nodes; i++ )
        print(i ? " " : "|", state->free_mib[i]);
}

static void print_nodes(const libxl_bitmap *nodes)
{
    const char *before = "";
    int i;

    libxl_for_each_set_bit(i, *nodes)
    {
        print(before, i);
        before = " ";
    }
}

/* Returns false if libxl fails. */
static bool ask(const struct state *state)
{
    libxl__gc *gc = xen_show(state);
    libxl__numa_candidate candidate;
    libxl_cpupoolinfo pool = { 0 };
    int rc, found = 0;

    libxl__numa_candidate_init(&candidate);
    libxl_cpupool_info(CTX, &pool, 0);
    rc = libxl__get_numa_candidate(gc, state->need_mib << 10,
                                   state->need_cpus, 0, 0, &pool.cpumap,
                                   numa_cmpf, &candidate, &found);
    print_state(state);
    printf(found ? "|" : "|none");
    if ( found )
        print_nodes(&candidate.nodemap);
    printf("\n");
    libxl__numa_candidate_dispose(&candidate);
    libxl_bitmap_dispose(&pool.cpumap);
    xen_hide();

    return rc == 0;
}

int main(int argc, char **argv)
{
    int nr = argc > 1 ? atoi(argv[1]) : 10000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;

    while ( nr-- > 0 )
    {
        struct state state;

        state_make(&state, &seed);
        if ( !ask(&state) )
            return 1;
    }

    return 0;
}
