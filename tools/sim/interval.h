/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How certain a mean over seeds is: 95 % intervals by the bootstrap, as the
 * middle of the means of many resamples.  From the same values always the
 * same interval.
 */

#ifndef SIM_INTERVAL_H
#define SIM_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

struct interval {
    double mean;                 /* NAN: of no value                         */
    double low;                  /* NAN, as high: of less than two values    */
    double high;
};

/* The resamples of so many values. */
struct bootstrap;

/* NULL with ENOMEM; nr > 0. */
struct bootstrap *bootstrap_new(size_t nr);
void bootstrap_free(struct bootstrap *bootstrap);

/* Of the mean of nr values.  Those that are NAN are left out. */
struct interval interval_mean(const struct bootstrap *bootstrap,
                              const double *values);

/* Of the difference of means, in pairs: a pair with a NAN is left out. */
struct interval interval_difference(const struct bootstrap *bootstrap,
                                    const double *values,
                                    const double *others);

/* Likewise of the mean of values over the mean of others. */
struct interval interval_ratio(const struct bootstrap *bootstrap,
                               const double *values, const double *others);

#endif /* SIM_INTERVAL_H */
