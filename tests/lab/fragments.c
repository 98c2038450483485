/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * fragments NODE CHUNKS: leave a node with half of its memory free and so many
 * whole chunks of 2 MiB, whoever asks.  Prints the domain that has the rest;
 * when it is destroyed, the node is as before.
 */

#include <stdio.h>
#include <stdlib.h>

#include "domain.h"

#define MAX_PAGES (UINT64_C(1) << 22)

int main(int argc, char *argv[])
{
    uint64_t chunks, got;
    uint32_t domid;

    if ( argc != 3 )
    {
        fprintf(stderr, "usage: fragments NODE CHUNKS\n");
        return 2;
    }
    chunks = strtoull(argv[2], NULL, 0);
    domid = domain_make(MAX_PAGES);
    got = domain_fragment(domid, strtoul(argv[1], NULL, 0), chunks);
    if ( got != chunks )
    {
        fprintf(stderr, "%s: only %llu chunks\n", argv[1],
                (unsigned long long)got);
        domain_destroy(domid);
        return 1;
    }
    printf("%u\n", domid);

    return 0;
}
