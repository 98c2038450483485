/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What one request sees of a host: per node, the pages and CPUs that it may
 * use.  Internal to the engine; made once per decision, on the stack.
 */

#ifndef PLACE_VIEW_H
#define PLACE_VIEW_H

#include "host.h"
#include "place.h"
#include "request.h"
#include "sizes.h"

/* Which of the nodes that fit is the best one. */
enum place_fit {
    PLACE_FIT_SCORE,             /* by place_score                           */
    PLACE_FIT_BEST,              /* least memory left: keeps big holes       */
    PLACE_FIT_WORST,             /* most memory left                         */
    PLACE_FIT_FIRST,             /* lowest node                              */
    PLACE_FIT_NODE,              /* plus a node: that one                    */
};

struct place_rings;

struct place_view {
    const struct place_host *host;
    const struct place_request *request;
    uint64_t allowed;                    /* online and asked for             */
    uint64_t pages[PLACE_MAX_NODES];     /* 0 unless allowed                 */
    uint32_t cpus[PLACE_MAX_NODES];      /* likewise                         */
    uint32_t cores[PLACE_MAX_NODES];     /* physical, if they are known      */
    uint32_t vcpus[PLACE_MAX_NODES];     /* that live there                  */
    uint64_t chunks[PLACE_LEVELS][PLACE_MAX_NODES];  /* of the pages         */
    uint64_t rank[PLACE_MAX_NODES];      /* by wishes; the less, the better  */
    unsigned int max_nodes;              /* of a plan                        */
    struct place_sizes sizes;            /* to expect                        */
    uint64_t host_pages;                 /* of all nodes, allowed or not     */
    uint64_t present_pages;              /* likewise                         */
    uint64_t empty;                      /* part of memory there, of 1024    */
    uint64_t need_pages;                 /* guest and overhead               */
    uint32_t need_cpus;                  /* of a set of nodes                */
};

/*
 * Make it; verdicts of nodes that are out of the question go to the reason.
 * Returns 0 or -1 with EINVAL.
 */
int place_view_make(struct place_view *view, const struct place_host *host,
                    const struct place_held *held,
                    const struct place_request *request,
                    struct place_reason *reason);

/*
 * Go on to the next of several requests that are all the same: take a plan off
 * what there is.
 */
void place_view_take(struct place_view *view, const struct place_plan *plan);

/* Whether a plan may have these nodes: some, and no more than wanted. */
bool place_view_few(const struct place_view *view, uint64_t nodes);

/* Rank the nodes by what the request wishes. */
void place_view_rank(struct place_view *view);

/* What is left of it, or of a need: 0 if more is taken than there is. */
uint64_t place_rest(uint64_t have, uint64_t taken);

/* Of a node from itself, both ways, whatever firmware says; none is nearer. */
#define PLACE_LOCAL_DISTANCE 20u

/* The distance between two nodes, both ways added up. */
uint64_t place_view_distance(const struct place_view *view, unsigned int a,
                             unsigned int b);

/*
 * A set of two or more nodes that holds the request, of the smallest size.
 * Returns its mask, or 0.  looks gets how many nodes were looked at, which is
 * what it cost: a few nanoseconds each.
 */
uint64_t place_least_set(const struct place_view *view, uint32_t *looks);

/*
 * The nearest set of nodes that holds the request: of the smallest size, at
 * least least_size, with the least mean distance; on ties the first by
 * place_set_order.  looks are as above: at most PLACE_SET_LOOKS, and as many
 * again where the request limits the nodes.  Where those
 * are not enough to be certain, it is the nearest that was looked at, and the
 * gap tells by how much another one may be nearer: distances of all pairs,
 * added up.
 */
#define PLACE_SET_LOOKS 1150000u

struct place_found {
    uint64_t set;                /* mask; 0: there is none                   */
    uint64_t gap;
    uint32_t looks;
};

void place_set_find(const struct place_view *view, unsigned int least_size,
                    struct place_found *found);

/* All nodes with memory; if those are too many, the nearest. */
void place_set_interleave(const struct place_view *view,
                          struct place_found *found);

/*
 * Sort nodes by what is wished, then by what a share of the domain would cost
 * there, if that many nodes had it; those that cost the same stay as they are.
 */
void place_set_order(const struct place_view *view, unsigned int size,
                     unsigned int *nodes, unsigned int nr);

/*
 * What it costs the host if that many pages of a node, and vCPUs' worth of its
 * cores, are taken; the less, the better.
 */
uint64_t place_score(const struct place_view *view, unsigned int node,
                     uint64_t pages, uint32_t vcpus);

/* Of which it is the sum; 1024 is a domain of the request's size. */
struct place_terms {
    uint64_t regret;
    uint64_t load;
};
struct place_terms place_score_terms(const struct place_view *view,
                                     unsigned int node, uint64_t pages,
                                     uint32_t vcpus);

/*
 * Let the vCPUs stay on one node, and the memory near it.  Returns false if
 * no node is there for that; then the request may still fit a set.  The rings
 * may be kept for as long as rings.h says.
 */
bool place_span(const struct place_view *view, struct place_rings *rings,
                struct place_plan *plan);

/* Share the request out over a set that holds it. */
void place_split(const struct place_view *view, uint64_t set,
                 struct place_plan *plan);

/*
 * The decision once the view is made.  Returns 0 with the plan, or -1 with
 * ENOSPC.  Of the reason, verdicts are told as if nothing was chosen.  Where
 * chunks are required, it may leave the nodes with fewer pages.
 */
int place_seen(struct place_view *view, struct place_rings *rings,
               enum place_fit fit, struct place_plan *plan,
               struct place_reason *reason);

/*
 * Whether a node that holds the whole request has the chunks that it requires;
 * and limit the nodes of a set to what they have in chunks, if those are
 * required: overhead and tail are then taken from chunks, too, so that of the
 * last chunks of a host a few are not used.
 */
bool place_chunks_suffice(const struct place_view *view, unsigned int node);
void place_chunks_limit(struct place_view *view);

/* Promise chunks to the shares of a plan. */
void place_chunks_promise(const struct place_view *view,
                          struct place_plan *plan);

/* Whether that node alone holds the request. */
bool place_view_holds(const struct place_view *view, unsigned int node);

/*
 * Whether place() would accept, exactly, without looking for the best place.
 */
bool place_view_fits(const struct place_view *view);

/* As place, with another rule for the best node. */
int place_fit(const struct place_host *host, const struct place_held *held,
              const struct place_request *request, enum place_fit fit,
              struct place_plan *plan, struct place_reason *reason);

#endif /* PLACE_VIEW_H */
