/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The policy of domains that have none of their own: that of this host, which
 * xenplaced(8) knows.
 *
 * It is for one creation.  It is not stored with the domain, which gets the
 * policy of the host where it comes up, also by migration.
 */

#include "libxl_osdeps.h" /* must come before any other headers */

#include "libxl_place.h"

/* Without a word of their own on where memory goes. */
static bool has_none(const libxl_domain_build_info *info)
{
    return info->numa_policy == LIBXL_NUMA_POLICY_DEFAULT &&
           !info->num_vnuma_nodes && !info->nodemap.size;
}

bool libxl__place_default(libxl__gc *gc, libxl_domain_build_info *info)
{
    libxl_numa_policy policy;
    libxl__placed *placed;

    /* On a Xen that cannot place, a default is no reason to refuse a domain. */
    if (!has_none(info) || !libxl__numa_handle(gc))
        return false;
    placed = libxl__placed_open(gc);
    if (!placed)
        return false;
    policy = libxl__placed_default(gc, placed);
    libxl__placed_close(gc, placed);
    if (!libxl_numa_policy_places(policy))
        return false;

    LOG(DETAIL, "numa_policy=%s, by default of xenplaced",
        libxl_numa_policy_to_string(policy));
    info->numa_policy = policy;

    return true;
}

/*
 * Local variables:
 * mode: C
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
