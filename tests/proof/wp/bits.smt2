; SPDX-License-Identifier: LGPL-2.1-only
;
; The axioms of logic.h about shifts and masks, for words of 64 bits.  Each
; check asks for a case that breaks one; "unsat": there is none.
(set-logic QF_BV)
(declare-const order (_ BitVec 64))
(declare-const x (_ BitVec 64))
(define-fun block () (_ BitVec 64) (bvshl #x0000000000000001 order))
(define-fun between ((a (_ BitVec 64)) (b (_ BitVec 64)) (c (_ BitVec 64)))
  Bool (and (bvule a b) (bvule b c)))
(define-fun one () (_ BitVec 64) (_ bv1 64))

; block_small
(push 1)
(assert (bvult order (_ bv9 64)))
(assert (not (between one block (_ bv256 64))))
(check-sat)
(pop 1)

; block_medium
(push 1)
(assert (and (bvule (_ bv9 64) order) (bvult order (_ bv18 64))))
(assert (not (and (between (_ bv512 64) block (_ bv131072 64))
                  (= (bvurem block (_ bv512 64)) (_ bv0 64)))))
(check-sat)
(pop 1)

; block_large
(push 1)
(assert (between (_ bv18 64) order (_ bv20 64)))
(assert (not (and (between (_ bv262144 64) block (_ bv1048576 64))
                  (= (bvurem block (_ bv262144 64)) (_ bv0 64)))))
(check-sat)
(pop 1)

; chunk_sizes
(push 1)
(assert (not (and (=> (= order (_ bv0 64)) (= block one))
                  (=> (= order (_ bv9 64)) (= block (_ bv512 64)))
                  (=> (= order (_ bv18 64)) (= block (_ bv262144 64))))))
(check-sat)
(pop 1)

; mask_page
(push 1)
(assert (not (= (bvand x (bvnot (_ bv0 64))) x)))
(check-sat)
(pop 1)

; fraction_is, large_fraction_is and mask_chunk: there are such numbers, x
; modulo 512 and modulo 262144
(define-fun fraction () (_ BitVec 64) (bvurem x (_ bv512 64)))
(define-fun large_fraction () (_ BitVec 64) (bvurem x (_ bv262144 64)))
(push 1)
(assert (not (and (bvult fraction (_ bv512 64)) (bvule fraction x)
                  (= (bvurem (bvsub x fraction) (_ bv512 64)) (_ bv0 64))
                  (= (bvand x (bvnot (_ bv511 64))) (bvsub x fraction)))))
(check-sat)
(pop 1)
(push 1)
(assert (not (and (bvult large_fraction (_ bv262144 64))
                  (bvule large_fraction x)
                  (= (bvurem (bvsub x large_fraction) (_ bv262144 64))
                     (_ bv0 64)))))
(check-sat)
(pop 1)

; one_bit
(push 1)
(assert (bvult order (_ bv64 64)))
(assert (not (between one block #x8000000000000000)))
(check-sat)
(pop 1)

; bit_is, for what the predicate is defined as
(define-fun bit ((node (_ BitVec 64))) Bool
  (not (= (bvand x (bvshl one node)) (_ bv0 64))))
(push 1)
(assert (bvult order (_ bv64 64)))
(assert (not (= (bit order)
                (not (= (bvand (bvlshr x order) one) (_ bv0 64))))))
(check-sat)
(pop 1)

; no_bits, no_mask, mask_start and mask_next
(declare-const other (_ BitVec 64))
(push 1)
(assert (and (bvule order other) (bvult other (_ bv64 64))
             (= (bvlshr x order) (_ bv0 64)) (bit other)))
(check-sat)
(pop 1)
(push 1)
(assert (not (and (=> (bvuge order (_ bv64 64))
                      (= (bvlshr x order) (_ bv0 64)))
                  (= (bvlshr x (_ bv0 64)) x))))
(check-sat)
(pop 1)
(push 1)
(assert (bvult order (_ bv64 64)))
(assert (not (= (bvlshr (bvlshr x order) one)
                (bvlshr x (bvadd order one)))))
(check-sat)
(pop 1)
