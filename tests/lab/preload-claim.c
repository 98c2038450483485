/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Preloaded into an unmodified xl: when libxl has told Xen how much memory
 * the new domain may have, and before it is built, a claim is made for it.
 * What builds the domain knows nothing of that.
 *
 * CLAIM_NODE: where; CLAIM_PAGES: how many.
 */

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "hypercall.h"

/* As libxenctrl has it, whose header and node_claim.h exclude each other. */
typedef int setmaxmem_fn(void *xch, uint32_t domid, uint64_t max_memkb);
setmaxmem_fn xc_domain_setmaxmem;

int xc_domain_setmaxmem(void *xch, uint32_t domid, uint64_t max_memkb)
{
    setmaxmem_fn *real = (setmaxmem_fn *)dlsym(RTLD_NEXT,
                                               "xc_domain_setmaxmem");
    const char *node = getenv("CLAIM_NODE"), *pages = getenv("CLAIM_PAGES");
    struct xen_node_claim claim = {};
    int rc = real(xch, domid, max_memkb);

    if ( rc || !node || !pages )
        return rc;

    claim.target = strtoul(node, NULL, 10);
    claim.pages = strtoull(pages, NULL, 10);
    rc = claims_set(domid, 0, &claim, 1, NULL);
    fprintf(stderr, "claimed %s pages on node %s for domain %u: %d\n", pages,
            node, domid, rc);

    return rc ? -1 : 0;
}
