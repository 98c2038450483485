/* SPDX-License-Identifier: LGPL-2.1-only */
/* Memory of a caller of Xen is what a harness makes of it. */

#ifndef HARNESS_GUEST_ACCESS_H
#define HARNESS_GUEST_ACCESS_H

#include_next <asm/guest_access.h>

/* How many bytes were not copied. */
unsigned long harness_copy_from_guest(void *to, const void *from,
                                      unsigned long len);
unsigned long harness_copy_to_guest(void *to, const void *from,
                                    unsigned long len);

#undef raw_copy_from_guest
#undef raw_copy_to_guest
#undef __raw_copy_from_guest
#undef __raw_copy_to_guest
#undef raw_clear_guest
#define raw_copy_from_guest harness_copy_from_guest
#define raw_copy_to_guest harness_copy_to_guest

#endif /* HARNESS_GUEST_ACCESS_H */
