/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Names of domains in xenstore, of which no two may be the same.
 *
 * What is there at first is read outside of any transaction; a transaction
 * then reads only what was added.  So it is short, and builds that run at the
 * same time seldom make each other start again.
 */

#ifndef XENGUEST_NAMES_H
#define XENGUEST_NAMES_H

#include <xenstore.h>

#include "build.h"

struct names;

/* NULL with the reason in the build: also if the name is taken. */
struct names *names_open(struct build *build);

/* NULL is allowed. */
void names_close(struct names *names);

/* 0, or -1 with the reason in the build: the name has been taken. */
int names_check(struct names *names, xs_transaction_t transaction);

#endif /* XENGUEST_NAMES_H */
