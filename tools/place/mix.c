/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What is foretold of a mix is what place() does: each domain sees what the
 * ones before it took, and the sizes that they taught.
 */

#include <errno.h>
#include <string.h>

#include "mix.h"

/* A host while it is filled. */
struct filling {
    struct place_host host;
    struct place_held held;
    struct place_sizes guess;
    struct place_sizes *sizes;   /* NULL: nothing is learnt                  */
};

static int begin(struct filling *filling, const struct place_host *host,
                 const struct place_held *held, struct place_sizes *sizes)
{
    if ( place_host_check(host) )
        return -1;

    filling->host = *host;
    memset(&filling->held, 0, sizeof(filling->held));
    if ( held )
        filling->held = *held;
    filling->sizes = sizes;
    if ( sizes )
        filling->host.sizes = sizes;
    else if ( !host->sizes )
    {
        place_sizes_begin(&filling->guess, host);
        filling->host.sizes = &filling->guess;
    }

    return 0;
}

/* 0, or -1 with errno of place(). */
static int add(struct filling *filling, const struct place_sample *sample,
               struct place_mix *mix, struct place_capacity *capacity)
{
    const uint64_t spanning = capacity->spanning;
    struct place_plan plan;

    if ( place(&filling->host, &filling->held, &sample->request, &plan,
               &mix->reason) )
        return -1;
    place_capacity_count(capacity, &plan);
    mix->domains++;
    mix->spanning += capacity->spanning - spanning;
    plan.overhead_pages -= place_sample_unused(sample);
    place_hold(&filling->held, &plan, sample->request.vcpus);
    if ( filling->sizes )
        place_sizes_learn(filling->sizes, &sample->request);

    return 0;
}

int place_mix(const struct place_host *host, const struct place_held *held,
              const struct place_sample *samples, size_t nr,
              struct place_sizes *sizes, struct place_mix *mix,
              struct place_capacity *capacities)
{
    struct filling filling;

    memset(mix, 0, sizeof(*mix));
    memset(capacities, 0, nr * sizeof(*capacities));
    if ( !nr )
    {
        errno = EINVAL;
        return -1;
    }
    if ( begin(&filling, host, held, sizes) )
        return -1;

    while ( mix->domains < PLACE_MIX_MOST &&
            mix->spanning < PLACE_CAPACITY_MOST && !mix->complete )
    {
        const size_t i = mix->last;

        if ( add(&filling, &samples[i], mix, &capacities[i]) )
        {
            if ( errno != ENOSPC )
                return -1;
            mix->complete = true;
        }
        else if ( ++mix->last == nr )
        {
            mix->last = 0;
            mix->rounds++;
        }
    }
    for ( size_t i = 0; i < nr; i++ )
        capacities[i].complete = mix->complete;

    return 0;
}
