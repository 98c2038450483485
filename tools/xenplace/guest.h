/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain as its configuration file describes it: the subset of xl.cfg(5)
 * that is understood.
 */

#ifndef XENPLACE_GUEST_H
#define XENPLACE_GUEST_H

#include <stddef.h>

struct batch_domain;

/*
 * Read a configuration; paths in it are relative to the working directory.
 * 0, or -1 with a message in why that names file, line, key and value; the
 * domain then holds nothing.
 */
int guest_read(struct batch_domain *domain, const char *file, char *why,
               size_t why_size);

/* The same from text. */
int guest_parse(struct batch_domain *domain, const char *file,
                const char *text, size_t length, char *why, size_t why_size);

/*
 * Whether its kernel and ramdisk are there: who names a wrong one is told
 * before anything is created.  0, or -1 with a message in why.
 */
int guest_check_files(const struct batch_domain *domain, char *why,
                      size_t why_size);

/* Free what the domain owns. */
void guest_dispose(struct batch_domain *domain);

#endif /* XENPLACE_GUEST_H */
