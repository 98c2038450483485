/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * An answer of the engine, explained: what each node had, why it was chosen
 * or not, and for a refusal what would have made the request fit.
 */

#ifndef PLACE_WHY_H
#define PLACE_WHY_H

#include "change.h"
#include "place.h"

/* What spoke against a node that would have done, or was not needed. */
enum place_by {
    PLACE_BY_NOTHING,            /* its verdict says all                     */
    PLACE_BY_WISH,               /* device or group are better served        */
    PLACE_BY_REGRET,             /* more of the usual sizes would not fit    */
    PLACE_BY_LOAD,               /* its cores have more to run               */
    PLACE_BY_MEMORY,             /* more would be left over                  */
    PLACE_BY_VCPUS,              /* as busy, but it has more vCPUs           */
    PLACE_BY_ID,                 /* the same, but a higher id                */
    PLACE_BY_BATCH,              /* left free for others of the batch        */
    PLACE_BY_DISTANCE,           /* farther than those that share it         */
};

struct place_why_node {
    enum place_verdict verdict;
    enum place_by by;
    uint64_t free_pages;         /* neither held nor reserved; if online     */
    uint64_t missing_pages;      /* with PLACE_NO_MEMORY                     */
    uint32_t cpus;
    bool scored;                 /* it was a choice of one node of several   */
    uint64_t regret;             /* terms of the score, 1024: a domain as    */
    uint64_t load;               /* large as this one                        */
    uint32_t distance;           /* from the home node, both ways; 0: one
                                    node has all                             */
};

struct place_why {
    uint64_t need_pages;         /* guest and overhead                       */
    struct place_changes changes;        /* none if it was placed            */
    unsigned int nr_nodes;
    struct place_why_node nodes[PLACE_MAX_NODES];
};

/*
 * Explain what place() answered: with the same host, held and request, its
 * reason, and its plan or NULL for a refusal with ENOSPC.  A plan may come
 * from place_batch, if held is what it saw.  hap is as in change.h.  Returns
 * 0, or -1 with EINVAL.
 */
int place_why(const struct place_host *host, const struct place_held *held,
              const struct place_request *request,
              bool hap, const struct place_plan *plan,
              const struct place_reason *reason, struct place_why *why);

/* "no-memory", "regret", and so on; NULL for what is none. */
const char *place_verdict_name(enum place_verdict verdict);
const char *place_by_name(enum place_by by);

#endif /* PLACE_WHY_H */
