/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Which chunks of 2 MiB and 1 GiB a plan promises.
 *
 * A node can promise them as long as it has, of each size, as many as are
 * claimed, one of 1 GiB counted as 512 of 2 MiB, and the pages: so it is in
 * the hypervisor, and nothing else matters there.
 */

#include "view.h"

/* Of a 1 GiB chunk. */
#define SMALL_OF_LARGE (PLACE_CHUNK_PAGES(1) / PLACE_CHUNK_PAGES(0))

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* What a node can promise of a share that it holds. */
static void promise(const struct place_view *view, unsigned int node,
                    uint64_t pages, uint64_t chunks[PLACE_LEVELS])
{
    uint64_t left = view->chunks[0][node];

    chunks[1] = view->request->chunk_order < PLACE_CHUNK_ORDER(1) ? 0
                : lesser(pages / PLACE_CHUNK_PAGES(1),
                         lesser(view->chunks[1][node], left / SMALL_OF_LARGE));
    pages -= chunks[1] * PLACE_CHUNK_PAGES(1);
    left -= chunks[1] * SMALL_OF_LARGE;
    chunks[0] = lesser(pages / PLACE_CHUNK_PAGES(0), left);
}

bool place_chunks_suffice(const struct place_view *view, unsigned int node)
{
    uint64_t pages = view->request->guest_pages, chunks[PLACE_LEVELS];

    if ( view->request->chunks != PLACE_CHUNKS_REQUIRED )
        return true;
    promise(view, node, pages, chunks);
    if ( view->request->chunk_order == PLACE_CHUNK_ORDER(1) )
    {
        if ( chunks[1] < pages / PLACE_CHUNK_PAGES(1) )
            return false;
        pages %= PLACE_CHUNK_PAGES(1);
    }

    return chunks[0] == pages / PLACE_CHUNK_PAGES(0);
}

/* The largest share, in whole chunks of 2 MiB, that a node can promise. */
static uint64_t room(const struct place_view *view, unsigned int node)
{
    uint64_t chunks = lesser(view->pages[node] / PLACE_CHUNK_PAGES(0),
                             view->chunks[0][node]);

    if ( view->request->chunk_order == PLACE_CHUNK_ORDER(1) )
        chunks = lesser(chunks, view->chunks[1][node] * SMALL_OF_LARGE +
                                SMALL_OF_LARGE - 1);

    return chunks * PLACE_CHUNK_PAGES(0);
}

void place_chunks_limit(struct place_view *view)
{
    if ( view->request->chunks != PLACE_CHUNKS_REQUIRED )
        return;
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        view->pages[i] = room(view, i);
}

void place_chunks_promise(const struct place_view *view,
                          struct place_plan *plan)
{
    if ( view->request->chunks == PLACE_NO_CHUNKS )
        return;
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        uint64_t chunks[PLACE_LEVELS];

        promise(view, i, plan->pages[i], chunks);
        for ( unsigned int level = 0; level < PLACE_LEVELS; level++ )
            plan->chunks[level][i] = chunks[level];
    }
}
