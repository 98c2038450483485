/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * domain_create_on_nodes() with a claim, any number of times, while Xen and
 * its neighbour allocate, pages go offline, and a toolstack claims for and
 * kills whatever domain it can see.  Each step of it may fail: then no claim,
 * no page and no domain is left, and the caller knows of none.  With success
 * the domain has exactly the claim that was asked for, less what was recalled.
 *
 * BROKEN_x leaves out one protection; each of these must fail.
 */

#define CHUNKS_0 2
#include "heap.pml"
#include "block.pml"

#define MAX_PAGES (2 * CHUNKS)
#define WANTED    REQUEST(0, 1, 0, 1)

bit domctl_lock;
bit visible[DOMAINS];                   /* in the list of domains */
bit is_dying[DOMAINS];
bit published[DOMAINS];                 /* domid, as the caller reads it */
byte users[DOMAINS];                    /* rcu_lock_domain_by_id() */
byte recalls;                           /* pages offlined while it is made */

/* A structure of the domain, or an empty hand: out of memory, or any other. */
inline alloc_structure(dom)
{
    atomic {
        alloc_heap_pages(dom, XEN, k, o);
        failed = (k == CHUNKS);
        k = 0;
        o = 0
    }
}

/* domain_set_claims(), for a domain that nobody else knows. */
inline init_placement(dom)
{
    atomic {
        lock_page(dom);
        lock_heap();
        d_step {
            install(dom, WANTED, MAX_PAGES + MEMORY(dom));
            failed = (TOTAL(dom) == 0);
            recalls = 0
        };
        unlock_heap();
        unlock_page(dom)
    }
}

inline free_all(dom)
{
    do
    :: atomic {
        MEMORY(dom) > 0 ->
        if
        :: HELD(dom, 0) > 0 -> k = 0
        :: HELD(dom, 1) > 0 -> k = 1
        :: HELD(dom, 2) > 0 -> k = 2
        fi;
        free_heap_pages(dom, k, 0);
        k = 0
    }
    :: MEMORY(dom) == 0 -> break
    od;
    skip
}

inline domain_release_claims(dom)
{
    atomic {
        lock_heap();
        d_step { release(dom); released[dom] = 1 };
        unlock_heap()
    }
}

/* The end of domain_create_on_nodes() if anything went wrong. */
inline fail(dom)
{
    is_dying[dom] = 1;
#ifndef BROKEN_FAILURE
    domain_release_claims(dom);
#endif
    free_all(dom);
    d_step {
        published[dom] = 0;               /* publish_failure() */
        assert(!visible[dom]);
        assert(TOTAL(dom) == 0 && MEMORY(dom) == 0);
        failed = 0
    }
}

#define CLAIMED(dom) \
    (HERE(dom, 0) == 2 && HERE(dom, 1) == 0 && host[dom] == 1)

/* Under domctl_lock from here to the end. */
inline domain_create(dom)
{
    d_step { released[dom] = 0; is_dying[dom] = 0 };
    alloc_structure(dom);
    if
    :: !failed -> init_placement(dom)
    :: else
    fi;
    if
    :: !failed -> alloc_structure(dom)
    :: else
    fi;
#ifdef BROKEN_PUBLISH
    if
    :: !failed -> visible[dom] = 1
    :: else
    fi;
#endif
    if                                  /* publish_placement() */
    :: !failed -> published[dom] = 1
    :: failed = 1
    fi;
    if                                  /* late_hwdom_init() */
    :: failed -> fail(dom)
    :: fail(dom)
    :: !failed ->
        d_step {
#ifndef BROKEN_PUBLISH
            assert(CLAIMED(dom) || recalls > 0);
#endif
            assert(published[dom]);
            recalls = 0;
            visible[dom] = 1
        }
    fi
}

proctype create()
{
    byte k, dom;
    bit o, failed;

end:
    do
    :: atomic {
        !domctl_lock ->
        domctl_lock = 1;
        if
        :: dom = 0
        :: dom = 1
        fi
    };
        if
        :: !visible[dom] && !users[dom] -> domain_create(dom)
        :: else
        fi;
        atomic { dom = 0; domctl_lock = 0 }
    od
}

/* domain_kill(), and the last reference. */
proctype kill()
{
    byte k, dom;

end:
    do
    :: atomic {
        !domctl_lock && (visible[0] || visible[1]) ->
        domctl_lock = 1;
        if
        :: visible[0] -> dom = 0
        :: visible[1] -> dom = 1
        fi
    };
        is_dying[dom] = 1;
        domain_release_claims(dom);
        free_all(dom);
        d_step { visible[dom] = 0; published[dom] = 0 };
        atomic { dom = 0; domctl_lock = 0 }
    od
}

/* domain_set_claims() without domctl_lock, on any domain in the list. */
proctype set_claims()
{
    byte dom;

end:
    do
    :: atomic {
        if
        :: visible[0] -> dom = 0
        :: visible[1] -> dom = 1
        fi;
        users[dom]++
    };
        atomic {
            lock_page(dom);
            lock_heap();
            if
            :: is_dying[dom]
            :: else -> d_step { install(dom, REQUEST(1, 0, 0, 0), MAX_PAGES) }
            fi;
            unlock_heap();
            unlock_page(dom);
            users[dom]--;
            dom = 0
        }
    od
}

proctype others()
{
    byte k;
    bit o;

end:
    do
    :: atomic { alloc_heap_pages(XEN, XEN, k, o); k = 0; o = 0 }
    :: atomic {
        if
        :: HELD(XEN, 0) > 0 -> k = 0
        :: HELD(XEN, 1) > 0 -> k = 1
        :: HELD(XEN, 2) > 0 -> k = 2
        fi;
        free_heap_pages(XEN, k, 0);
        k = 0
    }
    od
}

proctype offline()
{
    byte k, nr;

    do
    :: nr == OFFLINES -> break
    :: nr < OFFLINES ->
        atomic {
            nr++;
            recalls = 1;
            if
            :: k = 0
            :: k = 1
            :: k = 2
            fi;
            offline_page(k);
            k = 0
        }
    od
}

init
{
    atomic {
        d_step { boot() };
        run create();
        run kill();
        run set_claims();
        run others();
        run offline()
    }
}
