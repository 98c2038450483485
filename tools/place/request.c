/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a request costs beside its memory, and the words for what is asked for.
 */

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "request.h"

/*
 * The paging pool, by the rule that Xen's toolstack has always used: 256
 * pages a vCPU, one for each MiB for the p2m, and another one for shadow page
 * tables.  The builder sets the pool to this size, so all of it is taken; p2m
 * tables come out of it.
 */
#define POOL_PAGES_PER_VCPU  256u
#define PAGES_PER_MIB        256u

/*
 * Outside of the pool, fitted to PVH domains of 64 MiB to 1 GiB with 1 to 64
 * vCPUs on Xen 4.20 with AMD's SVM: 20 to 23 pages a domain (struct domain,
 * shared_info, grant table, event channels, mappings), 9.6 a vCPU (8 pages of
 * its own, and small objects).  The rest is for what that machine has not:
 * state of up to 11 KiB for wider registers, and Intel's VMX.  What is too much
 * is only held until the domain is built.
 */
#define PAGES_PER_DOMAIN     32u
#define PAGES_PER_VCPU       16u

uint64_t place_request_structures(uint32_t vcpus)
{
    return PAGES_PER_DOMAIN + (uint64_t)vcpus * PAGES_PER_VCPU;
}

uint64_t place_request_overhead(uint64_t guest_pages, uint32_t vcpus,
                                bool hap)
{
    uint64_t mib = guest_pages / PAGES_PER_MIB +
                   (guest_pages % PAGES_PER_MIB ? 1 : 0);

    return place_request_structures(vcpus) + mib * (hap ? 1 : 2) +
           (uint64_t)vcpus * POOL_PAGES_PER_VCPU;
}

static const char *const names[] = {
    [PLACE_STRICT] = "strict",
    [PLACE_PREFERRED] = "preferred",
    [PLACE_INTERLEAVE] = "interleave",
};

#define NR_NAMES (sizeof(names) / sizeof(names[0]))

int place_policy_parse(const char *text, enum place_policy *policy)
{
    for ( size_t i = 0; i < NR_NAMES; i++ )
        if ( !strcmp(text, names[i]) )
        {
            *policy = i;
            return 0;
        }

    errno = EINVAL;

    return -1;
}

const char *place_policy_name(enum place_policy policy)
{
    return (size_t)policy < NR_NAMES ? names[policy] : NULL;
}

static const struct {
    const char *name;
    enum place_chunks chunks;
    unsigned int order;
} chunk_words[] = {
    { "off", PLACE_NO_CHUNKS, 0 },
    { "preferred", PLACE_CHUNKS_PREFERRED, PLACE_CHUNK_ORDER(1) },
    { "2M", PLACE_CHUNKS_REQUIRED, PLACE_CHUNK_ORDER(0) },
    { "1G", PLACE_CHUNKS_REQUIRED, PLACE_CHUNK_ORDER(1) },
};

int place_chunks_parse(const char *text, struct place_request *request)
{
    for ( size_t i = 0; i < sizeof(chunk_words) / sizeof(chunk_words[0]); i++ )
        if ( !strcmp(text, chunk_words[i].name) )
        {
            request->chunks = chunk_words[i].chunks;
            request->chunk_order = chunk_words[i].order;
            return 0;
        }

    errno = EINVAL;

    return -1;
}
