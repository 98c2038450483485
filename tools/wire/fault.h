/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Why something was refused or failed: a code for programs and one line for
 * people.  Codes are the project's own; errno does not cross the wire.
 */

#ifndef WIRE_FAULT_H
#define WIRE_FAULT_H

#include <stddef.h>

#define FAULT_TEXT_MAX 1024u     /* with the terminating zero */

enum fault_code {
    FAULT_PARSE,                 /* not JSON, or no whole frame              */
    FAULT_REQUEST,               /* JSON, but no request                     */
    FAULT_METHOD,                /* unknown method                           */
    FAULT_PARAMS,                /* of a known method                        */
    FAULT_INTERNAL,
    FAULT_NO_SPACE,              /* fits nowhere                             */
    FAULT_NO_DOMAIN,
    FAULT_NO_NODE_CLAIMS,        /* this Xen lacks them                      */
    FAULT_NOT_PERMITTED,
    FAULT_TOO_BUSY,
    FAULT_TIMEOUT,               /* of the peer                              */
    FAULT_NR_CODES,
};

struct fault {
    enum fault_code code;
    char text[FAULT_TEXT_MAX];
};

/* Returns -1, so that a caller can return what it has to say. */
int fault_set(struct fault *fault, enum fault_code code, const char *format,
              ...) __attribute__((format(printf, 3, 4)));

/* "no-space", and so on; the number is that of JSON-RPC. */
const char *fault_name(enum fault_code code);
int fault_number(enum fault_code code);
/* 0, or -1 for a name that is unknown. */
int fault_parse(const char *name, enum fault_code *code);

#endif /* WIRE_FAULT_H */
