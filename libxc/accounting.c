/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The hypervisor's accounting core, compiled for the model.
 *
 * Included rather than listed as a source, so that nothing is ever written
 * below xen-patches/.
 */

#include <common/node-claim.c>
#include <common/node-claim-entry.c>
#include <common/node-claim-recall.c>
#include <common/node-claim-set.c>
