/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the demo wrote down in dom0: sections of raw text.
 *
 *     demo: KIND WORD...
 *     any lines
 *     demo: end
 *
 * Kinds: run STORM BY (clients, sizes and the witness), snapshot (the witness
 * on a host at rest), linux (a client and the domain's console).  Here is only
 * the frame; what a section's lines mean is its reader's.
 */

#ifndef DEMO_JOURNAL_H
#define DEMO_JOURNAL_H

#include "witness.h"

/* A lab host's journal has some tens of KiB. */
#define JOURNAL_MAX (16u << 20)

struct section {
    struct text title;                  /* what stands after "demo: "        */
    struct text body;                   /* whole lines                       */
};

/*
 * Takes the next section.  1; 0 at the end; or -1 with errno EBADMSG and the
 * reason in why: a line outside of sections, or a section without its end,
 * which is what a demo that was stopped leaves behind.
 */
int journal_next(struct text *journal, struct section *section,
                 char why[WHY_SIZE]);

/*
 * The whole file, which the caller frees; or NULL with errno: EFBIG for more
 * than JOURNAL_MAX, otherwise why it could not be read.
 */
char *journal_load(const char *path, size_t *size);

#endif /* DEMO_JOURNAL_H */
