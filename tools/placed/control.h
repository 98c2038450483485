/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The control socket: who may connect, and how many.
 */

#ifndef PLACED_CONTROL_H
#define PLACED_CONTROL_H

struct placed;

/* Serve clients that connect to a listening socket.  0, or -1 with errno. */
int control_start(struct placed *placed, int fd);

#endif /* PLACED_CONTROL_H */
