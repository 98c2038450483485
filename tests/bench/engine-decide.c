/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a decision of the engine costs, on made-up hosts that are partly full.
 *
 * usage: engine-decide WHAT NODES NR [--dumps]
 * WHAT is single (domains that one node holds), span (more memory than that),
 * set (more vCPUs than a node has cores) or capacity (how many more fit);
 * after "why-", what explaining the answer costs beyond it, also for refused,
 * requests that fit nowhere.
 * Prints the times of NR decisions, in ns, a line each.  With --dumps, under
 * callgrind, each decision is a dump of its own instead.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <valgrind/callgrind.h>

#include "place/capacity.h"
#include "place/place.h"
#include "place/why.h"

#define GIB   (UINT64_C(1) << 18)
#define NODE  (256 * GIB)
#define CORES 32u

static uint64_t state = 1;

static uint32_t below(uint32_t bound)
{
    state = state * UINT64_C(6364136223846793005) +
            UINT64_C(1442695040888963407);

    return (state >> 33) % bound;
}

/* Sockets of 4 nodes, boards of 4 sockets. */
static uint32_t distance(unsigned int a, unsigned int b)
{
    return a == b ? 10 : a / 4 == b / 4 ? 12 : a / 16 == b / 16 ? 21 : 32;
}

static void make_host(struct place_host *host, unsigned int nr)
{
    memset(host, 0, sizeof(*host));
    host->nr_nodes = nr;
    for ( unsigned int i = 0; i < nr; i++ )
    {
        struct place_node *node = &host->nodes[i];

        node->online = true;
        node->present_pages = NODE;
        node->free_pages = below(257) * GIB;
        node->cores = node->cpus = CORES;
        node->vcpus = below(2 * CORES);
        for ( unsigned int j = 0; j < nr; j++ )
            node->distances[j] = distance(i, j);
    }
}

/* For one node, of some, on a host that is claimed in part. */
static void make_refused(struct place_request *request,
                         struct place_host *host)
{
    request->guest_pages = (257 + below(256)) * GIB;
    request->policy = PLACE_STRICT;
    request->nodes = below(2);
    host->host_claimed_pages = below(2) * NODE;
}

static void make_request(struct place_request *request,
                         struct place_host *host, const char *what)
{
    memset(request, 0, sizeof(*request));
    request->policy = PLACE_PREFERRED;
    request->vcpus = 1u << (1 + below(5));
    request->guest_pages = request->vcpus * GIB << (1 + below(3));
    if ( !strcmp(what, "span") )
        request->guest_pages = (257 + below(256)) * GIB;
    if ( !strcmp(what, "set") )
        request->vcpus = CORES * (2 + below(5));
    if ( !strcmp(what, "refused") )
        make_refused(request, host);
    request->overhead_pages = place_request_overhead(request->guest_pages,
                                                     request->vcpus, true);
}

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);

    return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

/* A question, and the answer to it. */
struct question {
    const char *what;
    bool why;
    struct place_host host;
    struct place_request request;
    struct place_plan plan;
    struct place_reason reason;
    bool refused;
};

static void answer(struct question *question)
{
    question->refused = place(&question->host, NULL, &question->request,
                              &question->plan, &question->reason);
}

static void decide(struct question *question)
{
    const struct place_sample sample = { .request = question->request };
    struct place_capacity capacity;
    struct place_why why;

    if ( question->why )
        place_why(&question->host, NULL, &question->request, true,
                  question->refused ? NULL : &question->plan,
                  &question->reason, &why);
    else if ( !strcmp(question->what, "capacity") )
        place_capacity(&question->host, NULL, &sample, NULL, &capacity);
    else
        answer(question);
}

static void measure(struct question *question, bool dumps)
{
    uint64_t start;

    if ( question->why )
        answer(question);
    start = now();
    if ( dumps )
    {
        CALLGRIND_TOGGLE_COLLECT;
        decide(question);
        CALLGRIND_TOGGLE_COLLECT;
        CALLGRIND_DUMP_STATS_AT("decision/1");
    }
    else
    {
        decide(question);
        printf("%llu\n", (unsigned long long)(now() - start));
    }
}

int main(int argc, char **argv)
{
    static const char *const known[] = {
        "single", "span", "set", "capacity", "why-single", "why-span",
        "why-set", "why-refused",
    };
    static struct question question;
    bool found = false;
    unsigned long nodes, nr;

    for ( size_t i = 0; argc > 1 && i < sizeof(known) / sizeof(known[0]);
          i++ )
        found |= !strcmp(argv[1], known[i]);
    nodes = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    nr = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    if ( !found || nodes < 1 || nodes > PLACE_MAX_NODES || nr < 1 )
    {
        fprintf(stderr, "usage: engine-decide [why-]single|span|set|capacity|"
                "refused NODES NR [--dumps]\n");
        return 2;
    }

    question.why = !strncmp(argv[1], "why-", 4);
    question.what = argv[1] + (question.why ? 4 : 0);
    while ( nr-- )
    {
        make_host(&question.host, nodes);
        make_request(&question.request, &question.host, question.what);
        measure(&question, argc > 4);
    }

    return 0;
}
