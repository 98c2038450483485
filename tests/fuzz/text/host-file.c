/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Hosts for the simulator: what was read makes sense, and written it reads
 * back as the same.
 */

#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "sim/sim-host.h"

static void check(const struct sim_host *host)
{
    const struct place_host *place = &host->place;
    uint64_t pages = 0, cpus = 0;

    FUZZ_HOLDS(place->nr_nodes >= 1 && place->nr_nodes <= PLACE_MAX_NODES);
    for ( unsigned int i = 0; i < place->nr_nodes; i++ )
    {
        const struct place_node *node = &place->nodes[i];

        FUZZ_HOLDS(node->online);
        FUZZ_HOLDS(node->present_pages <= PLACE_MAX_PAGES);
        FUZZ_HOLDS(node->free_pages <= node->present_pages);
        FUZZ_HOLDS(node->cores <= node->cpus);
        FUZZ_HOLDS(node->distances[i] != PLACE_NO_DISTANCE);
        pages += node->free_pages;
        cpus += node->cpus;
    }
    FUZZ_HOLDS(pages && cpus);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct sim_host host, again;
    const char *path = fuzz_file(bytes, size);
    char why[FUZZ_WHY] = "";
    FILE *to;

    errno = 0;
    if ( sim_host_read(path, &host, why, sizeof(why)) )
    {
        FUZZ_HOLDS(errno == EINVAL);
        fuzz_told(why, path);
        return 0;
    }
    FUZZ_HOLDS(!memchr(bytes, 0, size));
    check(&host);

    to = fopen(path, "we");
    FUZZ_HOLDS(to);
    sim_host_write(to, &host);
    FUZZ_HOLDS(!fclose(to));
    if ( sim_host_read(path, &again, why, sizeof(why)) )
        fuzz_wrong("%s: what was written is refused", why);
    FUZZ_HOLDS(!memcmp(&host, &again, sizeof(host)));

    return 0;
}
