/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Hosts and requests for the tests of the engine, some of them made up at
 * random, the same from the same seed.  Overhead is left out where a test is
 * not about it.
 */

#ifndef PLACE_HOST_TEST_H
#define PLACE_HOST_TEST_H

#include "place/place.h"

#define MIB 256u                 /* in pages                                 */

/* Nodes on a line, with `cpus` each: the distance grows by 5 a hop. */
void make_host(struct place_host *host, unsigned int nr,
               const unsigned int *free_mib, unsigned int cpus);

/* Without overhead, on any nodes. */
struct place_request request(unsigned int mib, unsigned int vcpus,
                             enum place_policy policy);

void random_seed(uint64_t value);
uint32_t random_below(uint32_t bound);

/* Mostly of up to 8 nodes; some offline, some without CPUs. */
void random_host(struct place_host *host);

/* With its overhead. */
void random_request(struct place_request *wanted);

#endif /* PLACE_HOST_TEST_H */
