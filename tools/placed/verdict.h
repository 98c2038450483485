/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Answers of the engine, explained for the wire.
 */

#ifndef PLACED_VERDICT_H
#define PLACED_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "place/place.h"
#include "wire/explain.h"

/*
 * As place_why; plan is NULL for a refusal.  The caller frees it; NULL without
 * memory for it.
 */
struct explain *verdict_explain(const struct place_host *host,
                                const struct place_held *held,
                                const struct place_request *request,
                                bool hap, const struct place_plan *plan,
                                const struct place_reason *reason);

/*
 * A refusal in one line, ended by the change that is the best advice, if there
 * is one and room for it.  explain may be NULL.
 */
void verdict_refusal(const struct place_host *host,
                     const struct place_request *request,
                     const struct place_reason *reason,
                     const struct explain *explain, char *text, size_t size);

#endif /* PLACED_VERDICT_H */
