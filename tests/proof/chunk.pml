/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Claims on chunks: all that two domains, Xen and failing memory can do to
 * the rule of superpages, any number of times, one section under heap_lock
 * after the other (claim.pml is about what they can do between those).  Two
 * chunks on node 0, so that small requests have a chunk to break that is not
 * promised, and one on node 1.
 */

#define CHUNKS_0 2
#include "heap.pml"
#include "block.pml"

#define MAX_PAGES (2 * CHUNKS)

/* domain_set_claims() of a domain that lives, and has not started. */
inline set_claims(d)
{
    atomic {
        lock_heap();
        if
        :: r = REQUEST(0, 0, 0, 0)
        :: r = REQUEST(1, 0, 0, 0)
        :: r = REQUEST(0, 1, 0, 0)
        :: r = REQUEST(2, 1, 0, 0)
        :: r = REQUEST(0, 2, 0, 0)
        :: r = REQUEST(1, 0, 1, 0)
        :: r = REQUEST(0, 1, 0, 1)
        :: r = REQUEST(0, 0, 0, 2)
        fi;
        d_step { install(d, r, MAX_PAGES) };
        r = 0;
        unlock_heap()
    }
}

/* What a domain was given stays with it, or comes back block by block. */
inline free_some(h)
{
    atomic {
        if
        :: HELD(h, 0) > 0 -> k = 0
        :: HELD(h, 1) > 0 -> k = 1
        :: HELD(h, 2) > 0 -> k = 2
        fi;
        if
        :: HELD(h, k) == 2 -> o = 1
        :: o = 0
        fi;
        free_heap_pages(h, k, o)
    }
}

init
{
    byte r, k, nr;
    bit o;

    d_step { boot() };
end:
    do
    :: set_claims(0)
    :: set_claims(1)
    :: alloc_heap_pages(0, 0, k, o); d_step { k = 0; o = 0 }
    :: alloc_heap_pages(1, 1, k, o); d_step { k = 0; o = 0 }
    :: alloc_heap_pages(XEN, XEN, k, o); d_step { k = 0; o = 0 }
    :: MEMORY(0) > 0 -> free_some(0); d_step { k = 0; o = 0 }
    :: MEMORY(1) > 0 -> free_some(1); d_step { k = 0; o = 0 }
    :: MEMORY(XEN) > 0 -> free_some(XEN); d_step { k = 0; o = 0 }
    :: nr < OFFLINES ->
        atomic {
            nr++;
            if
            :: k = 0
            :: k = 1
            :: k = 2
            fi
        };
        offline_page(k);
        k = 0
    od
}
