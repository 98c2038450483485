/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A result and its goals, for people and for programs.
 */

#ifndef DEMO_SHOW_H
#define DEMO_SHOW_H

#include <stdio.h>

#include "goal.h"

/* Tables for people, with what their columns mean. */
void show_table(FILE *out, const struct result *result,
                const struct goal *goals, unsigned int nr);

/*
 * Text that the caller frees, or NULL when memory is out.  leaked_pages is
 * null where it was not measured.
 */
char *show_result_json(const struct result *result);
char *show_goals_json(const struct goal *goals, unsigned int nr);

#endif /* DEMO_SHOW_H */
