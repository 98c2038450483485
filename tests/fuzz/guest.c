/* SPDX-License-Identifier: LGPL-2.1-only */
/* See guest.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

struct guest guest;

void guest_begin(void)
{
    memcpy(guest.before, guest.memory, sizeof(guest.before));
    memset(guest.fetched, 0, sizeof(guest.fetched));
    memset(guest.written, 0, sizeof(guest.written));
    guest.faulted = false;
    guest.first = GUEST_SIZE;
    guest.end = 0;
}

static bool inside(uint64_t address, uint64_t len, unsigned long end)
{
    uint64_t offset = address - GUEST_START;

    return !len || (address >= GUEST_START && offset <= end &&
                    len <= end - offset);
}

static unsigned long least(unsigned long a, unsigned long b)
{
    return a < b ? a : b;
}

bool guest_readable(uint64_t address, uint64_t len)
{
    return inside(address, len, least(guest.no_read, GUEST_SIZE));
}

bool guest_writable(uint64_t address, uint64_t len)
{
    return inside(address, len, least(guest.no_write, GUEST_SIZE));
}

unsigned long guest_read(void *to, uint64_t address, unsigned long len)
{
    uint8_t *byte = to;
    uint64_t offset;

    for ( ; len && guest_readable(address, 1); address++, len-- )
    {
        offset = address - GUEST_START;
        if ( guest.fetched[offset] && !guest.may_share )
        {
            fprintf(stderr, "byte %#lx is fetched twice\n",
                    (unsigned long)offset);
            abort();
        }
        guest.fetched[offset] = true;
        *byte++ = guest.memory[offset];
    }
    /* As Xen has it: what could not be read is not left as it was. */
    memset(byte, 0, len);

    return len;
}

unsigned long guest_write(uint64_t address, const void *from,
                          unsigned long len)
{
    const uint8_t *byte = from;

    uint64_t offset;

    for ( ; len && guest_writable(address, 1); address++, len-- )
    {
        offset = address - GUEST_START;
        guest.memory[offset] = *byte++;
        guest.written[offset] = true;
        if ( offset < guest.first )
            guest.first = offset;
        if ( offset >= guest.end )
            guest.end = offset + 1;
    }
    guest.faulted |= len;

    return len;
}
