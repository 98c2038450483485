/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Why a call of Xen's libraries failed, taken from what they log.
 *
 * Nothing is printed: of an error the first message is kept, and, for calls
 * that log errors as remarks only, the last remark.
 */

#ifndef XENGUEST_REASON_H
#define XENGUEST_REASON_H

#include <xentoollog.h>

struct reason {
    struct xentoollog_logger logger;     /* first: given to the libraries    */
    char error[256];
    char remark[256];
};

void reason_init(struct reason *reason);

/* Forget what was logged; before a call. */
void reason_clear(struct reason *reason);

/* What was logged, or else the text of errnum.  Valid until the next call. */
const char *reason_text(const struct reason *reason, int errnum);

#endif /* XENGUEST_REASON_H */
