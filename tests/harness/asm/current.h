/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Xen finds what belongs to a CPU at the top of its stack.  Here it is a
 * variable, so that code runs on any stack; a thread is a CPU.
 */

#ifndef HARNESS_CURRENT_H
#define HARNESS_CURRENT_H

#include_next <asm/current.h>

extern PER_THREAD struct cpu_info harness_cpu_info;

#define get_cpu_info() (&harness_cpu_info)

#endif /* HARNESS_CURRENT_H */
