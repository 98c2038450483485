/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the contracts of the claim accounting are written in.  Sums are
 * mathematical integers: they do not wrap.  The axioms say what shifts and
 * masks of 64 bits are as numbers; bits.smt2 has their proofs, for which
 * provers of bit vectors are better suited.
 */

/*@ axiomatic bits {
      axiom block_small: \forall integer order;
        0 <= order < 9 ==> 1 <= (1 << order) <= 256;
      axiom block_medium: \forall integer order;
        9 <= order < 18 ==>
        512 <= (1 << order) <= 131072 && (1 << order) % 512 == 0;
      axiom block_large: \forall integer order;
        18 <= order <= 20 ==>
        262144 <= (1 << order) <= 1048576 && (1 << order) % 262144 == 0;
      axiom chunk_sizes: \forall integer order;
        (order == 0 ==> (1 << order) == 1) &&
        (order == 9 ==> (1 << order) == 512) &&
        (order == 18 ==> (1 << order) == 262144);
      axiom mask_page: \forall integer x, low;
        0 <= x <= 18446744073709551615 && low == 0 ==>
        (x & (uint64_t)~low) == x;
    }

    axiomatic fractions {
      // What is no whole chunk of 512.
      logic integer fraction(integer x);
      axiom fraction_is: \forall integer x;
        0 <= x ==> 0 <= fraction(x) < 512 && fraction(x) <= x &&
                   (x - fraction(x)) % 512 == 0;
      axiom mask_chunk: \forall integer x, low;
        0 <= x <= 18446744073709551615 && low == 511 ==>
        (x & (uint64_t)~low) == x - fraction(x);
    }
*/

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
      guest[1] % 512 == 0 && guest[2] % 262144 == 0;

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
*/
