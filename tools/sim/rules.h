/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the table of rules is made of; contracts are those of struct sim_rule.
 * Internal to the rules.
 */

#ifndef SIM_RULES_H
#define SIM_RULES_H

#include "rule.h"

#define SIM_CHOOSE(name) \
    int name(void *state, const struct sim_host *host, \
             const struct place_request *request, struct sim_choice *choice)

void *sim_ours_begin(const struct sim_host *host, uint64_t seed);
SIM_CHOOSE(sim_ours_choose);
void sim_ours_end(void *state);

SIM_CHOOSE(sim_xl_choose);
SIM_CHOOSE(sim_xl_repaired_choose);

void *sim_xenopsd_begin(const struct sim_host *host, uint64_t seed);
SIM_CHOOSE(sim_xenopsd_choose);
SIM_CHOOSE(sim_xenopsd_documented_choose);
void sim_xenopsd_end(void *state);

SIM_CHOOSE(sim_numad_choose);

SIM_CHOOSE(sim_nova_pack_choose);
SIM_CHOOSE(sim_nova_spread_choose);

SIM_CHOOSE(sim_incus_choose);

SIM_CHOOSE(sim_first_fit_choose);
SIM_CHOOSE(sim_best_fit_choose);
SIM_CHOOSE(sim_worst_fit_choose);

void *sim_random_fit_begin(const struct sim_host *host, uint64_t seed);
SIM_CHOOSE(sim_random_fit_choose);
void sim_random_fit_end(void *state);

#endif /* SIM_RULES_H */
