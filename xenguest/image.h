/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The files that a domain starts from, looked at before anything is done for
 * it: whether they are there, and whether a kernel looks like one.  What a
 * kernel really is only libxenguest decides.
 */

#ifndef XENGUEST_IMAGE_H
#define XENGUEST_IMAGE_H

#include <stddef.h>

/*
 * what is "kernel" or "ramdisk", for the message.  0, or -1 with a message
 * for people in why: not there, no regular file, empty, cannot be read.
 */
int image_check(const char *what, const char *path, char *why,
                size_t why_size);

/* Likewise, and it is ELF, bzImage, or compressed by gzip. */
int image_check_kernel(const char *path, char *why, size_t why_size);

#endif /* XENGUEST_IMAGE_H */
