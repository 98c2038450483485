/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Chance: xoshiro256**, seeded by splitmix64.
 *
 * The numbers are the same on every machine: what is not integer uses only
 * operations that IEEE 754 rounds exactly, so that no libm has a say.
 */

#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdint.h>

struct sim_random {
    uint64_t state[4];
};

/* Streams of a seed are independent of each other. */
void sim_random_seed(struct sim_random *random, uint64_t seed,
                     uint64_t stream);

uint64_t sim_random_next(struct sim_random *random);

/* From 0 to bound - 1, all alike; bound > 0. */
uint64_t sim_random_below(struct sim_random *random, uint64_t bound);

/* Above 0 and below 1. */
double sim_random_unit(struct sim_random *random);

/* Exponential with mean 1. */
double sim_random_exponential(struct sim_random *random);

/* Normal with mean 0 and deviation 1. */
double sim_random_normal(struct sim_random *random);

/* To 1e-14 of the true value: ln x for x > 0, e^x for |x| < 700. */
double sim_log(double x);
double sim_exp(double x);

#endif /* SIM_RANDOM_H */
