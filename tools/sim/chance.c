/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The generator, and what is drawn with it.
 */

#include <math.h>

#include "chance.h"

#define LN_2        0.69314718055994530942
#define SQRT_HALF   0.70710678118654752440

static uint64_t split_mix(uint64_t *state)
{
    uint64_t mixed = *state += 0x9e3779b97f4a7c15u;

    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;

    return mixed ^ (mixed >> 31);
}

void chance_seed(struct chance *chance, uint64_t seed,
                     uint64_t stream)
{
    uint64_t state = seed;

    state = split_mix(&state) ^ stream;
    for ( unsigned int i = 0; i < 4; i++ )
        chance->state[i] = split_mix(&state);
}

static uint64_t rotate(uint64_t value, unsigned int bits)
{
    return (value << bits) | (value >> (64 - bits));
}

uint64_t chance_next(struct chance *chance)
{
    uint64_t *state = chance->state;
    uint64_t result = rotate(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;

    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 45);

    return result;
}

uint64_t chance_below(struct chance *chance, uint64_t bound)
{
    /* Values from here on would favour small results. */
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    uint64_t value;

    do {
        value = chance_next(chance);
    } while ( value >= limit );

    return value % bound;
}

double chance_unit(struct chance *chance)
{
    /* 52 bits and a half: no end of the range can come out by rounding. */
    return ((chance_next(chance) >> 12) + 0.5) * 0x1p-52;
}

double chance_exponential(struct chance *chance)
{
    return -sim_log(chance_unit(chance));
}

/* Marsaglia's polar method; the second of each pair is not used. */
double chance_normal(struct chance *chance)
{
    double x, y, square;

    do {
        x = 2 * chance_unit(chance) - 1;
        y = 2 * chance_unit(chance) - 1;
        square = x * x + y * y;
    } while ( square >= 1 || square == 0 );

    return x * sim_exp(sim_log(-2 * sim_log(square) / square) / 2);
}

/* ln of the mantissa by the series of the area hyperbolic tangent. */
double sim_log(double x)
{
    int exponent;
    double mantissa = frexp(x, &exponent);
    double ratio, square, sum = 0;

    if ( mantissa < SQRT_HALF )
    {
        mantissa *= 2;
        exponent--;
    }
    ratio = (mantissa - 1) / (mantissa + 1);
    square = ratio * ratio;
    for ( int n = 23; n >= 1; n -= 2 )
        sum = sum * square + 1.0 / n;

    return exponent * LN_2 + 2 * ratio * sum;
}

/* e^rest by its Taylor series, of |rest| <= ln 2 / 2. */
double sim_exp(double x)
{
    int exponent = x / LN_2 + (x < 0 ? -0.5 : 0.5);
    double rest = x - exponent * LN_2;
    double sum = 1;

    for ( int n = 18; n >= 1; n-- )
        sum = 1 + sum * rest / n;

    return ldexp(sum, exponent);
}
