/* SPDX-License-Identifier: LGPL-2.1-only */

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "notify.h"

int notify_ready(void)
{
    static const char ready[] = "READY=1";
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *path = getenv("NOTIFY_SOCKET");
    ssize_t sent;
    int fd;

    if ( !path || !*path )
        return 0;
    if ( strlen(path) >= sizeof(address.sun_path) )
    {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    /* A name without a file. */
    if ( *path == '@' )
        address.sun_path[0] = '\0';

    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if ( fd < 0 )
        return -1;
    sent = sendto(fd, ready, strlen(ready), MSG_NOSIGNAL,
                  (struct sockaddr *)&address,
                  offsetof(struct sockaddr_un, sun_path) + strlen(path));
    close(fd);

    return sent < 0 ? -1 : 0;
}
