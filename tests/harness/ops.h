/* SPDX-License-Identifier: LGPL-2.1-only */
/* What is done at random, each checked. */

#ifndef HARNESS_OPS_H
#define HARNESS_OPS_H

void op_alloc(void);
void op_free(void);
void op_claim(void);
void op_legacy(void);
void op_count(void);
void op_system(void);
void op_share(void);
void op_finish(void);
void op_kill(void);
void op_offline(void);
void op_online(void);
void op_scrub(void);

/* For the beginning and the end of a run, too. */
void create_domain(unsigned int slot);
void free_block(unsigned long index);
void online_one(unsigned long index);

#endif /* HARNESS_OPS_H */
