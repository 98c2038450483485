/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The heap and its claims, as the models of this folder see them: what
 * node-claim.c counts, and what page_alloc.c does with a block under
 * heap_lock.  A host of two nodes with chunks of two pages (the chunk stands
 * for 2 MiB, the page for 4 KiB), CHUNKS_0 of them on node 0 and one on node
 * 1; a block is chosen freely among those that the rule allows, so that every
 * policy of searching is covered.
 *
 * No lock is taken in here except by name: lock_heap() and unlock_heap(), and
 * unlock_heap() checks all invariants against a count of the pages.
 */

#define NODES   2
#define CHUNKS  (CHUNKS_0 + 1)
#define NODE(k) ((k) < CHUNKS_0 -> 0 : 1)

/* Who may have a page: two domains, Xen itself, an allocation under way. */
#define DOMAINS 2
#define XEN     2
#define FLIGHT  3
#define HOLDERS 4

#define MIN(a, b)  ((a) < (b) -> (a) : (b))
#define PAGES(o)   (1 + (o))                          /* order 0 or 1 */

/* The pages themselves. */
byte free[CHUNKS] = 2;
byte offlined[CHUNKS];
byte offlining[CHUNKS];                               /* still in use */
byte held[HOLDERS * CHUNKS];
#define HELD(h, k) held[(h) * CHUNKS + (k)]
/* Macros know no loops. */
#if CHUNKS_0 == 1
#define MEMORY(d)  (HELD(d, 0) + HELD(d, 1))
#else
#define MEMORY(d)  (HELD(d, 0) + HELD(d, 1) + HELD(d, 2))
#endif

/* struct node_claim_heap. */
byte tfree = 2 * CHUNKS, tclaimed;
byte nfree[NODES], nclaimed[NODES];
byte cfree[NODES], cclaimed[NODES];                   /* in chunks */

/* struct node_claim_set; Xen has one that is always empty. */
byte pages[(DOMAINS + 1) * NODES];
byte chunks[(DOMAINS + 1) * NODES];
byte host[DOMAINS + 1];
bit legacy[DOMAINS];
#define P(d, n)    pages[(d) * NODES + (n)]
#define C(d, n)    chunks[(d) * NODES + (n)]
#define HERE(d, n) (P(d, n) + 2 * C(d, n))
#define SET(d)     (HERE(d, 0) + HERE(d, 1))
#define TOTAL(d)   (SET(d) + host[d])

/* What is known of a domain for good, once it was true. */
bit released[DOMAINS];                                /* by domain_kill() */
bit started[DOMAINS];                             /* first unpause done */
bit gone[DOMAINS];                                /* domain_kill() done */

byte heap_lock, page_lock[DOMAINS];                   /* 0, or pid + 1 */

/* For counting within one step only. */
hidden byte i, j, x, y, z, w, v;

/*
 * What a request for memory of d redeems on node n, in pages, and what must
 * hold for block k to be taken: the rule, for what is left after it.
 */
#define BY_CHUNK(d, n, o)  ((o) && C(d, n) -> 1 : 0)
#define BY_PAGE(d, n, o)   (BY_CHUNK(d, n, o) -> 0 : MIN(PAGES(o), P(d, n)))
#ifdef BROKEN_REDEEM
#define DEMOTES(d, n, o)   0
#else
#define DEMOTES(d, n, o)   (!(o) && !P(d, n) && C(d, n) -> 1 : 0)
#endif
#define BY_NODE(d, n, o)   \
    (2 * BY_CHUNK(d, n, o) + BY_PAGE(d, n, o) + DEMOTES(d, n, o))
#define BY_HOST(d, n, o)   MIN(PAGES(o) - BY_NODE(d, n, o), host[d])

#ifdef BROKEN_LEVEL
#define LEVEL_ALLOWS(d, k, n, o) true
#else
#define LEVEL_ALLOWS(d, k, n, o)                                \
    (cfree[n] - (free[k] == 2 -> 1 : 0) >=                      \
     cclaimed[n] - BY_CHUNK(d, n, o) - DEMOTES(d, n, o))
#endif

#ifdef BROKEN_NODE
#define NODE_ALLOWS(d, n, o) true
#else
#define NODE_ALLOWS(d, n, o)                                    \
    (nfree[n] - PAGES(o) >= nclaimed[n] - BY_NODE(d, n, o))
#endif

#ifdef BROKEN_HOST
#define HOST_ALLOWS(d, n, o) true
#else
#define HOST_ALLOWS(d, n, o)                                    \
    (tfree - PAGES(o) >=                                        \
     tclaimed - BY_NODE(d, n, o) - BY_HOST(d, n, o))
#endif

#define ALLOWS(d, k, o)                                         \
    (free[k] >= PAGES(o) && LEVEL_ALLOWS(d, k, NODE(k), o) &&   \
     NODE_ALLOWS(d, NODE(k), o) && HOST_ALLOWS(d, NODE(k), o))

/* A block leaves the free memory; the counters of what is free follow. */
inline shrink(k, nr)
{
    if
    :: free[k] == 2 -> cfree[NODE(k)]--
    :: else
    fi;
    free[k] = free[k] - nr;
    nfree[NODE(k)] = nfree[NODE(k)] - nr;
    tfree = tfree - nr
}

/* node_claim_give(), and the merge of buddies. */
inline give(k, nr)
{
    free[k] = free[k] + nr;
    if
#ifdef BROKEN_MERGE
    :: nr == 2 -> cfree[NODE(k)]++
#else
    :: free[k] == 2 -> cfree[NODE(k)]++
#endif
    :: else
    fi;
    nfree[NODE(k)] = nfree[NODE(k)] + nr;
    tfree = tfree + nr
}

/* What a block of order o for d on node n redeems. */
inline redeem(d, n, o)
{
    x = BY_CHUNK(d, n, o);
    y = BY_PAGE(d, n, o);
    z = DEMOTES(d, n, o);
    w = BY_HOST(d, n, o);
    C(d, n) = C(d, n) - x - z;
    P(d, n) = P(d, n) - y + z;
    host[d] = host[d] - w;
    cclaimed[n] = cclaimed[n] - x - z;
    nclaimed[n] = nclaimed[n] - 2 * x - y - z;
    tclaimed = tclaimed - 2 * x - y - z - w;
    drop_legacy(d)
}

/* node_claim_set.legacy says that there is something left of such a claim. */
inline drop_legacy(d)
{
    if
#ifndef BROKEN_LEGACY
    :: d < DOMAINS && !TOTAL(d) -> legacy[d] = 0
#endif
    :: else
    fi
}

/* node_claim_release(). */
inline release(d)
{
    for ( i : 0 .. NODES - 1 ) {
        nclaimed[i] = nclaimed[i] - HERE(d, i);
        cclaimed[i] = cclaimed[i] - C(d, i)
    }
    tclaimed = tclaimed - TOTAL(d);
    for ( i : 0 .. NODES - 1 ) {
        P(d, i) = 0;
        C(d, i) = 0
    }
    host[d] = 0;
    legacy[d] = 0
}

/* A request in a byte: pages, chunks of node 0, chunks of node 1, HOST. */
#define REQUEST(p0, c0, c1, h) ((p0) + 4 * (c0) + 16 * (c1) + 64 * (h))
#define REQ_P0(r)              ((r) & 3)
#define REQ_C0(r)              (((r) >> 2) & 3)
#define REQ_C1(r)              (((r) >> 4) & 3)
#define REQ_HOST(r)            ((r) >> 6)
#define REQ_0(r)               (REQ_P0(r) + 2 * REQ_C0(r))
#define REQ_1(r)               (2 * REQ_C1(r))
#define REQ_TOTAL(r)           (REQ_0(r) + REQ_1(r) + REQ_HOST(r))

#define FITS(d, r)                                              \
    (REQ_0(r) <= nfree[0] - (nclaimed[0] - HERE(d, 0)) &&       \
     REQ_1(r) <= nfree[1] - (nclaimed[1] - HERE(d, 1)) &&       \
     REQ_C0(r) <= cfree[0] - (cclaimed[0] - C(d, 0)) &&         \
     REQ_C1(r) <= cfree[1] - (cclaimed[1] - C(d, 1)) &&         \
     REQ_TOTAL(r) <= tfree - (tclaimed - TOTAL(d)))

/* max_pages - memory: 0 rather than a wrap. */
#ifdef BROKEN_SUBTRACT
#define REST(have, used) (((have) - (used)) & 255)
#else
#define REST(have, used) ((have) > (used) -> (have) - (used) : 0)
#endif

/* node_claim_install(), checked as if the old set were gone. */
inline install(d, r, max)
{
    if
    :: REQ_TOTAL(r) <= REST(max, MEMORY(d)) && FITS(d, r) ->
        release(d);
        P(d, 0) = REQ_P0(r);
        C(d, 0) = REQ_C0(r);
        C(d, 1) = REQ_C1(r);
        host[d] = REQ_HOST(r);
        nclaimed[0] = nclaimed[0] + REQ_0(r);
        nclaimed[1] = nclaimed[1] + REQ_1(r);
        cclaimed[0] = cclaimed[0] + REQ_C0(r);
        cclaimed[1] = cclaimed[1] + REQ_C1(r);
        tclaimed = tclaimed + REQ_TOTAL(r);
        assert(MEMORY(d) + TOTAL(d) <= max)
    :: else
    fi
}

/* The domain with the largest such claim, the lowest domid on ties. */
#define LARGEST(a, b) ((a) >= (b) -> 0 : 1)

/*
 * After a free page of node n went offline: claims on broken chunks become
 * claims on pages, then single pages are taken back, first on the node, then
 * HOST.  Exactly as many as are missing.
 */
inline recall(n)
{
    x = MIN(cclaimed[n], cfree[n]);
    y = MIN(nclaimed[n], nfree[n]);
    do
#ifndef BROKEN_DEMOTION
    :: cclaimed[n] > cfree[n] ->
        v = LARGEST(C(0, n), C(1, n));
        C(v, n)--;
        cclaimed[n]--;
        P(v, n) = P(v, n) + 2
#endif
    :: else -> break
    od;
    do
#ifdef BROKEN_EXACT
    :: nclaimed[n] >= nfree[n] && P(0, n) + P(1, n) ->
#else
    :: nclaimed[n] > nfree[n] ->
#endif
        v = LARGEST(P(0, n), P(1, n));
        assert(P(v, n) > 0);         /* there is always one to take back */
        P(v, n)--;
        nclaimed[n]--;
        tclaimed--;
        drop_legacy(v)
    :: else -> break
    od;
    do
    :: tclaimed > tfree ->
        v = LARGEST(host[0], host[1]);
        assert(host[v] > 0);
        host[v]--;
        tclaimed--;
        drop_legacy(v)
    :: else -> break
    od;
    assert(cclaimed[n] == x && nclaimed[n] == y)
}

/* mark_page_offline() of a free page, and reserve_offlined_page(). */
inline offline_free(k)
{
    shrink(k, 1);
    offlined[k]++;
#ifndef BROKEN_RECALL
    recall(NODE(k))
#endif
}

/* Every page is somewhere, once; every counter is its sum. */
inline check_counters()
{
    x = 0;
    y = 0;
    for ( i : 0 .. CHUNKS - 1 ) {
        assert(free[i] + offlined[i] + HELD(0, i) + HELD(1, i) +
               HELD(XEN, i) + HELD(FLIGHT, i) == 2)
    }
    for ( i : 0 .. NODES - 1 ) {
        z = 0;
        w = 0;
        for ( j : 0 .. CHUNKS - 1 ) {
            if
            :: NODE(j) == i ->
                z = z + free[j];
                w = w + (free[j] == 2 -> 1 : 0)
            :: else
            fi
        }
        x = x + z;
        assert(nfree[i] == z && cfree[i] == w);
        assert(nclaimed[i] == HERE(0, i) + HERE(1, i));
        assert(cclaimed[i] == C(0, i) + C(1, i))
    }
    assert(tfree == x);
    assert(tclaimed == TOTAL(0) + TOTAL(1));
    assert(TOTAL(XEN) == 0)
}

/* Nothing is promised twice, nor to those that are gone or run already. */
inline check_claims()
{
    assert(cclaimed[0] <= cfree[0] && cclaimed[1] <= cfree[1]);
    assert(nclaimed[0] <= nfree[0] && nclaimed[1] <= nfree[1]);
    assert(tclaimed <= tfree);
    for ( i : 0 .. DOMAINS - 1 ) {
        assert(!legacy[i] || TOTAL(i) > 0);
        assert(!legacy[i] || SET(i) == 0);
        assert(!(released[i] && TOTAL(i) > 0));
        assert(!(gone[i] && MEMORY(i) > 0));
        assert(!(started[i] && TOTAL(i) > 0 && !legacy[i]))
    }
}

#if CHUNKS_0 == 1
#define SOME_ON_0(d, o) ALLOWS(d, 0, o)
#else
#define SOME_ON_0(d, o) (ALLOWS(d, 0, o) || ALLOWS(d, 1, o))
#endif
#define SOME_ON_1(d, o) ALLOWS(d, CHUNKS_0, o)

/* Whoever has a claim gets the memory, now, in the form that was promised. */
inline check_honoured()
{
    for ( i : 0 .. DOMAINS - 1 ) {
        assert(!C(i, 0) || SOME_ON_0(i, 1));
        assert(!C(i, 1) || SOME_ON_1(i, 1));
        assert(!HERE(i, 0) || SOME_ON_0(i, 0));
        assert(!HERE(i, 1) || SOME_ON_1(i, 0));
        assert(!host[i] || SOME_ON_0(i, 0) || SOME_ON_1(i, 0))
    }
}

inline lock_heap()
{
    atomic { heap_lock == 0 -> heap_lock = _pid + 1 }
}

inline unlock_heap()
{
    d_step {
        check_counters();
        check_claims();
        check_honoured();
        assert(heap_lock == _pid + 1);
        heap_lock = 0
    }
}

/* The order of the locks: page_alloc_lock first. */
inline lock_page(d)
{
    assert(heap_lock != _pid + 1);
    atomic { page_lock[d] == 0 -> page_lock[d] = _pid + 1 }
}

inline unlock_page(d)
{
    page_lock[d] = 0
}

inline boot()
{
    nfree[0] = 2 * CHUNKS_0;
    nfree[1] = 2;
    cfree[0] = CHUNKS_0;
    cfree[1] = 1
}
