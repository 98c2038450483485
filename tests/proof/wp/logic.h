/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the contracts of the claim accounting are written in.  Sums are
 * mathematical integers: they do not wrap.  The axioms say what shifts and
 * masks of 64 bits are as numbers; bits.smt2 has their proofs, for which
 * provers of bit vectors are better suited.
 */

/*@ axiomatic fractions {
      // Chunks of 512 and of 262144 in a number, and what is no whole one.
      logic integer chunks(integer x);
      logic integer fraction(integer x);
      logic integer large_chunks(integer x);
      logic integer large_fraction(integer x);
      axiom fraction_is: \forall integer x;
        x == 512 * chunks(x) + fraction(x) && 0 <= fraction(x) < 512;
      axiom large_fraction_is: \forall integer x;
        x == 262144 * large_chunks(x) + large_fraction(x) &&
        0 <= large_fraction(x) < 262144;
    }
*/

/*@ axiomatic bits {
      axiom block_small: \forall integer order;
        0 <= order < 9 ==> 1 <= (1 << order) <= 256;
      axiom block_medium: \forall integer order;
        9 <= order < 18 ==>
        512 <= (1 << order) <= 131072 && fraction(1 << order) == 0;
      axiom block_large: \forall integer order;
        18 <= order <= 20 ==>
        262144 <= (1 << order) <= 1048576 &&
        large_fraction(1 << order) == 0;
      axiom chunk_sizes: \forall integer order;
        (order == 0 ==> (1 << order) == 1) &&
        (order == 9 ==> (1 << order) == 512) &&
        (order == 18 ==> (1 << order) == 262144);
      axiom one_bit: \forall integer node;
        0 <= node < 64 ==> 1 <= (1 << node) <= 0x8000000000000000;
      axiom mask_page: \forall integer x, low;
        0 <= x <= 18446744073709551615 && low == 0 ==>
        (x & (uint64_t)~low) == x;
      axiom mask_chunk: \forall integer x, low;
        0 <= x <= 18446744073709551615 && low == 511 ==>
        (x & (uint64_t)~low) == x - fraction(x);
    }
*/

#ifdef BITS
/*@ // Where bits are set and cleared.
    predicate bit(integer mask, integer node) = (mask & (1 << node)) != 0;
*/
#else
/*@ axiomatic masks {
      predicate bit(integer mask, integer node);
      axiom bit_is: \forall integer mask, node;
        0 <= mask <= 18446744073709551615 && 0 <= node < 64 ==>
        (bit(mask, node) <==> ((mask >> node) & 1) != 0);
      axiom no_bits: \forall integer mask, node, other;
        0 <= mask <= 18446744073709551615 && 0 <= node <= other < 64 &&
        (mask >> node) == 0 ==> !bit(mask, other);
      axiom no_mask: \forall integer mask, node;
        0 <= mask <= 18446744073709551615 && node >= 64 ==>
        (mask >> node) == 0;
      axiom mask_start: \forall integer mask;
        0 <= mask <= 18446744073709551615 ==> (mask >> 0) == mask;
      axiom mask_next: \forall integer mask, node;
        0 <= mask <= 18446744073709551615 && 0 <= node < 64 ==>
        ((mask >> node) >> 1) == (mask >> (node + 1));
    }
*/
#endif

/*@ // Largest order of a block that is taken or given (Xen: MAX_ORDER).
    logic integer largest = 20;

    // No count of pages is larger: 257 entries of 2^52 at most.
    logic integer bound = 0x2000000000000000;

    logic integer least_of(integer a, integer b) = a < b ? a : b;

    // have - used, or 0.
    logic integer left_of(integer have, integer used) =
      have > used ? have - used : 0;

    logic integer chunk(integer level) =
      level <= 0 ? 1 : level == 1 ? 512 : 262144;

    logic integer order_of(integer level) =
      level <= 0 ? 0 : level == 1 ? 9 : 18;

    logic integer level_of(integer order) =
      order >= 18 ? 2 : order >= 9 ? 1 : 0;

    // Claims in chunks of at least that level.
    logic integer sum{L}(uint64_t *guest, integer level) =
      level <= 0 ? guest[0] + guest[1] + guest[2] :
      level == 1 ? guest[1] + guest[2] :
      level == 2 ? guest[2] : 0;

    predicate whole_chunks{L}(uint64_t *guest) =
      fraction(guest[1]) == 0 && large_fraction(guest[2]) == 0;

    // Claims of a set on a node that need memory of at least that level.
    logic integer set_at{L}(struct node_claim_set *set, integer node,
                            integer level) =
      sum(&set->node[node].guest[0], level) +
      (level == 0 ? set->node[node].overhead : 0);

    // A set: whole chunks, and no part is more than the sum.
    predicate set_node_ok{L}(struct node_claim_set *set, integer node) =
      whole_chunks(&set->node[node].guest[0]) &&
      set_at(set, node, 0) + set->host_pages <= set->total_pages &&
      set->node[node].overhead <= set->overhead_pages;

    predicate set_ok{L}(struct node_claim_set *set) =
      set->total_pages <= bound &&
      set->overhead_pages + set->host_pages <= set->total_pages &&
      (\forall integer node; 0 <= node < 64 ==> set_node_ok(set, node));

    // What the heap has as claimed holds this set, and others.
    predicate counted_node{L}(struct node_claim_heap *heap,
                              struct node_claim_set *set, integer node) =
      set_at(set, node, 0) <= heap->node[node].claimed[0] &&
      set_at(set, node, 1) <= heap->node[node].claimed[1] &&
      set_at(set, node, 2) <= heap->node[node].claimed[2] &&
      set->node[node].overhead <= heap->node[node].overhead;

    predicate counted{L}(struct node_claim_heap *heap,
                         struct node_claim_set *set) =
      set->total_pages <= heap->claimed_pages &&
      set->host_pages <= heap->host_claimed_pages &&
      (\forall integer node;
        0 <= node < 64 ==> counted_node(heap, set, node));

    // The promise: on each node and level, and for the host.
    predicate kept_node{L}(struct node_claim_heap *heap, integer node) =
      heap->node[node].claimed[0] <= heap->node[node].free[0] &&
      heap->node[node].claimed[1] <= heap->node[node].free[1] &&
      heap->node[node].claimed[2] <= heap->node[node].free[2];

    predicate kept{L}(struct node_claim_heap *heap) =
      heap->claimed_pages <= heap->free_pages &&
      (\forall integer node; 0 <= node < 64 ==> kept_node(heap, node));

    // Between two moments the claims of all other sets stay what they are.
    predicate others_kept_node{A, B}(struct node_claim_heap *heap,
                                     struct node_claim_set *set,
                                     integer node) =
      (\forall integer level; 0 <= level < 3 ==>
        \at(heap->node[node].claimed[level], A) -
        set_at{A}(set, node, level) ==
        \at(heap->node[node].claimed[level], B) -
        set_at{B}(set, node, level)) &&
      \at(heap->node[node].overhead - set->node[node].overhead, A) ==
      \at(heap->node[node].overhead - set->node[node].overhead, B);

    predicate others_kept{A, B}(struct node_claim_heap *heap,
                                struct node_claim_set *set) =
      \at(heap->claimed_pages - set->total_pages, A) ==
      \at(heap->claimed_pages - set->total_pages, B) &&
      \at(heap->host_claimed_pages - set->host_pages, A) ==
      \at(heap->host_claimed_pages - set->host_pages, B) &&
      (\forall integer node; 0 <= node < 64 ==>
        others_kept_node{A, B}(heap, set, node));

    // What comes or goes of what is free in blocks of at least that level.
    logic integer moved(integer level, integer order, integer block) =
      block < order_of(level) ? 0 :
      order > order_of(level) ? 1 << order : chunk(level);

    // Redeeming, of claims a, b and c in chunks of level 0, 1 and 2.  What of
    // a block is missing once claims of its own level and below, down to one,
    // are used up.
    logic integer missing_at(integer a, integer b, integer c,
                             integer order, integer level) =
      left_of(1 << order,
        (level <= 0 ? a : 0) +
        (level <= 1 && order >= 9 ? b : 0) +
        (level <= 2 && order >= 18 ? c : 0));

    // Claims of a level, once used up by what larger ones did not cover.
    logic integer used_small(integer a, integer b, integer c,
                             integer order) =
      left_of(a, missing_at(a, b, c, order, 1));
    logic integer used_medium(integer a, integer b, integer c,
                              integer order) =
      order < 9 ? b : left_of(b, missing_at(a, b, c, order, 2));
    logic integer used_large(integer a, integer b, integer c,
                             integer order) =
      order < 18 ? c : left_of(c, 1 << order);

    // The level of which a chunk has to be broken for the rest, or 3.
    logic integer broken(integer a, integer b, integer c, integer order) =
      missing_at(a, b, c, order, 0) == 0 ? 3 :
      order < 9 && b > 0 ? 1 :
      order < 18 && c > 0 ? 2 : 3;

*/

#ifdef OPAQUE
/*@ axiomatic what_redeeming_leaves {
      logic integer left_small(integer a, integer b, integer c,
                               integer order);
      logic integer left_medium(integer a, integer b, integer c,
                                integer order);
      logic integer left_large(integer a, integer b, integer c,
                               integer order);
    }
*/
#else
/*@ // What redeeming has to leave of the claims, by level.
    logic integer left_small(integer a, integer b, integer c,
                             integer order) =
      broken(a, b, c, order) == 1 ?
        512 - missing_at(a, b, c, order, 0) :
      broken(a, b, c, order) == 2 ?
        fraction(262144 - missing_at(a, b, c, order, 0)) :
      used_small(a, b, c, order);
    logic integer left_medium(integer a, integer b, integer c,
                              integer order) =
      broken(a, b, c, order) == 1 ? b - 512 :
      broken(a, b, c, order) == 2 ?
        262144 - missing_at(a, b, c, order, 0) -
        fraction(262144 - missing_at(a, b, c, order, 0)) :
      used_medium(a, b, c, order);
    logic integer left_large(integer a, integer b, integer c,
                             integer order) =
      broken(a, b, c, order) == 2 ? c - 262144 :
      used_large(a, b, c, order);
*/
#endif

/*@ // Pages of a host claim that are redeemed, after all on the node.
    logic integer host_fall(integer pages, integer host, integer order) =
      least_of(host, left_of(1 << order, pages));

    // By how much claims of at least a level fall, for a block of a node.
    logic integer fall_of(integer a, integer b, integer c, integer order,
                          integer level) =
      level == 0 ? least_of(1 << order, a + b + c) :
      level == 1 ? b + c - left_medium(a, b, c, order) -
                   left_large(a, b, c, order) :
      c - left_large(a, b, c, order);

    logic integer falls{L}(struct node_claim_set *set, integer kind,
                           integer node, integer order, integer level) =
      kind == NODE_CLAIM_FOR_OVERHEAD ?
        (level == 0 ? least_of(1 << order, set->node[node].overhead) : 0) :
        fall_of(set->node[node].guest[0], set->node[node].guest[1],
                set->node[node].guest[2], order, level);

    logic integer host_falls{L}(struct node_claim_set *set, integer kind,
                                integer node, integer order) =
      kind == NODE_CLAIM_FOR_OVERHEAD ? 0 :
        host_fall(set->node[node].guest[0] + set->node[node].guest[1] +
                  set->node[node].guest[2], set->host_pages, order);

    // The same where there may be no set, which redeems nothing.
    logic integer gone{L}(struct node_claim_set *set, integer kind,
                          integer node, integer order, integer level) =
      set == \null ? 0 : falls(set, kind, node, order, level);

    logic integer host_gone{L}(struct node_claim_set *set, integer kind,
                               integer node, integer order) =
      set == \null ? 0 : host_falls(set, kind, node, order);

    // Once a block is taken and claims are redeemed, the promise still holds.
    predicate leaves{L}(struct node_claim_heap *heap, integer node,
                        integer level, integer taken, integer fall) =
      heap->node[node].claimed[level] - fall <=
      heap->node[node].free[level] - taken;
*/

/* Claims of a set on a node, before. */
#define CLAIMED(level) \at(set->node[node].guest[level], Pre)
#define BY_LEVEL CLAIMED(0), CLAIMED(1), CLAIMED(2)

/* What redeeming asks for, and does: to this set, and to no other. */
#define REDEEM_CONTRACT                                                     \
    requires \valid(heap) && \valid(set) && \separated(heap, set);          \
    requires node < 64 && order <= largest;                                 \
    requires kind == NODE_CLAIM_FOR_OVERHEAD ||                             \
             kind == NODE_CLAIM_FOR_GUEST;                                  \
    requires set_node_ok(set, node) && set->total_pages <= bound;           \
    requires counted_node(heap, set, node);                                 \
    requires set->total_pages <= heap->claimed_pages;                       \
    requires set->host_pages <= heap->host_claimed_pages;                   \
    assigns heap->claimed_pages, heap->host_claimed_pages,                  \
            heap->node[node].claimed[0 .. 2], heap->node[node].overhead,    \
            set->total_pages, set->host_pages, set->overhead_pages,         \
            set->nodes, set->sort_nodes[0 .. 3], set->legacy,               \
            set->node[node].guest[0 .. 2], set->node[node].overhead;        \
    ensures fall_0: heap->node[node].claimed[0] ==                          \
            \old(heap->node[node].claimed[0] -                              \
                 falls(set, kind, node, order, 0));                         \
    ensures fall_1: heap->node[node].claimed[1] ==                          \
            \old(heap->node[node].claimed[1] -                              \
                 falls(set, kind, node, order, 1));                         \
    ensures fall_2: heap->node[node].claimed[2] ==                          \
            \old(heap->node[node].claimed[2] -                              \
                 falls(set, kind, node, order, 2));                         \
    ensures fall_all: heap->claimed_pages ==                                \
            \old(heap->claimed_pages -                                      \
                 falls(set, kind, node, order, 0) -                         \
                 host_falls(set, kind, node, order));                       \
    ensures small: set->node[node].guest[0] ==                              \
            (kind == NODE_CLAIM_FOR_OVERHEAD ? CLAIMED(0) :                 \
             left_small(BY_LEVEL, order));                                  \
    ensures medium: set->node[node].guest[1] ==                             \
            (kind == NODE_CLAIM_FOR_OVERHEAD ? CLAIMED(1) :                 \
             left_medium(BY_LEVEL, order));                                 \
    ensures large: set->node[node].guest[2] ==                              \
            (kind == NODE_CLAIM_FOR_OVERHEAD ? CLAIMED(2) :                 \
             left_large(BY_LEVEL, order));                                  \
    ensures whole: whole_chunks(&set->node[node].guest[0]);                 \
    ensures overhead: set->node[node].overhead ==                           \
            \old(set->node[node].overhead) -                                \
            (kind == NODE_CLAIM_FOR_OVERHEAD ?                              \
             \old(falls(set, kind, node, order, 0)) : 0);                   \
    ensures host: set->host_pages ==                                        \
            \old(set->host_pages - host_falls(set, kind, node, order));     \
    ensures others_0: heap->node[node].claimed[0] - set_at(set, node, 0) == \
            \old(heap->node[node].claimed[0] - set_at(set, node, 0));       \
    ensures others_1: heap->node[node].claimed[1] - set_at(set, node, 1) == \
            \old(heap->node[node].claimed[1] - set_at(set, node, 1));       \
    ensures others_2: heap->node[node].claimed[2] - set_at(set, node, 2) == \
            \old(heap->node[node].claimed[2] - set_at(set, node, 2));       \
    ensures others_overhead:                                                \
            heap->node[node].overhead - set->node[node].overhead ==         \
            \old(heap->node[node].overhead - set->node[node].overhead);     \
    ensures others_host: heap->host_claimed_pages - set->host_pages ==      \
            \old(heap->host_claimed_pages - set->host_pages);               \
    ensures others_all: heap->claimed_pages - set->total_pages ==           \
            \old(heap->claimed_pages - set->total_pages);                   \
    ensures at_0: set_at(set, node, 0) ==                                   \
            \old(set_at(set, node, 0) - falls(set, kind, node, order, 0));  \
    ensures total: set->total_pages ==                                      \
            \old(set->total_pages - falls(set, kind, node, order, 0) -      \
                 host_falls(set, kind, node, order));                       \
    ensures sum_overhead:                                                   \
            set->overhead_pages - set->node[node].overhead ==               \
            \old(set->overhead_pages - set->node[node].overhead);
