/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The codes of faults, their names and numbers.
 *
 * Names are the interface: numbers below -32000 are JSON-RPC's, the others
 * only tell one fault from another.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "text.h"

static const struct {
    const char *name;
    int number;
} codes[FAULT_NR_CODES] = {
    [FAULT_PARSE] = { "parse-error", -32700 },
    [FAULT_REQUEST] = { "invalid-request", -32600 },
    [FAULT_METHOD] = { "unknown-method", -32601 },
    [FAULT_PARAMS] = { "invalid-params", -32602 },
    [FAULT_INTERNAL] = { "internal", -32603 },
    [FAULT_NO_SPACE] = { "no-space", 1 },
    [FAULT_NO_DOMAIN] = { "no-domain", 2 },
    [FAULT_NO_NODE_CLAIMS] = { "no-node-claims", 3 },
    [FAULT_NOT_PERMITTED] = { "not-permitted", 4 },
    [FAULT_TOO_BUSY] = { "too-busy", 5 },
    [FAULT_TIMEOUT] = { "timeout", 6 },
};

int fault_set(struct fault *fault, enum fault_code code, const char *format,
              ...)
{
    va_list args;

    fault->code = code;
    va_start(args, format);
    vsnprintf(fault->text, sizeof(fault->text), format, args);
    va_end(args);
    /* Whoever shows it need not think of what a peer put into it. */
    text_line(fault->text);

    return -1;
}

const char *fault_name(enum fault_code code)
{
    return codes[code].name;
}

int fault_number(enum fault_code code)
{
    return codes[code].number;
}

int fault_parse(const char *name, enum fault_code *code)
{
    for ( unsigned int i = 0; i < FAULT_NR_CODES; i++ )
        if ( !strcmp(name, codes[i].name) )
        {
            *code = i;
            return 0;
        }

    return -1;
}
