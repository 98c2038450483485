/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The file that a comparison resumes from: a file that is refused is left as
 * it is, of another one the complete lines are kept, and runs that it has are
 * the same when they are written again.
 */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "sim/state.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define SEEDS     2
#define RUNS      (2 * 2 * 2 * 2 * SEEDS)

static const struct compare_host hosts[] = { { .name = "2" },
                                             { .name = "8" } };
static const unsigned int loads[] = { 700, 950 };
static const enum sim_mode modes[] = { SIM_PREFERRED, SIM_ONE_NODE };
static const struct sim_rule ours = { .name = "ours" };
static const struct sim_rule other = { .name = "xl" };
static const struct sim_rule *const rules[] = { &ours, &other };

static const struct compare_plan plan = {
    .nr_hosts = NR(hosts), .hosts = hosts,
    .nr_loads = NR(loads), .permille = loads,
    .nr_modes = NR(modes), .modes = modes,
    .nr_rules = NR(rules), .rules = rules,
    .first_seed = 5, .last_seed = 5 + SEEDS - 1,
    .nr_arrivals = 500,
};

struct runs {
    struct compare compare;
    struct metrics metrics[RUNS];
    bool finished[RUNS];
};

static struct state *open_runs(struct runs *runs, const char *path, char *why)
{
    memset(runs, 0, sizeof(*runs));
    runs->compare = (struct compare){
        .plan = &plan, .nr_seeds = SEEDS, .nr_runs = RUNS,
        .metrics = runs->metrics, .finished = runs->finished,
    };

    return state_open(path, &runs->compare, why, FUZZ_WHY);
}

/* Only what can be the torn last line of such a file may be taken off. */
static void check_file(const uint8_t *bytes, size_t size, bool refused)
{
    static const char start[] = "{\"host\":";
    size_t left, end = size, torn;
    char *content = fuzz_content(&left);

    while ( !refused && end && bytes[end - 1] != '\n' )
        end--;
    torn = size - end < sizeof(start) - 1 ? size - end : sizeof(start) - 1;
    FUZZ_HOLDS(!memcmp(bytes + end, start, torn));
    FUZZ_HOLDS(left == end && !memcmp(content, bytes, left));
    free(content);
}

static void check_same(const struct runs *runs, const struct runs *again)
{
    FUZZ_HOLDS(!memcmp(runs->finished, again->finished,
                       sizeof(runs->finished)));
    for ( size_t i = 0; i < RUNS; i++ )
        for ( enum metric metric = 0; metric < NR_METRICS; metric++ )
        {
            double a = runs->metrics[i].values[metric];
            double b = again->metrics[i].values[metric];

            FUZZ_HOLDS(a == b || (isnan(a) && isnan(b)));
        }
}

static void write_runs(struct state *state, const struct compare *compare)
{
    struct compare_run run = { 0 };
    char why[FUZZ_WHY] = "";

    for ( size_t i = 0; i < RUNS; i++ )
    {
        run.seed = i % SEEDS;
        run.rule = i / SEEDS % 2;
        run.mode = i / SEEDS / 2 % 2;
        run.load = i / SEEDS / 4 % 2;
        run.host = i / SEEDS / 8;
        FUZZ_HOLDS(compare_index(compare, &run) == i);
        if ( compare->finished[i] && state_add(state, compare, &run, why,
                                               sizeof(why)) )
            fuzz_wrong("%s: cannot be written", why);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct runs runs, again;
    const char *path = fuzz_file(bytes, size);
    char why[FUZZ_WHY] = "";
    struct state *state;

    errno = 0;
    state = open_runs(&runs, path, why);
    check_file(bytes, size, !state);
    if ( !state )
    {
        FUZZ_HOLDS(errno == EINVAL);
        fuzz_told(why, path);
        return 0;
    }
    state_close(state);

    state = open_runs(&again, fuzz_file("", 0), why);
    FUZZ_HOLDS(state);
    write_runs(state, &runs.compare);
    state_close(state);
    state = open_runs(&again, path, why);
    if ( !state )
        fuzz_wrong("%s: what was written is refused", why);
    state_close(state);
    check_same(&runs, &again);

    return 0;
}
