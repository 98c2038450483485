/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: what is foretold of a mix is what happens when its domains are
 * created one after the other.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "place-host.h"
#include "place/mix.h"
#include "unit.h"

/* As many random hosts for each property. */
#define STATES_VARIABLE "XENNUMA_PLACE_STATES"
#define STATES          10000u

/* Of the random mixes. */
#define MOST_SAMPLES 4u

static unsigned int states(void)
{
    const char *text = getenv(STATES_VARIABLE);

    return text ? strtoul(text, NULL, 0) : STATES;
}

/* What became of a mix. */
struct told {
    struct place_mix mix;
    struct place_capacity each[MOST_SAMPLES];
};

/* Chunks that were promised are gone, and so are those of no memory left. */
static void take_chunks(struct place_node *node, uint64_t small,
                        uint64_t large)
{
    const uint64_t most = node->free_pages / PLACE_CHUNK_PAGES(0);
    const uint64_t per_large = PLACE_CHUNK_PAGES(1) / PLACE_CHUNK_PAGES(0);

    node->chunks[0] -= small + large * per_large;
    node->chunks[1] -= large;
    if ( node->chunks[0] > most )
        node->chunks[0] = most;
    if ( node->chunks[1] > node->chunks[0] / per_large )
        node->chunks[1] = node->chunks[0] / per_large;
}

/* A domain is there: its memory is not free any more, and its vCPUs run. */
static void create(struct place_host *host, const struct place_plan *plan,
                   const struct place_sample *sample)
{
    struct place_node *home = &host->nodes[plan->home_node];

    home->free_pages -= plan->overhead_pages - sample->unused_pages;
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        host->nodes[i].free_pages -= plan->pages[i];
        host->nodes[i].vcpus += place_vcpus_on(plan->cpu_nodes,
                                               sample->request.vcpus, i);
        take_chunks(&host->nodes[i], plan->chunks[0][i], plan->chunks[1][i]);
    }
}

static void note(struct told *told, size_t from, const struct place_plan *plan)
{
    struct place_capacity *capacity = &told->each[from];

    told->mix.domains++;
    capacity->domains++;
    if ( __builtin_popcountll(plan->nodes) == 1 )
    {
        capacity->alone[plan->home_node]++;
        return;
    }
    told->mix.spanning++;
    capacity->spanning++;
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        capacity->spanning_pages[i] += plan->pages[i];
}

/* What a daemon does: decide on the host as it is, learn, create. */
static void create_all(const struct place_host *before,
                       const struct place_held *held,
                       const struct place_sample *samples, size_t nr,
                       struct place_sizes *sizes, struct told *told)
{
    struct place_host host = *before;

    memset(told, 0, sizeof(*told));
    if ( sizes )
        host.sizes = sizes;
    for ( ; ; )
    {
        const size_t i = told->mix.domains % nr;
        struct place_plan plan;

        if ( place(&host, held, &samples[i].request, &plan,
                   &told->mix.reason) )
            break;
        if ( sizes )
            place_sizes_learn(sizes, &samples[i].request);
        create(&host, &plan, &samples[i]);
        note(told, i, &plan);
    }
    told->mix.rounds = told->mix.domains / nr;
    told->mix.last = told->mix.domains % nr;
    told->mix.complete = true;
    for ( size_t i = 0; i < nr; i++ )
        told->each[i].complete = true;
}

static void same_capacity(const struct place_capacity *got,
                          const struct place_capacity *want)
{
    UNIT_EQUAL("complete", got->complete, want->complete);
    UNIT_EQUAL("domains of it", got->domains, want->domains);
    UNIT_EQUAL("spanning of it", got->spanning, want->spanning);
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
    {
        UNIT_EQUAL("alone", got->alone[i], want->alone[i]);
        UNIT_EQUAL("pages", got->spanning_pages[i], want->spanning_pages[i]);
    }
}

static void same(const struct told *got, const struct told *want, size_t nr)
{
    UNIT_EQUAL("complete", got->mix.complete, want->mix.complete);
    UNIT_EQUAL("domains", got->mix.domains, want->mix.domains);
    UNIT_EQUAL("spanning", got->mix.spanning, want->mix.spanning);
    UNIT_EQUAL("rounds", got->mix.rounds, want->mix.rounds);
    UNIT_EQUAL("of the last", got->mix.last, want->mix.last);
    UNIT_EQUAL("reason", memcmp(&got->mix.reason, &want->mix.reason,
                                sizeof(got->mix.reason)), 0);
    for ( size_t i = 0; i < nr; i++ )
        same_capacity(&got->each[i], &want->each[i]);
}

static void random_held(struct place_held *held)
{
    memset(held, 0, sizeof(*held));
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        if ( !random_below(4) )
        {
            held->pages[i] = random_below(100 * MIB);
            held->vcpus[i] = random_below(3);
        }
}

/* Also on all nodes, or on few, or in chunks. */
static void random_wish(struct place_request *wanted)
{
    if ( !random_below(6) )
        wanted->policy = PLACE_INTERLEAVE;
    if ( !random_below(6) )
        wanted->max_nodes = 1 + random_below(3);
    wanted->vnuma = !random_below(6);
    if ( random_below(4) )
        return;
    wanted->chunks = random_below(2) ? PLACE_CHUNKS_REQUIRED
                                     : PLACE_CHUNKS_PREFERRED;
    wanted->chunk_order = PLACE_CHUNK_ORDER(random_below(2));
}

/* Not so small that thousands fit. */
static size_t random_mix(struct place_sample *samples)
{
    const size_t nr = 1 + random_below(MOST_SAMPLES);

    for ( size_t i = 0; i < nr; i++ )
    {
        do {
            random_request(&samples[i].request);
        } while ( samples[i].request.guest_pages < 32 * MIB );
        random_wish(&samples[i].request);
        samples[i].unused_pages =
            random_below(2) ? random_below(samples[i].request.overhead_pages)
                            : 0;
    }

    return nr;
}

/* Most of the free memory is in chunks. */
static void random_chunks(struct place_host *host)
{
    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
    {
        struct place_node *node = &host->nodes[i];
        const uint64_t most = node->free_pages / PLACE_CHUNK_PAGES(0);

        node->chunks[0] = most - random_below(most / 4 + 1);
        node->chunks[1] = node->chunks[0] * PLACE_CHUNK_PAGES(0) /
                          PLACE_CHUNK_PAGES(1);
    }
}

/* Some have claims without a node. */
static void random_state(struct place_host *host, struct place_held *held)
{
    random_host(host);
    random_chunks(host);
    random_held(held);
    if ( !random_below(4) )
        host->host_claimed_pages = random_below(2000) * MIB;
}

static void foretold_is_what_happens(void)
{
    unsigned int several = 0, taught = 0, whole = 0, none = 0;

    random_seed(21);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        struct place_sample samples[MOST_SAMPLES];
        struct told got, want, untaught;
        struct place_sizes sizes, learnt;
        struct place_host host;
        struct place_held held;
        size_t nr;

        random_state(&host, &held);
        nr = random_mix(samples);
        place_sizes_begin(&sizes, &host);
        learnt = sizes;
        UNIT_EQUAL("rc", place_mix(&host, &held, samples, nr, &sizes,
                                   &got.mix, got.each), 0);
        if ( !got.mix.complete )
            continue;
        create_all(&host, &held, samples, nr, &learnt, &want);
        same(&got, &want, nr);
        UNIT_EQUAL("learnt", memcmp(&sizes, &learnt, sizeof(sizes)), 0);

        place_mix(&host, &held, samples, nr, NULL, &got.mix, got.each);
        create_all(&host, &held, samples, nr, NULL, &untaught);
        same(&got, &untaught, nr);

        several += want.mix.spanning > 0;
        whole += want.mix.rounds > 1;
        none += !want.mix.domains;
        for ( size_t i = 0; i < nr; i++ )
            if ( untaught.each[i].spanning != want.each[i].spanning )
            {
                taught++;
                break;
            }
    }
    UNIT_TRUE("some are on several", several > states() / 4);
    UNIT_TRUE("some have rounds", whole > states() / 4);
    UNIT_TRUE("some have nothing", none > states() / 100);
    UNIT_TRUE("what is learnt matters", taught > 0);
}

/* The short way of one size comes out where the long way does. */
static void one_size_is_a_mix_of_one(void)
{
    unsigned int several = 0;

    random_seed(22);
    for ( unsigned int n = 0; n < states(); n++ )
    {
        struct place_sample samples[MOST_SAMPLES];
        struct place_sizes sizes, learnt;
        struct place_capacity capacity;
        struct place_host host;
        struct place_held held;
        struct told told;
        bool learns = random_below(2);

        random_host(&host);
        random_chunks(&host);
        random_held(&held);
        random_mix(samples);
        place_sizes_begin(&sizes, &host);
        learnt = sizes;
        UNIT_EQUAL("one", place_capacity(&host, &held, samples,
                                         learns ? &sizes : NULL, &capacity),
                   0);
        UNIT_EQUAL("mix", place_mix(&host, &held, samples, 1,
                                    learns ? &learnt : NULL, &told.mix,
                                    told.each), 0);
        if ( !capacity.complete || !told.mix.complete )
            continue;
        same_capacity(&capacity, &told.each[0]);
        several += capacity.spanning > 0;
    }
    UNIT_TRUE("some are on several", several > states() / 8);
}

static struct place_sample sample(unsigned int mib, unsigned int vcpus,
                                  enum place_policy policy)
{
    return (struct place_sample){ request(mib, vcpus, policy), 0 };
}

static void a_mix_in_numbers(void)
{
    static const unsigned int free_mib[] = { 1000, 1000 };
    const struct place_sample samples[] = {
        sample(300, 1, PLACE_STRICT), sample(500, 1, PLACE_STRICT),
    };
    struct place_capacity each[2];
    struct place_mix mix;
    struct place_host host;

    make_host(&host, 2, free_mib, 2);
    UNIT_EQUAL("rc", place_mix(&host, NULL, samples, 2, NULL, &mix, each), 0);
    UNIT_EQUAL("of 300 and 500 MiB two rounds", mix.rounds, 2);
    UNIT_EQUAL("domains", mix.domains, 4);
    UNIT_EQUAL("and nothing more", mix.last, 0);
    UNIT_TRUE("complete", mix.complete);
    UNIT_EQUAL("small ones", each[0].domains, 2);
    UNIT_EQUAL("large ones", each[1].domains, 2);
    UNIT_EQUAL("for want of memory", mix.reason.verdict[0], PLACE_NO_MEMORY);
    UNIT_EQUAL("as much of it", mix.reason.missing_pages[0], 100 * MIB);
    UNIT_EQUAL("and there", mix.reason.missing_pages[1], 100 * MIB);
}

static void order_counts(void)
{
    static const unsigned int free_mib[] = { 1000 };
    const struct place_sample up[] = {
        sample(300, 1, PLACE_STRICT), sample(600, 1, PLACE_STRICT),
        sample(200, 1, PLACE_STRICT),
    };
    const struct place_sample down[] = { up[2], up[1], up[0] };
    struct place_capacity each[3];
    struct place_mix mix;
    struct place_host host;

    make_host(&host, 1, free_mib, 2);
    UNIT_EQUAL("rc", place_mix(&host, NULL, up, 3, NULL, &mix, each), 0);
    UNIT_EQUAL("no round", mix.rounds, 0);
    UNIT_EQUAL("but two domains", mix.last, 2);
    UNIT_EQUAL("the third is short", mix.reason.missing_pages[0], 100 * MIB);
    UNIT_EQUAL("none of it", each[2].domains, 0);
    UNIT_EQUAL("rc", place_mix(&host, NULL, down, 3, NULL, &mix, each), 0);
    UNIT_EQUAL("two domains", mix.last, 2);
    UNIT_EQUAL("the third is short", mix.reason.missing_pages[0], 100 * MIB);
    UNIT_EQUAL("of those of 200 MiB", each[0].domains, 1);
}

/* Of 100 MiB that are asked for beside it, 90 are free again. */
static void unused_overhead_is_free_again(void)
{
    static const unsigned int free_mib[] = { 1000 };
    struct place_sample wanted = sample(100, 1, PLACE_STRICT);
    struct place_capacity one, each;
    struct place_mix mix;
    struct place_host host;

    make_host(&host, 1, free_mib, 2);
    wanted.request.overhead_pages = 100 * MIB;
    UNIT_EQUAL("rc", place_capacity(&host, NULL, &wanted, NULL, &one), 0);
    UNIT_EQUAL("all is used", one.domains, 5);
    wanted.unused_pages = 90 * MIB;
    UNIT_EQUAL("rc", place_capacity(&host, NULL, &wanted, NULL, &one), 0);
    UNIT_EQUAL("some is not", one.domains, 8);
    UNIT_EQUAL("rc", place_mix(&host, NULL, &wanted, 1, NULL, &mix, &each),
               0);
    UNIT_EQUAL("nor of a mix", mix.rounds, 8);
    wanted.unused_pages = 1000 * MIB;
    UNIT_EQUAL("rc", place_capacity(&host, NULL, &wanted, NULL, &one), 0);
    UNIT_EQUAL("memory is always used", one.domains, 9);
}

static void counting_ends(void)
{
    static const unsigned int free_mib[] = { 65536, 65536 };
    const struct place_sample small = sample(1, 1, PLACE_PREFERRED);
    const struct place_sample wide = sample(8, 3, PLACE_PREFERRED);
    struct place_capacity each;
    struct place_mix mix;
    struct place_host host;

    make_host(&host, 2, free_mib, 2);
    UNIT_EQUAL("rc", place_mix(&host, NULL, &small, 1, NULL, &mix, &each), 0);
    UNIT_EQUAL("so many", mix.domains, PLACE_MIX_MOST);
    UNIT_TRUE("and more", !mix.complete && !each.complete);
    UNIT_EQUAL("rc", place_mix(&host, NULL, &wide, 1, NULL, &mix, &each), 0);
    UNIT_EQUAL("on several", mix.spanning, PLACE_CAPACITY_MOST);
    UNIT_TRUE("and more of these", !mix.complete);
}

static void nonsense_is_refused(void)
{
    static const unsigned int free_mib[] = { 1000 };
    struct place_sample samples[] = {
        sample(300, 1, PLACE_STRICT), sample(0, 1, PLACE_STRICT),
    };
    struct place_capacity each[2];
    struct place_mix mix;
    struct place_host host;

    make_host(&host, 1, free_mib, 2);
    UNIT_EQUAL("no memory", place_mix(&host, NULL, samples, 2, NULL, &mix,
                                      each), -1);
    UNIT_EQUAL("no memory", errno, EINVAL);
    UNIT_EQUAL("no sample", place_mix(&host, NULL, samples, 0, NULL, &mix,
                                      each), -1);
    host.nr_nodes = 0;
    UNIT_EQUAL("no host", place_mix(&host, NULL, samples, 1, NULL, &mix,
                                    each), -1);
    UNIT_EQUAL("no host", errno, EINVAL);
}

static const struct unit_test mixes[] = {
    { "what is foretold is what happens", foretold_is_what_happens },
    { "one size is a mix of one", one_size_is_a_mix_of_one },
    { "rounds, what is short, and where, in numbers", a_mix_in_numbers },
    { "the order of a mix counts", order_counts },
    { "overhead that is not used is free again",
      unused_overhead_is_free_again },
    { "counting ends at a limit", counting_ends },
    { "nonsense is refused", nonsense_is_refused },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "mixes", NULL, NULL, mixes },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-mix", suites);
}
