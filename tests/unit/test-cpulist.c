/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Lists of CPUs: what is one, and which CPUs it names.
 */

#include <string.h>

#include "unit.h"
#include "xenguest/cpulist.h"

struct row {
    const char *list;
    uint8_t map[2];              /* of 12 CPUs; all zero: refused            */
    const char *why;
};

#define MALFORMED(list) "cpus: " list ": not a list such as 0-3,6"

static const struct row rows[] = {
    { "0", { 0x01 }, NULL },
    { "0-1", { 0x03 }, NULL },
    { "0-1,4", { 0x13 }, NULL },
    { "4,0-1", { 0x13 }, NULL },
    { "7-8", { 0x80, 0x01 }, NULL },
    { "11", { 0x00, 0x08 }, NULL },
    { "0-11", { 0xff, 0x0f }, NULL },
    { "3,3,2-4", { 0x1c }, NULL },
    { "5-5", { 0x20 }, NULL },
    { "12", { 0 }, "cpus: 12: CPU 12: the highest of this host is 11" },
    { "0-12", { 0 }, "cpus: 0-12: CPU 12: the highest of this host is 11" },
    { "99999999999999999999", { 0 }, "cpus: 99999999999999999999: CPU "
      "18446744073709551615: the highest of this host is 11" },
    { "", { 0 }, MALFORMED("") },
    { "a", { 0 }, MALFORMED("a") },
    { "1,", { 0 }, MALFORMED("1,") },
    { ",1", { 0 }, MALFORMED(",1") },
    { "1,,2", { 0 }, MALFORMED("1,,2") },
    { "1-", { 0 }, MALFORMED("1-") },
    { "-1", { 0 }, MALFORMED("-1") },
    { "2-1", { 0 }, MALFORMED("2-1") },
    { "1-2-3", { 0 }, MALFORMED("1-2-3") },
    { "1 2", { 0 }, MALFORMED("1 2") },
    { " 1", { 0 }, MALFORMED(" 1") },
    { "+1", { 0 }, MALFORMED("+1") },
    { "^1", { 0 }, MALFORMED("^1") },
};

static void lists_name_their_cpus(void)
{
    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        const struct row *row = &rows[i];
        uint8_t map[3] = { 0xff, 0xff, 0xa5 };
        char why[128] = "";
        int rc = cpulist_read(row->list, map, 12, why, sizeof(why));

        UNIT_EQUAL(row->list, rc, row->why ? -1 : 0);
        UNIT_TEXT(row->list, why, row->why ? row->why : "");
        UNIT_EQUAL(row->list, map[2], 0xa5);
        if ( row->why )
            continue;
        UNIT_EQUAL(row->list, map[0], row->map[0]);
        UNIT_EQUAL(row->list, map[1], row->map[1]);
    }
}

static const struct unit_test tests[] = {
    { "lists name their CPUs", lists_name_their_cpus },
    { NULL, NULL },
};

static const struct unit_suite suites[] = {
    { "cpulist", NULL, NULL, tests },
    { NULL, NULL, NULL, NULL },
};

int main(void)
{
    return unit_main("cpulist", suites);
}
