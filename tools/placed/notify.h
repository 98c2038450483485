/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Telling who started the daemon that it answers, as systemd wants it of a
 * unit of Type=notify: see sd_notify(3).
 */

#ifndef XENNUMA_PLACED_NOTIFY_H
#define XENNUMA_PLACED_NOTIFY_H

/* Without NOTIFY_SOCKET nobody waits.  -1 with errno if it cannot be told. */
int notify_ready(void);

#endif /* XENNUMA_PLACED_NOTIFY_H */
