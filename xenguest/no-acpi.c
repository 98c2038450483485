/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Built without libacpi: a domain gets no ACPI tables.
 */

#include "acpi.h"

int acpi_make(struct xc_dom_image *image, unsigned int vcpus)
{
    (void)image;
    (void)vcpus;

    return 0;
}
