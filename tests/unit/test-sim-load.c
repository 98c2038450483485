/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Loads: what is drawn has the shape that it should have, and is the same
 * from the same seed; and traces.
 */

#include <errno.h>
#include <math.h>
#include <string.h>

#include "scratch.h"
#include "sim/chance.h"
#include "sim/load.h"
#include "sim/sim-host.h"
#include "sim/trace.h"
#include "unit.h"

#define GIB (UINT64_C(1) << 18)  /* in pages */

static struct sim_host host;
static char why[512];

/* Within so many parts of 1000 of what it should be. */
static void near(const char *what, double got, double expected,
                 double permille)
{
    double off = 1000 * (got / expected - 1);

    if ( off > permille || off < -permille )
        fprintf(stderr, "%s: got %.9g, expected %.9g\n", what, got,
                expected);
    UNIT_TRUE(what, off <= permille && off >= -permille);
}

static void make(struct load *load, const char *name, uint64_t seed,
                 size_t nr, unsigned int permille, bool burst)
{
    const struct load_wanted wanted = {
        .seed = seed, .nr = nr, .permille = permille, .burst = burst,
    };

    sim_host_find(name, &host);
    UNIT_EQUAL(name, load_make(load, &host, &wanted), 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(load->arrivals);
}

/* Computed apart from this program, from the generators' definitions. */
static void first_numbers_of_a_seed(void)
{
    static const uint64_t expected[] = {
        0xee127fe613436e33, 0xd6dad8d34a1874ea, 0x2a52c16cec1116a9,
        0x9af9091d9f77d551, 0xc7292ff4dcac93cc, 0x071d6edd54084c1d,
        0x768176af5c2bf104, 0xe353071dce667a1b,
    };
    struct chance chance;

    chance_seed(&chance, 1, 0);
    for ( unsigned int i = 0; i < 8; i++ )
        UNIT_EQUAL("number", chance_next(&chance), expected[i]);
}

static void logarithm_and_exponential(void)
{
    static const struct {
        double x, log;
    } rows[] = {
        { 2.718281828459045, 1 }, { 10, 2.302585092994046 },
        { 1e-9, -20.72326583694641 }, { 0.7, -0.35667494393873245 },
    };

    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        near("ln x", sim_log(rows[i].x), rows[i].log, 1e-9);
        near("e^x", sim_exp(rows[i].log), rows[i].x, 1e-9);
    }
    UNIT_TRUE("ln 1", sim_log(1) == 0);
    UNIT_TRUE("e^0", sim_exp(0) == 1);
}

static void numbers_have_their_shape(void)
{
    double sum = 0, squares = 0, exponential = 0;
    unsigned int below[5] = { 0 };
    struct chance chance;
    const int nr = 200000;

    chance_seed(&chance, 7, 0);
    for ( int i = 0; i < nr; i++ )
    {
        double normal = chance_normal(&chance);

        sum += normal;
        squares += normal * normal;
        exponential += chance_exponential(&chance);
        below[chance_below(&chance, 5)]++;
    }
    UNIT_TRUE("mean of normals", sum / nr < 0.01 && sum / nr > -0.01);
    near("variance of normals", squares / nr, 1, 15);
    near("mean of exponentials", exponential / nr, 1, 10);
    for ( unsigned int i = 0; i < 5; i++ )
        near("below 5", below[i], nr / 5.0, 20);
}

static void popularity_falls(void)
{
    double of_vcpus[7] = { 0 }, of_family[4] = { 0 };
    const size_t nr = 400000;
    struct load load;

    make(&load, "16", 3, nr, 850, false);
    for ( size_t i = 0; i < nr; i++ )
    {
        const struct load_arrival *arrival = &load.arrivals[i];
        uint64_t gib = arrival->pages / arrival->vcpus / GIB;

        UNIT_EQUAL("whole", arrival->pages % (arrival->vcpus * GIB), 0);
        of_vcpus[__builtin_ctz(arrival->vcpus)]++;
        of_family[__builtin_ctzll(gib) - 1]++;
    }
    for ( unsigned int i = 1; i < 6; i++ )
        near("a doubling of vCPUs", of_vcpus[i + 1] / of_vcpus[i], 0.68, 20);
    for ( unsigned int i = 0; i < 4; i++ )
        near("families", of_family[i], nr / 4.0, 10);
    load_dispose(&load);
}

static void too_large_ones_do_not_come(void)
{
    struct load_mix mix;
    double weights = 0;

    sim_host_find("2", &host);
    UNIT_EQUAL("2 nodes", load_mix_make(&mix, &host), 0);
    /* 504 GiB: not 32 and 64 vCPUs of 16 GiB, nor 64 of 8 GiB. */
    UNIT_EQUAL("2 nodes", mix.nr, 21);
    for ( unsigned int i = 0; i < mix.nr; i++ )
    {
        UNIT_TRUE("fits", mix.sizes[i].pages <= 504 * GIB);
        weights += mix.sizes[i].weight;
    }
    near("weights", weights, 1, 1e-6);

    host.place.nodes[0].cpus = host.place.nodes[1].cpus = 8;
    UNIT_EQUAL("16 CPUs", load_mix_make(&mix, &host), 0);
    UNIT_EQUAL("16 CPUs", mix.nr, 16);
    host.place.nodes[0].free_pages = host.place.nodes[1].free_pages = GIB;
    UNIT_EQUAL("2 GiB", load_mix_make(&mix, &host), -1);
    UNIT_EQUAL("2 GiB", errno, ENOSPC);
}

/* Memory times lifetime, over memory there times time. */
static void offered_load(void)
{
    static const struct {
        const char *host;
        unsigned int permille;
        bool burst;
    } rows[] = {
        { "2", 700, false }, { "8", 950, false }, { "16", 850, true },
        { "4", 500, true },
    };

    for ( size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++ )
    {
        const size_t nr = 500000;
        double asked = 0, there;
        struct load load;

        make(&load, rows[r].host, 11, nr, rows[r].permille, rows[r].burst);
        for ( size_t i = 0; i < nr; i++ )
            asked += (double)load.arrivals[i].pages *
                     load.arrivals[i].lifetime_us;
        there = (double)sim_host_free(&host) * load.arrivals[nr - 1].at_us;
        near(rows[r].host, asked / there, rows[r].permille / 1000.0, 20);
        load_dispose(&load);
    }
}

static void lifetimes_are_lognormal(void)
{
    const size_t nr = 200000;
    double sum = 0, squares = 0, median;
    struct load load;

    make(&load, "8", 5, nr, 850, false);
    for ( size_t i = 0; i < nr; i++ )
    {
        double log = sim_log((load.arrivals[i].lifetime_us + 0.5) / 3.6e9);

        sum += log;
        squares += log * log;
    }
    median = sum / nr;
    near("median", median, -1.5 * 1.5 / 2, 10);
    near("sigma squared", squares / nr - median * median, 2.25, 10);
    load_dispose(&load);
}

static void bursts_come_together(void)
{
    size_t close = 0, close_in_burst = 0;
    const size_t nr = 50000;
    struct load even, burst;
    uint64_t mean;

    make(&even, "8", 5, nr, 850, false);
    make(&burst, "8", 5, nr, 850, true);
    mean = even.arrivals[nr - 1].at_us / nr;
    for ( size_t i = 1; i < nr; i++ )
    {
        close += even.arrivals[i].at_us - even.arrivals[i - 1].at_us <
                 mean / 10;
        close_in_burst += burst.arrivals[i].at_us -
                          burst.arrivals[i - 1].at_us < mean / 10;
    }
    near("without bursts", close, nr * 0.0952, 40);
    UNIT_TRUE("in bursts", close_in_burst > nr * 9 / 10);
    load_dispose(&even);
    load_dispose(&burst);
}

static void same_seed_same_load(void)
{
    const size_t nr = 1000, size = nr * sizeof(struct load_arrival);
    struct load first, again, other, denser;

    make(&first, "8", 5, nr, 500, false);
    make(&again, "8", 5, nr, 500, false);
    make(&other, "8", 6, nr, 500, false);
    make(&denser, "8", 5, nr, 1000, false);
    UNIT_EQUAL("same seed",
               memcmp(first.arrivals, again.arrivals, size), 0);
    UNIT_TRUE("another seed",
              memcmp(first.arrivals, other.arrivals, size) != 0);
    for ( size_t i = 0; i < nr; i++ )
    {
        int64_t off = first.arrivals[i].at_us -
                      2 * denser.arrivals[i].at_us;

        UNIT_TRUE("twice the load: half the time", off >= -2 && off <= 2);
        UNIT_EQUAL("the same domains", first.arrivals[i].pages,
                   denser.arrivals[i].pages);
        UNIT_EQUAL("the same domains", first.arrivals[i].lifetime_us,
                   denser.arrivals[i].lifetime_us);
    }
    load_dispose(&first);
    load_dispose(&again);
    load_dispose(&other);
    load_dispose(&denser);
}

static void written_trace_reads_back(void)
{
    const char *path = scratch_file("");
    FILE *to = fopen(path, "w");
    struct load load, again;

    CU_ASSERT_PTR_NOT_NULL_FATAL(to);
    make(&load, "8", 5, 1000, 850, false);
    trace_write(to, &load);
    fclose(to);
    UNIT_EQUAL("read", trace_read(path, &again, why, sizeof(why)), 0);
    UNIT_EQUAL("all of it", again.nr, 1000);
    for ( size_t i = 0; i < again.nr; i++ )
    {
        const struct load_arrival *a = &load.arrivals[i];
        const struct load_arrival *b = &again.arrivals[i];

        UNIT_TRUE("the same", a->at_us == b->at_us &&
                  a->lifetime_us == b->lifetime_us &&
                  a->pages == b->pages && a->vcpus == b->vcpus);
    }
    load_dispose(&load);
    load_dispose(&again);
    scratch_remove();
}

static void a_trace(void)
{
    static const char text[] = "arrival,lifetime,memory,vcpus\n"
                               "0,60,4096,2\r\n 0.5 , 1.000001, 1,64\n\n";
    struct load load;

    UNIT_EQUAL("read", trace_read(scratch_file(text), &load, why,
                                  sizeof(why)), 0);
    scratch_remove();
    CU_ASSERT_EQUAL_FATAL(load.nr, 2);
    UNIT_EQUAL("lifetime", load.arrivals[0].lifetime_us, 60000000);
    UNIT_EQUAL("memory", load.arrivals[0].pages, 4 * GIB);
    UNIT_EQUAL("arrival", load.arrivals[1].at_us, 500000);
    UNIT_EQUAL("lifetime", load.arrivals[1].lifetime_us, 1000001);
    UNIT_EQUAL("vCPUs", load.arrivals[1].vcpus, 64);
    load_dispose(&load);
}

#define HEADER "arrival,lifetime,memory,vcpus\n"

static const struct {
    const char *fact;
    const char *text;
    const char *why;             /* without the name of the file             */
} wrong[] = {
    { "an empty trace", "", ":1: line: nothing: want at least one domain" },
    { "a header alone", HEADER, ":2: line: nothing: want at least one" },
    { "another header", "time,vcpus\n1,2\n",
      ":1: header: time,vcpus: must be arrival,lifetime,memory,vcpus" },
    { "a value too few", HEADER "1,2,3\n",
      ":2: line: only 3 values: must be arrival,lifetime,memory,vcpus" },
    { "a value too many", HEADER "1,2,3,4,5\n",
      ":2: line: more than 4 values: must be arrival" },
    { "an empty value", HEADER "1,2,,4\n",
      ":2: memory: nothing: must be a number from 1 to 4294967296" },
    { "a negative arrival", HEADER "-1,2,3,4\n",
      ":2: arrival: -1: must be seconds from 0 to 1000000000000 with at "
      "most 6 decimals" },
    { "seven decimals", HEADER "1.0000001,2,3,4\n",
      ":2: arrival: 1.0000001: must be seconds" },
    { "a lifetime that is no number", HEADER "1,long,3,4\n",
      ":2: lifetime: long: must be seconds" },
    { "too long a lifetime", HEADER "1,1000000000001,3,4\n",
      ":2: lifetime: 1000000000001: must be seconds" },
    { "no memory", HEADER "1,2,0,4\n", ":2: memory: 0: must be a number" },
    { "half a vCPU", HEADER "1,2,3,0.5\n",
      ":2: vcpus: 0.5: must be a number from 1 to 4096" },
    { "out of order", HEADER "5,2,3,4\n4.25,2,3,4\n",
      ":3: arrival: 4.250000: must not be before the line above" },
};

static const char *wrong_fact(unsigned int row)
{
    return row < sizeof(wrong) / sizeof(wrong[0]) ? wrong[row].fact : NULL;
}

static void wrong_trace(unsigned int row)
{
    const char *path = scratch_file(wrong[row].text);
    struct load load;

    why[0] = '\0';
    UNIT_EQUAL(wrong[row].fact,
               trace_read(path, &load, why, sizeof(why)), -1);
    UNIT_EQUAL(wrong[row].fact, errno, EINVAL);
    UNIT_TRUE(wrong[row].fact, load.arrivals == NULL);
    UNIT_EQUAL(wrong[row].fact, strncmp(why, path, strlen(path)), 0);
    UNIT_HOLDS(wrong[row].fact, why, wrong[row].why);
    scratch_remove();
}

static void no_text(void)
{
    static const char text[] = HEADER "1,2,3,4\n5,6,7,8\0,9";
    struct load load;

    why[0] = '\0';
    UNIT_EQUAL("zero", trace_read(scratch_bytes(text, sizeof(text) - 1),
                                  &load, why, sizeof(why)), -1);
    UNIT_HOLDS("zero", why, ":3: line: 5,6,7,8...: a zero byte in it: this "
               "is no text");
    scratch_remove();
}

static const struct unit_test loads[] = {
    { "the first numbers of a seed are known", first_numbers_of_a_seed },
    { "logarithm and exponential are right", logarithm_and_exponential },
    { "numbers have their mean and variance", numbers_have_their_shape },
    { "popularity falls by 0.68 a doubling of vCPUs", popularity_falls },
    { "what the empty host cannot hold does not come",
      too_large_ones_do_not_come },
    { "the load is what is offered, within 2 %", offered_load },
    { "lifetimes are lognormal", lifetimes_are_lognormal },
    { "domains of a burst come together", bursts_come_together },
    { "the same seed is the same load", same_seed_same_load },
    { NULL, NULL }
};

static const struct unit_test traces[] = {
    { "a trace that was written reads back as the same",
      written_trace_reads_back },
    { "a trace says arrival, lifetime, memory and vCPUs", a_trace },
    { "a zero byte does not end a line", no_text },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "loads", NULL, NULL, loads, NULL, NULL },
        { "traces", NULL, NULL, traces, wrong_fact, wrong_trace },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };

    return unit_main("sim-load", suites);
}
