/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What libacpi wants of the program that it is compiled into.
 */

#ifndef XENGUEST_LIBACPI_HOST_H
#define XENGUEST_LIBACPI_HOST_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenctrl.h>

#define ASSERT(condition) assert(condition)

static inline int test_bit(unsigned int bit, const void *map)
{
    return (((const uint8_t *)map)[bit / 8] >> (bit % 8)) & 1;
}

#endif /* XENGUEST_LIBACPI_HOST_H */
