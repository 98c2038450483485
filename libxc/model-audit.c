/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Is the state of a model consistent?  And may a FILE be opened at all?
 *
 * The audit adds up what the domains have and compares it with the counters;
 * it uses nothing of what the accounting core computes.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model-private.h"

struct sums {
    uint64_t claimed, host_claimed;
    uint64_t node_claimed[XENNUMA_MAX_NODES][NODE_CLAIM_LEVELS];
    uint64_t node_used[XENNUMA_MAX_NODES];
};

static int differ(char *why, size_t size, const char *what, unsigned int id,
                  uint64_t counter, uint64_t sum)
{
    if ( counter == sum )
        return 0;

    model_say(why, size, "%s %u: counter %llu, but %llu add up", what, id,
              (unsigned long long)counter, (unsigned long long)sum);

    return -1;
}

/* The claims of a set on a node, also those of one level and above. */
static uint64_t add_node(const struct node_claim_set *claims,
                         unsigned int node, struct sums *sums)
{
    uint64_t pages = 0;
    unsigned int level = NODE_CLAIM_LEVELS;

    while ( level-- )
    {
        pages += claims->node[node].guest[level];
        if ( !level )
            pages += claims->node[node].overhead;
        sums->node_claimed[node][level] += pages;
    }

    return pages;
}

static int add_domain(const struct model_domain *domain, struct sums *sums,
                      char *why, size_t size)
{
    uint64_t claimed = domain->claims.host_pages, pages = 0;
    unsigned int node;

    for ( node = 0; node < XENNUMA_MAX_NODES; node++ )
    {
        uint64_t claimed_here = add_node(&domain->claims, node, sums);

        claimed += claimed_here;
        pages += domain->guest_pages[node];
        sums->node_used[node] += domain->guest_pages[node] +
                                 domain->overhead_pages[node];
        if ( (claimed_here != domain->claims.node[node].overhead) !=
             !!(domain->claims.nodes & (1ULL << node)) )
        {
            model_say(why, size, "domain %u: mask of claims is wrong at node %u",
                      domain->domid, node);
            return -1;
        }
    }
    sums->claimed += claimed;
    sums->host_claimed += domain->claims.host_pages;

    if ( (domain->flags & (XEN_NODE_CLAIM_DOM_DYING |
                           XEN_NODE_CLAIM_DOM_FINISHED)) && claimed &&
         !domain->claims.legacy )
    {
        model_say(why, size, "domain %u: holds claims, flags %#x",
                  domain->domid, domain->flags);
        return -1;
    }

    return differ(why, size, "claimed pages of domain", domain->domid,
                  domain->claims.total_pages, claimed) ||
           differ(why, size, "pages of domain", domain->domid, domain->pages,
                  pages) ? -1 : 0;
}

static int audit_node(const struct model_state *state, unsigned int node,
                      const struct sums *sums, char *why, size_t size)
{
    const struct node_claim_node *n = &state->host.heap.node[node];
    unsigned int level;

    if ( differ(why, size, "free and used pages of node", node,
                state->file.nodes[node].pages,
                n->free[0] + sums->node_used[node]) )
        return -1;

    for ( level = 0; level < NODE_CLAIM_LEVELS; level++ )
    {
        uint64_t chunk = 1ULL << node_claim_order(level);

        if ( differ(why, size, "claimed pages of node", node,
                    n->claimed[level], sums->node_claimed[node][level]) ||
             differ(why, size, "pages in free chunks of node", node,
                    n->free[level], n->free[0] / chunk * chunk) )
            return -1;

        if ( n->claimed[level] > n->free[level] )
        {
            model_say(why, size, "node %u: more claimed than free", node);
            return -1;
        }
    }

    return 0;
}

static int audit(const struct model_state *state, char *why, size_t size)
{
    const struct node_claim_heap *heap = &state->host.heap;
    struct sums sums = { 0 };
    unsigned int i;
    uint64_t free_pages = 0;

    for ( i = 0; i < MODEL_MAX_DOMAINS; i++ )
        if ( state->domains[i].unique_id &&
             add_domain(&state->domains[i], &sums, why, size) )
            return -1;

    for ( i = 0; i < XENNUMA_MAX_NODES; i++ )
    {
        free_pages += heap->node[i].free[0];
        if ( audit_node(state, i, &sums, why, size) )
            return -1;
    }

    if ( heap->claimed_pages > heap->free_pages )
    {
        model_say(why, size, "more claimed than free");
        return -1;
    }

    return differ(why, size, "free pages of host", 0, heap->free_pages,
                  free_pages) ||
           differ(why, size, "claimed pages of host", 0, heap->claimed_pages,
                  sums.claimed) ||
           differ(why, size, "host claims of host", 0,
                  heap->host_claimed_pages, sums.host_claimed) ? -1 : 0;
}

int xennuma_model_audit(xennuma_handle *handle, char *why, size_t size)
{
    struct model *model = handle->host;
    int rc;

    if ( handle->backend != &model_backend )
    {
        model_say(why, size, "not a model");
        errno = ENOTTY;
        return -1;
    }

    if ( model_lock(model) )
    {
        model_say(why, size, "no lock: %s", strerror(errno));
        return -1;
    }
    rc = audit(model->state, why, size);
    model_unlock(model);

    if ( rc )
        errno = EUCLEAN;

    return rc;
}

int xennuma_model_check(const char *file, char *why, size_t size)
{
    struct model *model = model_state_open(file, why, size);

    if ( !model )
        return -1;

    model_state_close(model);

    return 0;
}

uint64_t xennuma_model_undone(xennuma_handle *handle)
{
    const struct model *model = handle->host;

    return handle->backend == &model_backend ? model->state->undone : 0;
}
