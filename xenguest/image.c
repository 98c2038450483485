/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Looking at kernel and ramdisk: see image.h.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"

/* Up to the header of a Linux bzImage and its mark. */
#define HEAD_SIZE     0x206
#define HEAD_BZIMAGE  0x202

static int refuse(const char *what, const char *path, const char *reason,
                  char *why, size_t why_size)
{
    snprintf(why, why_size, "%s: %.300s: %s", what, path, reason);

    return -1;
}

/* The file's first bytes; the rest of head is zero. */
static int read_head(const char *what, const char *path, uint8_t *head,
                     char *why, size_t why_size)
{
    struct stat status;
    ssize_t got = -1;
    int rc = -1, fd;

    memset(head, 0, HEAD_SIZE);
    /* A FIFO must not hold the builder up. */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if ( fd < 0 || fstat(fd, &status) )
        refuse(what, path, strerror(errno), why, why_size);
    else if ( !S_ISREG(status.st_mode) )
        refuse(what, path, "not a regular file", why, why_size);
    else if ( (got = read(fd, head, HEAD_SIZE)) < 0 )
        refuse(what, path, strerror(errno), why, why_size);
    else if ( !got )
        refuse(what, path, "the file is empty", why, why_size);
    else
        rc = 0;
    if ( fd >= 0 )
        close(fd);

    return rc;
}

int image_check(const char *what, const char *path, char *why,
                size_t why_size)
{
    uint8_t head[HEAD_SIZE];

    return read_head(what, path, head, why, why_size);
}

int image_check_kernel(const char *path, char *why, size_t why_size)
{
    uint8_t head[HEAD_SIZE];

    if ( read_head("kernel", path, head, why, why_size) )
        return -1;
    if ( !memcmp(head, "\177ELF", 4) || !memcmp(head, "\037\213", 2) ||
         !memcmp(head + HEAD_BZIMAGE, "HdrS", 4) )
        return 0;

    return refuse("kernel", path,
                  "not a kernel: neither an ELF file nor a bzImage", why,
                  why_size);
}
