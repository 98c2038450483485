/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A model as a host to build on: there are no vCPUs, no kernel and no
 * xenstore, but memory is taken node by node as on a real host.
 */

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include <model.h>

#include "answer.h"
#include "build.h"

/* So many pages at a time, 64 MiB: a build can be met half way. */
#define STEP_PAGES 16384u

static int nothing(struct build *build)
{
    (void)build;

    return 0;
}

static void close_nothing(struct build *build)
{
    (void)build;
}

static int populate(struct build *build, const struct record_share *share,
                    uint64_t *done)
{
    const struct record *record = build->record;
    uint64_t left = share->pages;

    while ( left )
    {
        uint64_t pages = left < STEP_PAGES ? left : STEP_PAGES;

        if ( xennuma_model_populate(build->numa, record->domid, share->node,
                                    pages, true) )
            return build_fail(build, "memory: domain %" PRIu32 ": node %u: "
                              "got %" PRIu64 " of %" PRIu64 " pages: %s",
                              record->domid, share->node, share->pages - left,
                              share->pages, strerror(errno));
        left -= pages;
        *done += pages;
        if ( answer_progress("memory", *done, record->memory_pages) )
            return build_fail(build, "progress: cannot be reported: %s",
                              strerror(errno));
    }

    return 0;
}

static int model_memory(struct build *build)
{
    const struct record *record = build->record;
    uint64_t done = 0;

    for ( unsigned int i = 0; i < record->nr_shares; i++ )
        if ( populate(build, &record->shares[i], &done) )
            return -1;

    return 0;
}

static int model_unpause(struct build *build)
{
    if ( xennuma_model_unpause(build->numa, build->record->domid) )
        return build_fail(build, "domain %" PRIu32 ": cannot be unpaused: %s",
                          build->record->domid, strerror(errno));

    return 0;
}

static const struct build_host host = {
    .open = nothing,
    .close = close_nothing,
    .check = nothing,
    .name = nothing,
    .image = nothing,
    .shell = nothing,
    .memory = model_memory,
    .kernel = nothing,
    .store = nothing,
    .unpause = model_unpause,
    .undo = nothing,
};

const struct build_host *const build_model = &host;
