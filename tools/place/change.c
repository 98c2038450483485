/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The smallest changes that make a refused request fit.
 *
 * Each is a question to place_view_fits about a view with one thing changed,
 * so whatever that knows is known here.  What fits still fits when it is
 * smaller, or has fewer vCPUs, so the limit is found by halving; how much
 * memory a node or the host lacks is a difference.
 */

#include <string.h>

#include "change.h"
#include "view.h"

#define PAGES_PER_MIB 256u

/* No host lacks more; sums of a few cannot wrap. */
#define TOO_MANY (UINT64_C(1) << 60)

/* One request, and what it sees. */
struct trial {
    struct place_request request;
    struct place_view view;
    uint32_t most_cpus;          /* need_cpus, however many vCPUs            */
    bool hap;
    bool grows;                  /* the overhead, with the size              */
    uint64_t extra_pages;        /* of it, that do not                       */
};

/* What all of them are about. */
struct question {
    const struct place_host *host;
    const struct place_held *held;
    const struct place_request *request;
    bool hap;
};

static int trial_make(struct trial *trial, const struct question *question,
                      const struct place_request *request)
{
    const uint64_t usual = place_request_overhead(request->guest_pages,
                                                  request->vcpus,
                                                  question->hap);
    struct place_reason unread;

    trial->request = *request;
    if ( place_view_make(&trial->view, question->host, question->held,
                         &trial->request, &unread) )
        return -1;
    trial->hap = question->hap;
    trial->most_cpus = trial->view.need_cpus;
    trial->grows = request->overhead_pages >= usual;
    trial->extra_pages = trial->grows ? request->overhead_pages - usual : 0;

    return 0;
}

/* Neither of them larger than those it was made with. */
static bool fits_with(struct trial *trial, uint64_t guest_pages,
                      uint32_t vcpus)
{
    struct place_request *request = &trial->request;

    request->guest_pages = guest_pages;
    request->vcpus = vcpus;
    if ( trial->grows )
        request->overhead_pages = place_request_overhead(guest_pages, vcpus,
                                                         trial->hap) +
                                  trial->extra_pages;
    trial->view.need_pages = guest_pages + request->overhead_pages;
    trial->view.need_cpus = vcpus < trial->most_cpus ? vcpus
                                                     : trial->most_cpus;

    return place_view_fits(&trial->view);
}

static struct place_change *add(struct place_changes *changes,
                                enum place_change_kind kind)
{
    struct place_change *change = &changes->change[changes->nr++];

    memset(change, 0, sizeof(*change));
    change->kind = kind;
    change->node = PLACE_MAX_NODES;

    return change;
}

/* What a node lacks before the first page of it is of use. */
static uint64_t below_zero(const struct place_host *host,
                           const struct place_held *held, unsigned int node)
{
    const struct place_node *from = &host->nodes[node];
    const uint64_t reserve = place_rest(from->reserve_pages,
                                        from->free_pages);
    const uint64_t rest = held
        ? place_rest(held->pages[node], place_rest(from->free_pages,
                                                   from->reserve_pages)) : 0;

    return reserve < TOO_MANY && rest < TOO_MANY ? reserve + rest : TOO_MANY;
}

/* Of the host, whoever claimed it. */
static uint64_t online_pages(const struct place_host *host,
                             const struct place_held *held)
{
    uint64_t pages = 0;

    for ( unsigned int i = 0; i < host->nr_nodes; i++ )
        if ( host->nodes[i].online )
            pages += place_rest(place_rest(host->nodes[i].free_pages,
                                           host->nodes[i].reserve_pages),
                                held ? held->pages[i] : 0);

    return pages;
}

/* What the host lacks beside what is claimed on no node; at most TOO_MANY. */
static uint64_t host_lacks(const struct trial *trial, uint64_t online)
{
    const struct place_view *view = &trial->view;
    const uint64_t claimed = place_rest(view->host->host_claimed_pages,
                                        online);

    if ( claimed >= TOO_MANY - view->need_pages )
        return TOO_MANY;

    return place_rest(view->need_pages + claimed, view->host_pages);
}

static void try_claims(struct place_changes *changes, struct trial *trial,
                       uint64_t online)
{
    const uint64_t host_pages = trial->view.host_pages;
    bool fits;

    trial->view.host_pages = online;
    fits = place_view_fits(&trial->view);
    trial->view.host_pages = host_pages;
    if ( !fits )
        return;
    changes->binding = PLACE_BINDING_CLAIMS;
    add(changes, PLACE_CHANGE_CLAIMS)->pages =
        trial->view.host->host_claimed_pages -
        (online - trial->view.need_pages);
}

/* Of the nodes that hold it alone, the one that it fits best; or none. */
static unsigned int tightest(const struct place_view *view)
{
    unsigned int node = PLACE_MAX_NODES;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
        if ( place_view_holds(view, i) &&
             (node == PLACE_MAX_NODES || view->pages[i] < view->pages[node]) )
            node = i;

    return node;
}

static bool fits_as(struct trial *trial, const struct question *question,
                    const struct place_request *request)
{
    return !trial_make(trial, question, request) &&
           place_view_fits(&trial->view);
}

static void bind(struct place_changes *changes, enum place_binding binding)
{
    if ( !changes->binding )
        changes->binding = binding;
}

static void try_nodes(struct place_changes *changes,
                      const struct question *question)
{
    struct place_request other = *question->request;
    struct trial trial;

    other.nodes = 0;
    if ( !question->request->nodes || !fits_as(&trial, question, &other) )
        return;
    bind(changes, PLACE_BINDING_NODES);
    add(changes, PLACE_CHANGE_NODES)->node = tightest(&trial.view);
}

/* Which is not binding where it is memory, or CPUs, that no node has. */
static bool try_policy(struct place_changes *changes,
                       const struct question *question)
{
    struct place_request other = *question->request;
    struct trial trial;

    other.policy = PLACE_PREFERRED;
    /* A number of nodes that is asked for stands for any policy. */
    if ( question->request->policy != PLACE_STRICT || other.max_nodes ||
         !fits_as(&trial, question, &other) )
        return false;
    add(changes, PLACE_CHANGE_POLICY)->policy = other.policy;

    return true;
}

static void try_max_nodes(struct place_changes *changes,
                          const struct question *question)
{
    uint32_t fail = question->request->max_nodes;
    uint32_t fit = question->host->nr_nodes;
    struct place_request other = *question->request;
    struct trial trial;

    other.max_nodes = fit;
    if ( !fail || fail >= fit || !fits_as(&trial, question, &other) )
        return;
    while ( fit - fail > 1 )
    {
        other.max_nodes = fail + (fit - fail) / 2;
        if ( fits_as(&trial, question, &other) )
            fit = other.max_nodes;
        else
            fail = other.max_nodes;
    }
    bind(changes, PLACE_BINDING_MAX_NODES);
    add(changes, PLACE_CHANGE_MAX_NODES)->max_nodes = fit;
}

static void try_chunks(struct place_changes *changes,
                       const struct question *question)
{
    struct place_request other = *question->request;
    struct trial trial;

    other.chunks = PLACE_CHUNKS_PREFERRED;
    if ( question->request->chunks != PLACE_CHUNKS_REQUIRED ||
         !fits_as(&trial, question, &other) )
        return;
    bind(changes, PLACE_BINDING_CHUNKS);
    add(changes, PLACE_CHANGE_CHUNKS);
}

/* No more than the host has, which saves steps. */
static void try_memory(struct place_changes *changes, struct trial *trial,
                       const struct place_request *request)
{
    const uint64_t have = trial->view.host_pages;
    uint64_t fit = 0, fail = request->guest_pages;

    fail = (fail < have ? fail + PAGES_PER_MIB - 1 : have + PAGES_PER_MIB) /
           PAGES_PER_MIB;
    while ( fail - fit > 1 )
    {
        const uint64_t mib = fit + (fail - fit) / 2;

        if ( fits_with(trial, mib * PAGES_PER_MIB, request->vcpus) )
            fit = mib;
        else
            fail = mib;
    }
    fits_with(trial, request->guest_pages, request->vcpus);
    if ( fit )
        add(changes, PLACE_CHANGE_MEMORY)->pages = fit * PAGES_PER_MIB;
}

static void try_vcpus(struct place_changes *changes, struct trial *trial,
                      const struct place_request *request)
{
    uint32_t fit = 0, fail = request->vcpus;

    while ( fail - fit > 1 )
    {
        const uint32_t vcpus = fit + (fail - fit) / 2;

        if ( fits_with(trial, request->guest_pages, vcpus) )
            fit = vcpus;
        else
            fail = vcpus;
    }
    fits_with(trial, request->guest_pages, request->vcpus);
    if ( fit )
        add(changes, PLACE_CHANGE_VCPUS)->vcpus = fit;
}

/* Of the nodes asked for. */
struct sums {
    uint64_t pages;
    uint64_t largest;
    bool memory;                 /* one has the memory,                      */
    bool cpus;                   /* one the CPUs                             */
    bool enough;                 /* but for claims on no node, they hold it  */
};

static struct sums sum_up(const struct place_view *view)
{
    struct sums sums = { 0 };
    bool both = false;

    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        const bool memory = view->pages[i] >= view->need_pages;
        const bool cpus = view->cpus[i] >= view->need_cpus;

        if ( !(view->allowed & (UINT64_C(1) << i)) )
            continue;
        sums.pages += view->pages[i];
        sums.largest = view->pages[i] > sums.largest ? view->pages[i]
                                                     : sums.largest;
        sums.memory |= memory;
        sums.cpus |= cpus;
        both |= memory && cpus;
    }
    sums.enough = view->max_nodes == 1 ? both
        : sums.pages >= view->need_pages &&
          sums.largest >= view->request->overhead_pages;

    return sums;
}

/* Whether more memory there could make it fit. */
static bool counts(const struct place_view *view, const struct sums *sums,
                   unsigned int node)
{
    /* What is claimed on no node may lie on any. */
    if ( sums->enough )
        return view->host->nodes[node].online;

    return (view->allowed & (UINT64_C(1) << node)) &&
           (view->max_nodes != 1 ||
            view->cpus[node] >= view->need_cpus);
}

/* What is to be free there beyond what is, for the nodes to be enough. */
static uint64_t node_lacks(const struct place_view *view,
                           const struct sums *sums, unsigned int node)
{
    uint64_t overhead, pages;

    if ( sums->enough )
        return 0;
    if ( view->max_nodes == 1 )
        return place_rest(view->need_pages, view->pages[node]);

    pages = place_rest(view->need_pages, sums->pages);
    overhead = sums->largest < view->request->overhead_pages
               ? view->request->overhead_pages - view->pages[node] : 0;

    return pages > overhead ? pages : overhead;
}

/* Whether it is memory alone that more of a node can be short of. */
static bool is_memory_all(const struct place_view *view)
{
    if ( view->request->chunks == PLACE_CHUNKS_REQUIRED )
        return false;

    return view->max_nodes == 1 ||
           (view->max_nodes >= view->host->nr_nodes &&
            view->request->guest_pages >= PLACE_MAX_NODES);
}

static void try_node_memory(struct place_changes *changes,
                            const struct trial *trial,
                            const struct place_held *held,
                            const struct sums *sums, uint64_t online)
{
    const struct place_view *view = &trial->view;
    const uint64_t all_lack = host_lacks(trial, online);
    uint64_t least = TOO_MANY;
    unsigned int node = PLACE_MAX_NODES;

    if ( !is_memory_all(view) )
        return;
    for ( unsigned int i = 0; i < view->host->nr_nodes; i++ )
    {
        const struct place_node *from = &view->host->nodes[i];
        uint64_t lacks;

        if ( !counts(view, sums, i) )
            continue;
        lacks = node_lacks(view, sums, i);
        lacks = lacks > all_lack ? lacks : all_lack;
        lacks += below_zero(view->host, held, i);
        /* One that is too small will never have them. */
        if ( lacks < least && lacks <= from->present_pages - from->free_pages )
        {
            least = lacks;
            node = i;
        }
    }
    if ( node == PLACE_MAX_NODES )
        return;
    *add(changes, PLACE_CHANGE_NODE_MEMORY) = (struct place_change){
        .kind = PLACE_CHANGE_NODE_MEMORY, .pages = least, .node = node,
    };
}

/*
 * Where no change of what was asked for does it: claims set aside, what is
 * short after all before it is there.  policy: whether another one would do.
 */
static enum place_binding binding_of(struct trial *trial,
                                     const struct sums *sums, bool policy)
{
    struct place_view *view = &trial->view;

    if ( policy && sums->memory && sums->cpus )
        return PLACE_BINDING_POLICY;
    view->host_pages = UINT64_MAX;
    view->need_cpus = 0;
    if ( place_view_fits(view) )
        return PLACE_BINDING_NODE_CPUS;
    trial->request.chunks = PLACE_NO_CHUNKS;
    if ( place_view_fits(view) )
        return PLACE_BINDING_CHUNKS;
    if ( sums->pages < view->need_pages )
        return PLACE_BINDING_HOST_MEMORY;
    if ( view->max_nodes == 1 )
        return PLACE_BINDING_NODE_MEMORY;

    return sums->largest < view->request->overhead_pages
           ? PLACE_BINDING_OVERHEAD : PLACE_BINDING_MAX_NODES;
}

int place_changes_find(const struct place_host *host,
                       const struct place_held *held,
                       const struct place_request *request, bool hap,
                       struct place_changes *changes)
{
    const struct question question = { host, held, request, hap };
    struct trial trial;
    struct sums sums;
    uint64_t online;
    bool policy;

    memset(changes, 0, sizeof(*changes));
    if ( trial_make(&trial, &question, request) )
        return -1;
    if ( place_view_fits(&trial.view) )
        return 0;

    sums = sum_up(&trial.view);
    online = online_pages(host, held);
    try_claims(changes, &trial, online);
    try_nodes(changes, &question);
    policy = try_policy(changes, &question);
    try_max_nodes(changes, &question);
    try_chunks(changes, &question);
    try_memory(changes, &trial, request);
    try_vcpus(changes, &trial, request);
    try_node_memory(changes, &trial, held, &sums, online);
    if ( !changes->binding )
        changes->binding = binding_of(&trial, &sums, policy);

    return 0;
}
