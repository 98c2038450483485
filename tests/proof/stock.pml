/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Claims as a stock Xen 4.20 has them, with two known faults.  The hypercall
 * tests is_dying before it takes the locks, so that domain_kill() may release
 * in between: the claim is then staked for the dead, and its pages are lost
 * until the host is restarted.  And what is available is computed without a
 * sign: once pages went offline below a claim, it wraps and every claim is
 * granted.  MENDED_DYING and MENDED_WRAP are what the patches change.
 */

#define PAGES 3

byte total_avail_pages = PAGES, outstanding_claims;
byte outstanding[2], memory[2];
bit is_dying[2], released[2];
byte page_lock[2], heap_lock;

inline lock(l)
{
    atomic { l == 0 -> l = _pid + 1 }
}

inline unlock_heap()
{
    d_step {
        assert(outstanding_claims == outstanding[0] + outstanding[1]);
        assert(!released[0] || outstanding[0] == 0);
        assert(!released[1] || outstanding[1] == 0);
        heap_lock = 0
    }
}

#ifdef MENDED_WRAP
#define AVAILABLE (total_avail_pages > outstanding_claims -> \
                   total_avail_pages - outstanding_claims : 0)
#else
#define AVAILABLE ((total_avail_pages - outstanding_claims) & 255)
#endif

/* domain_set_outstanding_pages() with pages > 0. */
inline stake(d, pages)
{
    d_step {
        if
        :: outstanding[d] == 0 && pages > memory[d] &&
           pages - memory[d] <= AVAILABLE ->
            outstanding[d] = pages - memory[d];
            outstanding_claims = outstanding_claims + outstanding[d];
            assert(outstanding_claims <= total_avail_pages)
        :: else
        fi
    }
}

/* XENMEM_claim_pages. */
proctype claim_pages(byte d)
{
#ifdef MENDED_DYING
    lock(page_lock[d]);
    lock(heap_lock);
    if
    :: is_dying[d]
    :: else -> stake(d, 2)
    fi;
    unlock_heap();
    page_lock[d] = 0
#else
    if
    :: is_dying[d]
    :: else ->
        lock(page_lock[d]);
        lock(heap_lock);
        stake(d, 2);
        unlock_heap();
        page_lock[d] = 0
    fi
#endif
}

/* One page for a domain, which redeems its claim. */
proctype populate(byte d)
{
    lock(heap_lock);
    d_step {
        if
        :: total_avail_pages > 0 &&
           (outstanding_claims + 1 <= total_avail_pages ||
            outstanding[d] > 0) ->
            total_avail_pages--;
            memory[d]++;
            if
            :: outstanding[d] > 0 -> outstanding[d]--; outstanding_claims--
            :: else
            fi
        :: else
        fi
    };
    unlock_heap()
}

/* domain_kill(): domain_set_outstanding_pages(d, 0) after is_dying. */
proctype kill(byte d)
{
    is_dying[d] = 1;
    lock(page_lock[d]);
    lock(heap_lock);
    d_step {
        outstanding_claims = outstanding_claims - outstanding[d];
        outstanding[d] = 0;
        released[d] = 1
    };
    unlock_heap();
    page_lock[d] = 0
}

proctype offline()
{
    byte nr;

    do
    :: nr < OFFLINES && total_avail_pages > 0 ->
        lock(heap_lock);
        d_step {
            if
            :: total_avail_pages > 0 -> total_avail_pages--
            :: else
            fi;
            nr++
        };
        unlock_heap()
    :: break
    od
}

init
{
    atomic {
        run claim_pages(0);
        run claim_pages(1);
        run populate(0);
        run populate(1);
        run kill(0);
        run offline()
    };
    /* When all has come to rest, what the dead one had can be used again. */
    _nr_pr == 1 -> assert(outstanding[0] == 0)
}
