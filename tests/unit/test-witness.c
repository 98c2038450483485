/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The witness: what Xen's console says, with all that can come between, and
 * what must be refused since it cannot be true or cannot be whole.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "demo/witness.h"
#include "unit.h"

#define X "(XEN) "
#define PRESSED X "'u' pressed -> dumping numa info (now = 35591583436)\n"
#define NODE(n, free) X "NODE" #n " start->0 size->393216 free->" #free "\n"
#define CPUS X "CPU0...1 -> NODE0\n" X "CPU2...3 -> NODE1\n"
#define HEADING X "Memory location of each domain:\n"
#define DOMAIN(d, pages) X "d" #d " (total: " #pages "):\n"
#define ON(n, pages) X "    Node " #n ": " #pages "\n"
#define HEAD2 PRESSED NODE(0, 100) NODE(1, 200) CPUS HEADING

struct good {
    const char *fact;
    const char *text;
    uint64_t nodes;
    uint64_t free_pages[4];
    unsigned int nr_domains;
    struct witness_domain last;         /* the first four of its nodes       */
};

static const struct good goods[] = {
    { "two nodes, two domains",
      HEAD2 DOMAIN(0, 7) ON(0, 7) ON(1, 0) DOMAIN(5, 10) ON(0, 4) ON(1, 6),
      0x3, { 100, 200 }, 2, { 5, 10, { 4, 6 } } },
    { "a domain without pages",
      HEAD2 DOMAIN(9, 0) ON(0, 0) ON(1, 0),
      0x3, { 100, 200 }, 1, { 9, 0, { 0, 0 } } },
    { "node numbers have gaps, and more than four nodes are there",
      PRESSED NODE(0, 1) NODE(2, 3) NODE(3, 4) NODE(7, 1) NODE(62, 2)
      NODE(63, 9) HEADING DOMAIN(1, 9) ON(0, 1) ON(2, 2) ON(3, 3) ON(7, 0)
      ON(62, 1) ON(63, 2),
      UINT64_C(0xc00000000000008d), { 1, 0, 3, 4 }, 1,
      { 1, 9, { 1, 0, 2, 3 } } },
    { "the last of several answers counts",
      HEAD2 DOMAIN(1, 4) ON(0, 2) ON(1, 2)
      PRESSED NODE(0, 90) NODE(1, 80) HEADING DOMAIN(2, 5) ON(0, 5) ON(1, 0),
      0x3, { 90, 80 }, 1, { 2, 5, { 5, 0 } } },
    { "an earlier answer may be broken",
      X "    Node 1: 77\n" DOMAIN(1, 4) ON(0, 2)
      HEAD2 DOMAIN(2, 5) ON(0, 5) ON(1, 0),
      0x3, { 100, 200 }, 1, { 2, 5, { 5, 0 } } },
    { "a wrapped ring begins in the middle of a line before the answer",
      "e 3: 12\n" X "PCI add device 0000:00:1f.3\n"
      HEAD2 DOMAIN(2, 5) ON(0, 5) ON(1, 0),
      0x3, { 100, 200 }, 1, { 2, 5, { 5, 0 } } },
    { "other messages of Xen stand in between",
      PRESSED X "mm.c:123: d3v0 did something\n" NODE(0, 100) NODE(1, 200)
      X "NODE\n" X "NODEX free->3\n" HEADING
      DOMAIN(2, 5) X "grant_table.c:1: Node 0: 9\n" ON(0, 5)
      X "d2v0 RIP: e033\n" X "d[IDLE] (total: 4):\n" ON(1, 0)
      X "     2 vnodes, 4 vcpus, guest physical layout:\n"
      X "         0: pnode   0, vcpus 0-1\n" X "Freed 644kB init memory\n",
      0x3, { 100, 200 }, 1, { 2, 5, { 5, 0 } } },
    { "a guest that says the same on its console is no witness",
      HEAD2 DOMAIN(2, 5) "(d2) d3 (total: 1):\n" "    Node 0: 8\n" ON(0, 5)
      "(d2) (XEN) d4 (total: 1):\n" ON(1, 0) "d7 (total: 1):\n",
      0x3, { 100, 200 }, 1, { 2, 5, { 5, 0 } } },
    { "lines with times and carriage returns",
      X "[    3.14] 'u' pressed -> dumping\r\n"
      X "[    3.15] NODE0 start->0 size->1 free->6\r\n"
      X "[2026-01-01 00:00:00] Memory location of each domain:\r\n"
      X "[    3.16] d1 (total: 8):\r\n" X "[    3.16]     Node 0: 8\r\n",
      0x1, { 6 }, 1, { 1, 8, { 8 } } },
    { "the last line needs no newline",
      PRESSED NODE(0, 6) HEADING DOMAIN(1, 8) X "    Node 0: 8",
      0x1, { 6 }, 1, { 1, 8, { 8 } } },
    { "as many pages as a machine can have",
      PRESSED NODE(0, 1099511627776) HEADING DOMAIN(1, 1099511627776)
      ON(0, 1099511627776),
      0x1, { UINT64_C(1099511627776) }, 1,
      { 1, UINT64_C(1099511627776), { UINT64_C(1099511627776) } } },
    { NULL }
};

static void reads_what_xen_says(void)
{
    const struct good *row;
    struct witness witness;
    char why[WHY_SIZE];

    for ( row = goods; row->fact; row++ )
    {
        const struct witness_domain *last;
        int rc = witness_read(&witness, text_of(row->text), why);

        if ( !UNIT_EQUAL(row->fact, rc, 0) )
            continue;

        UNIT_EQUAL(row->fact, witness.nodes, row->nodes);
        for ( unsigned int i = 0; i < 4; i++ )
            UNIT_EQUAL(row->fact, witness.free_pages[i], row->free_pages[i]);
        if ( UNIT_EQUAL(row->fact, witness.nr_domains, row->nr_domains) )
        {
            last = &witness.domains[witness.nr_domains - 1];
            UNIT_EQUAL(row->fact, last->domid, row->last.domid);
            UNIT_EQUAL(row->fact, last->pages, row->last.pages);
            for ( unsigned int i = 0; i < 4; i++ )
                UNIT_EQUAL(row->fact, last->node_pages[i],
                           row->last.node_pages[i]);
        }
        witness_dispose(&witness);
    }
}

static const struct {
    const char *fact;
    const char *text;
    const char *why;
} bads[] = {
    { "nothing", "", "debug key u: no answer, or its start was lost" },
    { "the start was lost",
      NODE(0, 100) HEADING DOMAIN(1, 8) ON(0, 8),
      "debug key u: no answer, or its start was lost" },
    { "another key", X "'H' pressed -> dumping heap info\n",
      "debug key u: no answer, or its start was lost" },
    { "a guest pressed it", "(d1) 'u' pressed\n" DOMAIN(1, 0),
      "debug key u: no answer, or its start was lost" },
    { "cut after the nodes", PRESSED NODE(0, 1) NODE(1, 1) CPUS,
      "debug key u: ends before the domains, after lines of nodes: 2" },
    { "cut after the heading", HEAD2,
      "debug key u: ends before the domains, after lines of nodes: 2" },
    { "cut in the last domain", HEAD2 DOMAIN(1, 8) ON(0, 8),
      "debug key u: nodes are missing for domain 1" },
    { "cut in a number", HEAD2 DOMAIN(1, 8) ON(0, 0) X "    Node 1: ",
      "debug key u: nodes are missing for domain 1" },
    { "a node's line of a domain is lost",
      HEAD2 DOMAIN(1, 0) ON(1, 0) DOMAIN(2, 0) ON(0, 0) ON(1, 0),
      "debug key u: nodes are missing for domain 1" },
    { "a domain's own line is lost",
      HEAD2 DOMAIN(1, 3) ON(0, 3) ON(1, 0) ON(0, 4) ON(1, 0),
      "debug key u: a node twice, or a domain lost, after domain 1" },
    { "the first domain's line is lost", HEAD2 ON(0, 4) ON(1, 0),
      "debug key u: pages of no domain: node 0" },
    { "pages elsewhere than on nodes",
      HEAD2 DOMAIN(1, 9) ON(0, 4) ON(1, 4),
      "debug key u: nodes do not add up to the pages of domain 1" },
    { "more on nodes than in all, before another domain",
      HEAD2 DOMAIN(1, 7) ON(0, 4) ON(1, 4) DOMAIN(2, 0) ON(0, 0) ON(1, 0),
      "debug key u: nodes do not add up to the pages of domain 1" },
    { "a node that is not online", HEAD2 DOMAIN(1, 9) ON(2, 9),
      "debug key u: pages on an unlisted node: 2" },
    { "a domain's node beyond 63", HEAD2 DOMAIN(1, 9) ON(64, 9),
      "debug key u: pages on an unlisted node: 64" },
    { "a node beyond 63", PRESSED NODE(64, 1),
      "debug key u: node beyond 63: 64" },
    { "a node twice", PRESSED NODE(1, 1) NODE(1, 1),
      "debug key u: listed twice: node 1" },
    { "more free pages than addresses", PRESSED NODE(0, 1099511627777),
      "debug key u: too many free pages: 1099511627777" },
    { "more pages than addresses",
      PRESSED NODE(0, 1) HEADING DOMAIN(3, 1099511627777),
      "debug key u: too many pages in a domain: 1099511627777" },
    { "more pages of a node than addresses",
      PRESSED NODE(0, 1) HEADING DOMAIN(3, 1) ON(0, 18446744073709551615),
      "debug key u: too many pages on a node: 18446744073709551615" },
    { "a number that wraps is no number",
      PRESSED NODE(0, 18446744073709551616) HEADING DOMAIN(3, 1) ON(0, 1),
      "debug key u: pages on an unlisted node: 0" },
    { NULL }
};

static void refuses_what_cannot_be(void)
{
    struct witness witness;
    char why[WHY_SIZE];

    for ( unsigned int i = 0; bads[i].fact; i++ )
    {
        int rc;

        errno = 0;
        strcpy(why, "no reason");
        rc = witness_read(&witness, text_of(bads[i].text), why);
        if ( !UNIT_EQUAL(bads[i].fact, rc, -1) )
        {
            witness_dispose(&witness);
            continue;
        }
        UNIT_EQUAL(bads[i].fact, errno, EBADMSG);
        UNIT_TEXT(bads[i].fact, why, bads[i].why);
        UNIT_TRUE(bads[i].fact, !witness.domains);
    }
}

/* Cut anywhere, an answer is refused, or whole domains are missing. */
static void cut_anywhere_is_no_other_answer(void)
{
    static const char all[] = "(XEN) start\n"
        HEAD2 DOMAIN(0, 7) ON(0, 7) ON(1, 0) DOMAIN(5, 10) ON(0, 4) ON(1, 6)
        DOMAIN(6, 3) ON(0, 3) ON(1, 0);
    struct witness witness;
    char why[WHY_SIZE], row[32];

    for ( size_t size = 0; size < sizeof(all) - 1; size++ )
    {
        snprintf(row, sizeof(row), "%zu bytes", size);
        if ( witness_read(&witness, (struct text){ all, size }, why) )
            continue;
        UNIT_TRUE(row, witness.nr_domains && witness.nr_domains <= 3);
        for ( unsigned int i = 0; i < witness.nr_domains; i++ )
            UNIT_EQUAL(row, witness.domains[i].node_pages[0] +
                       witness.domains[i].node_pages[1],
                       witness.domains[i].pages);
        witness_dispose(&witness);
    }
}

static void best_node_has_most(void)
{
    struct witness_domain domain = { .node_pages = { 3, 9, 9 } };

    UNIT_EQUAL("a tie", witness_best_pages(&domain), 9);
    domain.node_pages[63] = 10;
    UNIT_EQUAL("the last node", witness_best_pages(&domain), 10);
    memset(&domain, 0, sizeof(domain));
    UNIT_EQUAL("no pages", witness_best_pages(&domain), 0);
}

static const struct unit_test tests[] = {
    { "reads what Xen says, whatever stands between", reads_what_xen_says },
    { "refuses what cannot be true or whole", refuses_what_cannot_be },
    { "cut anywhere, no domain has other pages",
      cut_anywhere_is_no_other_answer },
    { "the best node is the one with most pages", best_node_has_most },
    { NULL, NULL }
};

int main(void)
{
    static const struct unit_suite suites[] = {
        { "witness", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("test-witness", suites);
}
