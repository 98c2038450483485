/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The operations of claims from the hypercall on, and the parts of Xen that
 * they call.  Plain C types: the one side has Xen's headers, the other the C
 * library's.
 */

#ifndef FUZZ_HYPERCALL_H
#define FUZZ_HYPERCALL_H

#define FUZZ_DOMAINS 6

/* What goes wrong beside the caller's memory. */
enum fuzz_fault {
    FAULT_NONE,
    FAULT_EARLY,       /* a domain cannot be created: before its claims     */
    FAULT_LATE,        /* with its claims, before anybody knows             */
    FAULT_LAST,        /* after its caller was told                         */
    FAULT_LOCK,        /* somebody holds the lock: once more, once          */
    FAULT_ACCESS,      /* the security module refuses                       */
    NR_FAULTS
};
extern enum fuzz_fault fuzz_fault;
extern int fuzz_again;                 /* that is what came of FAULT_LOCK   */

/* The structure is at that address of the guest; 0 or -errno. */
long fuzz_domctl(unsigned long address);
long fuzz_sysctl(unsigned long address);

unsigned long fuzz_unique_id(int slot);
unsigned long fuzz_owner(int slot);
int fuzz_exists(int slot);
/* Sizes that the other side has to know. */
unsigned int fuzz_domctl_size(void), fuzz_sysctl_size(void);
unsigned int fuzz_createdomain_size(void);
unsigned int fuzz_domctl_version(void), fuzz_sysctl_version(void);

#endif /* FUZZ_HYPERCALL_H */
