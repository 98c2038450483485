/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Blocks that come and go: alloc_heap_pages(), free_heap_pages() and
 * offline_page(), each with its one section under heap_lock, in which free
 * and claimed memory change together.
 */

/* Pages of chunk k that somebody uses. */
#define USED(k) (2 - free[k] - offlined[k])

/* free_heap_pages(): a page that was to go offline may be among them. */
inline free_heap_pages(h, k, o)
{
    atomic {
        lock_heap();
        d_step {
            HELD(h, k) = HELD(h, k) - PAGES(o);
            give(k, PAGES(o))
        };
        if
        :: offlining[k] > 0 ->
            d_step { offlining[k]--; offline_free(k) };
            if
            :: (o) && offlining[k] > 0 ->
                d_step { offlining[k]--; offline_free(k) }
            :: else
            fi
        :: offlining[k] <= USED(k)
        fi;
        unlock_heap()
    }
}

/* Some block of order o on chunk k that d may have. */
inline alloc_heap_pages(h, d, k, o)
{
    atomic {
        lock_heap();
        if
        :: ALLOWS(d, 0, 0) -> k = 0; o = 0
        :: ALLOWS(d, 1, 0) -> k = 1; o = 0
        :: ALLOWS(d, 0, 1) -> k = 0; o = 1
        :: ALLOWS(d, 1, 1) -> k = 1; o = 1
#if CHUNKS > 2
        :: ALLOWS(d, 2, 0) -> k = 2; o = 0
        :: ALLOWS(d, 2, 1) -> k = 2; o = 1
#endif
        :: k = CHUNKS
        fi;
        if
        :: k < CHUNKS ->
#ifdef BROKEN_SECTIONS
            d_step {
                shrink(k, PAGES(o));
                HELD(h, k) = HELD(h, k) + PAGES(o)
            };
            unlock_heap();
            lock_heap();
            d_step { redeem(d, NODE(k), o) }
#else
            d_step {
                redeem(d, NODE(k), o);
                shrink(k, PAGES(o));
                HELD(h, k) = HELD(h, k) + PAGES(o)
            }
#endif
        :: else
        fi;
        unlock_heap()
    }
}

/* offline_page(), of a page that is free or of one in use. */
inline offline_page(k)
{
    atomic {
        lock_heap();
        if
        :: free[k] > 0 -> d_step { offline_free(k) }
        :: offlining[k] < USED(k) -> offlining[k]++
        :: !free[k] && offlining[k] == USED(k)
        fi;
        unlock_heap()
    }
}
