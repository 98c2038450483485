/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Chance: xoshiro256**, seeded by splitmix64.
 *
 * The numbers are the same on every machine: what is not integer uses only
 * operations that IEEE 754 rounds exactly, so that no libm has a say.
 */

#ifndef SIM_CHANCE_H
#define SIM_CHANCE_H

#include <stdint.h>

struct chance {
    uint64_t state[4];
};

/* Streams of a seed are independent of each other. */
void chance_seed(struct chance *chance, uint64_t seed,
                     uint64_t stream);

uint64_t chance_next(struct chance *chance);

/* From 0 to bound - 1, all alike; bound > 0. */
uint64_t chance_below(struct chance *chance, uint64_t bound);

/* Above 0 and below 1. */
double chance_unit(struct chance *chance);

/* Exponential with mean 1. */
double chance_exponential(struct chance *chance);

/* Normal with mean 0 and deviation 1. */
double chance_normal(struct chance *chance);

/* To 1e-14 of the true value: ln x for x > 0, e^x for |x| < 700. */
double sim_log(double x);
double sim_exp(double x);

#endif /* SIM_CHANCE_H */
