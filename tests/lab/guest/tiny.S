/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The smallest PVH guest: it halts for ever with interrupts off.  For tests
 * that need domains rather than what runs in them.  Linked as a 32-bit ELF;
 * the note names the entry point (XEN_ELFNOTE_PHYS32_ENTRY is 18).
 */
        .section .note.Xen, "a", @note
        .long   4, 4, 18
        .asciz  "Xen"
        .long   start

        .text
        .globl  start
start:  cli
1:      hlt
        jmp     1b
