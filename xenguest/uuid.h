/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain's uuid, which Xen calls its handle.
 */

#ifndef XENGUEST_UUID_H
#define XENGUEST_UUID_H

#include <stdint.h>

/* The 16 bytes as text, in lower case; room for RECORD_UUID_MAX. */
void uuid_text(char *text, const uint8_t *handle);

#endif /* XENGUEST_UUID_H */
