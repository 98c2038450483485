/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * uuids as text: see uuid.h.
 */

#include <stdio.h>

#include "uuid.h"
#include "wire/record.h"

void uuid_text(char *text, const uint8_t *h)
{
    snprintf(text, RECORD_UUID_MAX, "%02x%02x%02x%02x-%02x%02x-%02x%02x-"
             "%02x%02x-%02x%02x%02x%02x%02x%02x", h[0], h[1], h[2], h[3],
             h[4], h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13],
             h[14], h[15]);
}
