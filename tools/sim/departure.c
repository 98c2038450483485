/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The heap.  It holds a permutation of all places for tenants: those behind
 * its end are free, so a place is found, and given back, at no cost.
 */

#include <stdlib.h>

#include "departure.h"

#define FIRST_ROOM 64u

struct departure {
    uint64_t at_us;
    size_t place;
};

void departures_begin(struct departures *departures)
{
    *departures = (struct departures){ 0 };
}

void departures_dispose(struct departures *departures)
{
    free(departures->heap);
    free(departures->tenants);
    departures_begin(departures);
}

/* Of two at the same time any order will do, but always the same one. */
static bool before(const struct departure *a, const struct departure *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->place < b->place;
}

static void swap(struct departure *a, struct departure *b)
{
    struct departure kept = *a;

    *a = *b;
    *b = kept;
}

static int grow(struct departures *departures)
{
    size_t room = departures->room ? 2 * departures->room : FIRST_ROOM;
    void *heap, *tenants;

    heap = realloc(departures->heap, room * sizeof(*departures->heap));
    if ( !heap )
        return -1;
    departures->heap = heap;
    tenants = realloc(departures->tenants,
                      room * sizeof(*departures->tenants));
    if ( !tenants )
        return -1;
    departures->tenants = tenants;
    for ( size_t i = departures->room; i < room; i++ )
        departures->heap[i].place = i;
    departures->room = room;

    return 0;
}

int departures_add(struct departures *departures, uint64_t at_us,
                   const struct tenant *tenant)
{
    struct departure *heap;
    size_t i;

    if ( departures->nr == departures->room && grow(departures) )
        return -1;
    heap = departures->heap;
    i = departures->nr++;
    heap[i].at_us = at_us;
    departures->tenants[heap[i].place] = *tenant;
    for ( ; i && before(&heap[i], &heap[(i - 1) / 2]); i = (i - 1) / 2 )
        swap(&heap[i], &heap[(i - 1) / 2]);

    return 0;
}

uint64_t departures_next(const struct departures *departures)
{
    return departures->nr ? departures->heap[0].at_us : UINT64_MAX;
}

const struct tenant *departures_pop(struct departures *departures)
{
    struct departure *heap = departures->heap;
    size_t nr = --departures->nr;

    swap(&heap[0], &heap[nr]);
    for ( size_t i = 0; 2 * i + 1 < nr; )
    {
        size_t child = 2 * i + 1;

        if ( child + 1 < nr && before(&heap[child + 1], &heap[child]) )
            child++;
        if ( !before(&heap[child], &heap[i]) )
            break;
        swap(&heap[i], &heap[child]);
        i = child;
    }

    return &departures->tenants[heap[nr].place];
}
