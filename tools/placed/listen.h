/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The daemon's socket in the file system, and the lock that makes it the
 * only daemon there.
 */

#ifndef PLACED_LISTEN_H
#define PLACED_LISTEN_H

#include <stddef.h>

/*
 * Take PATH.lock, creating the directory (mode 0700) if need be; it is held
 * until the process ends, however it ends, and holds the pid.  0, or -1 with
 * a message in why.
 */
int listen_lock(const char *path, char *why, size_t why_size);

/*
 * Take the host: recovery and owner cookie are those of a host, so it has one
 * daemon, whatever sockets there are.  where is "model:FILE", or NULL for the
 * running Xen; the rest is as above.
 */
int listen_lock_host(const char *where, char *why, size_t why_size);

/*
 * With the lock: take over a stale socket, and listen (mode 0600, non
 * blocking).  The descriptor, or -1 with a message in why.
 */
int listen_socket(const char *path, char *why, size_t why_size);

#endif /* PLACED_LISTEN_H */
