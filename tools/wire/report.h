/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a builder tells on its standard output: progress, any number of
 * times, and one result at the end, each one JSON object a line:
 *
 *   {"progress":{"stage":"memory","done":1024,"of":65536}}
 *   {"result":"ok"}
 *   {"result":"failed","why":"kernel: /boot/vmlinuz: no such file"}
 *
 * A builder that ends without a result has failed.
 */

#ifndef WIRE_REPORT_H
#define WIRE_REPORT_H

#include <stddef.h>
#include <stdint.h>

#define REPORT_STAGE_MAX   32u      /* with the terminating zero */
#define REPORT_WHY_MAX     512u     /* likewise                  */
#define REPORT_MAX_BYTES   4096u    /* as JSON                   */

enum report_kind {
    REPORT_PROGRESS,
    REPORT_OK,
    REPORT_FAILED,
};

struct report {
    enum report_kind kind;
    char stage[REPORT_STAGE_MAX];   /* with progress: what is being done     */
    uint64_t done;                  /* pages, or steps of that stage         */
    uint64_t of;                    /* 0: not known                          */
    char why[REPORT_WHY_MAX];       /* with failed: a message for people     */
};

/*
 * Write as one line of JSON without newline, for the caller to free.  NULL
 * with ENOMEM.
 */
char *report_write(const struct report *report);

/*
 * Read it back.  0, or -1 with a message in why that names member and value.
 */
int report_read(struct report *report, const char *text, size_t length,
                char *why, size_t why_size);

#endif /* WIRE_REPORT_H */
