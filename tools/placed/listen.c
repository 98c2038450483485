/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Lock first, socket second: who holds the lock may remove a socket that is
 * there, since nobody listens on it; who does not, touches nothing.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "listen.h"

/* For the running Xen, whatever the socket. */
#define HOST_LOCK XENRUNDIR "/xenplaced/lock"

/* A storm of clients waits here while a decision is made. */
#define BACKLOG 256

static int say(char *why, size_t size, const char *path, const char *text)
{
    snprintf(why, size, "%s: %s", path, text);

    return -1;
}

static int make_directory(const char *path, char *why, size_t why_size)
{
    char *copy = strdup(path), *slash = NULL;
    int rc = 0;

    if ( copy )
        slash = strrchr(copy, '/');
    if ( slash && slash != copy )
    {
        *slash = '\0';
        if ( mkdir(copy, 0700) && errno != EEXIST )
        {
            snprintf(why, why_size, "%s: its directory %s cannot be "
                     "made: %s", path, copy, strerror(errno));
            rc = -1;
        }
    }
    free(copy);

    return rc;
}

static void write_pid(int fd)
{
    if ( ftruncate(fd, 0) == 0 )
        dprintf(fd, "%d\n", getpid());
}

/* -1 with a message that begins with what is locked. */
static int take_lock(const char *lock, const char *what, char *why,
                     size_t why_size)
{
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    char pid[16] = "";
    ssize_t n;

    if ( fd < 0 )
        return say(why, why_size, lock, strerror(errno));
    if ( !flock(fd, LOCK_EX | LOCK_NB) )
    {
        write_pid(fd);
        return 0;
    }

    n = pread(fd, pid, sizeof(pid) - 1, 0);
    pid[n > 0 ? strcspn(pid, "\n") : 0] = '\0';
    snprintf(why, why_size, "%s: another xenplaced (pid %s) has it: stop that "
             "one first", what, pid[0] ? pid : "unknown");
    close(fd);

    return -1;
}

int listen_lock(const char *path, char *why, size_t why_size)
{
    const struct sockaddr_un address;
    char lock[sizeof(address.sun_path) + sizeof(".lock")];
    char what[sizeof(address.sun_path) + sizeof("socket: ")];

    if ( strlen(path) >= sizeof(address.sun_path) )
        return say(why, why_size, path, "longer than 107 bytes: choose a "
                   "shorter path");
    if ( make_directory(path, why, why_size) )
        return -1;
    snprintf(lock, sizeof(lock), "%s.lock", path);
    snprintf(what, sizeof(what), "socket: %s", path);

    return take_lock(lock, what, why, why_size);
}

int listen_lock_host(const char *where, char *why, size_t why_size)
{
    char lock[PATH_MAX];

    if ( !where )
    {
        if ( make_directory(HOST_LOCK, why, why_size) )
            return -1;
        return take_lock(HOST_LOCK, "this host", why, why_size);
    }
    if ( (size_t)snprintf(lock, sizeof(lock), "%s.xenplaced",
                          where + strlen("model:")) >= sizeof(lock) )
        return say(why, why_size, where, strerror(ENAMETOOLONG));

    return take_lock(lock, where, why, why_size);
}

static int remove_stale(const char *path, char *why, size_t why_size)
{
    struct stat stat_buffer;

    if ( lstat(path, &stat_buffer) )
        return errno == ENOENT ? 0 : say(why, why_size, path,
                                         strerror(errno));
    if ( !S_ISSOCK(stat_buffer.st_mode) )
        return say(why, why_size, path, "is there and is no socket: remove "
                   "it, or choose another path");
    if ( unlink(path) )
        return say(why, why_size, path, strerror(errno));

    return 0;
}

int listen_socket(const char *path, char *why, size_t why_size)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    mode_t mask;
    int fd, rc;

    if ( remove_stale(path, why, why_size) )
        return -1;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if ( fd < 0 )
        return say(why, why_size, path, strerror(errno));

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    mask = umask(0177);
    rc = bind(fd, (struct sockaddr *)&address, sizeof(address));
    umask(mask);
    if ( rc || listen(fd, BACKLOG) )
    {
        say(why, why_size, path, strerror(errno));
        close(fd);
        return -1;
    }

    return fd;
}
