/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * xenopsd's choice against what its own modules answered: one test for each
 * recorded host, on which counters run on from request to request.
 */

#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "sim/xenopsd.h"
#include "unit.h"

#define MAX_HOSTS    60u
#define MAX_REQUESTS 50u

struct asked {
    uint64_t need_kib;
    uint32_t vcpus;
    uint32_t cores;
    uint64_t free_kib[PLACE_MAX_NODES];
    uint64_t answer;
};

struct recorded {
    char fact[64];
    struct place_host host;
    unsigned int nr;
    struct asked asked[MAX_REQUESTS];
};

static struct recorded *hosts;
static unsigned int nr_hosts;

/* Number of nodes, CPUs and cores of each; a line of distances for each. */
static void read_host(FILE *file, const char *text, struct recorded *recorded)
{
    uint64_t values[PLACE_MAX_NODES] = { 0 };
    char line[GOLDEN_LINE];

    golden_numbers(&text, values, 3);
    recorded->host.nr_nodes = values[0];
    snprintf(recorded->fact, sizeof(recorded->fact),
             "host %u: %u nodes of %u CPUs", nr_hosts,
             (unsigned int)values[0], (unsigned int)values[1]);
    for ( unsigned int i = 0; i < recorded->host.nr_nodes; i++ )
    {
        recorded->host.nodes[i].online = true;
        recorded->host.nodes[i].cpus = values[1];
        recorded->host.nodes[i].cores = values[2];
    }
    for ( unsigned int i = 0; i < recorded->host.nr_nodes; i++ )
    {
        text = golden_line(file, line) ? line : "";
        golden_numbers(&text, values, recorded->host.nr_nodes);
        for ( unsigned int j = 0; j < recorded->host.nr_nodes; j++ )
            recorded->host.nodes[i].distances[j] = values[j];
    }
}

static void read_request(const char *text, struct asked *asked)
{
    uint64_t values[PLACE_MAX_NODES];
    unsigned int nr;

    golden_numbers(&text, values, 3);
    asked->need_kib = values[0];
    asked->vcpus = values[1];
    asked->cores = values[2];
    golden_numbers(&text, asked->free_kib, PLACE_MAX_NODES);
    nr = golden_numbers(&text, values, PLACE_MAX_NODES);
    for ( unsigned int i = 0; i < nr; i++ )
        asked->answer |= UINT64_C(1) << values[i];
}

static void read_all(FILE *file)
{
    char line[GOLDEN_LINE];

    while ( golden_line(file, line) )
    {
        struct recorded *recorded = hosts + nr_hosts - 1;
        const char *text = line;

        if ( golden_word(&text, "host") && nr_hosts < MAX_HOSTS )
            read_host(file, text, &hosts[nr_hosts++]);
        else if ( golden_word(&text, "req") && nr_hosts &&
                  recorded->nr < MAX_REQUESTS )
            read_request(text, &recorded->asked[recorded->nr++]);
    }
}

static void all_were_read(void)
{
    unsigned int requests = 0, answers = 0;

    for ( unsigned int i = 0; i < nr_hosts; i++ )
        for ( unsigned int j = 0; j < hosts[i].nr; j++, requests++ )
            answers += hosts[i].asked[j].answer != 0;

    UNIT_EQUAL("recorded", nr_hosts, 60);
    UNIT_EQUAL("recorded", requests, 3000);
    UNIT_EQUAL("recorded, with a set", answers, 2269);
}

static const char *host_fact(unsigned int row)
{
    return row < nr_hosts ? hosts[row].fact : NULL;
}

static void host_answers(unsigned int row)
{
    const struct recorded *recorded = &hosts[row];
    struct sim_xenopsd *xenopsd = sim_xenopsd_make(&recorded->host);

    for ( unsigned int i = 0; i < recorded->nr; i++ )
    {
        const struct asked *asked = &recorded->asked[i];
        uint64_t set = sim_xenopsd_pick(xenopsd, UINT64_MAX, asked->free_kib,
                                        asked->need_kib, asked->vcpus,
                                        asked->cores);
        char request[32];

        snprintf(request, sizeof(request), "request %u", i);
        UNIT_EQUAL(request, set, asked->answer);
    }

    sim_xenopsd_free(xenopsd);
}

static const struct unit_test reading[] = {
    { "60 hosts and 3000 requests were recorded", all_were_read },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "recorded answers", NULL, NULL, reading, host_fact, host_answers },
        { NULL, NULL, NULL, NULL, NULL, NULL }
    };
    const char *name = SIM_DATA "/xenopsd-golden.txt";
    FILE *file = fopen(name, "r");
    int rc;

    hosts = calloc(MAX_HOSTS, sizeof(*hosts));
    if ( !file || !hosts )
    {
        perror(name);
        return 1;
    }

    read_all(file);
    fclose(file);
    rc = unit_main("sim-xenopsd", suites);
    free(hosts);

    return rc;
}
