/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The smallest PVH guest: it halts for ever.  Interrupts are on although none
 * is set up, since Xen takes a halt without them for the end of the domain.
 * For tests that need domains rather than what runs in them.  Linked as a
 * 32-bit ELF; the note names its entry (XEN_ELFNOTE_PHYS32_ENTRY is 18).
 */
        .section .note.Xen, "a", @note
        .long   4, 4, 18
        .asciz  "Xen"
        .long   start

        .text
        .globl  start
start:  sti
1:      hlt
        jmp     1b
