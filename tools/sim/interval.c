/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The bootstrap.  What is drawn does not depend on the values, so it is drawn
 * once; and paired values are drawn together.
 */

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "interval.h"
#include "chance.h"

#define RESAMPLES 2000u          /* 50 of them are beyond either end         */
#define SEED      20260101u      /* any                                      */

struct bootstrap {
    size_t nr;
    double *means;               /* of the resamples, one after another      */
    uint32_t draws[];            /* RESAMPLES times nr                       */
};

typedef double statistic(double sum, double other_sum, double nr);

struct bootstrap *bootstrap_new(size_t nr)
{
    struct chance chance;
    struct bootstrap *bootstrap;

    bootstrap = malloc(sizeof(*bootstrap) +
                       nr * RESAMPLES * sizeof(bootstrap->draws[0]));
    if ( !bootstrap )
        return NULL;
    bootstrap->nr = nr;
    bootstrap->means = calloc(RESAMPLES, sizeof(*bootstrap->means));
    if ( !bootstrap->means )
    {
        free(bootstrap);
        return NULL;
    }
    chance_seed(&chance, SEED, 0);
    for ( size_t i = 0; i < nr * RESAMPLES; i++ )
        bootstrap->draws[i] = chance_below(&chance, nr);

    return bootstrap;
}

void bootstrap_free(struct bootstrap *bootstrap)
{
    if ( bootstrap )
        free(bootstrap->means);
    free(bootstrap);
}

static double resample(const uint32_t *draws, size_t nr,
                       const double *values, const double *others,
                       statistic *of)
{
    double sum = 0, other_sum = 0, used = 0;

    for ( size_t i = 0; i < nr; i++ )
    {
        size_t at = draws ? draws[i] : i;
        double value = values[at], other = others ? others[at] : 0;

        if ( isnan(value) || isnan(other) )
            continue;
        sum += value;
        other_sum += other;
        used++;
    }

    return used > 0 ? of(sum, other_sum, used) : NAN;
}

/* NAN comes last. */
static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    if ( isnan(left) || isnan(right) )
        return !!isnan(left) - !!isnan(right);

    return (left > right) - (left < right);
}

static size_t pairs(size_t nr, const double *values, const double *others)
{
    size_t count = 0;

    for ( size_t i = 0; i < nr; i++ )
        count += !isnan(values[i]) && !(others && isnan(others[i]));

    return count;
}

static struct interval find(const struct bootstrap *bootstrap,
                            const double *values, const double *others,
                            statistic *of)
{
    double *means = bootstrap->means;
    size_t nr = bootstrap->nr, used = RESAMPLES;
    struct interval interval = {
        .mean = resample(NULL, nr, values, others, of),
        .low = NAN,
        .high = NAN,
    };

    if ( isnan(interval.mean) || pairs(nr, values, others) < 2 )
        return interval;
    for ( size_t i = 0; i < RESAMPLES; i++ )
        means[i] = resample(&bootstrap->draws[i * nr], nr, values, others,
                            of);
    qsort(means, RESAMPLES, sizeof(*means), ascending);
    /* A resample of nothing but NAN tells nothing. */
    while ( used && isnan(means[used - 1]) )
        used--;
    if ( used )
    {
        interval.low = means[used / 40];
        interval.high = means[used - 1 - used / 40];
    }

    return interval;
}

static double mean(double sum, double other_sum, double nr)
{
    return (sum - other_sum) / nr;
}

static double ratio(double sum, double other_sum, double nr)
{
    (void)nr;

    return other_sum > 0 ? sum / other_sum : NAN;
}

struct interval interval_mean(const struct bootstrap *bootstrap,
                              const double *values)
{
    return find(bootstrap, values, NULL, mean);
}

struct interval interval_difference(const struct bootstrap *bootstrap,
                                    const double *values,
                                    const double *others)
{
    return find(bootstrap, values, others, mean);
}

struct interval interval_ratio(const struct bootstrap *bootstrap,
                               const double *values, const double *others)
{
    return find(bootstrap, values, others, ratio);
}
