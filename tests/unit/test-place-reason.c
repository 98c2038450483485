/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The engine: what it says of what it refused.
 */

#include <errno.h>

#include "place-host.h"
#include "unit.h"

static void refusal_says_what_is_missing(void)
{
    static const unsigned int free_mib[] = { 100, 120 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;
    char text[128], tiny[8];

    make_host(&host, 2, free_mib, 2);
    UNIT_EQUAL("too much", place(&host, NULL, &wanted, &plan, &reason), -1);
    UNIT_EQUAL("too much", reason.missing_pages[0], 156 * MIB);
    UNIT_EQUAL("too much", reason.missing_pages[1], 136 * MIB);
    UNIT_EQUAL("too much", reason.host_missing_pages, 36 * MIB);
    place_reason_text(&reason, &host, text, sizeof(text));
    UNIT_TEXT("text", text, "node 0: 156 MiB short, node 1: 136 MiB short, "
              "all together: 36 MiB short");
    place_reason_text(&reason, &host, tiny, sizeof(tiny));
    UNIT_TEXT("cut off", tiny, "node 0:");
}

/* Of two nodes. */
static const struct refusal {
    const char *fact;
    unsigned int free_mib[2];
    unsigned int cpus[2];
    unsigned int mib;
    unsigned int overhead_mib;
    unsigned int vcpus;
    enum place_policy policy;
    const char *text;
} refusals[] = {
    { "memory", { 100, 120 }, { 4, 4 }, 256, 0, 1, PLACE_STRICT,
      "memory: 256 MiB and 0 MiB overhead: no single node has them, ask for "
      "less or use the policy preferred: node 0: 156 MiB short, "
      "node 1: 136 MiB short, all together: 36 MiB short" },
    { "CPUs only", { 900, 900 }, { 4, 4 }, 256, 1, 6, PLACE_STRICT,
      "vcpus: 6: no single node has so many CPUs, ask for fewer or use the "
      "policy preferred: node 0: only 4 CPUs, node 1: only 4 CPUs" },
    { "CPUs, and memory of one", { 900, 100 }, { 4, 4 }, 256, 0, 6,
      PLACE_STRICT,
      "vcpus: 6: no single node has so many CPUs, ask for fewer or use the "
      "policy preferred: node 0: only 4 CPUs, "
      "node 1: 156 MiB short and only 4 CPUs" },
    { "memory and CPUs", { 100, 200 }, { 4, 4 }, 256, 0, 6, PLACE_STRICT,
      "memory: 256 MiB and 0 MiB overhead: no single node has them, ask for "
      "less or use the policy preferred: "
      "node 0: 156 MiB short and only 4 CPUs, "
      "node 1: 56 MiB short and only 4 CPUs" },
    { "memory here, CPUs there", { 900, 100 }, { 4, 8 }, 256, 2, 6,
      PLACE_STRICT,
      "memory: 256 MiB and 2 MiB overhead, vcpus: 6: no single node has "
      "both, ask for less or use the policy preferred: "
      "node 0: only 4 CPUs, node 1: 158 MiB short" },
    { "all CPUs there are, on a full node", { 900, 100 }, { 0, 4 }, 256, 0, 6,
      PLACE_STRICT,
      "memory: 256 MiB and 0 MiB overhead, vcpus: 6: no single node has "
      "both, ask for less or use the policy preferred: "
      "node 0: only 0 CPUs, node 1: 156 MiB short" },
    { "memory of several", { 100, 120 }, { 4, 4 }, 256, 0, 6, PLACE_PREFERRED,
      "memory: 256 MiB and 0 MiB overhead: the nodes do not have them, ask "
      "for less or destroy other domains: node 0: 156 MiB short, "
      "node 1: 136 MiB short, all together: 36 MiB short" },
    { "overhead", { 200, 200 }, { 4, 4 }, 100, 250, 1, PLACE_PREFERRED,
      "memory: 100 MiB and 250 MiB overhead: no node has the overhead, "
      "which is not split, ask for less or destroy other domains: "
      "node 0: 150 MiB short, node 1: 150 MiB short" },
};

static void refusals_name_what_is_short(void)
{
    for ( size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++ )
    {
        const struct refusal *row = &refusals[i];
        struct place_request wanted = request(row->mib, row->vcpus,
                                              row->policy);
        struct place_reason reason;
        struct place_host host;
        struct place_plan plan;
        char text[512], tiny[8];

        make_host(&host, 2, row->free_mib, 0);
        for ( unsigned int node = 0; node < 2; node++ )
            host.nodes[node].cpus = row->cpus[node];
        wanted.overhead_pages = (uint64_t)row->overhead_mib * MIB;
        UNIT_EQUAL(row->fact, place(&host, NULL, &wanted, &plan, &reason),
                   -1);
        UNIT_EQUAL(row->fact, errno, ENOSPC);
        place_refusal_text(&wanted, &reason, &host, text, sizeof(text));
        UNIT_TEXT(row->fact, text, row->text);
        place_refusal_text(&wanted, &reason, &host, tiny, sizeof(tiny));
        text[7] = '\0';
        UNIT_TEXT(row->fact, tiny, text);
    }
}

static void claims_of_the_host_count(void)
{
    static const unsigned int free_mib[] = { 200, 300 };
    static const enum place_policy policies[] = {
        PLACE_STRICT, PLACE_PREFERRED,
    };
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;
    char text[256];

    make_host(&host, 2, free_mib, 2);
    for ( unsigned int i = 0; i < 2; i++ )
    {
        struct place_request wanted = request(150, 1, policies[i]);

        /* Nodes that are not allowed can hold them as well. */
        wanted.nodes = 1;
        host.host_claimed_pages = 350 * MIB;
        UNIT_EQUAL("just left", place(&host, NULL, &wanted, &plan, NULL), 0);
        host.host_claimed_pages++;
        UNIT_EQUAL("a page more", place(&host, NULL, &wanted, &plan, &reason),
                   -1);
        UNIT_EQUAL("a page more", reason.claimed_missing_pages, 1);
        host.host_claimed_pages = 400 * MIB;
        place(&host, NULL, &wanted, &plan, &reason);
        place_refusal_text(&wanted, &reason, &host, text, sizeof(text));
        UNIT_TEXT("text", text, "memory: 150 MiB and 0 MiB overhead: 50 MiB "
                  "of them are claimed by others, on whatever node: try again "
                  "when those are built, or ask for less: node 0: would do, "
                  "node 1: not asked for");
    }
}

static void a_stated_blocker_removed_means_accepted(void)
{
    static const unsigned int free_mib[] = { 100, 120 };
    struct place_request wanted = request(256, 1, PLACE_STRICT);
    struct place_reason reason;
    struct place_host host;
    struct place_plan plan;

    make_host(&host, 2, free_mib, 2);
    place(&host, NULL, &wanted, &plan, &reason);
    host.nodes[1].free_pages += reason.missing_pages[1] - 1;
    UNIT_EQUAL("a page less", place(&host, NULL, &wanted, &plan, NULL), -1);
    host.nodes[1].free_pages += 1;
    UNIT_EQUAL("removed", place(&host, NULL, &wanted, &plan, NULL), 0);
}

static const struct unit_test reasons[] = {
    { "a refusal says what is missing", refusal_says_what_is_missing },
    { "a refusal names memory, CPUs, or both", refusals_name_what_is_short },
    { "claims of the host as a whole count", claims_of_the_host_count },
    { "a stated blocker removed means accepted",
      a_stated_blocker_removed_means_accepted },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "reasons", NULL, NULL, reasons },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("place-reason", suites);
}
