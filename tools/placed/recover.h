/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a daemon does first: take away what one before it left unfinished.
 */

#ifndef PLACED_RECOVER_H
#define PLACED_RECOVER_H

struct placed;

/* Begin; goes on in the event loop.  0, or -1 with errno. */
int recover_start(struct placed *placed);

#endif /* PLACED_RECOVER_H */
