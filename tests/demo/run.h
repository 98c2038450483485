/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One storm of domains: what was asked for, how long it took, and where the
 * domains are.
 *
 * Time comes from the clients' lines ("client START END STATUS", in seconds
 * of uptime with two digits), the sizes in MiB from the line "sizes", and
 * everything about memory from the witness alone.  A domain that a client
 * reports and Xen does not show with all of its memory has failed.
 */

#ifndef DEMO_RUN_H
#define DEMO_RUN_H

#include "journal.h"

#define RUN_WORD 24
/* Far more than a lab host can hold. */
#define RUN_DOMAINS 256
/* Off its best node by more than this, a domain is split. */
#define RUN_SPLIT_PAGES 64

struct run {
    char storm[RUN_WORD];
    char by[RUN_WORD];
    unsigned int domains;               /* asked for                         */
    unsigned int failed;
    unsigned int split;
    uint64_t pages;                     /* of all domains                    */
    uint64_t local_pages;               /* of them, on each one's best node  */
    uint64_t hundredths;                /* first start to last end, in s/100 */
};

/*
 * Reads a section of the kind run; 0, or -1 with errno and the reason.
 * EBADMSG also if Xen shows more domains than were asked for.
 */
int run_read(struct run *run, const struct section *section,
             char why[WHY_SIZE]);

/*
 * Pages on their domain's best node, of all pages, in 1/10000; rounded down,
 * so that only all of them are 10000.  None of none is 0.
 */
#define RUN_LOCAL_DIGITS 4
unsigned int run_local(const struct run *run);

/* Times as above, "12.34"; takes them from the line. */
bool run_take_time(struct text *line, uint64_t *hundredths);

#endif /* DEMO_RUN_H */
