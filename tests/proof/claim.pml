/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Claim, allocate, free, offline, unpause and kill, all at once, any number
 * of times.  Each process below is the Xen function that its comment names,
 * with that function's locks and the order of its steps; what one step of the
 * model does, Xen does under one lock.  Domain 0 lives and dies; domain 1 is
 * its neighbour, whose claims must hold all the time.
 *
 * BROKEN_x leaves out one protection; each of these must fail.
 */

#define CHUNKS_0 1

/*
 * What runs under the locks touches nothing else, but for one flag at most:
 * so other processes cannot tell whether it was one step (Lipton).  FINE has
 * each step by itself.
 */
#ifdef FINE
#define SECTION
#else
#define SECTION atomic
#endif

#include "heap.pml"
#include "block.pml"

#define MAX_PAGES 3

bit is_dying[DOMAINS];
bit finished[DOMAINS];                  /* creation_finished */
byte max[DOMAINS] = MAX_PAGES;

/* Some requests that matter: node 0 pages, chunks; node 1 chunks; HOST. */
inline choose_request(r)
{
    if
    :: r = REQUEST(1, 0, 0, 0)
    :: r = REQUEST(0, 1, 0, 0)
    :: r = REQUEST(1, 0, 1, 0)
    :: r = REQUEST(0, 1, 0, 1)
    fi
}

/* domain_set_claims(): with an empty request, it releases. */
proctype set_claims()
{
    byte r;
    bit d, dead;

end:
    do
    :: atomic {
        if
        :: d = 0
        :: d = 1
        fi
       };
#ifdef BROKEN_DYING
        dead = is_dying[d];
#endif
      SECTION {
        lock_page(d);
        lock_heap();
        if
        :: d_step {
            if
            :: !legacy[d] -> release(d)
            :: else
            fi
           }
#ifdef BROKEN_DYING
        :: dead || finished[d]
        :: !dead && !finished[d] ->
#else
        :: is_dying[d] || finished[d]               /* ESRCH, EBUSY */
        :: !is_dying[d] && !finished[d] ->
#endif
            atomic {
                choose_request(r);
                d_step {
                    if
                    :: !legacy[d] -> install(d, r, max[d])
                    :: else                          /* EEXIST */
                    fi;
                    r = 0
                }
            }
        fi;
        unlock_heap();
        unlock_page(d);
        d_step { d = 0; dead = 0 }
      }
    od
}

/* domain_set_outstanding_pages(): XENMEM_claim_pages, for domain 0. */
proctype claim_pages()
{
end:
    do
    :: SECTION {
        lock_page(0);
        lock_heap();
        if
        :: d_step {
            if
            :: legacy[0] -> release(0)
            :: else
            fi
           }
        :: is_dying[0]
        :: !is_dying[0] ->
            d_step {
                if
                :: !TOTAL(0) ->
                    install(0, REQUEST(0, 0, 0, 2), max[0]);
                    legacy[0] = (TOTAL(0) > 0)
                :: else
                fi
            }
        fi;
        unlock_heap();
        unlock_page(0)
      }
    od
}

/* The pages leave the domain, then they become free. */
inline free_domheap_pages(d, k, o)
{
    SECTION {
        lock_page(d);
        if
        :: HELD(d, 0) > 0 -> k = 0
        :: HELD(d, 1) > 0 -> k = 1
        :: !MEMORY(d) -> k = CHUNKS
        fi;
        if
        :: k < CHUNKS ->
            if
            :: HELD(d, k) == 2 -> o = 1
            :: o = 0
            fi;
            d_step {
                HELD(d, k) = HELD(d, k) - PAGES(o);
                HELD(FLIGHT, k) = HELD(FLIGHT, k) + PAGES(o)
            }
        :: else
        fi;
        unlock_page(d)
    };
    if
    :: k < CHUNKS ->
        free_heap_pages(FLIGHT, k, o)
#ifdef BROKEN_GROWTH
        ;
        lock_heap();
        d_step {
            if
            :: nfree[NODE(k)] > nclaimed[NODE(k)] && tfree > tclaimed ->
                P(d, NODE(k))++;
                nclaimed[NODE(k)]++;
                tclaimed++
            :: else
            fi
        };
        unlock_heap()
#endif
    :: else
    fi;
    d_step { k = 0; o = 0 }
}

/*
 * alloc_domheap_pages() and free_domheap_pages() for domain d.  The memory of
 * a domain is what assign_pages() gave it under page_alloc_lock.
 */
proctype memory(byte d)
{
    byte k;
    bit o;

end:
    do
    :: alloc_heap_pages(FLIGHT, d, k, o);
        if
        :: k < CHUNKS ->
          SECTION {
            lock_page(d);
            if
#ifdef BROKEN_ASSIGN
            :: MEMORY(d) + PAGES(o) <= max[d] ->
#else
            :: !is_dying[d] && MEMORY(d) + PAGES(o) <= max[d] ->
#endif
                d_step {
                    HELD(FLIGHT, k) = HELD(FLIGHT, k) - PAGES(o);
                    HELD(d, k) = HELD(d, k) + PAGES(o)
                };
                unlock_page(d);
                k = CHUNKS
            :: is_dying[d] || MEMORY(d) + PAGES(o) > max[d] ->
                unlock_page(d)
            fi
          };
            if
            :: k < CHUNKS -> free_heap_pages(FLIGHT, k, o)
            :: else
            fi
        :: else
        fi;
        d_step { k = 0; o = 0 }
    :: free_domheap_pages(d, k, o)
    od
}

/* Memory for nobody in particular: redeems nothing. */
proctype others()
{
    byte k;
    bit o;

end:
    do
    :: alloc_heap_pages(XEN, XEN, k, o);
        d_step { k = 0; o = 0 }
    :: atomic {
        if
        :: HELD(XEN, 0) > 0 -> k = 0
        :: HELD(XEN, 1) > 0 -> k = 1
        fi
       };
        free_heap_pages(XEN, k, 0);
        k = 0
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
            if
            :: k = 0
            :: k = 1
            fi;
            offline_page(k);
            k = 0
        }
    od
}

/* XEN_DOMCTL_max_mem: max_pages may well fall below what the domain has. */
proctype max_mem()
{
end:
    do
    :: SECTION {
        lock_page(0);
        max[0] = MAX_PAGES + 1 - max[0];
        unlock_page(0)
    }
    od
}

/* domain_finish_creation(), at the first unpause. */
proctype unpause()
{
  SECTION {
#ifdef BROKEN_ORDER
    lock_heap();
    lock_page(0);
#else
    lock_page(0);
    lock_heap();
#endif
    d_step {
#ifndef BROKEN_FINISH
        finished[0] = 1;
#endif
        if
        :: !legacy[0] -> release(0)
        :: else
        fi;
        started[0] = 1
    };
    unlock_heap();
    unlock_page(0)
  };
#ifdef BROKEN_FINISH
    finished[0] = 1
#endif
}

/*
 * domain_kill(): is_dying first, without these locks, then the release, then
 * domain_relinquish_resources() until nothing is left.
 */
proctype kill()
{
    byte k;
    bit o;

    is_dying[0] = 1;
    SECTION {
        lock_heap();
        d_step { release(0); released[0] = 1 };
        unlock_heap()
    };
    do
    :: free_domheap_pages(0, k, o)
    :: MEMORY(0) == 0 && page_lock[0] == 0 -> break
    od;
    gone[0] = 1
}

init
{
    atomic {
        d_step { boot() };
        run set_claims();
        run claim_pages();
        run memory(0);
        run others();
        run offline();
#ifndef FINE                            /* would be twice the states */
        run max_mem();
#endif
        run unpause();
        run kill()
    }
}
