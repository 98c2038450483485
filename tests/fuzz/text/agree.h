/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * That a message was understood: what was read of it says the same when it is
 * written again.
 */

#ifndef FUZZ_AGREE_H
#define FUZZ_AGREE_H

struct json_object;

/*
 * Members that both have are equal, but for the case of letters in ids.  What
 * only one has is null, empty or 0.  loose names, with a space before and
 * behind each, members of any depth that are left out of this.
 */
void fuzz_agree(struct json_object *written, struct json_object *came,
                const char *loose);

#endif /* FUZZ_AGREE_H */
