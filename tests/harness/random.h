/* SPDX-License-Identifier: LGPL-2.1-only */
/* Pseudo-random numbers: the same seed, the same run, on every machine. */

#ifndef HARNESS_RANDOM_H
#define HARNESS_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_next(struct random *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15ULL);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;

    return z ^ (z >> 31);
}

/* Below n, which is not 0. */
static inline unsigned long random_below(struct random *r, unsigned long n)
{
    return random_next(r) % n;
}

static inline bool random_one_in(struct random *r, unsigned int n)
{
    return !random_below(r, n);
}

#endif /* HARNESS_RANDOM_H */
