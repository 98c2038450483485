/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Hand-over records: what was read is within bounds and sums up, and reads
 * the same when it is written again.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "agree.h"
#include "fuzz.h"
#include "wire/field.h"
#include "wire/record.h"

static void check_bounds(const struct record *record)
{
    uint64_t sum = 0, seen = 0;

    FUZZ_HOLDS(record->domid >= 1 && record->domid < 0x7ff0);
    FUZZ_HOLDS(record->unique_id && record->name[0] && record->type[0]);
    FUZZ_HOLDS(record->vcpus >= 1 && record->vcpus <= RECORD_MAX_VCPUS);
    FUZZ_HOLDS(record->kernel && record->kernel[0]);
    FUZZ_HOLDS(record->home_node < RECORD_MAX_NODES);
    FUZZ_HOLDS(record->nr_shares >= 1 &&
               record->nr_shares <= RECORD_MAX_NODES);
    for ( unsigned int i = 0; i < record->nr_shares; i++ )
    {
        FUZZ_HOLDS(record->shares[i].node < RECORD_MAX_NODES);
        FUZZ_HOLDS(record->shares[i].pages);
        FUZZ_HOLDS(!(seen >> record->shares[i].node & 1));
        seen |= UINT64_C(1) << record->shares[i].node;
        sum += record->shares[i].pages;
    }
    FUZZ_HOLDS(sum == record->memory_pages);
}

static void check(const struct record *record, const char *came)
{
    char why[FUZZ_WHY] = "", *text = record_write(record), *again;
    struct json_object *first, *second;
    struct record same;

    check_bounds(record);
    FUZZ_HOLDS(text || errno == E2BIG);
    if ( !text )
        return;
    FUZZ_HOLDS(!strchr(text, '\n') && strlen(text) <= RECORD_MAX_BYTES);
    if ( record_read(&same, text, strlen(text), why, sizeof(why)) )
        fuzz_wrong("%s: %s", why, text);
    again = record_write(&same);
    FUZZ_HOLDS(again);
    first = field_parse(came, strlen(came), why, sizeof(why));
    second = field_parse(again, strlen(again), why, sizeof(why));
    fuzz_agree(second, first, "");
    json_object_put(first);
    json_object_put(second);
    fuzz_same(again, text);
    free(again);
    free(text);
    record_dispose(&same);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = fuzz_text(bytes, size);
    struct record record;
    char why[FUZZ_WHY] = "";

    if ( record_read(&record, text, size, why, sizeof(why)) )
    {
        fuzz_told(why, NULL);
        FUZZ_HOLDS(!record.kernel && !record.ramdisk && !record.cmdline &&
                   !record.cpus && !record.nr_shares);
    }
    else
        check(&record, text);
    record_dispose(&record);
    free(text);

    return 0;
}
