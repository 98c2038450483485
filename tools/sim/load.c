/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The generator of loads.
 */

#include <errno.h>
#include <stdlib.h>

#include "load.h"
#include "chance.h"
#include "sim-host.h"

#define GIB_PAGES       (UINT64_C(1) << 18)
#define FALL            0.68     /* popularity, per doubling of vCPUs        */

/* Of the logarithm of a lifetime; its mean is an hour, which is arbitrary. */
#define SIGMA           1.5
#define MEAN_LIFETIME   3.6e9

/* Domains of a burst, on average, and how much closer they follow. */
#define MEAN_BURST      16
#define BURST_PACE      0.01

/* Some 100,000 years: sums of two stay far from any limit. */
#define MAX_US          (UINT64_C(1) << 61)

enum stream {
    STREAM_SIZE,
    STREAM_LIFETIME,
    STREAM_ARRIVAL,
};

int load_mix_make(struct load_mix *mix, const struct sim_host *empty)
{
    uint64_t free_pages = sim_host_free(empty);
    uint64_t cpus = sim_host_cpus(empty);
    double popular = 1, sum = 0;

    mix->nr = 0;
    for ( unsigned int i = 0; i < LOAD_DOUBLINGS; i++, popular *= FALL )
        for ( unsigned int j = 0; j < LOAD_FAMILIES; j++ )
        {
            uint32_t vcpus = 2u << i;
            uint64_t pages = vcpus * (GIB_PAGES * 2 << j);

            if ( pages > free_pages || vcpus > cpus )
                continue;
            mix->sizes[mix->nr++] = (struct load_size){ pages, vcpus,
                                                        popular };
            sum += popular;
        }
    if ( !mix->nr )
    {
        errno = ENOSPC;
        return -1;
    }

    mix->mean_pages = 0;
    for ( unsigned int i = 0; i < mix->nr; i++ )
    {
        mix->sizes[i].weight /= sum;
        mix->mean_pages += mix->sizes[i].weight * mix->sizes[i].pages;
    }

    return 0;
}

static const struct load_size *draw_size(const struct load_mix *mix,
                                         struct chance *chance)
{
    double left = chance_unit(chance);
    unsigned int i = 0;

    while ( i + 1 < mix->nr && left >= mix->sizes[i].weight )
        left -= mix->sizes[i++].weight;

    return &mix->sizes[i];
}

/* The logarithm is shifted so that the mean, not the median, is 1. */
static double draw_lifetime(struct chance *chance)
{
    return sim_exp(SIGMA * chance_normal(chance) - SIGMA * SIGMA / 2);
}

/*
 * Time to the next arrival, with mean 1.  A burst ends after each domain with
 * the same chance; the gap after its end makes up for what the others lack.
 */
static double draw_gap(struct chance *chance, bool burst)
{
    double gap = chance_exponential(chance);

    if ( !burst )
        return gap;
    if ( chance_below(chance, MEAN_BURST) )
        return gap * BURST_PACE;

    return gap * (MEAN_BURST - (MEAN_BURST - 1) * BURST_PACE);
}

static uint64_t to_us(double us)
{
    return us < MAX_US ? us : MAX_US;
}

int load_make(struct load *load, const struct sim_host *empty,
              const struct load_wanted *wanted)
{
    struct chance size, lifetime, arrival;
    double now = 0, gap;
    struct load_mix mix;

    if ( load_mix_make(&mix, empty) )
        return -1;
    load->nr = wanted->nr;
    load->arrivals = calloc(load->nr ? load->nr : 1,
                            sizeof(*load->arrivals));
    if ( !load->arrivals )
        return -1;

    chance_seed(&size, wanted->seed, STREAM_SIZE);
    chance_seed(&lifetime, wanted->seed, STREAM_LIFETIME);
    chance_seed(&arrival, wanted->seed, STREAM_ARRIVAL);
    gap = MEAN_LIFETIME * mix.mean_pages * 1000 /
          ((double)wanted->permille * sim_host_free(empty));
    for ( size_t i = 0; i < load->nr; i++ )
    {
        const struct load_size *drawn = draw_size(&mix, &size);

        now += gap * draw_gap(&arrival, wanted->burst);
        load->arrivals[i] = (struct load_arrival){
            .at_us = to_us(now),
            .lifetime_us = to_us(MEAN_LIFETIME * draw_lifetime(&lifetime)),
            .pages = drawn->pages,
            .vcpus = drawn->vcpus,
        };
    }

    return 0;
}

void load_dispose(struct load *load)
{
    free(load->arrivals);
    load->arrivals = NULL;
    load->nr = 0;
}
