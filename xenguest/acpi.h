/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * ACPI tables of a PVH domain: without them its kernel finds one CPU.
 */

#ifndef XENGUEST_ACPI_H
#define XENGUEST_ACPI_H

#include <xenctrl.h>
#include <xenguest.h>

/*
 * Make the tables for that many vCPUs, in memory that the image owns, and
 * have them loaded with the image.  0, or -1 with errno.  Where xenguest was
 * built without libacpi it does nothing.
 */
int acpi_make(struct xc_dom_image *image, unsigned int vcpus);

#endif /* XENGUEST_ACPI_H */
