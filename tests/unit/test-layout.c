/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * How shares of nodes become ranges of guest memory around the hole: a table
 * with all ranges written out, and what holds for any shares.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "xenguest/layout.h"

/* Sizes in the table are pages; these make them readable. */
#define MIB(n) ((n) * UINT64_C(256))
#define GIB(n) MIB((n) * UINT64_C(1024))
#define HIGH   LAYOUT_HOLE_END

struct row {
    const char *fact;
    unsigned int nr_shares;
    struct record_share shares[4];
    unsigned int home_node;
    unsigned int nr_ranges;
    struct layout_range ranges[8];
};

static const struct row rows[] = {
    { "one node, below the hole", 1, { { 2, MIB(256) } }, 2,
      1, { { 0, MIB(256), 0 } } },
    { "one page", 1, { { 0, 1 } }, 0, 1, { { 0, 1, 0 } } },
    { "one node, up to the hole", 1, { { 0, MIB(4032) } }, 0,
      1, { { 0, MIB(4032), 0 } } },
    { "one node, one page beyond the hole", 1, { { 0, MIB(4032) + 1 } }, 0,
      2, { { 0, MIB(4032), 0 }, { HIGH, 1, 0 } } },
    { "one node, the hole is left out", 1, { { 0, GIB(6) } }, 0,
      2, { { 0, MIB(4032), 0 }, { HIGH, MIB(2112), 0 } } },
    { "two nodes, one after the other", 2,
      { { 0, MIB(100) }, { 1, MIB(156) } }, 0,
      2, { { 0, MIB(100), 0 }, { MIB(100), MIB(156), 1 } } },
    { "the home node first", 2, { { 0, MIB(100) }, { 1, MIB(156) } }, 1,
      2, { { 0, MIB(156), 1 }, { MIB(156), MIB(100), 0 } } },
    { "a home node without memory changes nothing", 2,
      { { 0, MIB(100) }, { 1, MIB(156) } }, 7,
      2, { { 0, MIB(100), 0 }, { MIB(100), MIB(156), 1 } } },
    { "odd pages go to the end, none changes its node", 2,
      { { 0, 1000 }, { 1, 1048 } }, 0,
      4, { { 0, 512, 0 }, { 512, 1024, 1 }, { 1536, 488, 0 },
           { 2024, 24, 1 } } },
    { "no chunk in common: single pages only", 2,
      { { 0, 500 }, { 1, 12 } }, 0,
      2, { { 0, 500, 0 }, { 500, 12, 1 } } },
    { "1 GiB chunks before 2 MiB chunks", 2,
      { { 0, MIB(1536) }, { 1, MIB(1536) } }, 0,
      4, { { 0, GIB(1), 0 }, { GIB(1), GIB(1), 1 },
           { GIB(2), MIB(512), 0 }, { MIB(2560), MIB(512), 1 } } },
    { "what is left of 1 GiB below the hole is filled by 2 MiB", 2,
      { { 0, GIB(3) }, { 1, GIB(3) } }, 0,
      3, { { 0, GIB(3), 0 }, { HIGH, MIB(2112), 1 },
           { GIB(3), MIB(960), 1 } } },
    { "node 63 is a node", 1, { { 63, MIB(4) } }, 63,
      1, { { 0, MIB(4), 0 } } },
};

static void ranges_are_as_expected(void)
{
    struct layout layout;

    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        const struct row *row = &rows[i];

        layout_make(&layout, row->shares, row->nr_shares, row->home_node);
        UNIT_EQUAL(row->fact, layout.nr_ranges, row->nr_ranges);
        for ( unsigned int r = 0;
              r < row->nr_ranges && r < layout.nr_ranges; r++ )
        {
            UNIT_EQUAL(row->fact, layout.ranges[r].first,
                       row->ranges[r].first);
            UNIT_EQUAL(row->fact, layout.ranges[r].pages,
                       row->ranges[r].pages);
            UNIT_EQUAL(row->fact, layout.ranges[r].share,
                       row->ranges[r].share);
        }
    }
}

static int by_first(const void *a, const void *b)
{
    const struct layout_range *one = a, *other = b;

    return one->first < other->first ? -1 : one->first > other->first;
}

/* Ranges cover [0, low) and [4 GiB, + high) once. */
static void check_cover(const char *row, const struct layout *layout,
                        uint64_t total)
{
    struct layout_range sorted[LAYOUT_MAX_RANGES];
    uint64_t next = 0;

    UNIT_EQUAL(row, layout->low_pages + layout->high_pages, total);
    UNIT_TRUE(row, layout->low_pages <= LAYOUT_HOLE_FIRST);
    UNIT_TRUE(row, !layout->high_pages ||
                   layout->low_pages == LAYOUT_HOLE_FIRST);
    memcpy(sorted, layout->ranges, sizeof(sorted));
    qsort(sorted, layout->nr_ranges, sizeof(sorted[0]), by_first);
    for ( unsigned int i = 0; i < layout->nr_ranges; i++ )
    {
        if ( next == LAYOUT_HOLE_FIRST && layout->high_pages )
            next = LAYOUT_HOLE_END;
        UNIT_EQUAL(row, sorted[i].first, next);
        UNIT_TRUE(row, sorted[i].pages > 0);
        next += sorted[i].pages;
    }
    UNIT_EQUAL(row, next, layout->high_pages
                          ? LAYOUT_HOLE_END + layout->high_pages
                          : layout->low_pages);
}

/* Chunks of 2 MiB that can be mapped in a share's ranges. */
static uint64_t count_chunks(const struct layout *layout, unsigned int share)
{
    uint64_t chunks = 0;

    for ( unsigned int i = 0; i < layout->nr_ranges; i++ )
    {
        const struct layout_range *range = &layout->ranges[i];
        uint64_t first = (range->first + 511) / 512;
        uint64_t end = (range->first + range->pages) / 512;

        if ( range->share == share && end > first )
            chunks += end - first;
    }

    return chunks;
}

static uint64_t count_pages(const struct layout *layout, unsigned int share)
{
    uint64_t pages = 0;

    for ( unsigned int i = 0; i < layout->nr_ranges; i++ )
        if ( layout->ranges[i].share == share )
            pages += layout->ranges[i].pages;

    return pages;
}

static uint64_t any(unsigned int *seed, unsigned int shift)
{
    uint64_t value = (uint64_t)rand_r(seed) << 24 ^ rand_r(seed);

    return value >> (shift + rand_r(seed) % 24);
}

static void every_node_gives_its_pages(void)
{
    struct record_share shares[RECORD_MAX_NODES];
    unsigned int seed = 1;
    struct layout layout;
    char row[32];

    for ( unsigned int run = 0; run < 3000; run++ )
    {
        unsigned int nr = run % 8 ? 1u + rand_r(&seed) % 8
                                  : RECORD_MAX_NODES;
        uint64_t total = 0;

        snprintf(row, sizeof(row), "run %u", run);
        for ( unsigned int i = 0; i < nr; i++ )
        {
            shares[i].node = RECORD_MAX_NODES - 1 - i;
            shares[i].pages = 1 + any(&seed, 28);
            if ( rand_r(&seed) % 2 )
                shares[i].pages *= 512;
            total += shares[i].pages;
        }
        layout_make(&layout, shares, nr,
                    RECORD_MAX_NODES - 1 - rand_r(&seed) % nr);
        UNIT_TRUE(row, layout.nr_ranges <= LAYOUT_MAX_RANGES);
        check_cover(row, &layout, total);
        for ( unsigned int i = 0; i < nr; i++ )
        {
            UNIT_EQUAL(row, count_pages(&layout, i), shares[i].pages);
            UNIT_TRUE(row, count_chunks(&layout, i) >=
                           shares[i].pages / 512);
        }
    }
}

static const struct unit_test layout_tests[] = {
    { "ranges are as expected", ranges_are_as_expected },
    { "every node gives its pages, in as many chunks as it has",
      every_node_gives_its_pages },
    { NULL, NULL },
};

static const struct unit_suite suites[] = {
    { "layout", NULL, NULL, layout_tests },
    { NULL, NULL, NULL, NULL },
};

int main(void)
{
    return unit_main("layout", suites);
}
